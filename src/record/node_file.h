#pragma once

#include "base/file.h"
#include "marks/mark.h"
#include "record/database.h"
#include "trace/sample.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

/// Everything one node measured during one run.
struct NodeRecord {
  std::string host;
  Instant begin;
  Instant end;            ///< The end of the run, or the last thing known of an interrupted one.
  bool finished = false;  ///< The monitor lived to the end.
  std::vector<SourceColumns> sources;
  std::vector<SampleRow> samples;  ///< In order of time for each source.
  std::vector<GapRow> gaps;
  std::vector<Mark> marks;
  MonitorAccount monitor;
};

/// Writes node-<host>.sqlite, the only process to do so. Not thread-safe.
class NodeFileWriter {
 public:
  /// Creates the file in `folder` and takes its lock. Its times count from `reference`. Throws
  /// Error.
  NodeFileWriter(const std::filesystem::path& folder,
                 const std::string& host,
                 Instant reference,
                 const std::vector<SourceColumns>& sources);

  /// What has been gathered since the last append.
  struct Batch {
    std::optional<Instant> begin;  ///< When the command was started; until told, the reference.
    std::vector<SampleRow> samples;
    std::vector<GapRow> gaps;
    std::vector<Mark> marks;
  };
  /// Adds all of it or, on an Error, none. Without waiting for the disk it survives the death of
  /// this process, with waiting also a loss of power; waiting costs milliseconds and CPU time.
  void append(const Batch& batch, WaitForDisk wait);

  /// Adds the last batch and marks the run as ended: all or nothing. Waits, if at all, once and at
  /// the end, where a journalled commit would wait three times. Throws Error.
  void finish(const Batch& last, Instant end, const MonitorAccount& monitor, WaitForDisk wait);

 private:
  void set_waiting(WaitForDisk wait);
  void insert(const Batch& batch);
  void insert(const SampleRow& row);
  [[nodiscard]] std::int64_t microseconds(Instant time) const;

  Instant reference_;
  std::filesystem::path file_;
  Database database_;
  WaitForDisk waiting_ = WaitForDisk::no;  ///< How the database is set.
  std::vector<Statement> insert_sample_;
  std::optional<Statement> insert_gap_;
  std::optional<Statement> insert_mark_;
};

/// The node files of a run, each as written. Throws Error when one is damaged or being written.
[[nodiscard]] std::vector<NodeRecord> read_node_files(const std::filesystem::path& folder);

/// Whether a living monitor holds one of the run's node files.
[[nodiscard]] bool is_being_written(const std::filesystem::path& folder);

}  // namespace gradwatt
