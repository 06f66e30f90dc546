#include "simulate/cluster_run.h"

#include "record/account.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

namespace gradwatt {
namespace {

ClusterRun two_devices() {
  ClusterRun run;
  run.devices = 2;
  run.epochs = 2;
  run.epoch = std::chrono::seconds(10);
  run.phases = {{"train", 0.75}, {"eval", 0.25}};
  run.device_power = {300};
  run.node_power = {200};
  run.samples = 512;
  run.steps = 2;
  run.params = {{"ranks", "2"}, {"nodes", "1"}};
  run.metric = std::pair("val_acc", 0.75);
  return run;
}

double epochs_energy_j(const RunAccount& account) {
  double sum = 0;
  for (const EpochAccount& epoch : account.epochs) {
    sum += epoch.energy->energy.joules();
  }
  return sum;
}

TEST(ClusterRun, ConsumesWhatItsPowersSay) {
  const RunAccount account = account_of(cluster_record(two_devices()));
  ASSERT_EQ(account.epochs.size(), 2U);
  EXPECT_NEAR(epochs_energy_j(account), 16'000, 1e-3);
  EXPECT_NEAR(account.total->energy.joules(), 16'800, 1e-3) << "and a second to start";
  EXPECT_EQ(account.kind, EnergyKind::estimated);
  const EpochAccount& epoch = account.epochs[1];
  EXPECT_EQ(epoch.samples, 512);
  EXPECT_EQ(epoch.steps, 2);
  EXPECT_EQ(epoch.metrics.at("val_acc"), 0.75);
  ASSERT_EQ(epoch.phases.size(), 2U);
  EXPECT_NEAR(epoch.phases[0].energy->joules(), 6'000, 1e-3);
  EXPECT_EQ(account.params.at("ranks"), "2");
}

TEST(ClusterRun, FillsNodesOneAfterTheOther) {
  ClusterRun run = two_devices();
  run.devices = 6;
  EXPECT_EQ(run.nodes(), 2);
  const NodeRecord record = cluster_record(run);
  ASSERT_EQ(record.sources.size(), 2U);
  EXPECT_EQ(record.sources[0].channels.size(), 5U);
  EXPECT_EQ(record.sources[1].channels.size(), 3U);
  EXPECT_NEAR(epochs_energy_j(account_of(record)), 20 * (6 * 300 + 2 * 200), 1e-3);
}

TEST(ClusterRun, VariesByItsSeedAsFarAsItSays) {
  ClusterRun run = two_devices();
  run.power_deviation = 0.01;
  run.time_deviation = 0.005;
  run.epoch_deviation = 0.005;
  double sum = 0;
  double squares = 0;
  constexpr int kRuns = 200;
  for (int seed = 1; seed <= kRuns; ++seed) {
    run.seed = static_cast<std::uint64_t>(seed);
    const double energy = epochs_energy_j(account_of(cluster_record(run))) / 16'000;
    sum += energy / kRuns;
    squares += energy * energy / kRuns;
  }
  EXPECT_NEAR(sum, 1, 0.003);
  EXPECT_NEAR(std::sqrt(squares - sum * sum), std::hypot(0.01, 0.005), 0.002);
  const auto first = cluster_record(run);
  EXPECT_EQ(first.samples.back().channels, cluster_record(run).samples.back().channels);
}

TEST(ClusterRun, IsAFinishedRunInTheStore) {
  const auto root = std::filesystem::path(testing::TempDir()) / "cluster-run-store";
  std::filesystem::remove_all(root);
  ClusterRun run = two_devices();
  run.devices = 256;
  const Store store(root);
  const SweepPoint point{"pt-simulated-x", "key", {{"ranks", "256"}}, 0};
  const StoredRun stored = store_cluster_run(run, {"x", {"gradwatt"}, {}, point}, store);
  EXPECT_EQ(store.of_sweep("pt-simulated-x").size(), 1U);
  EXPECT_EQ(stored.manifest.tags.at("simulated"), "yes");
  const RunAccount account = account_of(stored.folder);
  EXPECT_EQ(account.nodes.size(), 64U);
  EXPECT_EQ(account.channels.size(), 64U * 5);
  EXPECT_EQ(account.channels.front().info.channel, "node001/gpu0");
  EXPECT_NEAR(epochs_energy_j(account), 20.0 * (256 * 300 + 64 * 200), 1e-2);
  std::filesystem::remove_all(root);
}

}  // namespace
}  // namespace gradwatt
