#pragma once

#include "data/row_source.h"

#include <filesystem>
#include <memory>
#include <string_view>

namespace gradwatt {

/// The rows of a source from a file in which they lie ready, mapped into memory: decoded once, then
/// read at the speed of the disk or of its cache.
///
/// The file is made by `workers` threads when it is not there, or was made with another key, number
/// or size of rows, or is damaged in its header or length; never by halves: a temporary file beside
/// it is renamed. Pages of 4096 bytes: the header (the magic "gwrows1", key, count, row_bytes and
/// their CRC-32), then the rows.
/// Takes     `key`: all that the bytes of the rows depend on, at most 4000 bytes; `source` is used
///           within the call only.
/// Throws    Error naming the file when it cannot be written (a full disk leaves nothing behind) or
///           mapped; what the source throws.
[[nodiscard]] std::unique_ptr<RowSource> cached_rows(const RowSource& source,
                                                     const std::filesystem::path& file,
                                                     std::string_view key,
                                                     int workers);

}  // namespace gradwatt
