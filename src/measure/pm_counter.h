#pragma once

#include "base/unique_fd.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>

namespace gradwatt {

/// What one file of /sys/cray/pm_counters says: a number, its unit, and when it was taken.
struct PmValue {
  std::int64_t value = 0;
  std::string_view unit;                ///< "J", "W"; empty: none is given.
  std::optional<std::int64_t> time_us;  ///< On a clock of the blade's controller.
};

/// Reads "12044825101 J 7810213855886 us". nullopt: of another form.
/// Example: "10" is {10, "", nullopt}; "2894 W" is {2894, "W", nullopt}.
[[nodiscard]] std::optional<PmValue> parse_pm_value(std::string_view text);

/// One such file, kept open. A file that was replaced or came back is opened again.
class PmCounter {
 public:
  /// `unit`: what its number must be in; empty for one without.
  PmCounter(std::filesystem::path file, std::string_view unit)
      : file_(std::move(file)), unit_(unit) {}

  /// Reads the number now. nullopt with error() set: unreadable, empty, or of another form.
  [[nodiscard]] std::optional<std::int64_t> read() noexcept;
  [[nodiscard]] int error() const { return error_; }
  [[nodiscard]] const std::filesystem::path& file() const { return file_; }

 private:
  [[nodiscard]] bool ensure_open() noexcept;

  std::filesystem::path file_;
  std::string_view unit_;
  UniqueFd fd_;
  int error_ = 0;
};

/// Calls `read_all` such that the files were not renewed meanwhile: then the values belong to one
/// instant. `freshness` is a number that changes with every renewal; nullopt where there is none.
/// Returns false if that did not succeed in three tries; the values are still right, each for
/// itself. The files are renewed ten times a second and read in much less than a millisecond.
bool read_one_scan(const std::function<std::optional<std::int64_t>()>& freshness,
                   const std::function<void()>& read_all);

}  // namespace gradwatt
