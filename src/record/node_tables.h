#pragma once

#include "base/error.h"
#include "record/node_file.h"

#include <filesystem>
#include <string>

namespace gradwatt {

/// A node file open for reading: its tables but the samples, as any version has written them. What
/// is read is of one moment. Every function throws Error naming the file when it is damaged.
class NodeTables {
 public:
  /// Reads what the file says of itself: schema, times, sources and their channels.
  explicit NodeTables(std::filesystem::path file);

  [[nodiscard]] std::int64_t schema() const { return schema_; }
  /// Host, times, sources and what measuring cost; the end only of a finished run.
  [[nodiscard]] const NodeRecord& head() const { return head_; }

  [[nodiscard]] std::vector<GapRow> gaps();
  [[nodiscard]] std::vector<Mark> marks();
  [[nodiscard]] std::vector<StateRow> states();

  /// When gaps, marks and states have been read: that they are what was written.
  void check_sums() const;
  /// When gaps have been read: the same for all but marks and states.
  void check_head_sums() const;

  [[nodiscard]] Statement prepare(const std::string& sql) { return database_.prepare(sql); }
  [[nodiscard]] std::optional<std::int64_t> meta(std::string_view key);
  [[nodiscard]] Instant instant(std::int64_t us) const;
  [[nodiscard]] std::int64_t microseconds(Instant time) const;
  /// An Error about this file.
  [[nodiscard]] Error damaged(std::string_view what) const;
  /// The whole number in `column`, where there must be one.
  [[nodiscard]] std::int64_t integer(const Statement& row, int column) const;

 private:
  void read_meta();
  void read_channels();
  [[nodiscard]] int source(const Statement& row, int column) const;

  std::filesystem::path file_;
  Database database_;
  Transaction transaction_;
  std::int64_t schema_ = 0;
  Instant reference_;
  NodeRecord head_;
  TableSums sums_;
  std::string stored_sums_;
};

/// A file of one node in a run's folder: node-<host><ending>, everything unusual in the name '_'.
/// Example  host "a b" and ".sqlite": node-a_b.sqlite.
[[nodiscard]] std::filesystem::path node_file_of(const std::filesystem::path& folder,
                                                 const std::string& host,
                                                 std::string_view ending);

/// The node files in a run's folder.
[[nodiscard]] std::vector<std::filesystem::path> node_files_in(const std::filesystem::path& folder);

}  // namespace gradwatt
