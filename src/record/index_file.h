#pragma once

#include "record/database.h"

#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

/// What the index knows of one run, by its folder's name: bytes, and the stamp of the files that
/// they were made from.
struct IndexEntry {
  std::string stamp;
  std::string body;
};

/// The file of the index over runs: a cache, so everything in it is checked when it is read and
/// none of it is needed. Several processes may use it. Not thread-safe.
class IndexFile {
 public:
  /// Opens the file; makes it, and its folder, for its owner alone. One that is damaged or of
  /// another version is replaced by an empty one. Throws Error.
  explicit IndexFile(const std::filesystem::path& file);

  /// Removes the file and its journal, if they are there.
  static void remove(const std::filesystem::path& file);

  enum class Part { manifest, account };

  /// All entries of one part that are as they were written. Throws Error.
  [[nodiscard]] std::map<std::string, IndexEntry, std::less<>> all(Part part);

  /// nullopt when there is none, or it is not what was written. Throws Error.
  [[nodiscard]] std::optional<IndexEntry> find(Part part, const std::string& run);

  struct NewEntry {
    Part part;
    std::string run;
    IndexEntry entry;
  };
  /// Adds or replaces entries and drops all of the runs that are gone: all of it or nothing.
  /// Throws Error.
  void store(const std::vector<NewEntry>& entries, const std::vector<std::string>& gone);

 private:
  std::optional<Database> database_;
  std::array<std::optional<Statement>, 2> find_;  ///< For each part; gone before the database.
};

}  // namespace gradwatt
