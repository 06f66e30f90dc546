#include "cli/sweep_table.h"

#include "base/error.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

StoredRun stored(const char* id, RunState state, const char* key, const char* batch = "64") {
  StoredRun run;
  run.manifest.run_id = id;
  run.manifest.state = state;
  run.manifest.exit_status = state == RunState::failed ? 1 : 0;
  run.manifest.point = SweepPoint{"study", key, {{"batch", batch}, {"lr", "1e-1"}}, 0};
  return run;
}

std::vector<std::string> counting(const std::vector<StoredRun>& runs) {
  std::vector<std::string> notes;
  std::vector<std::string> ids;
  for (const StoredRun& run : runs_that_count(runs, notes)) {
    ids.push_back(run.manifest.run_id);
  }
  return ids;
}

TEST(SweepTable, CountsTheNewestFinishedRunOfAPoint) {
  EXPECT_EQ(counting({stored("1", RunState::done, "k"),
                      stored("2", RunState::done, "k"),
                      stored("3", RunState::interrupted, "k"),
                      stored("4", RunState::failed, "k")}),
            (std::vector<std::string>{"2"}));
}

TEST(SweepTable, CountsAFailureOnlyWhereNothingFinished) {
  EXPECT_EQ(counting({stored("1", RunState::failed, "k"), stored("2", RunState::interrupted, "k")}),
            (std::vector<std::string>{"1"}));
}

TEST(SweepTable, LeavesRunsOfAnOlderCommandOutAndSaysSo) {
  std::vector<std::string> notes;
  const auto runs = runs_that_count(
      {stored("1", RunState::done, "old"), stored("2", RunState::done, "new")}, notes);
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs[0].manifest.run_id, "2");
  EXPECT_EQ(notes.size(), 1U);
}

TEST(SweepTable, KeepsPointsApart) {
  EXPECT_EQ(
      counting({stored("1", RunState::done, "a", "64"), stored("2", RunState::done, "b", "256")})
          .size(),
      2U);
}

TEST(SweepTable, TakesARunThatSomebodyStoppedAsUnfinished) {
  StoredRun run = stored("1", RunState::failed, "k");
  EXPECT_EQ(row_of(run.manifest, std::nullopt).outcome, RunOutcome::failed);
  run.manifest.exit_status = 130;
  EXPECT_EQ(row_of(run.manifest, std::nullopt).outcome, RunOutcome::unfinished);
}

TEST(SweepTable, CarriesPowerLimits) {
  const Manifest manifest = stored("1", RunState::done, "k").manifest;
  RunAccount account;
  EXPECT_FALSE(row_of(manifest, account).power_limit_w.has_value());
  account.power_limits_w = {700};
  EXPECT_DOUBLE_EQ(row_of(manifest, account).power_limit_w.value(), 700);
  account.power_limits_w = {400, 700};
  const RunRow mixed = row_of(manifest, account);
  EXPECT_FALSE(mixed.power_limit_w.has_value());
  EXPECT_EQ(mixed.environment.at("power_limit"), "400 W and 700 W");
}

TEST(SweepTable, CarriesEpochsTheirMetricsAndWhatLiesOutside) {
  RunAccount account;
  account.kind = EnergyKind::estimated;
  account.total = BoundedEnergy{Energy::from_joules(30), {}, {}};
  account.outside_epochs = Energy::from_joules(5);
  EpochAccount epoch;
  epoch.epoch = 3;
  epoch.end = Instant{2'000'000'000};
  epoch.energy = BoundedEnergy{Energy::from_joules(25), {}, {}};
  epoch.metrics = {{"val_acc", 0.9}};
  EpochAccount dark = epoch;
  dark.energy.reset();
  account.epochs = {epoch, dark};
  const RunRow row = row_of(stored("1", RunState::done, "k").manifest, account);
  EXPECT_EQ(row.factors[0], (std::pair<std::string, std::string>{"batch", "64"}));
  EXPECT_TRUE(row.estimated);
  EXPECT_DOUBLE_EQ(row.total_j.value(), 30);
  EXPECT_DOUBLE_EQ(row.outside_epochs_j.value(), 5);
  ASSERT_EQ(row.epochs.size(), 2U);
  EXPECT_DOUBLE_EQ(row.epochs[0].energy_j.value(), 25);
  EXPECT_DOUBLE_EQ(row.epochs[0].duration_s, 2);
  EXPECT_DOUBLE_EQ(row.epochs[0].metrics.at("val_acc"), 0.9);
  EXPECT_FALSE(row.epochs[1].energy_j.has_value());
}

}  // namespace
}  // namespace gradwatt
