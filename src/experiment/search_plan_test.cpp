#include "experiment/search_plan.h"

#include "base/error.h"
#include "experiment/local_runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gradwatt {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

SweepFile searched_file(const std::string& search, const std::string& fixed = "epochs = 50") {
  return parse_sweep_file(
      "[sweep]\nname='s'\nrepeat=2\n"
      "command=['t','{batch}','{lr}','{epochs}','{checkpoint}','{seed}']\n"
      "default={batch=512,lr=1e-2}\n"
      "[axes]\nbatch=[64,512]\nlr=[1e-2,1e-3]\n[fixed]\n" +
          fixed + "\n[goal]\nmetric='val_acc'\nreach=0.9\n[search]\n" + search,
      "s.toml");
}

std::string search_refusal(const std::string& search, const std::string& fixed = "epochs = 50") {
  try {
    (void)searched_file(search, fixed);
    return "";
  } catch (const UsageError& error) {
    return error.what();
  }
}

const char* const kHalving = "strategy='joule-halving'\ncontinues=true\n";

TEST(SearchPlan, TakesItsRulesFromTheFile) {
  const SweepFile file = searched_file(std::string(kHalving) + "eta=3\nconfirm=2\ngamma=0\n");
  const auto setups = setups_of(file, 1, "");
  ASSERT_EQ(setups.size(), 4U);
  EXPECT_EQ(setups[1].point.repeat, 1);
  EXPECT_EQ(label_of(setups[1].point, 1), "batch=64 lr=1e-3");
  const SearchRules rules = search_rules(file, setups);
  EXPECT_EQ(rules.strategy, SearchStrategy::joule_halving);
  EXPECT_EQ(rules.default_setup, 2U);
  EXPECT_EQ(rules.epochs_max, 50);
  EXPECT_EQ(rules.eta, 3);
  EXPECT_EQ(rules.confirm, 2);
  EXPECT_FALSE(rules.lag);
  EXPECT_THAT(rules.groups, ElementsAre(0, 0, 1, 1)) << "lr changes nothing about an epoch's cost";
}

TEST(SearchPlan, ContinuesByMoreEpochsAndTheSameCheckpoint) {
  const SweepFile file = searched_file(kHalving);
  const auto setups = setups_of(file, 0, "");
  SearchStep step;
  step.epochs = 7;
  step.rung = 2;
  step.cap_j = 12.5;
  step.goal = GoalLine{"val_acc", 0.9, false};
  const PlannedPoint point = point_of_step(file, setups[0], step, "", "/c/point");
  EXPECT_THAT(point.command, ElementsAre("t", "64", "1e-2", "7", "/c/point", "1"));
  EXPECT_EQ(point.point.key, setups[0].point.key);
  EXPECT_EQ(point.tags.at("search.rung"), "2");
  EXPECT_THAT(point.run_flags, Contains("goal: val_acc>=0.9"));
  EXPECT_THAT(point.run_flags, Contains("cap: energy>12.500000J"));
  EXPECT_THAT(point.run_flags, Contains("--grace=10000ms"));
  const auto words = run_arguments("gradwatt", point, {});
  EXPECT_THAT(words, Contains("search.role=race"));
}

TEST(SearchPlan, ConfirmsWithSeedsThatTheSearchHasNotSeen) {
  const SweepFile file = searched_file(std::string(kHalving) + "confirm=1\n");
  SearchStep step;
  step.role = PieceRole::confirm;
  step.rung = 1;
  const PlannedPoint point = point_of_step(file, setups_of(file, 0, "")[0], step, "", "/c");
  EXPECT_EQ(point.point.repeat, 2);
  EXPECT_EQ(point.command.back(), "3");
  EXPECT_NE(point.point.key, setups_of(file, 0, "")[0].point.key);
}

TEST(SearchPlan, GivesAWorkloadItsCheckpoint) {
  const SweepFile file = parse_sweep_file(
      "[sweep]\nname='s'\nworkload='w'\n[axes]\nbatch=[64]\n[fixed]\nmax_epochs=25\n"
      "[goal]\nmetric='val_acc'\nreach=0.9\n[search]\nstrategy='joule-halving'\n",
      "s.toml");
  SearchStep step;
  step.epochs = 3;
  const auto setups = setups_of(file, 0, "trainer");
  const PlannedPoint point = point_of_step(file, setups[0], step, "trainer", "/c/f");
  EXPECT_THAT(point.command, Contains("--max-epochs=3"));
  EXPECT_THAT(point.command, Contains("--checkpoint=/c/f"));
  EXPECT_THAT(point.command, Contains("--resume=true"));
  EXPECT_THAT(setups[0].command, Not(Contains("--resume=true")));
}

TEST(SearchPlan, RefusesWhatCannotBeRaced) {
  EXPECT_THAT(search_refusal("strategy='joule-halving'"), HasSubstr("continues = true"));
  EXPECT_THAT(search_refusal(kHalving, "epochs = 0"), HasSubstr("how many epochs"));
  EXPECT_THAT(search_refusal("strategy='sequential-cap'\ngamma=0.5"), HasSubstr("gamma below 1"));
  EXPECT_THAT(search_refusal("strategy='sequential-cap'\nprofile=['bacth']"),
              HasSubstr("did you mean 'batch'"));
  EXPECT_THAT(search_refusal("strategy='sequential-cap'\ngrace='soon'"), HasSubstr("not a time"));
  EXPECT_THAT(search_refusal("strategy='sequential-cap'\nconfirm=1",
                             "epochs = 5\nseed = { per_repeat = [1, 2] }"),
              HasSubstr("too few values"));
  EXPECT_EQ(search_refusal("strategy='sequential-cap'"), "");
  EXPECT_THROW((void)parse_sweep_file("[sweep]\nname='s'\ncommand=['t','{x}']\n[axes]\nx=[1]\n"
                                      "[search]\nstrategy='sequential-cap'\n",
                                      "s.toml"),
               UsageError)
      << "there is no goal";
  EXPECT_THROW((void)parse_sweep_file(
                   "[sweep]\nname='s'\nworkload='w'\n[axes]\nbatch=[64]\n[fixed]\nmax_epochs=9\n"
                   "schedule='cosine'\n[goal]\nmetric='a'\nreach=0.9\n[search]\n"
                   "strategy='joule-halving'\n",
                   "s.toml"),
               UsageError)
      << "a cosine is another one for every number of epochs";
}

}  // namespace
}  // namespace gradwatt
