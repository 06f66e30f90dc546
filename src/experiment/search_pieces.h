#pragma once

#include "analyze/search_curve.h"
#include "experiment/sweep_plan.h"
#include "record/store.h"
#include "trace/run_account.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace gradwatt {

/// A run of a search, as far as the search needs to know it. Throws Error when its energy is not
/// known: nothing can be raced in joules then.
/// Takes  before: the pieces of its setup that ran before it; epochs_max: 0 if not known.
[[nodiscard]] SearchPiece piece_of(const Manifest& manifest,
                                   const RunAccount& account,
                                   const std::vector<SearchPiece>& before,
                                   int epochs_max);

/// What a tag of a piece (search_plan.h) says: its text, empty when there is none, or its number.
[[nodiscard]] std::string search_tag_of(const Manifest& manifest, const char* name);
[[nodiscard]] std::optional<int> number_in_tag(const Manifest& manifest, const char* name);

/// Whether a run is a piece of a search under `strategy`.
[[nodiscard]] bool is_piece_of(const Manifest& manifest, const std::string& strategy);

/// The pieces of a search that a store holds. Remembers the accounts of finished runs, because
/// reading one costs more than listing it. Not thread-safe.
class StoredPieces {
 public:
  StoredPieces(Store store, std::string sweep, SearchRules rules);

  /// From now on failed runs that are stored already count for nothing.
  void forget_failed();

  /// Whether some of the energy read so far comes from a model.
  [[nodiscard]] bool is_estimated() const;

  /// The pieces of each setup, oldest first. Confirming runs are among them, although their points
  /// have keys of their own. Throws Error.
  [[nodiscard]] std::vector<std::vector<SearchPiece>> read(const std::vector<PlannedPoint>& setups);

 private:
  [[nodiscard]] const RunAccount& account_for(const StoredRun& run);

  Store store_;
  std::string sweep_;
  SearchRules rules_;
  std::set<std::string> forgotten_;  ///< Ids of runs.
  std::map<std::string, RunAccount> accounts_;
};

}  // namespace gradwatt
