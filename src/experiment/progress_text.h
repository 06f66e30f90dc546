#pragma once

#include "experiment/attempt.h"
#include "experiment/conduct_sweep.h"
#include "experiment/sweep_file.h"
#include "experiment/sweep_plan.h"

#include <span>
#include <string>
#include <vector>

namespace gradwatt {

/// What a sweep says while it runs, as lines for people. No colours; control characters in names
/// are taken out. Keeps references to what it is given.
class ProgressText {
 public:
  ProgressText(const SweepFile& file, std::span<const PlannedPoint> points);

  /// "quickstart: 4 × 4 cells = 16 points, order interleaved with seed 7, goal val_acc>=0.85"
  [[nodiscard]] std::string heading(std::uint64_t seed) const;

  /// "[ 5/16] batch=64 lr=1e-1   running 12 s"; the number is that of points with a result.
  [[nodiscard]] std::string running(const PlannedPoint& point, int results, Duration elapsed) const;

  /// "[ 5/16] batch=64 lr=1e-1   done  12.3 s  1.24 kJ (estimated)  val_acc 0.87   left ≈ 2 min
  /// 10 s, so far 8.40 kJ", on one line.
  [[nodiscard]] std::string ended(const PlannedPoint& point,
                                  const std::vector<Attempt>& attempts,
                                  int to_run) const;

  /// What is done, failed and left, and what to do next. Takes  again: the command line that goes
  /// on, such as "gradwatt sweep study.toml".
  [[nodiscard]] std::string summary(const std::vector<Attempt>& attempts,
                                    const SweepOutcome& outcome,
                                    const std::string& again) const;

  /// Every point in order with its command as a shell line, whether it would run, and what the
  /// rest will take as far as finished points tell.
  [[nodiscard]] std::string dry_run(const std::vector<Attempt>& attempts,
                                    std::uint64_t seed,
                                    bool retry_failed) const;

 private:
  [[nodiscard]] std::string label(const PlannedPoint& point) const;

  const SweepFile& file_;
  std::span<const PlannedPoint> points_;
  std::size_t label_width_ = 0;
};

/// "1.24 kJ (estimated)", or "energy unknown".
[[nodiscard]] std::string show_known(std::optional<Energy> energy, EnergyKind kind);

}  // namespace gradwatt
