#include "simulate/truth_table.h"

#include "plant/signal_text.h"
#include "record/account.h"
#include "simulate/truth_table_text.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>

namespace gradwatt {
namespace {

/// A build for finding errors in the code takes tens of times as long for each run.
#ifdef NDEBUG
constexpr int kSeeds = 1000;
constexpr double kWidth = kWidthOfBound;
#else
constexpr int kSeeds = 20;
/// The median of so few is not known well.
constexpr double kWidth = 1.5 * kWidthOfBound;
#endif

TEST(TruthTable, EveryIntervalHoldsTheTruthAndIsNoWiderThanAllowed) {
  const TruthTable table = make_truth_table({kSeeds});
  fmt::print("{} seeds in each cell\n{}", kSeeds, truth_table_text(table));
  // A share of 0.1 % of the seeds is not known to better than three deviations from so many; of few
  // seeds, a single miss says nothing.
  const double fluctuation =
      std::max(1.0 / kSeeds, 3 * std::sqrt(kShareHeld * (1 - kShareHeld) / kSeeds));
  std::map<std::pair<std::string, std::string>, std::pair<std::int64_t, std::int64_t>> rows;
  for (const TruthCell& cell : table.cells) {
    const auto name = fmt::format("{}, {}, {}", cell.sensor, cell.fault, cell.signal);
    auto& [missed, windows] = rows[{cell.sensor, cell.fault}];
    missed += cell.missed;
    windows += cell.windows;
    if (cell.windows >= kSeeds) {
      EXPECT_GE(cell.share_held(), kShareHeld - fluctuation) << name;
    }
    EXPECT_LE(cell.median_width.value_or(0), kWidth) << name;
  }
  for (const auto& [row, counts] : rows) {
    const double allowed = (1 - kShareHeld) * static_cast<double>(counts.second);
    // A row of few windows may by chance have one or two too many.
    const double chance = allowed < 10 ? 3 * std::sqrt(allowed) : 0;
    EXPECT_LE(static_cast<double>(counts.first), allowed + chance)
        << row.first << ", " << row.second;
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
