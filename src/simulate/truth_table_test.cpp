#include "simulate/truth_table.h"

#include "plant/signal_text.h"
#include "record/account.h"
#include "simulate/truth_demands.h"
#include "simulate/truth_table_text.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <set>
#include <string>

namespace gradwatt {
namespace {

/// A build for finding errors in the code takes tens of times as long for each run.
#ifdef NDEBUG
constexpr int kSeeds = 1000;
#else
constexpr int kSeeds = 20;
#endif

TEST(TruthTable, EveryIntervalHoldsTheTruthAndIsNoWiderThanAllowed) {
  const TruthTable table = make_truth_table({kSeeds});
  fmt::print("{} seeds in each cell\n{}", kSeeds, truth_table_text(table));
  EXPECT_TRUE(is_good(table));
}

TEST(TruthTable, FewSeedsAreAllowedWhatChanceDoes) {
  for (const int seeds : {1, 3}) {
    const TruthTable table = make_truth_table({seeds});
    EXPECT_TRUE(is_good(table)) << truth_table_text(table);
  }
}

TEST(TruthTable, TriesEverySignalSensorAndFault) {
  const TruthTable table = make_truth_table({1, 1});
  std::set<std::string> signals;
  std::set<std::string> sensors;
  std::set<std::string> faults;
  for (const TruthCell& cell : table.cells) {
    signals.insert(cell.signal);
    sensors.insert(cell.sensor);
    faults.insert(cell.fault);
  }
  EXPECT_EQ(signals.size(), named_signals().size());
  EXPECT_EQ(sensors.size(), sensor_specs().size());
  EXPECT_EQ(faults.size(), named_faults().size());
}

TEST(TruthTable, IsTheSameOnAnyNumberOfThreads) {
  EXPECT_EQ(truth_table_text(make_truth_table({2, 1})), truth_table_text(make_truth_table({2, 3})));
}

TEST(TruthTable, ASingleRunOfItCanBeLookedAt) {
  TruthCell cell;
  cell.signal = "tail";
  cell.sensor = "rapl";
  cell.fault = "reset";
  const Signal signal = parse_signal(table_signal(cell.signal));
  const SimulatedRun run = simulate(table_setup(cell, signal, 7));
  EXPECT_FALSE(account_of(run.record).gaps.empty());
}

}  // namespace
}  // namespace gradwatt
