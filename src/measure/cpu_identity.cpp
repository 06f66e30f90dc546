#include "measure/cpu_identity.h"

#include "base/file.h"

#include <charconv>
#include <string_view>

namespace gradwatt {
namespace {

std::optional<int> integer(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(value)
                                                                  : std::nullopt;
}

}  // namespace

CpuIdentity identify_cpu(const std::filesystem::path& sysroot) {
  CpuIdentity cpu;
  const std::string text = read_text(sysroot / "proc/cpuinfo").value_or("");
  for (std::string_view rest = text; !rest.empty();) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) {
      continue;
    }
    const std::string_view key = trimmed(line.substr(0, colon));
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (key == "processor") {
      ++cpu.logical_cpus;
    } else if (key == "vendor_id") {
      cpu.vendor = value;
    } else if (key == "model name") {
      cpu.model_name = value;
    } else if (key == "cpu family") {
      cpu.family = integer(value);
    } else if (key == "model") {
      cpu.model = integer(value);
    } else if (key == "stepping") {
      cpu.stepping = integer(value);
    }
  }
  return cpu;
}

}  // namespace gradwatt
