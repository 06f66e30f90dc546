#pragma once

#include "record/index_file.h"
#include "record/store.h"
#include "trace/run_account.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gradwatt {

/// The runs of a store, read through a cache: what is in it of a run is used as long as the run's
/// files are those that it was made from, and this program the same (record/run_stamp.h).
///
/// Without the file, or when it is damaged, locked, full or not to be written, everything is read
/// from the runs, with the same results. Runs that are going on are never kept. Several processes
/// may use the same file. Not thread-safe.
class RunIndex {
 public:
  /// A store with a few runs is read as fast without a file.
  static constexpr std::size_t kWorthAFile = 64;

  /// Takes   file: where the cache is; empty: there is none.
  ///         worth_a_file: with less to put into it no file is made.
  RunIndex(Store store, std::filesystem::path file, std::size_t worth_a_file = kWorthAFile);
  explicit RunIndex(const Store& store) : RunIndex(store, place_for(store)) {}
  ~RunIndex();
  RunIndex(const RunIndex&) = delete;
  RunIndex& operator=(const RunIndex&) = delete;

  /// $GRADWATT_INDEX, else $XDG_CACHE_HOME/gradwatt, else ~/.cache/gradwatt, with a file for each
  /// store. Empty when GRADWATT_INDEX is "off" or there is no such place.
  [[nodiscard]] static std::filesystem::path place_for(const Store& store);

  [[nodiscard]] const Store& store() const { return store_; }

  /// As Store::list(). Forgets runs that are gone.
  [[nodiscard]] Store::Listing list();

  /// As Store::of_sweep().
  [[nodiscard]] std::vector<StoredRun> of_sweep(std::string_view sweep);

  /// What a listed run consumed, as account_of() but without_details() (record/run_digest.h).
  /// Throws Error when a node file is absent, damaged or still being written.
  [[nodiscard]] RunAccount account(const StoredRun& run);

  /// How many runs account() has read from their own files.
  [[nodiscard]] std::size_t runs_read() const { return runs_read_; }

  [[nodiscard]] bool is_used() const { return !path_.empty() && why_unused_.empty(); }

  /// Why the cache is not used any more; empty: it is, or there is none.
  [[nodiscard]] const std::string& why_unused() const { return why_unused_; }

  /// Writes what is new; done by itself every few hundred runs and at the end.
  void flush();

 private:
  [[nodiscard]] Manifest manifest_of(const std::filesystem::path& folder);
  void open_file();
  void remember(IndexFile::Part part, const std::filesystem::path& folder, IndexEntry entry);
  /// Does something with the file, if it is open. When that fails it is not used again.
  template <typename Use>
  void with_file(Use use);

  Store store_;
  std::filesystem::path path_;
  std::size_t worth_a_file_;
  std::optional<IndexFile> file_;  ///< Absent also while there is no need for one.
  std::string why_unused_;
  std::map<std::string, IndexEntry, std::less<>> manifests_;  ///< While listing: of the file.
  std::map<std::filesystem::path, std::string> stamps_;       ///< Of listed runs that may be kept.
  std::vector<IndexFile::NewEntry> pending_;
  std::vector<std::string> gone_;
  std::size_t runs_read_ = 0;
};

}  // namespace gradwatt
