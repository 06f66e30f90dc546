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

/// A folder that holds the subjects that validate and test by default, two rows each.
class Pamap2Check : public testing::Test {
 protected:
  Pamap2Check() {
    for (const int subject : {105, 106}) {
      folder_.write(subject, Pamap2Folder::row(1, 1, "1") + Pamap2Folder::row(1.01, 1, "1"));
    }
  }

  Pamap2Folder folder_;
};

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

TEST_F(Pamap2Check, FindsNothingWrongInARecordingThatIsRight) {
  folder_.write_rows(
      103, 30, [](int i) { return i % 3; }, [](int) { return "1"; });
  const DataCheck check = check_pamap2(folder_.root());
  EXPECT_THAT(check.facts,
              ElementsAre("subject103.dat  30 rows, 2 of 12 activities",
                          "subject105.dat  2 rows, 1 of 12 activities",
                          "subject106.dat  2 rows, 1 of 12 activities",
                          "only 3 of PAMAP2's 9 subjects are here"));
  EXPECT_THAT(check.problems, IsEmpty());
}

TEST_F(Pamap2Check, MissesTheSubjectsThatValidateAndTestByDefault) {
  for (const int subject : {105, 106}) {
    std::filesystem::remove(folder_.root() / fmt::format("subject{}.dat", subject));
  }
  folder_.write(101, Pamap2Folder::row(1, 1, "1") + Pamap2Folder::row(1.01, 1, "1"));
  const DataCheck check = check_pamap2(folder_.root());
  EXPECT_FALSE(check.usable());
  ASSERT_EQ(check.problems.size(), 2);
  EXPECT_THAT(check.problems[0].where, EndsWith("subject106.dat"));
  EXPECT_EQ(check.problems[0].what, "subject 106, named for testing, has no file, in the defaults");
  EXPECT_THAT(check.problems[1].where, EndsWith("subject105.dat"));
}

TEST_F(Pamap2Check, ListsEachDamagedLine) {
  folder_.write(101,
                Pamap2Folder::row(1, 1, "1") + "cut off\n" + Pamap2Folder::row(0.5, 1, "1") +
                    Pamap2Folder::row(1.01, 1, "1"));
  const DataCheck check = check_pamap2(folder_.root());
  ASSERT_EQ(check.problems.size(), 2);
  EXPECT_FALSE(check.usable());
  EXPECT_THAT(check.problems[0].where, EndsWith("subject101.dat:2"));
  EXPECT_THAT(check.problems[0].what, HasSubstr("no number"));
  EXPECT_THAT(check.problems[1].where, EndsWith("subject101.dat:3"));
  EXPECT_THAT(check.problems[1].what, HasSubstr("goes back"));
}

TEST_F(Pamap2Check, TellsWhatTrainingLeavesOut) {
  std::string text;
  for (int i = 0; i < 300; ++i) {
    const bool is_missing = i >= 50 && i < 151;  // 101 rows: more than a second.
    text += Pamap2Folder::row(0.01 * i + (i < 200 ? 0 : 2), 1, is_missing ? "NaN" : "1");
  }
  folder_.write(101, text);
  const DataCheck check = check_pamap2(folder_.root());
  EXPECT_TRUE(check.usable());
  ASSERT_EQ(check.problems.size(), 4);
  EXPECT_THAT(check.problems[0].where, EndsWith("subject101.dat:51"));
  EXPECT_EQ(check.problems[0].what, "1.01 s without all hand channels: no window reaches over");
  EXPECT_THAT(check.problems[3].where, EndsWith("subject101.dat:201"));
  EXPECT_THAT(check.problems[3].what, HasSubstr("2.01 s of rows are missing before it"));
}

TEST_F(Pamap2Check, FindsEmptyFilesAndChannelsThatAreNeverThere) {
  folder_.write(101, "");
  folder_.write(102,
                Pamap2Folder::row(1, 1, "1", 4, "NaN") + Pamap2Folder::row(2, 1, "1", 4, "NaN"));
  const DataCheck check = check_pamap2(folder_.root());
  ASSERT_EQ(check.problems.size(), 2);
  EXPECT_THAT(check.problems[0].what, HasSubstr("no row"));
  EXPECT_EQ(check.problems[1].what, "subject 102 has no reading of hand_acc16_x");
  EXPECT_THROW((void)check_pamap2(folder_.root() / "none"), Error);
}

}  // namespace
}  // namespace gradwatt
