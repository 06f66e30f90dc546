#include "report/plan_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gradwatt {
namespace {

using testing::ElementsAre;

TEST(PlannedRisks, SayWhatIsNotKnownOfABatch) {
  PlannedSetup planned;
  EXPECT_TRUE(planned_risks(planned).empty());
  planned.samples_factor = 1;
  EXPECT_THAT(planned_risks(planned), ElementsAre("×1 the samples of a small batch"));
  planned.samples_factor.reset();
  planned.beyond_reached = 4;
  EXPECT_THAT(planned_risks(planned),
              ElementsAre("×4 the largest batch that reached the goal: accuracy not known"));
  planned.beyond_global_batch = 2;
  EXPECT_THAT(planned_risks(planned),
              ElementsAre("×2 the largest batch measured: accuracy not known"));
  planned.missed_batch = 8192;
  EXPECT_THAT(planned_risks(planned), ElementsAre("no run with batch 8192 reached the goal"));
}

TEST(SamplesFactorWords, AreADashWhereNothingIsKnown) {
  PlannedSetup planned;
  EXPECT_EQ(samples_factor_words(planned), "–");
  planned.samples_factor = 1.25;
  EXPECT_EQ(samples_factor_words(planned), "×1.25");
  planned.samples_factor.reset();
  planned.missed_batch = 64;
  EXPECT_EQ(samples_factor_words(planned), "missed");
}

}  // namespace
}  // namespace gradwatt
