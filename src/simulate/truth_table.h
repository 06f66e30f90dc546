#pragma once

#include "simulate/simulated_run.h"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

/// A signal, a sensor and a fault, tried with many seeds: how often the intervals hold the truth,
/// and how wide they are compared with the information bound. What is demanded: truth_demands.h.
struct TruthCell {
  const char* signal = "";
  const char* sensor = "";
  const char* fault = "";
  int seeds = 0;
  int windows = 0;                           ///< The runs and their epochs, but for
  int unknown = 0;                           ///< those that are reported as not known.
  int missed = 0;                            ///< Windows whose interval does not hold the truth.
  std::optional<std::uint64_t> missed_seed;  ///< The first of them.
  /// Of interval / bound over the windows; absent where the fault takes information away.
  std::optional<double> median_width;
  int wide = 0;             ///< Windows that are wider than kWideWindow times the bound.
  double median_error = 0;  ///< Of |estimate - truth| / truth over the windows.

  [[nodiscard]] double share_held() const {
    return windows > 0 ? 1 - static_cast<double>(missed) / windows : 1;
  }
};

struct TruthTable {
  static constexpr int kBins = 20;
  std::vector<TruthCell> cells;
  /// Of (truth - estimate) / half the width, from -1 to 1; the outermost hold what is beyond.
  std::array<std::int64_t, kBins> histogram{};
  std::int64_t runs = 0;
};

struct TruthTableOptions {
  int seeds = 1000;
  int threads = 0;  ///< 0: one per processor.
};

/// A window is wide when its interval is more than so many times the bound.
inline constexpr double kWideWindow = 2;

/// Tries every signal with every sensor and every fault that can befall it. Runs are a few seconds
/// long, slow signals faster than their namesakes.
[[nodiscard]] TruthTable make_truth_table(const TruthTableOptions& options);

/// One run of the table, to look at a seed that missed.
[[nodiscard]] SimulationSetup table_setup(const TruthCell& cell,
                                          const Signal& signal,
                                          std::uint64_t seed);
/// The text of the signal that the table uses under a name.
[[nodiscard]] std::string table_signal(std::string_view name);

}  // namespace gradwatt
