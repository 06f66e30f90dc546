#include "report/plan_text.h"

#include "report/columns.h"
#include "report/plan_words.h"
#include "report/scaling_words.h"
#include "report/study_words.h"
#include "units/show.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace gradwatt {
namespace {

/// A unit that all numbers of a column are given in.
struct ColumnUnit {
  double size;
  const char* name;
};

constexpr std::array<ColumnUnit, 4> kTimeUnits{
    {{86400, "days"}, {3600, "h"}, {60, "min"}, {1, "s"}}};
constexpr std::array<ColumnUnit, 4> kEnergyUnits{
    {{3.6e9, "MWh"}, {3.6e6, "kWh"}, {1e3, "kJ"}, {1, "J"}}};

/// The largest unit of which the least value has a fifth.
template <std::size_t N>
ColumnUnit column_unit(double least, const std::array<ColumnUnit, N>& units) {
  constexpr double kFifth = 0.2;
  for (const ColumnUnit& unit : units) {
    if (least >= kFifth * unit.size) {
      return unit;
    }
  }
  return units.back();
}

std::string range_in(const std::optional<Interval>& interval, const ColumnUnit& unit) {
  return interval ? fmt::format("[{}, {}]",
                                three_digits(interval->lo / unit.size),
                                three_digits(interval->hi / unit.size))
                  : "at least";
}

std::string beyond_words(const PlannedSetup& planned) {
  const double beyond = planned.beyond_gpus * planned.beyond_local_batch;
  return beyond > 1 ? fmt::format("×{}", three_digits(beyond)) : "";
}

std::string batch_cell(const PlannedSetup& planned) {
  return planned.global_batch
             ? fmt::format(
                   "{:.6g}{}", *planned.global_batch, planned.beyond_global_batch > 1 ? "*" : "")
             : "–";
}

std::string planned_table(const PlanView& view) {
  const std::vector<PlannedSetup>& setups = view.plan.setups;
  double least_time = setups.front().time_s;
  double least_energy = setups.front().energy_j;
  for (const PlannedSetup& one : setups) {
    least_time = std::min(least_time, one.time_s);
    least_energy = std::min(least_energy, one.energy_j);
  }
  const ColumnUnit time = column_unit(least_time, kTimeUnits);
  const ColumnUnit energy = column_unit(least_energy, kEnergyUnits);
  const bool has_demand = view.request.demand.has_value();
  std::vector<std::vector<std::string>> rows{
      {"", "GPUs", "batch", "per GPU", time.name, "", energy.name, "", "GPU hours", "beyond"}};
  if (has_demand) {
    rows.front().emplace_back("samples");
  }
  for (std::size_t i = 0; i < setups.size(); ++i) {
    const PlannedSetup& one = setups[i];
    rows.push_back({view.plan.cheapest == i ? "▸"
                    : one.meets             ? ""
                                            : "✗",
                    fmt::format("{:.6g}", one.gpus),
                    batch_cell(one),
                    one.local_batch ? fmt::format("{:.5g}", *one.local_batch) : "–",
                    three_digits(one.time_s / time.size),
                    range_in(one.time_interval, time),
                    three_digits(one.energy_j / energy.size),
                    range_in(one.energy_interval, energy),
                    three_digits(one.gpus * one.time_s / kSecondsPerHour),
                    beyond_words(one)});
    if (has_demand) {
      rows.back().push_back(samples_factor_words(one));
    }
  }
  return indented(
      aligned(rows, {false, true, true, true, true, false, true, false, true, true, true}));
}

std::string plan_title(const PlanView& view) {
  std::string what = "the job that was measured";
  if (view.request.demand) {
    what = view.goal;
  } else if (!view.plan.setups.empty() && view.plan.setups.front().samples) {
    what = many_words(*view.plan.setups.front().samples) + " samples";
  }
  return fmt::format("{}: plan for {}, from {} runs on {:.6g} to {}\n",
                     printable(view.source),
                     printable(what),
                     view.runs,
                     view.plan.gpus_min,
                     gpu_count_words(view.plan.gpus_max));
}

}  // namespace

std::string plan_text(const PlanView& view) {
  std::string text = plan_title(view);
  if (!view.plan.setups.empty()) {
    text += planned_table(view);
    const bool any_missed = std::any_of(view.plan.setups.begin(),
                                        view.plan.setups.end(),
                                        [](const PlannedSetup& one) { return !one.meets; });
    text += any_missed ? wrapped("✗ not " + limit_words(view.request)) : "";
  }
  text += "\n";
  for (const std::string& line : plan_answer(view)) {
    text += wrapped(line);
  }
  text += "\nwhat the numbers rest on\n";
  for (const std::string& line : plan_rules(view)) {
    text += wrapped(line);
  }
  if (view.estimated) {
    text += wrapped("energies were estimated by a model, not measured by a meter");
  }
  for (const std::string& note : view.plan.notes) {
    text += wrapped(note);
  }
  for (const std::string& note : view.notes) {
    text += wrapped(printable(note));
  }
  return text;
}

}  // namespace gradwatt
