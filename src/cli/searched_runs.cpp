#include "cli/searched_runs.h"

#include "analyze/goal.h"
#include "base/error.h"
#include "cli/sweep_table.h"
#include "experiment/search_pieces.h"
#include "experiment/search_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace gradwatt {
namespace {

/// A training's pieces as they come from the store.
struct Training {
  std::vector<SearchPiece> pieces;
  std::vector<RunRow> rows;
};

void append(RunRow& into, const RunRow& row, const SearchPiece& piece) {
  const auto last_kept = std::find_if(into.epochs.begin(), into.epochs.end(), [&](const auto& e) {
    return !row.epochs.empty() && e.epoch >= row.epochs.front().epoch;
  });
  into.epochs.erase(last_kept, into.epochs.end());
  for (const EpochRow& epoch : row.epochs) {
    if (epoch.complete || piece.end != PieceEnd::interrupted) {
      into.epochs.push_back(epoch);
    }
  }
  into.run = row.run;
  into.outside_epochs_j = into.outside_epochs_j.value_or(0) + piece.outside_j;
  into.duration_s = into.duration_s.value_or(0) + row.duration_s.value_or(0);
  into.estimated = into.estimated || row.estimated;
}

RunRow joined(const Training& training, const std::optional<Goal>& goal, bool continues) {
  RunRow row = training.rows.back();
  if (continues) {
    row.epochs.clear();
    row.outside_epochs_j.reset();
    row.duration_s.reset();
    for (std::size_t i = 0; i < training.pieces.size(); ++i) {
      append(row, training.rows[i], training.pieces[i]);
    }
    double total = row.outside_epochs_j.value_or(0);
    for (const EpochRow& epoch : row.epochs) {
      total += epoch.energy_j.value_or(0);
    }
    row.total_j = total;
  }
  const PieceEnd end = training.pieces.back().end;
  const bool has_reached =
      goal && goal->reach &&
      std::any_of(row.epochs.begin(), row.epochs.end(), [&](const EpochRow& epoch) {
        return reaches(epoch, {goal->metric, *goal->reach, goal->smaller_is_better});
      });
  if (end == PieceEnd::finished || has_reached) {
    row.outcome = RunOutcome::finished;
  } else if (end == PieceEnd::failed) {
    row.outcome = RunOutcome::failed;
  } else {
    row.outcome = RunOutcome::unfinished;
    row.stopped_by_search = end == PieceEnd::stopped || end == PieceEnd::paused;
  }
  return row;
}

using Trainings = std::map<std::string, Training>;  ///< By the keys of their points.

std::vector<RunRow> rows_of(const Trainings& trainings,
                            const std::optional<Goal>& goal,
                            bool continues) {
  std::vector<RunRow> rows;
  for (const auto& [key, training] : trainings) {
    if (!training.pieces.empty()) {
      rows.push_back(joined(training, goal, continues));
    }
  }
  return rows;
}

std::string named_factors(const RunRow& run) {
  std::string words;
  for (const auto& [name, value] : run.factors) {
    words += fmt::format("{}{}={}", words.empty() ? "" : " ", name, value);
  }
  return words;
}

}  // namespace

SearchedRuns searched_runs(RunIndex& index,
                           const std::vector<StoredRun>& runs,
                           const std::optional<Goal>& goal,
                           std::vector<std::string>& notes) {
  std::string strategy;
  for (const StoredRun& run : runs) {
    const std::string newer = search_tag_of(run.manifest, search_tag::kStrategy);
    strategy = newer.empty() ? strategy : newer;
  }
  Trainings trainings;
  Trainings fresh;
  for (const StoredRun& run : runs) {
    const Manifest& manifest = run.manifest;
    const std::string role = search_tag_of(manifest, search_tag::kRole);
    if (strategy.empty() || !is_piece_of(manifest, strategy) || !manifest.point ||
        manifest.state == RunState::running || role == name_of(PieceRole::profile)) {
      continue;
    }
    try {
      const RunAccount account = index.account(run);
      // A key of its own does not tell a fresh run: a later repeat of the race may have the same.
      const bool is_fresh = role == name_of(PieceRole::confirm);
      Training& training = (is_fresh ? fresh : trainings)[manifest.point->key];
      const int epochs_max = number_in_tag(manifest, search_tag::kEpochsMax).value_or(0);
      training.pieces.push_back(piece_of(manifest, account, training.pieces, epochs_max));
      training.rows.push_back(row_of(manifest, account));
    } catch (const Error& error) {
      notes.push_back(fmt::format("{} is left out: {}", manifest.run_id, error.what()));
    }
  }
  const auto known = search_strategy_named(strategy);
  return {rows_of(trainings, goal, known && continues_trainings(*known)),
          rows_of(fresh, goal, false)};
}

void leave_out_capped(std::vector<RunRow>& fresh, std::vector<std::string>& notes) {
  std::set<std::string> capped;
  for (const RunRow& run : fresh) {
    if (run.stopped_by_search) {
      capped.insert(named_factors(run));
    }
  }
  std::erase_if(fresh, [&](const RunRow& run) { return capped.contains(named_factors(run)); });
  for (const std::string& setup : capped) {
    notes.push_back(
        fmt::format("the fresh runs of {} are left out: one was stopped at its cap, so that their "
                    "mean is not known (gradwatt sweep FILE.toml says what they used at least)",
                    setup));
  }
}

}  // namespace gradwatt
