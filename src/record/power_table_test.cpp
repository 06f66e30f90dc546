#include "record/power_table.h"

#include "base/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gradwatt {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

std::string error_of(const std::string& text) {
  try {
    static_cast<void>(parse_power_table(text, "m.csv"));
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(PowerTable, ReadsPowersOfOneChannel) {
  const PowerTable table = parse_power_table("t_s,power_w\n0,100\n1.5,110.25\n", "m.csv");
  ASSERT_EQ(table.channels.size(), 1U);
  EXPECT_FALSE(table.channels[0].is_energy);
  EXPECT_THAT(table.channels[0].t_s, ElementsAre(0, 1.5));
  EXPECT_THAT(table.channels[0].value, ElementsAre(100, 110.25));
}

TEST(PowerTable, ReadsWhatSpreadsheetsWrite) {
  const PowerTable table = parse_power_table(
      "\xef\xbb\xbf\"power_w\", \"t_s\" ,note\r\n# from the lab\r\n\r\n\"1e2\",0,a\r\n"
      "110 , 1 ,\"b,c\"\r\n",
      "m.csv");
  EXPECT_THAT(table.channels[0].value, ElementsAre(100, 110));
}

TEST(PowerTable, KeepsChannelsApartEachWithItsOwnTimes) {
  const PowerTable table = parse_power_table(
      "t_s,power_w,channel\n0,100,gpu\n0,50,cpu\n1,100,gpu\n0.5,60,cpu\n", "m.csv");
  ASSERT_EQ(table.channels.size(), 2U);
  EXPECT_EQ(table.channels[1].name, "cpu");
  EXPECT_THAT(table.channels[1].t_s, ElementsAre(0, 0.5));
}

TEST(PowerTable, RefusesDecimalCommasWithAHint) {
  const auto hint = HasSubstr("decimal point");
  EXPECT_THAT(error_of("t_s;power_w\n0,5;100\n"), AllOf(HasSubstr("m.csv:1"), hint));
  EXPECT_THAT(error_of("t_s,power_w\n0,5,100,2\n"), AllOf(HasSubstr("m.csv:2"), hint));
  EXPECT_THAT(error_of("t_s,power_w\n\"0,5\",\"100,2\"\n"), AllOf(HasSubstr("m.csv:2"), hint));
}

TEST(PowerTable, NamesTheLineOfABadRow) {
  const std::string good = "t_s,power_w\n0,100\n1,100\n";
  EXPECT_THAT(error_of(good + "2,abc\n"), HasSubstr("m.csv:4: 'abc' is no number"));
  EXPECT_THAT(error_of(good + "2,nan\n"), HasSubstr("no number"));
  EXPECT_THAT(error_of(good + "2,inf\n"), HasSubstr("no number"));
  EXPECT_THAT(error_of(good + "2,\n"), HasSubstr("no number"));
  EXPECT_THAT(error_of(good + "2\n"), HasSubstr("m.csv:4: 1 fields in 2 columns"));
  EXPECT_THAT(error_of(good + "2,-5\n"), HasSubstr("sign"));
  EXPECT_THAT(error_of(good + "0.5,100\n"), HasSubstr("m.csv:4: the time is before"));
  EXPECT_THAT(error_of(good + "1,100\n"), HasSubstr("m.csv:4: the time repeats"));
}

TEST(PowerTable, NeedsItsColumnsAndTwoReadings) {
  EXPECT_THAT(error_of(""), HasSubstr("empty"));
  EXPECT_THAT(error_of("0,100\n1,100\n"), HasSubstr("no column 't_s'"));
  EXPECT_THAT(error_of("t_s,watts\n0,100\n"), HasSubstr("no column 'power_w'"));
  EXPECT_THAT(error_of("t_s,power_w,energy_j\n"), HasSubstr("both"));
  EXPECT_THAT(error_of("t_s,power_w\n"), HasSubstr("no readings"));
  EXPECT_THAT(error_of("t_s,power_w\n0,100\n"), HasSubstr("two readings"));
}

TEST(PowerTable, RefusesACounterThatFalls) {
  EXPECT_THAT(error_of("t_s,energy_j\n0,100\n1,50\n"), HasSubstr("reset"));
}

TEST(PowerTable, MakesWaitsOfTenUsualStepsGaps) {
  const PowerTable table =
      parse_power_table("t_s,power_w\n0,100\n1,100\n2,100\n3,100\n14,100\n15,100\n", "m.csv");
  const EnergyCurve curve = curve_of(table.channels[0]);
  EXPECT_FALSE(curve.mean_w(2, 14));
  EXPECT_DOUBLE_EQ(*curve.mean_w(14, 15), 100);
}

TEST(MarkTable, ReadsMarksWithTheirTimes) {
  const auto marks = parse_mark_table("t_s,mark\n1,EPOCH=0\n2.5,METRIC=val_acc:0.5\n", "m.csv");
  ASSERT_EQ(marks.size(), 2U);
  EXPECT_EQ(marks[1].t_s, 2.5);
  EXPECT_EQ(marks[1].key, "METRIC");
  EXPECT_EQ(marks[1].value, "val_acc:0.5");
  EXPECT_THROW(static_cast<void>(parse_mark_table("t_s,mark\n1,epoch zero\n", "m.csv")), Error);
}

TEST(MarkTable, NamesTheLineOfAMarkThatMakesNoSense) {
  for (const char* bad :
       {"1,EPOCH=x", "1,SAMPLES=-3", "1,METRIC=loss", "1,PARAM=lr", "0.5,EPOCH_END=0"}) {
    try {
      static_cast<void>(
          parse_mark_table(std::string("t_s,mark\n1,EPOCH=0\n") + bad + "\n", "m.csv"));
      ADD_FAILURE() << bad;
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("m.csv:3"));
    }
  }
}

TEST(MarkTable, NotesAKeyThatNothingKnows) {
  const auto marks = parse_mark_table("t_s,mark\n1,EPOCH=0\n1,SPEED=3\n", "m.csv");
  ASSERT_EQ(marks.size(), 2U);
  EXPECT_EQ(marks[0].note, "");
  EXPECT_EQ(marks[1].note, "m.csv:3: nothing knows the key SPEED");
}

}  // namespace
}  // namespace gradwatt
