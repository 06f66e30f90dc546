#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gradwatt {

/// Width of UTF-8 text on a terminal: one column for each character that is not a combining byte.
[[nodiscard]] std::size_t width_of(std::string_view text);

/// `text` filled with spaces to `width` columns, on the right or on the left.
[[nodiscard]] std::string padded(std::string_view text, std::size_t width);
[[nodiscard]] std::string padded_left(std::string_view text, std::size_t width);

/// Rows of cells as lines with columns two spaces apart. `right` names the columns that are aligned
/// to the right. The last column is not filled.
[[nodiscard]] std::string aligned(const std::vector<std::vector<std::string>>& rows,
                                  const std::vector<bool>& right);

/// A sentence as lines of at most 100 columns: the first indented by two, the others by four.
[[nodiscard]] std::string wrapped(const std::string& sentence);

/// What a reader has to know, under the heading "to know"; empty without notes.
[[nodiscard]] std::string notes_text(const std::vector<std::string>& notes);

}  // namespace gradwatt
