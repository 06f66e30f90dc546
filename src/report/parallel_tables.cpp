#include "report/parallel_tables.h"

#include "report/columns.h"
#include "report/study_words.h"
#include "units/show.h"

#include <fmt/format.h>

#include <algorithm>

namespace gradwatt {
namespace {

using Cells = std::vector<std::string>;

constexpr double kMinute_s = 60;
constexpr const char* kUnknownCell = "–";

/// The half width of an energy's interval as a share: "±1.2 %", "±12 %".
std::string width_words(const Estimate& energy) {
  if (!energy.interval) {
    return "";
  }
  constexpr double kWhole = 0.1;
  constexpr double kHundred = 100;
  const double width = (energy.interval->hi - energy.interval->lo) / 2 / energy.value;
  return width < kWhole ? fmt::format("±{:.2g} %", kHundred * width)
                        : fmt::format("±{:.0f} %", kHundred * width);
}

/// Thousands as "12.3k", so that columns stay narrow.
std::string count_words(double count) {
  constexpr double kThousand = 1e3;
  constexpr double kMillion = 1e6;
  if (count >= 10 * kMillion) {
    return three_digits(count / kMillion) + "M";
  }
  return count >= 10 * kThousand ? three_digits(count / kThousand) + "k" : three_digits(count);
}

std::string known(const std::optional<double>& value) {
  return value ? three_digits(*value) : kUnknownCell;
}

/// Whether a series' energies are told in kilowatt-hours, as the study does, or are too small.
bool is_large(const ParallelSeries& series) {
  constexpr double kLeast_j = 0.01 * kJoulesPerKilowattHour;
  return std::all_of(series.points.begin(), series.points.end(), [](const ParallelPoint& point) {
    return !point.energy_j || point.energy_j->value >= kLeast_j;
  });
}

Cells point_cells(const ParallelPoint& point, bool as_kwh) {
  if (!point.training) {
    return {point.values.empty() ? kUnknownCell : point.values.front(),
            known(point.local_batch),
            known(point.global_batch),
            absence_words(point.state, "energy, samples or steps unknown")};
  }
  const ParallelTraining& training = *point.training;
  const ScalingRates rates = rates_of(training);
  return {three_digits(training.devices),
          known(point.local_batch),
          count_words(point.global_batch.value_or(0)),
          count_words(training.samples),
          as_kwh ? three_digits(point.energy_j->value / kJoulesPerKilowattHour)
                 : count_words(point.energy_j->value),
          width_words(*point.energy_j),
          three_digits(rates.device_hours),
          as_kwh ? three_digits(training.time_s / kMinute_s) : three_digits(training.time_s),
          three_digits(rates.power_per_device_w),
          count_words(rates.samples_per_device_hour),
          count_words(rates.updates_per_device_hour),
          fmt::format("{:.2f}", *point.speed_up),
          fmt::format("{:.2f}", *point.efficiency),
          point.metric ? three_digits(*point.metric) : kUnknownCell};
}

std::string series_table(const ParallelSeries& series, const std::string& hours) {
  const bool as_kwh = is_large(series);
  std::vector<Cells> rows{{hours == "GPU h" ? "GPUs" : "ranks",
                           "local",
                           "global",
                           "samples",
                           as_kwh ? "kWh" : "J",
                           "",
                           hours,
                           as_kwh ? "min" : "s",
                           "W",
                           "sam/h",
                           "upd/h",
                           "up",
                           "eff",
                           "last"}};
  for (const ParallelPoint& point : series.points) {
    rows.push_back(point_cells(point, as_kwh));
    rows.back().resize(rows.front().size());
  }
  return indented(aligned(rows, all_right(rows.front().size())));
}

std::string interval_words(const std::optional<Interval>& interval) {
  return interval ? fmt::format("[{}, {}]", three_digits(interval->lo), three_digits(interval->hi))
                  : "";
}

const char* unit_of(EnergyTerm term) {
  return term == EnergyTerm::device || term == EnergyTerm::node ? "W" : "J";
}

/// One workload's coefficients and how well the model does.
std::string model_text(const WorkloadEnergy& energy, const std::string& title) {
  std::string text = title + "\n";
  if (!energy.model) {
    return text + fmt::format("  not fitted: {} different trainings, three are needed\n",
                              energy.trainings.size());
  }
  const EnergyModel& model = *energy.model;
  std::vector<Cells> rows{{"term", "", "", "95 %", "inflation", "mean error up to this term"}};
  for (std::size_t i = 0; i < model.coefficients.size(); ++i) {
    const EnergyCoefficient& one = model.coefficients[i];
    rows.push_back({name_of(one.term),
                    three_digits(one.value),
                    unit_of(one.term),
                    interval_words(one.interval),
                    one.inflation ? fmt::format("{:.1f}", *one.inflation) : "",
                    percent_words(energy.nested[i].mean_error)});
  }
  text += indented(aligned(rows, {false, true, false, false, true, true}));
  for (const TermLeftOut& one : model.left_out) {
    text += fmt::format("  '{}' is left out: {}\n", name_of(one.term), one.why);
  }
  text += fmt::format("  {} trainings, R² {}, mean error {}",
                      model.rows,
                      model.r2 ? fmt::format("{:.4f}", *model.r2) : kUnknownCell,
                      percent_words(model.mean_error));
  text += model.left_out_error ? fmt::format("; of trainings left out {}, at most {}\n",
                                             percent_words(*model.left_out_error),
                                             percent_words(*model.left_out_error_max))
                               : "\n";
  return text;
}

std::string line_words(const GpuHourLine& line) {
  return fmt::format(
      "{} W, R² {:.4f}; {} off on average, {} at most; energy grows as hours to the "
      "{:.3f} [{:.3f}, {:.3f}]",
      three_digits(line.power_w),
      line.r2,
      percent_words(line.mean_error),
      percent_words(line.error_max),
      line.slope,
      line.slope_interval.lo,
      line.slope_interval.hi);
}

std::string hour_line_text(const WorkloadEnergy& energy, const std::string& hours) {
  if (!energy.line) {
    return "";
  }
  std::vector<ParallelTraining> sorted = energy.trainings;
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
    return rates_of(a).device_hours < rates_of(b).device_hours;
  });
  std::vector<Cells> rows{{hours, "energy", "W each", "off the line"}};
  for (const ParallelTraining& one : sorted) {
    constexpr double kPercent = 100;
    const ScalingRates rates = rates_of(one);
    rows.push_back({three_digits(rates.device_hours),
                    show_energy(one.energy_j),
                    three_digits(rates.power_per_device_w),
                    fmt::format("{:+.1f} %",
                                kPercent * (rates.power_per_device_w / energy.line->power_w - 1))});
  }
  return energy.workload + "\n" + wrapped(line_words(*energy.line)) +
         indented(aligned(rows, all_right(4)));
}

}  // namespace

