#include "analyze/block_difference.h"
#include "analyze/equivalence.h"
#include "analyze/sweep_rows_test.h"
#include "analyze/welch_ratio.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <vector>

namespace gradwatt {
namespace {

constexpr int kDraws = 4000;
/// Four standard errors of a share of 4000 draws near 95 %: what luck alone may take away.
constexpr double kLuck = 0.014;

double deviation_of(double cv) { return std::sqrt(std::log(1 + cv * cv)); }

/// Logarithms of n energies that scatter by `cv` around exp(mean).
std::vector<double> drawn_logs(std::mt19937_64& random, int n, double mean, double cv) {
  std::vector<double> logs;
  for (int i = 0; i < n; ++i) {
    logs.push_back(mean + deviation_of(cv) * drawn_normal(random));
  }
  return logs;
}

/// Share of draws in which `holds`.
double share_of(const std::function<bool(std::mt19937_64&)>& holds, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  int held = 0;
  for (int draw = 0; draw < kDraws; ++draw) {
    held += holds(random) ? 1 : 0;
  }
  return held / static_cast<double>(kDraws);
}

bool contains(const std::optional<Interval>& interval, double truth) {
  return interval && interval->lo <= truth && truth <= interval->hi;
}

const double kTruth = std::log(0.8);

TEST(ComparisonCoverage, OfWelchOnLogarithmsIsAtLeastNinetyFourPercent) {
  std::uint64_t seed = 1;
  for (const double cv : {0.03, 0.1, 0.4}) {
    for (const int n : {2, 3, 5, 10}) {
      const double covered = share_of(
          [&](std::mt19937_64& random) {
            const auto a = drawn_logs(random, n, kTruth, cv);
            const auto b = drawn_logs(random, n, 0, cv);
            return contains(interval_of(mean_difference(a, b)), kTruth);
          },
          seed++);
      EXPECT_GE(covered, 0.94) << "n " << n << ", CV " << cv;
    }
  }
}

TEST(ComparisonCoverage, OfUnequalScatterAndUnequalRepeatsHoldsAsWell) {
  const double covered = share_of(
      [](std::mt19937_64& random) {
        const auto a = drawn_logs(random, 3, kTruth, 0.4);
        const auto b = drawn_logs(random, 8, 0, 0.05);
        return contains(interval_of(mean_difference(a, b)), kTruth);
      },
      100);
  EXPECT_GE(covered, 0.94);
}

TEST(ComparisonCoverage, OfRepeatedBlocksHoldsWhateverTheBlocksAre) {
  std::uint64_t seed = 200;
  for (const int n : {2, 3, 5}) {
    const double covered = share_of(
        [&](std::mt19937_64& random) {
          std::vector<SideBlock> blocks;
          double truth = 0;
          // The effect differs from block to block: what is asked is its average over these.
          for (const double effect : {kTruth, kTruth - 0.3, kTruth + 0.2, 0.1}) {
            blocks.push_back({drawn_logs(random, n, effect, 0.1), drawn_logs(random, n, 0, 0.1)});
            truth += effect / 4;
          }
          return contains(interval_of(block_difference(blocks)), truth);
        },
        seed++);
    EXPECT_GE(covered, 0.94) << n;
  }
}

TEST(ComparisonCoverage, OfBlocksOfSingleRunsHolds) {
  std::uint64_t seed = 300;
  for (const int blocks_n : {2, 3, 4, 8}) {
    const double covered = share_of(
        [&](std::mt19937_64& random) {
          std::vector<SideBlock> blocks;
          for (int block = 0; block < blocks_n; ++block) {
            blocks.push_back(
                {drawn_logs(random, 1, block + kTruth, 0.1), drawn_logs(random, 1, block, 0.1)});
          }
          return contains(interval_of(block_difference(blocks)), kTruth);
        },
        seed++);
    EXPECT_GE(covered, 0.95 - kLuck) << blocks_n;
  }
}

/// Runs a, b in shuffled order within each repeat, while the machine warms up by 20 % in all.
std::vector<SideBlock> drifting_repeats(std::mt19937_64& random, int n) {
  std::vector<SideBlock> repeats;
  for (int repeat = 0; repeat < n; ++repeat) {
    const double early = 0.2 * (2 * repeat) / (2 * n);
    const double late = 0.2 * (2 * repeat + 1) / (2 * n);
    const bool a_first = random() % 2 == 0;
    repeats.push_back({drawn_logs(random, 1, kTruth + (a_first ? early : late), 0.03),
                       drawn_logs(random, 1, a_first ? late : early, 0.03)});
  }
  return repeats;
}

TEST(ComparisonCoverage, HoldsUnderDriftForInterleavedRepeatsPairedOrNot) {
  std::uint64_t seed = 400;
  for (const int n : {3, 5, 10}) {
    double paired_width = 0;
    double welch_width = 0;
    int paired = 0;
    int welch = 0;
    std::mt19937_64 random(seed++);
    for (int draw = 0; draw < kDraws; ++draw) {
      const auto repeats = drifting_repeats(random, n);
      SideBlock all;
      for (const SideBlock& repeat : repeats) {
        all.a.push_back(repeat.a.front());
        all.b.push_back(repeat.b.front());
      }
      const auto by_pair = interval_of(block_difference(repeats));
      const auto by_welch = interval_of(mean_difference(all.a, all.b));
      paired += contains(by_pair, kTruth) ? 1 : 0;
      welch += contains(by_welch, kTruth) ? 1 : 0;
      paired_width += by_pair->hi - by_pair->lo;
      welch_width += by_welch->hi - by_welch->lo;
    }
    EXPECT_GE(paired / static_cast<double>(kDraws), 0.95 - kLuck) << n;
    EXPECT_GE(welch / static_cast<double>(kDraws), 0.94) << n;
    RecordProperty(
        "widths of " + std::to_string(n),
        std::to_string(paired_width / kDraws) + " " + std::to_string(welch_width / kDraws));
  }
}

TEST(EquivalenceTest, ClaimsNoDifferenceAtTheEdgeOfTheBandInAtMostFivePercent) {
  const double band = std::log(1.05);
  std::uint64_t seed = 500;
  for (const double cv : {0.01, 0.03, 0.1}) {
    for (const int n : {2, 3, 5, 10}) {
      const double claimed = share_of(
          [&](std::mt19937_64& random) {
            const auto a = drawn_logs(random, n, band, cv);
            const auto b = drawn_logs(random, n, 0, cv);
            return equivalence_p(mean_difference(a, b), band).value() < 0.05;
          },
          seed++);
      EXPECT_LE(claimed, 0.05 + kLuck) << "n " << n << ", CV " << cv;
    }
  }
}

}  // namespace
}  // namespace gradwatt
