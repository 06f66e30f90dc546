#include "experiment/progress_text.h"

#include "experiment/command_template.h"
#include "experiment/sweep_tally.h"
#include "units/show.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

namespace gradwatt {
namespace {

const char* word_for(PointState state) {
  switch (state) {
    case PointState::open:
      return "interrupted";
    case PointState::running:
      return "running";
    case PointState::done:
      return "done";
    case PointState::failed:
      return "failed";
  }
  return "";
}

std::string ended_as(PointState state, const Attempt* attempt) {
  if (state == PointState::failed && attempt->exit_status) {
    return fmt::format("failed (exit {})", *attempt->exit_status);
  }
  return word_for(state);
}

std::string rest_text(int to_run, const SweepTally& sum, Duration cooldown) {
  const auto time = time_for(to_run, sum, cooldown);
  const std::string left = to_run == 0 ? "none left"
                           : time      ? "left ≈ " + show_duration(*time)
                                       : "left: unknown yet";
  return sum.kind == EnergyKind::missing
             ? left
             : fmt::format("{}, so far {}", left, show_energy(sum.energy));
}

std::string points_text(int count) {
  return fmt::format("{} {}", count, count == 1 ? "point" : "points");
}

/// "4 × 4 cells" with what repeating and leaving out make of them.
std::string grid_text(const SweepFile& file, std::size_t points) {
  std::string grid;
  for (const Axis& axis : file.axes) {
    grid += fmt::format("{}{}", grid.empty() ? "" : " × ", axis.values.size());
  }
  grid += file.axes.size() == 1 && file.axes.front().values.size() == 1 ? " cell" : " cells";
  if (!file.excluded.empty()) {
    grid += " less the excluded";
  }
  if (file.repeat > 1) {
    grid += fmt::format(" × {} repeats", file.repeat);
  }
  return fmt::format("{} = {}", grid, points_text(static_cast<int>(points)));
}

std::string why_it_ended(const SweepOutcome& outcome, const SweepFile& file) {
  switch (outcome.end) {
    case SweepEnd::completed:
      return "";
    case SweepEnd::failure:
      return "stopped at the first failure, as on_failure says";
    case SweepEnd::energy_limit:
      return fmt::format("stopped at the limit of {}", show_energy(*file.energy_max));
    case SweepEnd::stopped:
      return "stopped by a signal";
  }
  return "";
}

std::string next_step(const SweepFile& file,
                      const SweepOutcome& outcome,
                      const SweepTally& sum,
                      const std::string& again) {
  std::string text;
  if (outcome.end == SweepEnd::energy_limit) {
    text += fmt::format("  to go on   raise max_energy in [limit], then: {}\n", again);
  } else if (sum.open > 0) {
    text += fmt::format("  to go on   {}\n", again);
  }
  if (sum.failed > 0) {
    text += fmt::format("  to retry   {} --retry-failed\n", again);
  }
  if (sum.done > 0) {
    text += fmt::format("  next       gradwatt recommend {}\n", file.name);
  }
  return text;
}

}  // namespace

std::string show_known(std::optional<Energy> energy, EnergyKind kind) {
  if (!energy || kind == EnergyKind::missing) {
    return "energy unknown";
  }
  const char* how = kind == EnergyKind::measured    ? ""
                    : kind == EnergyKind::estimated ? " (estimated)"
                                                    : " (partly estimated)";
  return show_energy(*energy) + how;
}

ProgressText::ProgressText(const SweepFile& file, std::span<const PlannedPoint> points)
    : file_(file), points_(points) {
  for (const PlannedPoint& point : points) {
    label_width_ = std::max(label_width_, label(point).size());
  }
}

std::string ProgressText::label(const PlannedPoint& point) const {
  return printable(label_of(point.point, file_.repeat));
}

std::string ProgressText::heading(std::uint64_t seed) const {
  std::string text = fmt::format(
      "{}: {}, order {}", file_.name, grid_text(file_, points_.size()), name_of(file_.order));
  if (file_.order != SweepOrder::sequential) {
    text += fmt::format(" with seed {}", seed);
  }
  if (file_.goal) {
    text += fmt::format(", goal {}", goal_text(*file_.goal));
  }
  return text;
}

std::string ProgressText::running(const PlannedPoint& point, int results, Duration elapsed) const {
  const auto digits = std::to_string(points_.size()).size();
  return fmt::format("[{:>{}}/{}] {:<{}}   running {:.0f} s",
                     results,
                     digits,
                     points_.size(),
                     label(point),
                     label_width_,
                     seconds(elapsed));
}

std::string ProgressText::ended(const PlannedPoint& point,
                                const std::vector<Attempt>& attempts,
                                int to_run) const {
  const SweepTally sum = tally(points_, attempts);
  const auto digits = std::to_string(points_.size()).size();
  std::string line = fmt::format("[{:>{}}/{}] {:<{}}   ",
                                 sum.done + sum.failed,
                                 digits,
                                 points_.size(),
                                 label(point),
                                 label_width_);
  const Attempt* attempt = attempt_for(point.point.key, attempts);
  if (attempt == nullptr) {
    return line + "not stored";
  }
  line += ended_as(state_of(point.point.key, attempts), attempt);
  if (attempt->duration) {
    line += "  " + show_duration(*attempt->duration);
  }
  line += "  " + show_known(attempt->energy, attempt->kind);
  if (attempt->metric && file_.goal) {
    line += fmt::format("  {} {:.4g}", file_.goal->metric, *attempt->metric);
  }
  return line + "   " + rest_text(to_run, sum, file_.cooldown);
}

std::string ProgressText::summary(const std::vector<Attempt>& attempts,
                                  const SweepOutcome& outcome,
                                  const std::string& again) const {
  const SweepTally sum = tally(points_, attempts);
  std::string text =
      fmt::format("{}: {} of {} done", file_.name, sum.done, points_text(sum.points));
  if (sum.failed > 0) {
    text += fmt::format(", {} failed", sum.failed);
  }
  if (sum.open > 0) {
    text += fmt::format(", {} left", sum.open);
  }
  if (sum.kind != EnergyKind::missing) {
    text += fmt::format(" · {}", show_known(sum.energy, sum.kind));
  }
  if (sum.attempts_without_energy > 0) {
    text += fmt::format(" · the energy of {} {} is unknown",
                        sum.attempts_without_energy,
                        sum.attempts_without_energy == 1 ? "run" : "runs");
  }
  const std::string why = why_it_ended(outcome, file_);
  text += why.empty() ? "\n" : " · " + why + "\n";
  return text + next_step(file_, outcome, sum, again);
}

std::string ProgressText::dry_run(const std::vector<Attempt>& attempts,
                                  std::uint64_t seed,
                                  bool retry_failed) const {
  const auto to_run = points_to_run(points_, attempts, retry_failed);
  const std::set<const PlannedPoint*> runs(to_run.begin(), to_run.end());
  const auto digits = std::to_string(points_.size()).size();
  std::string text = heading(seed) + "\n";
  for (const PlannedPoint& point : points_) {
    const char* what = runs.contains(&point) ? "run" : "skip";
    const PointState state = state_of(point.point.key, attempts);
    const bool started = attempt_for(point.point.key, attempts) != nullptr;
    text += fmt::format("{:>{}}  {:<4}  {:<11}  {:<{}}   {}\n",
                        point.position,
                        digits,
                        what,
                        started ? word_for(state) : "",
                        label(point),
                        label_width_,
                        shell_quoted(point.command));
  }
  const SweepTally sum = tally(points_, attempts);
  const int count = static_cast<int>(to_run.size());
  const auto time = time_for(count, sum, file_.cooldown);
  const auto energy = energy_for(count, sum);
  text += fmt::format("to run: {} of {}", count, sum.points);
  if (count > 0) {
    text += fmt::format(" · time {} · energy {}",
                        time ? "≈ " + show_duration(*time) : "unknown",
                        energy ? "≈ " + show_known(energy, sum.kind) : "unknown");
    text += sum.done > 0 ? fmt::format(", from {} done", points_text(sum.done))
                         : " until a point is done";
  }
  return text + "\n";
}

}  // namespace gradwatt
