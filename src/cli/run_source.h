#pragma once

#include "analyze/grid_axis.h"
#include "analyze/table.h"
#include "record/store.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace gradwatt {

/// Flags that say where runs come from, the same for every verb that analyses runs.
struct RunSourceFlags {
  std::string from;   ///< A table, run_table.h; empty: the store.
  std::string store;  ///< Empty: the standard one.
};

/// Declares --from and --store.
void add_run_source_flags(CLI::App& app, RunSourceFlags& flags);

/// Runs of the store, or of a table from elsewhere, by what names them:
///
///   NAME=VALUE[,NAME=VALUE]   all runs with these factors; SWEEP:NAME=VALUE among those of a sweep
///   of a store  a sweep's name (the runs that speak for its points), tag:NAME[=VALUE] (all runs
///               with it), else one run as Store::find has it
///   of a table  a run's id
///
/// What was not used is said on stderr.
class RunSource {
 public:
  /// Throws UsageError when the table cannot be read.
  explicit RunSource(const RunSourceFlags& flags);

  /// Throws Error that names what there is when nothing fits.
  [[nodiscard]] std::vector<RunRow> select(const std::string& selector) const;
  /// What all selectors name together, each run once.
  [[nodiscard]] std::vector<RunRow> select(const std::vector<std::string>& selectors) const;

  /// All runs of the table. Throws UsageError for a store: it has all sorts of runs.
  [[nodiscard]] std::vector<RunRow> all() const;

  [[nodiscard]] bool is_table() const { return !table_file_.empty(); }
  [[nodiscard]] const Store& store() const { return store_; }
  [[nodiscard]] const std::string& table_file() const { return table_file_; }

 private:
  [[nodiscard]] std::vector<RunRow> of_store(const std::string& selector) const;

  std::string table_file_;
  Store store_;
  std::vector<RunRow> table_;
};

/// Throws UsageError when a run is in two of these groups, which are to be held against each other.
void refuse_shared_runs(const std::vector<std::vector<RunRow>>& groups);

}  // namespace gradwatt
