#pragma once

#include "data/pamap2_layout.h"
#include "data/sensor_windows.h"

#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

/// All that decides what load_pamap2 gives: the options and each file's size and time of change.
[[nodiscard]] std::string pamap2_key(const Pamap2Options& options,
                                     const std::vector<Pamap2Source>& sources);

/// The file for `key` in the folder `cache`: "pamap2-<16 hexadecimal digits>.windows".
[[nodiscard]] std::filesystem::path window_cache_file(const std::filesystem::path& cache,
                                                      const std::string& key);

/// What write_window_cache wrote for the same key. nullopt when the file is absent, is damaged (its
/// CRC-32 tells) or belongs to another key: the windows are then made anew.
[[nodiscard]] std::optional<WindowData> read_window_cache(const std::filesystem::path& file,
                                                          const std::string& key);

/// Writes beside `file` and renames, so that nobody reads half of it.
/// Throws Error when the folder cannot be made or the disk is full.
void write_window_cache(const std::filesystem::path& file,
                        const std::string& key,
                        const WindowData& data);

}  // namespace gradwatt
