#include "data/pamap2_check.h"

#include "base/error.h"
#include "data/pamap2_folder_test.h"

#include <gmock/gmock.h>

namespace gradwatt {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(DataCheck, IsUsableWhenAllProblemsAreSkipped) {
  DataCheck check;
  EXPECT_TRUE(check.usable());
  check.problems.push_back({"a:1", "a gap", true});
  EXPECT_TRUE(check.usable());
  check.problems.push_back({"a:2", "no number", false});
  EXPECT_FALSE(check.usable());
}

TEST(ProblemList, ListsTwentyOfAKindAndCountsTheRest) {
  ProblemList list;
  for (int i = 0; i < 21; ++i) {
    list.add("gap", {"a", "gap", true});
  }
  list.add("damage", {"a", "damage", false});
  ProblemList both;
  both.add(list);
  both.add(list);
  DataCheck check;
  both.write_to(check);
  EXPECT_EQ(check.problems.size(), 22);
  EXPECT_EQ(check.problems_not_listed, 22);
}

TEST(CheckPamap2, FindsNothingWrongInARecordingThatIsRight) {
  Pamap2Folder folder;
  folder.write_rows(
      103, 30, [](int i) { return i % 3; }, [](int) { return "1"; });
  const DataCheck check = check_pamap2(folder.root());
  EXPECT_THAT(check.facts,
              ElementsAre("subject103.dat  30 rows, 2 of 12 activities",
                          "only 1 of PAMAP2's 9 subjects are here"));
  EXPECT_THAT(check.problems, IsEmpty());
}

TEST(CheckPamap2, ListsEachDamagedLine) {
  Pamap2Folder folder;
  folder.write(101,
               Pamap2Folder::row(1, 1, "1") + "cut off\n" + Pamap2Folder::row(0.5, 1, "1") +
                   Pamap2Folder::row(1.01, 1, "1"));
  const DataCheck check = check_pamap2(folder.root());
  ASSERT_EQ(check.problems.size(), 2);
  EXPECT_FALSE(check.usable());
  EXPECT_THAT(check.problems[0].where, EndsWith("subject101.dat:2"));
  EXPECT_THAT(check.problems[0].what, HasSubstr("no number"));
  EXPECT_THAT(check.problems[1].where, EndsWith("subject101.dat:3"));
  EXPECT_THAT(check.problems[1].what, HasSubstr("goes back"));
}

TEST(CheckPamap2, TellsWhatTrainingLeavesOut) {
  Pamap2Folder folder;
  std::string text;
  for (int i = 0; i < 300; ++i) {
    const bool is_missing = i >= 50 && i < 151;  // 101 rows: more than a second.
    text += Pamap2Folder::row(0.01 * i + (i < 200 ? 0 : 2), 1, is_missing ? "NaN" : "1");
  }
  folder.write(101, text);
  const DataCheck check = check_pamap2(folder.root());
  EXPECT_TRUE(check.usable());
  ASSERT_EQ(check.problems.size(), 4);
  EXPECT_THAT(check.problems[0].where, EndsWith("subject101.dat:51"));
  EXPECT_EQ(check.problems[0].what, "1.01 s without all hand channels: no window reaches over");
  EXPECT_THAT(check.problems[3].where, EndsWith("subject101.dat:201"));
  EXPECT_THAT(check.problems[3].what, HasSubstr("2.01 s of rows are missing before it"));
}

TEST(CheckPamap2, FindsEmptyFilesAndChannelsThatAreNeverThere) {
  Pamap2Folder folder;
  folder.write(101, "");
  folder.write(102,
               Pamap2Folder::row(1, 1, "1", 4, "NaN") + Pamap2Folder::row(2, 1, "1", 4, "NaN"));
  const DataCheck check = check_pamap2(folder.root());
  ASSERT_EQ(check.problems.size(), 2);
  EXPECT_THAT(check.problems[0].what, HasSubstr("no row"));
  EXPECT_EQ(check.problems[1].what, "subject 102 has no reading of hand_acc16_x");
  EXPECT_THROW((void)check_pamap2(folder.root() / "none"), Error);
}

}  // namespace
}  // namespace gradwatt
