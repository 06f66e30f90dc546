#include "report/parallel_findings.h"

#include "analyze/parallel_paper.h"
#include "report/batch_findings.h"
#include "report/study_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace gradwatt {
namespace {

/// "Approximately linear": energy grows as the hours to a power within this of 1.
constexpr double kLinearWithin = 0.1;
/// Factors that differ by less are the same.
constexpr double kFactorsDiffer = 0.05;
/// "Nearly linear" speed-up where devices are quadrupled.
constexpr double kNearlyLinear = 0.8;
constexpr double kQuadrupled = 4;
/// "Mostly constant" time.
constexpr double kConstantTime = 0.15;

const char* const kSharedCores =
    "not decidable at the small scale: its ranks share one machine's cores";

StudyFinding linear_finding(const WorkloadEnergy& energy) {
  const GpuHourLine paper = *paper_energy().line;
  StudyFinding finding;
  finding.claim = fmt::format("(a) {}: energy is linear in device hours", energy.workload);
  finding.paper = fmt::format("exponent {:.3f}, {} W, R² {:.3f}, from its 17 trainings",
                              paper.slope,
                              three_digits(paper.power_w),
                              paper.r2);
  finding.quantity = "exponent of energy in device hours";
  finding.criterion = "exponent within 0.9 and 1.1";
  if (energy.line) {
    finding.value = energy.line->slope;
    finding.holds = std::abs(energy.line->slope - 1) <= kLinearWithin;
    finding.here = fmt::format("exponent {:.3f}, {} W, R² {:.3f}, {} trainings",
                               energy.line->slope,
                               three_digits(energy.line->power_w),
                               energy.line->r2,
                               energy.line->rows);
  } else {
    finding.here = "not decidable: fewer than three trainings, or hours that hardly differ";
  }
  return finding;
}

StudyFinding factor_finding(const std::vector<WorkloadEnergy>& energies) {
  StudyFinding finding;
  finding.claim = "(b) watts per device differ between models";
  finding.paper = "\"differs substantially\" between trainings and hardware; no numbers published";
  finding.quantity = "ratio of the larger to the smaller factor, less 1";
  finding.criterion = "by more than 5 %";
  const auto known = std::count_if(
      energies.begin(), energies.end(), [](const auto& one) { return one.line.has_value(); });
  if (known < 2) {
    finding.here = "not decidable: one workload only";
    return finding;
  }
  std::vector<WorkloadEnergy> fitted = energies;
  std::erase_if(fitted, [](const auto& one) { return !one.line; });
  const auto [least, most] =
      std::minmax_element(fitted.begin(), fitted.end(), [](const auto& a, const auto& b) {
        return a.line->power_w < b.line->power_w;
      });
  finding.value = most->line->power_w / least->line->power_w - 1;
  finding.holds = *finding.value > kFactorsDiffer;
  finding.here = fmt::format("{} W ({}), {} W ({}); one machine, so nothing about hardware",
                             three_digits(least->line->power_w),
                             least->workload,
                             three_digits(most->line->power_w),
                             most->workload);
  return finding;
}

/// Whether the coefficient is above 0 beyond its interval.
bool is_sure(const EnergyCoefficient* one) {
  return one != nullptr && one->interval && one->interval->lo > 0;
}

StudyFinding influence_finding(const WorkloadEnergy& energy) {
  StudyFinding finding;
  finding.claim = fmt::format(
      "(c) {}: samples and updates per device hour raise the watts per device", energy.workload);
  const WorkloadEnergy paper = paper_energy();
  finding.paper = fmt::format("{} J per sample, {} J per device step",
                              three_digits(paper.model->coefficient(EnergyTerm::sample)->value),
                              three_digits(paper.model->coefficient(EnergyTerm::update)->value));
  finding.quantity = "joules per sample";
  finding.criterion = "both coefficients above 0 with their intervals";
  if (!energy.model) {
    finding.here = "not decidable: fewer than three trainings";
    return finding;
  }
  const EnergyCoefficient* sample = energy.model->coefficient(EnergyTerm::sample);
  const EnergyCoefficient* update = energy.model->coefficient(EnergyTerm::update);
  if (sample != nullptr) {
    finding.value = sample->value;
  }
  if (sample == nullptr || update == nullptr) {
    const TermLeftOut& out = energy.model->left_out.back();
    finding.here = fmt::format("not decidable: '{}': {}", name_of(out.term), out.why);
    return finding;
  }
  finding.holds = is_sure(sample) && is_sure(update);
  finding.here = fmt::format("{} J per sample, {} J per device step{}",
                             three_digits(sample->value),
                             three_digits(update->value),
                             *finding.holds ? "" : "; an interval reaches 0");
  return finding;
}

/// The point with the fewest devices that has at least `factor` times as many as the fewest.
const ParallelPoint* point_at(const ParallelSeries& series, double factor) {
  const ParallelPoint* fewest = nullptr;
  const ParallelPoint* found = nullptr;
  for (const ParallelPoint& point : series.points) {
    if (!point.training) {
      continue;
    }
    fewest = fewest == nullptr ? &point : fewest;
    const bool enough = point.training->devices >= factor * fewest->training->devices;
    found = found == nullptr && enough ? &point : found;
  }
  return found;
}

const ParallelPoint* last_point(const ParallelSeries& series) {
  const ParallelPoint* last = nullptr;
  for (const ParallelPoint& point : series.points) {
    last = point.training ? &point : last;
  }
  return last;
}

/// A speed-up finding: of a series at `factor` times the devices, above or below the limit.
StudyFinding speed_finding(const ParallelView& view,
                           const char* series_name,
                           double factor,
                           bool is_above) {
  StudyFinding finding;
  finding.quantity = "efficiency";
  finding.criterion = is_above ? "at least 80 % at four times the devices"
                               : "below 80 % beyond four times the devices";
  const ParallelSeries* series = view.part(series_name);
  const ParallelPoint* point = series == nullptr ? nullptr : point_at(*series, factor);
  if (point == nullptr) {
    finding.here = "not decidable: not run on enough devices";
    return finding;
  }
  const ParallelPoint& most = *last_point(*series);
  finding.value = *point->efficiency;
  finding.here = fmt::format("{} at {} devices, {} at {}",
                             percent_words(*point->efficiency),
                             three_digits(point->training->devices),
                             percent_words(*most.efficiency),
                             three_digits(most.training->devices));
  if (view.scale == "small") {
    finding.here += fmt::format("; {}", kSharedCores);
  } else {
    finding.holds = (*point->efficiency >= kNearlyLinear) == is_above;
  }
  return finding;
}

/// Time on the most devices over time on the fewest.
std::optional<double> time_ratio(const ParallelSeries* series) {
  const ParallelPoint* first = series == nullptr ? nullptr : point_at(*series, 1);
  if (first == nullptr || last_point(*series) == first) {
    return std::nullopt;
  }
  return last_point(*series)->training->time_s / first->training->time_s;
}

StudyFinding growing_finding(const ParallelView& view) {
  StudyFinding finding;
  finding.claim =
      "(f) imagenet: data that grow with the devices take about the same time, more with "
      "a constant global batch";
  const auto local = time_ratio(view.part("imagenet-growing-local"));
  const auto global = time_ratio(view.part("imagenet-growing-global"));
  const ParallelSeries paper_local = paper_series("local");
  const ParallelSeries paper_global = paper_series("global");
  const auto words = [](double ratio) { return fmt::format("{:+.0f} %", 100 * (ratio - 1)); };
  finding.paper = fmt::format("local batch 256: {}, global batch 256: {}",
                              words(*time_ratio(&paper_local)),
                              words(*time_ratio(&paper_global)));
  finding.quantity = "time on the most devices over time on the fewest, constant local batch";
  finding.criterion = "within 15 %, and more than that with a constant global batch";
  finding.value = local;
  if (!local || !global) {
    finding.here = "not decidable: not both series were run";
    return finding;
  }
  finding.here = fmt::format("constant local batch: {}, global: {}", words(*local), words(*global));
  if (view.scale == "small") {
    finding.here += fmt::format("; {}", kSharedCores);
  } else {
    finding.holds = std::abs(*local - 1) <= kConstantTime && *global > *local;
  }
  return finding;
}

/// Energies that a model made of processor time cannot say what devices draw.
void leave_energy_open(const ParallelView& view, std::vector<StudyFinding>& findings) {
  const bool is_modelled =
      view.scale != "simulated" &&
      std::any_of(view.series.begin(), view.series.end(), [](const ParallelSeries& series) {
        return series.estimated;
      });
  for (StudyFinding& finding : findings) {
    if (is_modelled && finding.holds) {
      finding.holds.reset();
      finding.here += "; not decidable: energies are a model's, not a sensor's";
    }
  }
}

}  // namespace

