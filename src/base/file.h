#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace gradwatt {

/// The whole of a text file. nullopt with errno set when it cannot be read.
[[nodiscard]] std::optional<std::string> read_text(const std::filesystem::path& file);

enum class WaitForDisk { no, yes };

/// Replaces `file` so that a reader sees the old or the new text and never a part: a temporary
/// file beside it (mode 0600) is written and renamed. Throws Error; then the old file is untouched.
/// Waiting for the disk makes that hold for a loss of power too, and takes milliseconds.
void write_text_atomically(const std::filesystem::path& file,
                           std::string_view text,
                           WaitForDisk wait = WaitForDisk::yes);

/// `text` without leading and trailing white space.
[[nodiscard]] std::string_view trimmed(std::string_view text);

}  // namespace gradwatt
