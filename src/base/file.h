#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace gradwatt {

/// The whole of a text file. nullopt with errno set when it cannot be read.
[[nodiscard]] std::optional<std::string> read_text(const std::filesystem::path& file);

/// Replaces `file` so that a reader sees the old or the new text and never a part: a temporary
/// file beside it (mode 0600) is written, synchronised and renamed. Throws Error; then the old
/// file is untouched.
void write_text_atomically(const std::filesystem::path& file, std::string_view text);

/// `text` without leading and trailing white space.
[[nodiscard]] std::string_view trimmed(std::string_view text);

}  // namespace gradwatt
