#include "analyze/varied_numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace gradwatt {
namespace {

struct VariedNumber {
  const char* name;
  std::optional<double> (*of)(const RunRow&);
};

constexpr std::array<VariedNumber, 5> kVaried{
    {{"gpus", [](const RunRow& run) { return run.gpus; }},
     {"global_batch", [](const RunRow& run) { return run.global_batch; }},
     {"local_batch", [](const RunRow& run) { return run.local_batch; }},
     {"nodes",
      [](const RunRow& run) {
        return run.nodes ? std::optional(static_cast<double>(*run.nodes)) : std::nullopt;
      }},
     {"power_limit_w", [](const RunRow& run) { return run.power_limit_w; }}}};

bool varies_among_equals(const std::vector<RunRow>& runs, const VariedNumber& number) {
  std::map<std::vector<std::pair<std::string, std::string>>, double> seen;
  for (const RunRow& run : runs) {
    if (const auto value = number.of(run)) {
      const auto [known, is_new] = seen.emplace(run.factors, *value);
      if (!is_new && known->second != *value) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace

bool is_power_limit_factor(std::string_view name) {
  return name == "power_limit_w" || name == "device_power_limit_w" || name == "power_limit";
}

void add_varied_numbers(std::vector<RunRow>& runs) {
  for (const VariedNumber& number : kVaried) {
    const bool is_known = std::any_of(runs.begin(), runs.end(), [&](const RunRow& run) {
      return std::any_of(run.factors.begin(), run.factors.end(), [&](const auto& factor) {
        return factor.first == number.name;
      });
    });
    if (is_known || !varies_among_equals(runs, number)) {
      continue;
    }
    for (RunRow& run : runs) {
      const auto value = number.of(run);
      run.factors.emplace_back(number.name, value ? fmt::format("{:.15g}", *value) : "");
    }
  }
}

}  // namespace gradwatt
