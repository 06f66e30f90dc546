#include "report/scaling_words.h"

#include "report/study_words.h"
#include "units/show.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace gradwatt {
namespace {

constexpr double kInPercent = 100;

std::string within(const std::optional<Interval>& interval) {
  return interval ? fmt::format(" [{}, {}]", three_digits(interval->lo), three_digits(interval->hi))
                  : "";
}

std::string term_says(const EnergyCoefficient& one) {
  const std::string value =
      three_digits(one.value) +
      (one.term == EnergyTerm::device || one.term == EnergyTerm::node ? " W" : " J");
  switch (one.term) {
    case EnergyTerm::device:
      return fmt::format(
          "each GPU draws {}{} for as long as it is reserved", value, within(one.interval));
    case EnergyTerm::node:
      return fmt::format("each node draws {}{} besides: processors, memory; so fill the nodes",
                         value,
                         within(one.interval));
    case EnergyTerm::sample:
      return fmt::format(
          "each sample costs {}{}, on however many GPUs", value, within(one.interval));
    case EnergyTerm::update:
      return fmt::format("each update costs {}{} on every GPU; larger batches need fewer updates",
                         value,
                         within(one.interval));
  }
  return "";
}

std::vector<std::string> rates_say(const EnergyModel& model) {
  std::vector<std::string> lines;
  for (const EnergyCoefficient& one : model.coefficients) {
    if (one.value > 0) {
      lines.push_back(term_says(one));
    } else {
      lines.push_back(fmt::format("'{}' adds nothing that is seen here", name_of(one.term)));
    }
  }
  for (const TermLeftOut& one : model.left_out) {
    lines.push_back(fmt::format("'{}' is not fitted: {}", name_of(one.term), one.why));
  }
  return lines;
}

std::vector<std::string> states_say(const TwoStateModel& model) {
  const auto range = model.interval ? fmt::format(" [{}, {}]",
                                                  whole_percent(model.interval->lo),
                                                  whole_percent(model.interval->hi))
                                    : "";
  std::vector<std::string> lines{
      fmt::format("a GPU that waits for the others draws {}{} of what a working one draws",
                  whole_percent(model.waiting_share),
                  range),
      fmt::format("measured from {}: at half its efficiency a job takes {} more energy",
                  gpu_count_words(model.reference.devices),
                  whole_percent(model.waiting_share))};
  if (model.waiting_share > 1) {
    lines.emplace_back(
        "more than 100 % is no waiting: more GPUs bring other consumers along (network, nodes)");
  }
  return lines;
}

}  // namespace

std::string whole_percent(double share) { return fmt::format("{:.0f} %", kInPercent * share); }

std::string miss_words(double share) {
  constexpr double kWholeFrom = 0.0995;
  return share < kWholeFrom ? fmt::format("{:.2g} %", kInPercent * share) : whole_percent(share);
}

std::string gpu_count_words(double gpus) {
  constexpr double kThousand = 1000;
  if (gpus >= kThousand && gpus == std::floor(gpus)) {
    return fmt::format(
        "{:.0f},{:03.0f} GPUs", std::floor(gpus / kThousand), std::fmod(gpus, kThousand));
  }
  return fmt::format("{:.6g} {}", gpus, gpus == 1 ? "GPU" : "GPUs");
}

std::string many_words(double count) {
  constexpr double kMillion = 1e6;
  constexpr double kBillion = 1e9;
  if (count >= kBillion) {
    return three_digits(count / kBillion) + " billion";
  }
  return count >= kMillion ? three_digits(count / kMillion) + " million"
                           : fmt::format("{:.0f}", count);
}

std::string gpus_words(const std::vector<ScalingSetup>& setups) {
  std::optional<double> least;
  double most = 0;
  for (const ScalingSetup& setup : setups) {
    if (!setup.gpus) {
      return "an unknown number of GPUs";
    }
    least = std::min(least.value_or(*setup.gpus), *setup.gpus);
    most = std::max(most, *setup.gpus);
  }
  if (!least || *least == most) {
    return gpu_count_words(most);
  }
  return fmt::format("{:.6g} to {}", *least, gpu_count_words(most));
}

std::string job_words(const ScalingGroup& group) {
  std::string words;
  for (const auto& [name, value] : group.factors) {
    words += (words.empty() ? "" : ", ") + (value.empty() ? "no " + name : value);
  }
  return printable(words);
}

std::string model_words(const ScalingModels& models, ScalingKind kind) {
  switch (kind) {
    case ScalingKind::constant_power:
      return "constant watts per GPU";
    case ScalingKind::power_and_offset:
      return "constant watts and a fixed part";
    case ScalingKind::two_state:
      return "working and waiting GPUs";
    case ScalingKind::rates:
      break;
  }
  if (!models.rates) {
    return "GPUs, nodes, samples, updates";
  }
  std::string words;
  for (const EnergyCoefficient& one : models.rates->coefficients) {
    const char* name = one.term == EnergyTerm::device   ? "GPUs"
                       : one.term == EnergyTerm::node   ? "nodes"
                       : one.term == EnergyTerm::sample ? "samples"
                                                        : "updates";
    words += (words.empty() ? "" : ", ") + std::string(name);
  }
  return words;
}

std::vector<std::string> model_says(const ScalingModels& models, ScalingKind kind) {
  switch (kind) {
    case ScalingKind::constant_power: {
      const HourFit& fit = *models.constant_power;
      return {fmt::format("each GPU draws {} W{}, whatever it does: only GPU hours count",
                          three_digits(fit.power_w),
                          within(fit.power_interval))};
    }
    case ScalingKind::power_and_offset: {
      const HourFit& fit = *models.power_and_offset;
      std::string offset =
          *fit.offset_j < 0
              ? fmt::format("less {} for each job: small jobs are cheaper than that",
                            show_energy(-*fit.offset_j))
              : fmt::format("and {} for each job, however long it is", show_energy(*fit.offset_j));
      return {fmt::format("each GPU draws {} W{} for as long as it is reserved",
                          three_digits(fit.power_w),
                          within(fit.power_interval)),
              std::move(offset)};
    }
    case ScalingKind::two_state:
      return states_say(*models.two_state);
    case ScalingKind::rates:
      return rates_say(*models.rates);
  }
  return {};
}

}  // namespace gradwatt
