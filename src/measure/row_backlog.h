#pragma once

#include "measure/row_stream.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace gradwatt {

/// Lines on their way to a reader that may be slow, in never much more memory than was agreed.
///
/// While it is full, readings and states are dropped, and each source whose readings were gets a
/// gap for that stretch as soon as there is room again. Rows are cumulative: that costs resolution
/// and no energy. Gaps that tell of lost energy, and what ends a conversation, are always taken.
class RowBacklog {
 public:
  /// `most`: bytes; above it rows are dropped.
  explicit RowBacklog(std::size_t most) : most_(most) {}

  void add(const HostMessage& message);

  [[nodiscard]] std::string_view text() const { return text_; }
  /// The first `size` bytes have gone.
  void sent(std::size_t size) { text_.erase(0, size); }
  /// Rows so far.
  [[nodiscard]] std::int64_t dropped() const { return dropped_; }

 private:
  void tell_gap(int source, Instant end);

  std::size_t most_;
  std::string text_;
  std::vector<SourceColumns> columns_;
  std::map<int, Instant> last_kept_;  ///< By source, the time of its last row that was taken.
  std::map<int, Instant> last_dropped_;
  std::int64_t dropped_ = 0;
};

/// The reason of such a gap.
inline constexpr const char* kRowsDropped = "readings were dropped: nobody took them";

}  // namespace gradwatt
