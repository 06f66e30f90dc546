#include "analyze/study_paper.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

TEST(StudyPaper, HasTable2AsPrinted) {
  const PaperTable2 table = paper_table2("pamap2");
  ASSERT_EQ(table.mwh_per_epoch.size(), 16U);
  EXPECT_EQ(table.batches, (std::vector<std::string>{"64", "256", "1024", "4096"}));
  EXPECT_EQ(table.mwh_per_epoch[0].cuda, 109.63);
  EXPECT_EQ(table.mwh_per_epoch[7].mps, 25.35);
  EXPECT_NEAR(mean_of(table).cuda, 54.49, 0.005);
}

TEST(StudyPaper, HasTheSameNumbersInTable4AsMeansOfTable2WithTheMachinesExchanged) {
  const PaperPair celeba = mean_of(paper_table2("celeba"));
  const PaperTask both = paper_table4().both;
  EXPECT_NEAR(celeba.cuda, both.mwh_per_epoch.mps, 0.005);
  EXPECT_NEAR(celeba.mps, both.mwh_per_epoch.cuda, 0.005);
}

TEST(StudyPaper, PrintsAnotherSavingOnMpsThanItsTable3Gives) {
  const PaperTable3 table = paper_table3();
  EXPECT_NEAR(1 - table.frozen_wh.cuda / table.unfrozen_wh.cuda, 0.615, 0.0005);
  EXPECT_NEAR(1 - table.frozen_wh.mps / table.unfrozen_wh.mps, 0.465, 0.0005);
  EXPECT_EQ(table.savings_percent.mps, 46.1);
}

TEST(StudyPaper, GivesTheTotalsOfTable4) {
  const PaperTable4 table = paper_table4();
  EXPECT_NEAR(table.attributes.total_wh().cuda, 8.27, 0.005);
  EXPECT_NEAR(table.identity.total_wh().cuda, 3.37, 0.005);
  EXPECT_NEAR(table.both.total_wh().cuda, 3.19, 0.005);
  EXPECT_NEAR(table.attributes.total_wh().mps, 14.67, 0.005);
  EXPECT_NEAR(table.identity.total_wh().mps, 6.62, 0.005);
  EXPECT_NEAR(table.both.total_wh().mps, 6.00, 0.005);
}

}  // namespace
}  // namespace gradwatt
