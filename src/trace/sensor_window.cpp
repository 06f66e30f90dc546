#include "trace/sensor_window.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace gradwatt {
namespace {

constexpr std::size_t kStepsMin = 4;
constexpr std::size_t kUpdatesMin = 12;
constexpr double kLagStep_s = 0.01;
constexpr int kLagSteps = 150;
constexpr std::array kWindows_s{0.002,
                                0.005,
                                0.010,
                                0.018,
                                0.025,
                                0.035,
                                0.050,
                                0.070,
                                0.100,
                                0.140,
                                0.200,
                                0.280,
                                0.400,
                                0.560,
                                0.800,
                                1.000,
                                1.400,
                                2.000};
constexpr std::size_t kCandidates = 12;
constexpr double kFinest_s = 0.0001;
/// The step has to explain this much of what the sensor said.
constexpr double kExplainedMin = 0.9;

/// For how long the load was on before a given time.
class LoadTime {
 public:
  explicit LoadTime(std::span<const LoadStep> steps) : steps_(steps) {
    double on_s = 0;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      if (i > 0 && steps[i - 1].on) {
        on_s += steps[i].t_s - steps[i - 1].t_s;
      }
      before_.push_back(on_s);
    }
  }
  [[nodiscard]] double until(double t_s) const {
    const auto next = std::upper_bound(
        steps_.begin(), steps_.end(), t_s, [](double t, const LoadStep& s) { return t < s.t_s; });
    if (next == steps_.begin()) {
      // Before the first step the load was in the other state.
      return steps_.front().on ? 0 : t_s - steps_.front().t_s;
    }
    const auto i = static_cast<std::size_t>(next - steps_.begin()) - 1;
    return before_[i] + (steps_[i].on ? t_s - steps_[i].t_s : 0);
  }

 private:
  std::span<const LoadStep> steps_;
  std::vector<double> before_;
};

/// When the sensor was updated, and to what.
std::vector<SensorReading> updates_of(std::span<const SensorReading> readings, double refresh_s) {
  std::vector<SensorReading> updates;
  const auto fill_until = [&](double t_s) {
    while (!updates.empty() && updates.back().t_s + 1.5 * refresh_s < t_s) {
      updates.push_back({updates.back().t_s + refresh_s, updates.back().value});
    }
  };
  for (std::size_t i = 1; i < readings.size(); ++i) {
    if (readings[i].value != readings[i - 1].value) {
      const double changed = (readings[i - 1].t_s + readings[i].t_s) / 2;
      fill_until(changed);
      updates.push_back({changed, readings[i].value});
    }
  }
  if (!readings.empty()) {
    fill_until(readings.back().t_s);
  }
  return updates;
}

class WindowFit {
 public:
  WindowFit(std::vector<SensorReading> updates, std::span<const LoadStep> steps)
      : updates_(std::move(updates)), load_(steps) {}

  struct Outcome {
    SensorWindow window;
    double squares = std::numeric_limits<double>::infinity();
  };

  [[nodiscard]] Outcome at(double window_s, double lag_s) const {
    double n = 0;
    double sx = 0;
    double sy = 0;
    double sxx = 0;
    double sxy = 0;
    double syy = 0;
    for (const SensorReading& update : updates_) {
      const double end = update.t_s - lag_s;
      const double x = (load_.until(end) - load_.until(end - window_s)) / window_s;
      n += 1;
      sx += x;
      sy += update.value;
      sxx += x * x;
      sxy += x * update.value;
      syy += update.value * update.value;
    }
    const double vx = sxx - sx * sx / n;
    Outcome outcome;
    if (vx <= 1e-9 * n) {
      return outcome;
    }
    const double slope = (sxy - sx * sy / n) / vx;
    outcome.squares = std::max(0.0, syy - sy * sy / n - slope * slope * vx);
    const double low = (sy - slope * sx) / n;
    outcome.window = {window_s, lag_s, low, low + slope, std::sqrt(outcome.squares / n)};
    return outcome;
  }

  [[nodiscard]] Outcome best() const {
    std::vector<Outcome> grid;
    for (const double window : kWindows_s) {
      for (int step = 0; step <= kLagSteps; ++step) {
        grid.push_back(at(window, step * kLagStep_s));
      }
    }
    const auto better = [](const Outcome& a, const Outcome& b) { return a.squares < b.squares; };
    const auto count = static_cast<std::ptrdiff_t>(std::min(kCandidates, grid.size()));
    std::partial_sort(grid.begin(), grid.begin() + count, grid.end(), better);
    Outcome best;
    for (auto candidate = grid.begin(); candidate != grid.begin() + count; ++candidate) {
      best = std::min(best, improved(*candidate), better);
    }
    return best;
  }

  /// The variance of all updates, times their number.
  [[nodiscard]] double total_squares() const {
    double mean = 0;
    for (const SensorReading& update : updates_) {
      mean += update.value / static_cast<double>(updates_.size());
    }
    double squares = 0;
    for (const SensorReading& update : updates_) {
      squares += (update.value - mean) * (update.value - mean);
    }
    return squares;
  }

 private:
  /// Moves to better neighbours, then looks closer. A longer window with less lag is nearly the
  /// same: such pairs of moves are tried too.
  [[nodiscard]] Outcome improved(Outcome from) const {
    double step_s = kLagStep_s;
    while (step_s >= kFinest_s) {
      if (!move(from, step_s)) {
        step_s /= 2;
      }
    }
    return from;
  }

  /// Tries each move once; says whether one of them was better.
  bool move(Outcome& from, double step_s) const {
    bool moved = false;
    for (const auto& [dw, dl] : kMoves) {
      const double window = from.window.window_s + dw * step_s;
      const double lag = from.window.lag_s + dl * step_s;
      if (window < 0.5 * kWindows_s.front() || lag < 0) {
        continue;
      }
      const Outcome next = at(window, lag);
      if (next.squares < from.squares * (1 - 1e-9)) {
        from = next;
        moved = true;
      }
    }
    return moved;
  }

  static constexpr std::array<std::pair<double, double>, 8> kMoves{
      {{1, 0}, {-1, 0}, {0, 1}, {0, -1}, {2, -1}, {-2, 1}, {1, -1}, {-1, 1}}};

  std::vector<SensorReading> updates_;
  LoadTime load_;
};

}  // namespace

SensorWindowResult fit_sensor_window(std::span<const SensorReading> readings,
                                     std::span<const LoadStep> steps,
                                     double refresh_s) {
  if (steps.size() < kStepsMin) {
    return {std::nullopt, "the load was not switched often enough"};
  }
  std::vector<SensorReading> updates = updates_of(readings, refresh_s);
  if (updates.size() < kUpdatesMin) {
    return {std::nullopt, "the sensor was hardly updated"};
  }
  const WindowFit fit(std::move(updates), steps);
  const double total = fit.total_squares();
  const WindowFit::Outcome best = fit.best();
  if (!(best.squares < (1 - kExplainedMin) * total) || best.window.high_w <= best.window.low_w) {
    return {std::nullopt, "the sensor does not follow the load"};
  }
  return {best.window, ""};
}

}  // namespace gradwatt
