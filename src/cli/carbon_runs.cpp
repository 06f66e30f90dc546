#include "cli/carbon_runs.h"

#include "analyze/energy_to_goal.h"
#include "base/error.h"
#include "cli/run_view_of.h"
#include "record/node_file.h"
#include "record/run_curve.h"
#include "trace/energy_curve.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace gradwatt {
namespace {

/// Pieces of energy are so short at most, so that a series of any step can be laid over them.
constexpr double kPieceMax_s = 60;
constexpr std::size_t kPiecesMax = 100'000;

std::string settings_words(const std::vector<std::pair<std::string, std::string>>& factors) {
  std::string words;
  for (const auto& [name, value] : factors) {
    words += fmt::format("{}{} {}", words.empty() ? "" : ", ", name, value);
  }
  return words;
}

/// Each once, in order of its first appearance: "nvml, rapl".
template <typename What>
std::string names_in_total(const RunAccount& account, What&& what) {
  std::set<std::string> seen;
  std::string names;
  for (const ChannelAccount& channel : account.channels) {
    const std::string name = what(channel.info);
    if (channel.info.in_total && !name.empty() && seen.insert(name).second) {
      names += (names.empty() ? "" : ", ") + name;
    }
  }
  return names;
}

/// Evenly over the run, as far as nothing better is known.
std::vector<EnergyPiece> even_pieces(double begin_s, double duration_s, double energy_j) {
  return {{begin_s, begin_s + duration_s, energy_j}};
}

/// From the run's curve in short cells; where it is unknown, the mean power of what is known.
std::vector<EnergyPiece> pieces_of_curve(const EnergyCurve& curve,
                                         double begin_s,
                                         double duration_s,
                                         double energy_j) {
  const auto wanted = static_cast<std::size_t>(std::ceil(duration_s / kPieceMax_s));
  const std::size_t count = std::clamp<std::size_t>(wanted, 1, kPiecesMax);
  const double width_s = duration_s / static_cast<double>(count);
  const std::vector<double> watts = cells_of(curve, 0, width_s, count);
  double sum = 0;
  std::size_t known = 0;
  for (const double w : watts) {
    if (std::isfinite(w)) {
      sum += w;
      ++known;
    }
  }
  if (known == 0 || sum <= 0) {
    return even_pieces(begin_s, duration_s, energy_j);
  }
  const double mean = sum / static_cast<double>(known);
  const double all = sum + mean * static_cast<double>(count - known);
  std::vector<EnergyPiece> pieces;
  for (std::size_t i = 0; i < count; ++i) {
    const double from = begin_s + width_s * static_cast<double>(i);
    const double share = (std::isfinite(watts[i]) ? watts[i] : mean) / all;
    pieces.push_back({from, from + width_s, share * energy_j});
  }
  return pieces;
}

/// A run of several nodes by its epochs, the rest evenly around them.
std::vector<EnergyPiece> pieces_of_epochs(const RunAccount& account, double begin_s) {
  const double duration_s = seconds(account.end - account.begin);
  const double energy_j = account.total->energy.joules();
  const double outside_s = seconds(account.outside_duration);
  const double outside_w =
      account.outside_epochs && outside_s > 0 ? account.outside_epochs->joules() / outside_s : 0;
  std::vector<EnergyPiece> pieces;
  double at_s = begin_s;
  for (const EpochAccount& epoch : account.epochs) {
    if (!epoch.energy) {
      return even_pieces(begin_s, duration_s, energy_j);
    }
    const double from = begin_s + seconds(epoch.begin - account.begin);
    const double to = begin_s + seconds(epoch.end - account.begin);
    if (from > at_s) {
      pieces.push_back({at_s, from, outside_w * (from - at_s)});
    }
    pieces.push_back({from, to, epoch.energy->energy.joules()});
    at_s = std::max(at_s, to);
  }
  if (begin_s + duration_s > at_s) {
    const double rest_s = begin_s + duration_s - at_s;
    pieces.push_back({at_s, at_s + rest_s, account.epochs.empty() ? energy_j : outside_w * rest_s});
  }
  return pieces;
}

std::vector<EnergyPiece> course_of(const StoredRun& run, const RunAccount& account) {
  constexpr double kMilliseconds = 1000;
  const double begin_s = static_cast<double>(run.manifest.started_at.ms) / kMilliseconds;
  const double duration_s = seconds(account.end - account.begin);
  if (duration_s <= 0) {
    return {};
  }
  const auto records = read_node_files(run.folder);
  if (records.size() != 1) {
    return pieces_of_epochs(account, begin_s);
  }
  return pieces_of_curve(
      total_curve(records.front()), begin_s, duration_s, account.total->energy.joules());
}

CarbonRun carbon_run_of_row(const RunRow& row) {
  CarbonRun run;
  run.run = row.run;
  run.name = row.name.empty() ? settings_words(row.factors) : row.name;
  if (const auto energy = energy_spent(row)) {
    run.energy_j = BoundedNumber{*energy, std::nullopt};
  }
  run.kind = row.estimated ? "estimated" : "as given in the table";
  run.duration_s = row.duration_s;
  return run;
}

std::string found_how(const RunAccount& account) {
  return names_in_total(account, [](const ChannelInfo& channel) {
    return fmt::format("{} ({})", channel.source, channel.method);
  });
}

}  // namespace

CarbonRun carbon_run_of(const StoredRun& stored, bool with_course) {
  const RunView view = run_view_of(stored);
  CarbonRun run;
  run.run = view.run_id;
  run.name = view.name.empty() ? settings_words(view.factors) : view.name;
  run.duration_s = view.duration_s;
  run.started_at = view.started_at;
  run.kind = "missing";
  if (!view.account) {
    return run;
  }
  const RunAccount& account = *view.account;
  run.kind = name_of(account.kind);
  run.boundary = names_in_total(account, [](const ChannelInfo& channel) { return channel.scope; });
  run.method = found_how(account);
  run.hardware = names_in_total(account, [](const ChannelInfo& channel) { return channel.device; });
  if (const auto cpu = view.environment.find("cpu"); cpu != view.environment.end()) {
    run.hardware = cpu->second + (run.hardware.empty() ? "" : ", " + run.hardware);
  }
  if (account.total) {
    run.energy_j = BoundedNumber{account.total->energy.joules(),
                                 Interval{account.total->lo.joules(), account.total->hi.joules()}};
    if (with_course) {
      run.pieces = course_of(stored, account);
    }
  }
  return run;
}

std::vector<CarbonRun> carbon_runs(const RunSource& source,
                                   const std::vector<std::string>& selectors,
                                   bool with_course) {
  std::vector<CarbonRun> runs;
  if (source.is_table()) {
    for (const RunRow& row : selectors.empty() ? source.all() : source.select(selectors)) {
      runs.push_back(carbon_run_of_row(row));
    }
    return runs;
  }
  const std::vector<std::string> newest{"@last"};
  for (const std::string& selector : selectors.empty() ? newest : selectors) {
    for (const RunRow& row : source.select(selector)) {
      const auto folder = source.store().runs_folder() / row.run;
      std::error_code error;
      const bool is_here = std::filesystem::exists(folder / "run.json", error);
      const StoredRun stored =
          is_here ? StoredRun{folder, load_manifest(folder)} : source.store().find(selector);
      const auto is_same = [&](const CarbonRun& run) { return run.run == row.run; };
      if (std::none_of(runs.begin(), runs.end(), is_same)) {
        runs.push_back(carbon_run_of(stored, with_course));
      }
    }
  }
  return runs;
}

}  // namespace gradwatt
