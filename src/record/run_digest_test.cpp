#include "record/run_digest.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

namespace gradwatt {
namespace {

RunAccount full_account() {
  RunAccount account;
  account.begin = Instant{1'000'000'000};
  account.end = Instant{90'000'000'001};
  account.kind = EnergyKind::mixed;
  account.total = BoundedEnergy{Energy{1000}, Energy{900}, Energy{1200}, Energy{950}, Energy{1050}};
  EpochAccount epoch;
  epoch.epoch = 7;
  epoch.begin = Instant{2'000'000'000};
  epoch.end = Instant{3'000'000'003};
  epoch.energy = BoundedEnergy{Energy{500}, Energy{400}, Energy{600}};
  epoch.energy_eq1 = Energy{499};
  epoch.coverage = 1.0 / 3;
  epoch.samples = 50'000;
  epoch.metrics = {{"val_acc", 0.1 + 0.2}, {"loss", std::numeric_limits<double>::quiet_NaN()}};
  epoch.phases = {{"train", Energy{1}, Duration(2), 3, account.total, "why"}};
  account.outside_phases = {{"eval"}};
  epoch.complete = false;
  EpochAccount unknown;
  unknown.epoch = 8;
  account.epochs = {epoch, unknown};
  account.outside_epochs = Energy{-3};
  account.outside_duration = Duration(5);
  account.epochs_total = 10;
  account.metrics = {{"before", 1}};
  account.params = {{"batch_size", "64"}};
  account.tags = {{"k", "v"}};
  account.notes = {"note"};
  account.channels.emplace_back();
  NodeAccount node;
  node.node = "a";
  node.energy = account.total;
  node.clock_offset = Duration(-7);
  node.ranks = {{0, 0}, {1, std::nullopt}};
  account.nodes = {node, {}};
  account.nodes_expected = 2;
  account.power_limits_w = {400, 700};
  account.why_no_total = "why";
  return account;
}

TEST(RunDigest, KeepsEveryNumberOfAnAccount) {
  const RunAccount account = full_account();
  const auto read = account_from_digest(digest_of(account));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(digest_of(*read), digest_of(account));
  EXPECT_EQ(read->kind, EnergyKind::mixed);
  EXPECT_EQ(read->total->random_hi, Energy{1050});
  ASSERT_EQ(read->epochs.size(), 2U);
  EXPECT_EQ(read->epochs[0].energy->random_lo, Energy{400});
  EXPECT_EQ(read->epochs[0].metrics.at("val_acc"), 0.1 + 0.2);
  EXPECT_TRUE(std::isnan(read->epochs[0].metrics.at("loss")));
  EXPECT_EQ(read->epochs[0].samples, 50'000);
  EXPECT_EQ(read->epochs[0].steps, std::nullopt);
  EXPECT_FALSE(read->epochs[0].complete);
  EXPECT_EQ(read->epochs[1].energy, std::nullopt);
  EXPECT_EQ(read->outside_epochs, Energy{-3});
  EXPECT_EQ(read->nodes[0].clock_offset, Duration(-7));
  EXPECT_EQ(read->nodes[0].ranks.at(1), std::nullopt);
  EXPECT_EQ(read->nodes_expected, 2);
  EXPECT_EQ(read->power_limits_w, (std::vector<double>{400, 700}));
  EXPECT_EQ(read->why_no_total, "why");
}

TEST(RunDigest, LeavesDetailsOut) {
  const RunAccount read = *account_from_digest(digest_of(full_account()));
  const RunAccount without = without_details(full_account());
  for (const RunAccount* account : {&read, &without}) {
    EXPECT_TRUE(account->channels.empty());
    ASSERT_EQ(account->epochs[0].phases.size(), 1U);
    const PhaseAccount& phase = account->epochs[0].phases[0];
    EXPECT_EQ(phase.energy, Energy{1});
    EXPECT_EQ(phase.duration, Duration(2));
    EXPECT_EQ(phase.count, 3);
    EXPECT_EQ(phase.not_observable, "why");
    EXPECT_FALSE(phase.bounds.has_value());
    EXPECT_EQ(account->outside_phases.at(0).energy, std::nullopt);
  }
  EXPECT_EQ(digest_of(without), digest_of(full_account()));
}

TEST(RunDigest, KeepsAllOfAManifest) {
  Manifest manifest;
  manifest.run_id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
  manifest.name = "name";
  manifest.command = {"python", "train.py", ""};
  manifest.directory = "/work";
  manifest.started_at = WallTime{1'700'000'000'123};
  manifest.duration = Duration(5'000'000'001);
  manifest.state = RunState::failed;
  manifest.exit_status = 137;
  manifest.signal = 9;
  manifest.tags = {{"k", "v"}};
  manifest.point = SweepPoint{"sweep", "key", {{"lr", "1e-4"}}, 2};
  manifest.environment = {{"host", "h"}};
  RunCalibration calibration;
  calibration.idle["nvml/gpu0@GPU-1"] = {Power{25}, Power{0.5}, 30, Power{60}, WallTime{5}};
  calibration.wall = WallFit{Power{30}, 1.2, Power{1}, 60, 0.5, WallTime{6}, {"a"}, {10}, {100}};
  manifest.calibration = calibration;

  const auto read = manifest_from_digest(digest_of(manifest));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(digest_of(*read), digest_of(manifest));
  EXPECT_EQ(read->command, manifest.command);
  EXPECT_EQ(read->duration, manifest.duration);
  EXPECT_EQ(read->state, RunState::failed);
  EXPECT_EQ(read->signal, 9);
  EXPECT_EQ(read->point->factors, manifest.point->factors);
  EXPECT_EQ(read->calibration->idle.at("nvml/gpu0@GPU-1").with_context, Power{60});
  EXPECT_EQ(read->calibration->wall->channels, calibration.wall->channels);
  EXPECT_EQ(read->calibration->wall->most, Power{100});
}

TEST(RunDigest, TakesNoOtherBytes) {
  EXPECT_FALSE(account_from_digest("").has_value());
  EXPECT_FALSE(manifest_from_digest("no digest").has_value());
  std::string cut = digest_of(full_account());
  cut.pop_back();
  EXPECT_FALSE(account_from_digest(cut).has_value());
}

}  // namespace
}  // namespace gradwatt
