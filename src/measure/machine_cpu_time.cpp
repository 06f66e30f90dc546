#include "measure/machine_cpu_time.h"

#include "base/file.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <string_view>
#include <unistd.h>

namespace gradwatt {
namespace {

namespace fs = std::filesystem;

std::optional<std::int64_t> first_integer(std::string_view text) {
  text = trimmed(text);
  std::int64_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  return result.ec == std::errc{} ? std::optional(value) : std::nullopt;
}

/// cpu.stat: "usage_usec 1234".
std::optional<Duration> parse_cgroup2(std::string_view text) {
  constexpr std::string_view kKey = "usage_usec ";
  const auto at = text.find(kKey);
  const auto us =
      at == std::string_view::npos ? std::nullopt : first_integer(text.substr(at + kKey.size()));
  return us ? std::optional(Duration(*us * 1000)) : std::nullopt;
}

/// The first line of /proc/stat: "cpu user nice system idle iowait irq softirq steal ...".
std::optional<Duration> parse_proc_stat(std::string_view text) {
  if (!text.starts_with("cpu ")) {
    return std::nullopt;
  }
  text.remove_prefix(4);
  std::int64_t busy = 0;
  for (int field = 0; field < 7; ++field) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    std::int64_t ticks = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ticks);
    if (error != std::errc{}) {
      return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const bool waiting = field == 3 || field == 4;  // idle, iowait
    busy += waiting ? 0 : ticks;
  }
  return Duration(busy * (1'000'000'000 / ::sysconf(_SC_CLK_TCK)));
}

}  // namespace

MachineCpuTime::MachineCpuTime(const fs::path& sysroot) {
  const fs::path cgroup = sysroot / "sys/fs/cgroup";
  std::error_code error;
  // Version 1 first where both are there: its file is a bare number and the cheapest to read.
  if (fs::exists(cgroup / "cpuacct/release_agent", error) &&
      open(cgroup / "cpuacct/cpuacct.usage", Format::cgroup1)) {
    return;
  }
  for (const fs::path& root : {cgroup, cgroup / "unified"}) {
    // Only the real root has no type.
    if (!fs::exists(root / "cgroup.type", error) && fs::exists(root / "cgroup.procs", error) &&
        open(root / "cpu.stat", Format::cgroup2)) {
      return;
    }
  }
  if (!open(sysroot / "proc/stat", Format::proc_stat)) {
    open("/proc/stat", Format::proc_stat);
  }
}

bool MachineCpuTime::open(const fs::path& file, Format format) {
  fd_ = UniqueFd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  error_ = fd_ ? 0 : errno;
  format_ = format;
  origin_ = file.string();
  return fd_ && read().has_value();
}

std::optional<Duration> MachineCpuTime::read() noexcept {
  std::array<char, 512> block{};
  const ssize_t size = ::pread(fd_.get(), block.data(), block.size(), 0);
  if (size <= 0) {
    error_ = size < 0 ? errno : EINVAL;
    return std::nullopt;
  }
  const std::string_view text(block.data(), static_cast<std::size_t>(size));
  std::optional<Duration> time;
  if (format_ == Format::cgroup2) {
    time = parse_cgroup2(text);
  } else if (format_ == Format::proc_stat) {
    time = parse_proc_stat(text);
  } else if (const auto ns = first_integer(text)) {
    time = Duration(*ns);
  }
  error_ = time ? 0 : EINVAL;
  return time;
}

Duration MachineCpuTime::resolution() const {
  // The scheduler books running tasks at its ticks, at least every 10 ms.
  return Duration(10'000'000);
}

}  // namespace gradwatt