std::vector<StudyFinding> parallel_findings(const ParallelView& view) {
  const auto energies = workload_energies(view);
  std::vector<StudyFinding> findings;
  for (const WorkloadEnergy& energy : energies) {
    findings.push_back(linear_finding(energy));
  }
  findings.push_back(factor_finding(energies));
  for (const WorkloadEnergy& energy : energies) {
    findings.push_back(influence_finding(energy));
  }
  leave_energy_open(view, findings);
  findings.push_back(speed_finding(view, "imagenet-constant-local", kQuadrupled, true));
  findings.back().claim = "(d) imagenet: a constant data set speeds up nearly linearly";
  findings.back().paper = "\"nearly linear\"; its scripts allow 82 h on 1 GPU and 6 h on 16";
  findings.push_back(speed_finding(view, "era5-local", kQuadrupled * 2, false));
  findings.back().claim = "(d) era5: beyond four times the devices it is far from linear";
  findings.back().paper = "\"deviates significantly after quadrupling GPUs\"";
  for (StudyFinding& finding : batch_findings(view)) {
    findings.push_back(std::move(finding));
  }
  findings.push_back(growing_finding(view));
  return findings;
}

std::string parallel_findings_text(const ParallelView& view) {
  return "The study's findings\n" +
         findings_lines(parallel_findings(view),
                        {"confirmed", "not confirmed", "not decidable here"});
}

}  // namespace gradwatt
