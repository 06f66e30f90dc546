#pragma once

#include "base/unique_fd.h"
#include "units/instant.h"

#include <filesystem>
#include <optional>
#include <string>

namespace gradwatt {

/// CPU time that the whole machine has used since it was started, over all its CPUs.
///
/// From the root cgroup where that is visible (microseconds), else from /proc/stat (hundredths of
/// a second). A container sees its own cgroup in place of the root: that one is not taken, as its
/// time is not the machine's.
class MachineCpuTime {
 public:
  explicit MachineCpuTime(const std::filesystem::path& sysroot);

  [[nodiscard]] std::optional<Duration> read() noexcept;
  [[nodiscard]] int error() const { return error_; }
  /// How old a value can be and how coarse it is.
  [[nodiscard]] Duration resolution() const;
  [[nodiscard]] const std::string& origin() const { return origin_; }

 private:
  enum class Format { cgroup2, cgroup1, proc_stat };
  bool open(const std::filesystem::path& file, Format format);

  UniqueFd fd_;
  Format format_ = Format::proc_stat;
  std::string origin_;
  int error_ = 0;
};

}  // namespace gradwatt
