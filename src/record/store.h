#pragma once

#include "record/manifest.h"

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace gradwatt {

/// A run that is in the store: its folder and what its manifest says.
struct StoredRun {
  std::filesystem::path folder;
  Manifest manifest;
};

/// The folder where runs live: runs/<ULID>/ each. Opening creates nothing.
class Store {
 public:
  explicit Store(std::filesystem::path root) : root_(std::move(root)) {}

  /// $GRADWATT_STORE, else $XDG_STATE_HOME/gradwatt, else ~/.local/state/gradwatt.
  [[nodiscard]] static std::filesystem::path default_root();

  [[nodiscard]] const std::filesystem::path& root() const { return root_; }
  [[nodiscard]] std::filesystem::path runs_folder() const { return root_ / "runs"; }

  /// Makes the store if there is none. Throws Error when runs cannot be added to it.
  void prepare() const;

  /// Makes runs/<run_id>/, readable by its owner alone. Throws Error.
  [[nodiscard]] std::filesystem::path create_run(std::string_view run_id) const;

  /// All readable runs, oldest first. Those whose manifest cannot be read are in `damaged`; folders
  /// without one are of starts that failed.
  struct Listing {
    std::vector<StoredRun> runs;
    std::vector<std::string> damaged;  ///< "PATH: why", one each.
    std::vector<std::filesystem::path> without_manifest;
  };
  [[nodiscard]] Listing list() const { return list(load_manifest); }

  /// The same with another way to a folder's manifest. It throws Error when there is none to read.
  using ManifestLoader = std::function<Manifest(const std::filesystem::path& folder)>;
  [[nodiscard]] Listing list(const ManifestLoader& load) const;

  /// The run that `reference` names: a unique prefix of the id, a name (its newest run), "@last",
  /// "@-2" (the last but one), "tag:NAME" or "tag:NAME=VALUE" (its newest run), or a path.
  /// Throws Error when there is none or a prefix fits several.
  [[nodiscard]] StoredRun find(std::string_view reference) const;

  /// All runs of a sweep, oldest first.
  [[nodiscard]] std::vector<StoredRun> of_sweep(std::string_view sweep) const;

 private:
  std::filesystem::path root_;
};

/// Whether the disk that holds an existing folder has space for a run: a megabyte at least.
/// Example: there is none in /proc.
[[nodiscard]] bool has_space(const std::filesystem::path& folder);

}  // namespace gradwatt
