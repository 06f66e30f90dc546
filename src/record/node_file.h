#pragma once

#include "base/file.h"
#include "marks/mark.h"
#include "record/database.h"
#include "record/sample_chunk.h"
#include "record/schema.h"
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
  std::vector<StateRow> states;  ///< As they arrived.
};

/// Writes node-<host>.sqlite, the only process to do so. Not thread-safe.
///
/// Readings are gathered in chunks. The last chunk of each source is kept in memory and its row is
/// replaced by a longer one at each append, until it is full: nothing appended waits for more.
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
    std::vector<StateRow> states;

    [[nodiscard]] bool empty() const {
      return !begin && samples.empty() && gaps.empty() && marks.empty() && states.empty();
    }
  };
  /// Adds all of it or, on an Error, none. Without waiting for the disk it survives the death of
  /// this process, with waiting also a loss of power; waiting costs milliseconds and CPU time.
  void append(const Batch& batch, WaitForDisk wait);

  /// Adds the last batch and marks the run as ended: all or nothing. Waits, if at all, once and at
  /// the end, where a journalled commit would wait three times. Throws Error.
  void finish(const Batch& last, Instant end, const MonitorAccount& monitor, WaitForDisk wait);

 private:
  /// What the file holds so far. A copy becomes true when its transaction is committed.
  struct Content {
    std::vector<SampleChunk> open;  ///< For each source: its last chunk, which still grows.
    std::vector<std::int64_t> closed_readings;  ///< And how many readings its other chunks hold.
    std::map<std::string, std::uint32_t, std::less<>> meta;  ///< Of each key its row's sum.
    TableSums sums;
    std::int64_t gaps = 0;
    std::int64_t marks = 0;
    std::int64_t states = 0;
  };
  /// Changes the file by what `change` does to a copy of the content: all of it or nothing.
  template <typename Change>
  void commit(Change change);
  void set_waiting(WaitForDisk wait);
  void insert(const Batch& batch, Content& content);
  void insert_samples(const std::vector<SampleRow>& rows, Content& content);
  void insert(const GapRow& row, Content& content);
  void insert(const Mark& mark, Content& content);
  void insert(const StateRow& row, Content& content);
  void store_chunk(std::size_t source, const SampleChunk& chunk);
  template <typename Value>
  void set_meta(Content& content, std::string_view key, const Value& value);
  [[nodiscard]] std::int64_t microseconds(Instant time) const;

  Instant reference_;
  std::filesystem::path file_;
  Database database_;
  WaitForDisk waiting_ = WaitForDisk::no;  ///< How the database is set.
  Content content_;
  std::vector<Statement> insert_chunk_;
  std::optional<Statement> insert_gap_;
  std::optional<Statement> insert_mark_;
  std::optional<Statement> insert_state_;
  std::optional<Statement> set_meta_;
};

/// The node files of a run, each as written. Throws Error when one is damaged or being written.
[[nodiscard]] std::vector<NodeRecord> read_node_files(const std::filesystem::path& folder);

/// Whether a living monitor holds one of the run's node files.
[[nodiscard]] bool is_being_written(const std::filesystem::path& folder);

}  // namespace gradwatt
