#include "experiment/search_pieces.h"

#include "base/error.h"
#include "experiment/attempt.h"
#include "experiment/search_plan.h"
#include "record/account.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace gradwatt {
namespace {

PieceRole role_in(const Manifest& manifest) {
  const std::string role = search_tag_of(manifest, search_tag::kRole);
  return role == name_of(PieceRole::profile)   ? PieceRole::profile
         : role == name_of(PieceRole::confirm) ? PieceRole::confirm
                                               : PieceRole::race;
}

/// How a run ended that no rule stopped: after the epochs that it was asked for, or by itself.
PieceEnd end_of_done(const Manifest& manifest,
                     const SearchPiece& piece,
                     const std::vector<SearchPiece>& before,
                     int epochs_max) {
  const auto asked = number_in_tag(manifest, search_tag::kEpochs);
  if (!asked || piece.role != PieceRole::race || (epochs_max > 0 && *asked >= epochs_max)) {
    return PieceEnd::finished;
  }
  int first = piece.epochs.empty() ? 0 : piece.epochs.front().epoch;
  for (const SearchPiece& earlier : before) {
    if (earlier.role == PieceRole::race && !earlier.epochs.empty()) {
      first = std::min(first, earlier.epochs.front().epoch);
    }
  }
  const int trained = piece.epochs.empty() ? 0 : piece.epochs.back().epoch - first + 1;
  return trained >= *asked ? PieceEnd::paused : PieceEnd::finished;
}

PieceEnd end_of(const Manifest& manifest,
                const SearchPiece& piece,
                const std::vector<SearchPiece>& before,
                int epochs_max) {
  const std::string rule = manifest.stopped_by.value_or("");
  const std::string label = rule.substr(0, rule.find(':'));
  if (label == "goal" || label == "profile") {
    return PieceEnd::finished;
  }
  if (label == "cap" || label == "lag") {
    return PieceEnd::stopped;
  }
  if (label == "rung") {
    return PieceEnd::paused;
  }
  switch (manifest.state) {
    case RunState::done:
      return end_of_done(manifest, piece, before, epochs_max);
    case RunState::failed:
      return was_stopped(manifest.exit_status) ? PieceEnd::interrupted : PieceEnd::failed;
    case RunState::interrupted:
    case RunState::running:
      break;
  }
  return PieceEnd::interrupted;
}

}  // namespace

std::string search_tag_of(const Manifest& manifest, const char* name) {
  const auto tag = manifest.tags.find(name);
  return tag == manifest.tags.end() ? "" : tag->second;
}

std::optional<int> number_in_tag(const Manifest& manifest, const char* name) {
  const std::string text = search_tag_of(manifest, name);
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return !text.empty() && error == std::errc{} ? std::optional(number) : std::nullopt;
}

bool is_piece_of(const Manifest& manifest, const std::string& strategy) {
  return search_tag_of(manifest, search_tag::kStrategy) == strategy;
}

SearchPiece piece_of(const Manifest& manifest,
                     const RunAccount& account,
                     const std::vector<SearchPiece>& before,
                     int epochs_max) {
  if (!account.total && manifest.state == RunState::done) {
    throw Error("no energy was measured, and a search goes by energy",
                manifest.run_id,
                "gradwatt doctor says what can be measured; strategy = \"grid\" needs none");
  }
  SearchPiece piece;
  piece.role = role_in(manifest);
  piece.rung = number_in_tag(manifest, search_tag::kRung).value_or(0);
  piece.total_j = account.total ? account.total->energy.joules() : 0;
  piece.outside_j = piece.total_j;
  for (const EpochAccount& epoch : account.epochs) {
    EpochRow row;
    row.epoch = epoch.epoch;
    row.complete = epoch.complete;
    row.metrics.insert(
        boost::container::ordered_unique_range, epoch.metrics.begin(), epoch.metrics.end());
    row.duration_s = seconds(epoch.end - epoch.begin);
    if (epoch.energy) {
      row.energy_j = epoch.energy->energy.joules();
      piece.outside_j -= *row.energy_j;
    }
    piece.epochs.push_back(std::move(row));
  }
  piece.outside_j = std::max(piece.outside_j, 0.0);
  piece.end = end_of(manifest, piece, before, epochs_max);
  return piece;
}

StoredPieces::StoredPieces(Store store, std::string sweep, SearchRules rules)
    : store_(std::move(store)), sweep_(std::move(sweep)), rules_(std::move(rules)) {}

void StoredPieces::forget_failed() {
  for (const StoredRun& run : store_.of_sweep(sweep_)) {
    if (run.manifest.state == RunState::failed) {
      forgotten_.insert(run.manifest.run_id);
    }
  }
}

bool StoredPieces::is_estimated() const {
  return std::any_of(accounts_.begin(), accounts_.end(), [](const auto& one) {
    return one.second.kind == EnergyKind::estimated || one.second.kind == EnergyKind::mixed;
  });
}

const RunAccount& StoredPieces::account_for(const StoredRun& run) {
  const auto known = accounts_.find(run.manifest.run_id);
  return known != accounts_.end()
             ? known->second
             : accounts_.emplace(run.manifest.run_id, account_of(run.folder)).first->second;
}

std::vector<std::vector<SearchPiece>> StoredPieces::read(const std::vector<PlannedPoint>& setups) {
  std::vector<std::vector<SearchPiece>> pieces(setups.size());
  for (const StoredRun& run : store_.of_sweep(sweep_)) {
    const Manifest& manifest = run.manifest;
    if (!is_piece_of(manifest, name_of(rules_.strategy)) || !manifest.point ||
        manifest.state == RunState::running || forgotten_.contains(manifest.run_id)) {
      continue;
    }
    const bool is_fresh = role_in(manifest) == PieceRole::confirm;
    for (std::size_t setup = 0; setup < setups.size(); ++setup) {
      const SweepPoint& point = setups[setup].point;
      const bool is_it =
          is_fresh ? manifest.point->factors == point.factors : manifest.point->key == point.key;
      if (is_it) {
        pieces[setup].push_back(
            piece_of(manifest, account_for(run), pieces[setup], rules_.epochs_max));
      }
    }
  }
  return pieces;
}

}  // namespace gradwatt
