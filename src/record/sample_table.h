#pragma once

#include "record/node_tables.h"

#include <string>
#include <vector>

namespace gradwatt {

/// The readings of one source in a node file, of any schema. Throws Error naming the file when what
/// it reads is damaged.
class SampleTable {
 public:
  SampleTable(NodeTables& tables, std::size_t source);

  /// All of them, in order of time, added to `rows`.
  void read_all(std::vector<SampleRow>& rows);

  /// Those within `margin` of `time` and some more, in order of time; among them, for each channel,
  /// however far off, the known values next to `time` on both sides and the readings where these
  /// values came and went. Unpacks only the chunks that hold them.
  [[nodiscard]] std::vector<SampleRow> around(Instant time, Duration margin);

  /// Those of all chunks that begin in [begin, end], in order of time.
  [[nodiscard]] std::vector<SampleRow> between(Instant begin, Instant end);

  /// Throws Error unless times rise and energies never fall: all that is computed relies on it.
  void check(const std::vector<SampleRow>& rows) const;

  /// When the last reading was taken; nullopt without any.
  [[nodiscard]] std::optional<Instant> last();

 private:
  enum class Side { before, after };
  /// What a chunk has to know of a channel to be of interest.
  struct Wanted {
    std::size_t channel = 0;
    std::optional<Energy> other_than = {};  ///< Not only this value.
  };
  /// Some neighbouring readings: the chunk that begins nearest to `us` on that side (before: at or
  /// before it) and knows what is wanted.
  [[nodiscard]] std::vector<SampleRow> nearest(std::int64_t us,
                                               Side side,
                                               std::optional<Wanted> wanted = {});
  void add_known(std::vector<SampleRow>& rows, Instant time, std::size_t channel);
  void add_change(std::vector<SampleRow>& rows, Instant time, std::size_t channel, Side side);
  [[nodiscard]] std::optional<Energy> extreme(std::size_t channel, Side side);
  void unpack(const Statement& row, std::vector<SampleRow>& rows) const;
  [[nodiscard]] std::size_t channels() const;

  NodeTables& tables_;
  std::size_t source_;
  std::string table_;
  std::string time_;  ///< The column with the time of a row of the table.
};

/// Adds `more` readings of the same source, both in order of time; those of the same time are one.
void merge_rows(std::vector<SampleRow>& rows, std::vector<SampleRow>&& more);

}  // namespace gradwatt
