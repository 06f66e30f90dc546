#include "report/quality_notes.h"

#include "analyze/environment_difference.h"
#include "units/show.h"

#include <fmt/format.h>

#include <algorithm>

namespace gradwatt {
namespace {

constexpr double kCoverageLeast = 0.95;

}  // namespace

std::vector<std::string> quality_notes(std::span<const RunRow> runs) {
  std::vector<std::string> notes;
  for (const MixedEnvironment& mixed : mixed_environment(runs)) {
    notes.push_back(
        fmt::format("runs differ in more than their settings: {} is {}; a difference of energy may "
                    "come from that",
                    printable(mixed.name),
                    printable(mixed.values)));
  }
  const auto is_thin = [](const RunRow& run) {
    return run.outcome == RunOutcome::finished && run.coverage && *run.coverage < kCoverageLeast;
  };
  const auto thin = std::count_if(runs.begin(), runs.end(), is_thin);
  if (thin > 0) {
    notes.push_back(
        fmt::format("in {} the sensors covered less than 95 % of the time of their epochs: what "
                    "lies between is estimated (gradwatt show says where)",
                    thin == 1 ? "1 run" : fmt::format("{} runs", thin)));
  }
  return notes;
}

}  // namespace gradwatt
