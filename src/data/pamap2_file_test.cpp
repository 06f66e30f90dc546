#include "data/pamap2_file.h"

#include "base/error.h"
#include "data/pamap2_folder_test.h"

#include <gmock/gmock.h>

#include <cmath>

namespace gradwatt {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using Found = Pamap2Reader::Found;

/// What is wrong with the second of three lines, the others being right.
std::string damage_of_line_2(const std::string& line) {
  Pamap2Folder folder;
  Pamap2Reader reader(
      folder.write(101, Pamap2Folder::row(8.38, 1, "1") + line + Pamap2Folder::row(8.40, 1, "1")));
  EXPECT_EQ(reader.next(), Found::row);
  EXPECT_EQ(reader.next(), Found::damaged_line);
  EXPECT_THAT(reader.where(), EndsWith("subject101.dat:2"));
  const std::string damage = reader.damage();
  EXPECT_EQ(reader.next(), Found::row);
  EXPECT_EQ(reader.next(), Found::end);
  return damage;
}

TEST(Pamap2Reader, ReadsTimeActivityAndAllColumns) {
  Pamap2Folder folder;
  Pamap2Reader reader(folder.write(101, Pamap2Folder::row(8.38, 24, "-2.5e-1", 3, "NaN")));
  ASSERT_EQ(reader.next(), Found::row);
  EXPECT_EQ(reader.row().time_s, 8.38);
  EXPECT_EQ(reader.row().activity, 24);
  EXPECT_TRUE(std::isnan(reader.row().values[3]));
  EXPECT_EQ(reader.row().values[53], -0.25F);
  EXPECT_EQ(reader.next(), Found::end);
}

TEST(Pamap2Reader, ReadsTheLastLineWithoutItsEndAndOtherLineEnds) {
  Pamap2Folder folder;
  std::string text = Pamap2Folder::row(1, 1, "1");
  text.insert(text.size() - 1, " \r");
  text += Pamap2Folder::row(1, 1, "2");
  text.pop_back();
  Pamap2Reader reader(folder.write(101, text));
  EXPECT_EQ(reader.next(), Found::row);
  EXPECT_EQ(reader.next(), Found::row);
  EXPECT_EQ(reader.row().values[53], 2);
  EXPECT_EQ(reader.next(), Found::end);
}

TEST(Pamap2Reader, ReadsFilesLongerThanItsBuffer) {
  Pamap2Folder folder;
  Pamap2Reader reader(folder.write_rows(
      101, 20000, [](int) { return 1; }, [](int i) { return std::to_string(i); }));
  for (int i = 0; i < 20000; ++i) {
    ASSERT_EQ(reader.next(), Found::row) << reader.damage();
    ASSERT_EQ(reader.row().values[2], static_cast<float>(i));
  }
  EXPECT_EQ(reader.next(), Found::end);
}

TEST(Pamap2Reader, SaysWhatIsDamagedAndGoesOn) {
  EXPECT_EQ(damage_of_line_2("\n"), "has 0 columns instead of 54");
  EXPECT_EQ(damage_of_line_2("8.39 1 3\n"), "has 3 columns instead of 54");
  std::string longer = Pamap2Folder::row(8.39, 1, "1");
  longer.insert(longer.size() - 1, " 7");
  EXPECT_EQ(damage_of_line_2(longer), "has 55 columns instead of 54");
  for (const std::string text : {"1.2.3", "abc", "inf", "1e99", "-"}) {
    EXPECT_EQ(damage_of_line_2(Pamap2Folder::row(8.39, 1, "1", 4, text)),
              "column 5 is '" + text + "', which is no number");
  }
  EXPECT_THAT(damage_of_line_2(Pamap2Folder::row(8.39, 1, "1", 0, "NaN")),
              HasSubstr("column 1 is 'NaN'"));
  EXPECT_EQ(damage_of_line_2(Pamap2Folder::row(8.37, 1, "1")),
            "the time goes back from 8.38 s to 8.37 s");
  for (const std::string text : {"8", "25", "-1", "1.5", "NaN"}) {
    EXPECT_THAT(damage_of_line_2(Pamap2Folder::row(8.39, 1, "1", 1, text)),
                HasSubstr("is none of PAMAP2's"));
  }
}

TEST(Pamap2Reader, RefusesWhatIsNoTextOrCannotBeOpened) {
  Pamap2Folder folder;
  Pamap2Reader reader(folder.write(101, std::string(100000, 'x')));
  EXPECT_THROW((void)reader.next(), Error);
  EXPECT_THROW(Pamap2Reader(folder.root() / "none"), Error);
  Pamap2Reader of_folder(folder.root());
  EXPECT_THROW((void)of_folder.next(), Error);
}

}  // namespace
}  // namespace gradwatt
