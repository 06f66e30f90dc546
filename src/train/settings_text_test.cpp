#include "train/settings_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace gradwatt {
namespace {

using testing::HasSubstr;
using testing::Not;

/// The settings of a workload whose plan was changed.
std::string settings_with(const char* name, const std::function<void(TrainingPlan&)>& change) {
  const Workload& workload = workload_named(name);
  TrainingPlan plan = workload.defaults;
  change(plan);
  return settings_text(workload, plan);
}

TEST(SettingsText, HoldsEveryChoiceThatDecidesPamap2sWindows) {
  const std::string text = settings_with("pamap2-joint", [](TrainingPlan& plan) {
    plan.data.pamap2.test_step = 7;
    plan.data.pamap2.gap_max_s = 0.5;
    plan.data.pamap2.with_optional = true;
  });
  EXPECT_THAT(text, HasSubstr("test_step=7\n"));
  EXPECT_THAT(text, HasSubstr("gap_max=0.5\n"));
  EXPECT_THAT(text, HasSubstr("with_optional=true\n"));
  EXPECT_THAT(text, Not(HasSubstr("val_share")));
  EXPECT_THAT(settings_with("pamap2-joint",
                            [](TrainingPlan& plan) {
                              plan.data.pamap2.split = WindowSplit::random;
                              plan.data.pamap2.validation_share = 0.25;
                            }),
              HasSubstr("val_share=0.25\n"));
}

TEST(SettingsText, HoldsWhatWasLoaded) {
  const std::string text = settings_with("fashion-frozen", [](TrainingPlan& plan) {
    plan.data.fingerprint = "3 + 1 + 0 samples, crc 1";
    plan.weights.fingerprint = "9 bytes, crc 2";
  });
  EXPECT_THAT(text, HasSubstr("data_fingerprint=3 + 1 + 0 samples, crc 1\n"));
  EXPECT_THAT(text, HasSubstr("weights_fingerprint=9 bytes, crc 2\n"));
}

TEST(SettingsText, LeavesTheEpochsOpenUnlessTheRateDependsOnThem) {
  const auto longer = [](TrainingPlan& plan) { plan.loop.max_epochs = 999; };
  EXPECT_THAT(settings_with("fashion-joint", longer), Not(HasSubstr("max_epochs")));
  EXPECT_THAT(settings_with("era5-forecast", longer), HasSubstr("max_epochs=999\n"));
}

}  // namespace
}  // namespace gradwatt
