#include "analyze/run_table.h"

#include "base/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gradwatt {
namespace {

using Factors = std::vector<std::pair<std::string, std::string>>;

std::string error_of(std::string_view csv) {
  try {
    (void)parse_run_table(csv, "t.csv");
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

TEST(RunTable, HasARunInEachRow) {
  const RunTable table = parse_run_table(
      "factor.batch,energy_j,duration_s,metric.val_acc,reached,gpus\n"
      "64,100,10,0.9,1,2\n256,80.5,,nan,0,2\n",
      "t.csv");
  ASSERT_EQ(table.runs.size(), 2U);
  EXPECT_EQ(table.runs[0].factors, (Factors{{"batch", "64"}}));
  EXPECT_EQ(table.runs[0].total_j, 100);
  EXPECT_EQ(table.runs[0].metrics.at("val_acc"), 0.9);
  EXPECT_EQ(table.runs[0].reached, true);
  EXPECT_EQ(table.runs[0].gpus, 2);
  EXPECT_EQ(table.runs[1].run, "row 2");
  EXPECT_EQ(table.runs[1].total_j, 80.5);
  EXPECT_FALSE(table.runs[1].duration_s) << "empty is not known, never 0";
  EXPECT_TRUE(table.runs[1].metrics.empty());
  EXPECT_EQ(table.runs[1].reached, false);
  EXPECT_TRUE(table.notes.empty());
}

TEST(RunTable, GathersTheEpochsOfARun) {
  const RunTable table = parse_run_table(
      "run,factor.lr,epoch,energy_j,duration_s,metric.val_acc,samples,updates\r\n"
      "a,1e-3,1,40,2,0.8,1000,10\r\n"
      "b,1e-2,0,70,3,0.7,1000,10\r\n"
      "a,1e-3,0,60,3,0.5,1000,10\r\n"
      "a,1e-3,,110,,,,\r\n",
      "t.csv");
  ASSERT_EQ(table.runs.size(), 2U);
  const RunRow& a = table.runs[0];
  ASSERT_EQ(a.epochs.size(), 2U);
  EXPECT_EQ(a.epochs[0].energy_j, 60) << "in the order of their numbers";
  EXPECT_EQ(a.epochs[1].metrics.at("val_acc"), 0.8);
  EXPECT_EQ(a.epochs[1].steps, 10);
  EXPECT_EQ(a.total_j, 110) << "the row without an epoch is about the whole run";
  EXPECT_EQ(a.outside_epochs_j, 10);
  EXPECT_EQ(a.duration_s, 5);
  EXPECT_EQ(a.samples, 2000);
  EXPECT_EQ(table.runs[1].total_j, 70) << "the sum of what is told";
  EXPECT_FALSE(table.runs[1].outside_epochs_j);
}

TEST(RunTable, TellsRunsWithoutNamesApartByFactorsAndRepeat) {
  const RunTable table = parse_run_table(
      "factor.batch,repeat,epoch,energy_j\n64,0,0,10\n64,0,1,11\n64,1,0,12\n128,0,0,9\n", "t.csv");
  ASSERT_EQ(table.runs.size(), 3U);
  EXPECT_EQ(table.runs[0].epochs.size(), 2U);
  EXPECT_EQ(table.runs[1].repeat, 1);
}

TEST(RunTable, MakesAFactorOfANumberThatWasEvidentlyVaried) {
  const RunTable table = parse_run_table(
      "factor.model,gpus,global_batch,energy_j\nr,1,256,10\nr,2,256,12\nr,2,256,13\n", "t.csv");
  EXPECT_EQ(table.runs[1].factors, (Factors{{"model", "r"}, {"gpus", "2"}}));
  const RunTable named = parse_run_table("factor.n,gpus,energy_j\n1,1,10\n2,2,12\n", "t.csv");
  EXPECT_EQ(named.runs[1].factors, (Factors{{"n", "2"}}));
}

TEST(RunTable, ReadsQuotedFieldsCommentsAndByteOrderMarks) {
  const RunTable table = parse_run_table(
      "\xef\xbb\xbf# a comment\n\"run\",factor.note,energy_j\n\n\"#1\",\"a, \"\"b\"\"\nc\",5\n"
      "#2,x,6",
      "t.csv");
  ASSERT_EQ(table.runs.size(), 2U);
  EXPECT_EQ(table.runs[0].run, "#1");
  EXPECT_EQ(table.runs[0].factors.front().second, "a, \"b\"\nc");
  EXPECT_EQ(table.runs[1].total_j, 6);
}

TEST(RunTable, NamesColumnsThatItDoesNotUse) {
  const RunTable table = parse_run_table("run,batch,energy_j\na,64,5\n", "t.csv");
  ASSERT_EQ(table.notes.size(), 1U);
  EXPECT_THAT(table.notes[0], testing::HasSubstr("factor.batch"));
}

TEST(RunTable, SaysWhereItIsWrong) {
  using testing::HasSubstr;
  EXPECT_THAT(error_of(""), HasSubstr("empty"));
  EXPECT_THAT(error_of("run,energy_j\n"), HasSubstr("no rows"));
  EXPECT_THAT(error_of("a,b\n1,2\n"), HasSubstr("no column"));
  EXPECT_THAT(error_of("run,energy_j\na,5\nb,x\n"), HasSubstr("t.csv:3"));
  EXPECT_THAT(error_of("run,energy_j\na,5\nb,-1\n"), HasSubstr("negative"));
  EXPECT_THAT(error_of("run,energy_j\na,5,6\n"), HasSubstr("3 fields"));
  EXPECT_THAT(error_of("run,energy_j\n,5\n"), HasSubstr("no name"));
  EXPECT_THAT(error_of("run,energy_j\na,5\na,6\n"), HasSubstr("two rows"));
  EXPECT_THAT(error_of("run,energy_j,energy_j\na,5,6\n"), HasSubstr("twice"));
  EXPECT_THAT(error_of("run,epoch,energy_j\na,0,5\na,0,6\n"), HasSubstr("epoch 0 of run a"));
  EXPECT_THAT(error_of("run,epoch,energy_j\na,0.5,5\n"), HasSubstr("no count"));
  EXPECT_THAT(error_of("run,factor.x,epoch,energy_j\na,1,0,5\na,2,1,6\n"), HasSubstr("factor.x"));
  EXPECT_THAT(error_of("run,gpus,epoch,energy_j\na,1,0,5\na,2,1,6\n"), HasSubstr("gpus"));
  EXPECT_THAT(error_of("run,reached,energy_j\na,2,5\n"), HasSubstr("1 for yes"));
}

}  // namespace
}  // namespace gradwatt
