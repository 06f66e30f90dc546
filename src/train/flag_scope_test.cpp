#include "train/flag_scope.h"

#include "train/training_flags.h"

#include <CLI/CLI.hpp>
#include <gtest/gtest.h>

#include <algorithm>

namespace gradwatt {
namespace {

TEST(FlagScope, KnowsWhichDataSetAndWhichParadigmAFlagIsFor) {
  EXPECT_TRUE(has_effect("--window", workload_named("pamap2-frozen")));
  EXPECT_FALSE(has_effect("--window", workload_named("celeba-identity")));
  EXPECT_TRUE(has_effect("--alpha", workload_named("celeba-multitask")));
  EXPECT_FALSE(has_effect("--alpha", workload_named("celeba-identity")));
  EXPECT_FALSE(has_effect("--input", workload_named("fashion-classify")));
  EXPECT_TRUE(has_effect("--input", workload_named("era5-forecast")));
  EXPECT_TRUE(has_effect("--batch", workload_named("era5-forecast")));
}

TEST(FlagScope, NamesTheWorkloadsOfAFlag) {
  EXPECT_EQ(workloads_with("--size"), "celeba-*, imagenet-*");
  EXPECT_EQ(workloads_with("--val-samples"), "fashion-*, era5-*");
  EXPECT_EQ(workloads_with("--alpha"), "*-multitask");
  EXPECT_EQ(workloads_with("--batch"), "*");
}

// A flag whose name in the table is misspelt would be accepted everywhere.
TEST(FlagScope, LimitsAsManyFlagsAsTheTableNames) {
  TrainingPlan plan;
  CLI::App app;
  add_training_plan_flags(app, plan);
  std::size_t limited = 0;
  for (const CLI::Option* option : app.get_options()) {
    const auto& names = option->get_lnames();
    limited += !names.empty() && workloads_with("--" + names.front()) != "*" ? 1 : 0;
  }
  EXPECT_EQ(limited, 35U);
}

}  // namespace
}  // namespace gradwatt