std::string parallel_series_text(const ParallelView& view) {
  const std::string hours = hours_words(view);
  std::string text;
  for (const ParallelSeries& series : view.series) {
    text += fmt::format("{} · last {}{}\n",
                        series.name,
                        series.metric.empty() ? "result: none" : series.metric,
                        series.estimated ? " · energy estimated" : "");
    text += series_table(series, hours);
    const std::string growing = "imagenet-growing-";
    if (series.name.starts_with(growing)) {
      text += "  published (A100, 100 epochs)\n" +
              series_table(paper_series(series.name.substr(growing.size())), "GPU h");
    }
    text += "\n";
  }
  return text;
}

std::string batch_results_text(const ParallelView& view) {
  std::string text;
  for (const char* prefix : {"imagenet", "era5-local", "era5-finetune"}) {
    const auto results = results_by_batch(view, prefix);
    if (results.empty()) {
      continue;
    }
    std::vector<Cells> rows{{"global", "ranks", "metric", "±"}};
    for (const BatchResult& one : results) {
      rows.push_back({three_digits(one.global_batch),
                      three_digits(one.devices),
                      fmt::format("{:.4f}", one.metric),
                      one.metric_error ? fmt::format("{:.4f}", *one.metric_error) : ""});
    }
    text += fmt::format("{}, {}\n", prefix, view.part(prefix) ? "val_loss" : "val_acc") +
            indented(aligned(rows, all_right(4)));
  }
  return text.empty()
             ? ""
             : "Result by global batch · of the last epoch, ± standard error of repeats\n" + text +
                   "\n";
}

std::string hour_lines_text(const ParallelView& view) {
  std::string text;
  for (const WorkloadEnergy& energy : workload_energies(view)) {
    text += hour_line_text(energy, hours_words(view));
  }
  if (text.empty()) {
    return "";
  }
  return fmt::format("Energy against {} · E = c · H\n{}published\n{}\n",
                     hours_words(view),
                     text,
                     wrapped(line_words(*paper_energy().line)));
}

std::string energy_models_text(const ParallelView& view) {
  std::string text =
      "Energy model · W = P_device + P_node · nodes/devices + c_s · samples/H + c_u · device "
      "steps/H\n";
  for (const WorkloadEnergy& energy : workload_energies(view)) {
    text += model_text(energy, energy.workload);
  }
  return text + model_text(paper_energy(), "published") + "\n";
}

}  // namespace gradwatt
