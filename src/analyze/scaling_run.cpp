#include "analyze/scaling_run.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

namespace gradwatt {
namespace {

constexpr std::array<std::string_view, 7> kGpuNames{
    "gpus", "ranks", "num_gpus", "n_gpus", "ngpus", "devices", "world_size"};
constexpr std::array<std::string_view, 3> kGlobalNames{"global_batch", "global_batch_size", "gbs"};
constexpr std::array<std::string_view, 3> kLocalNames{"local_batch", "local_batch_size", "lbs"};
constexpr std::array<std::string_view, 14> kOtherSizes{"nodes",
                                                       "batch",
                                                       "batch_size",
                                                       "bs",
                                                       "seed",
                                                       "repeat",
                                                       "run",
                                                       "trial",
                                                       "lr",
                                                       "learning_rate",
                                                       "samples",
                                                       "updates",
                                                       "epochs",
                                                       "subset"};

std::optional<double> number_above_0(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc{} && end == text.data() + text.size();
  return is_number && std::isfinite(number) && number > 0 ? std::optional(number) : std::nullopt;
}

/// What is told of a name: by the training itself, else by a factor.
std::optional<std::string> told_of(const RunRow& run, std::string_view name) {
  if (const auto param = run.params.find(std::string(name)); param != run.params.end()) {
    return param->second;
  }
  const auto factor = std::find_if(
      run.factors.begin(), run.factors.end(), [&](const auto& one) { return one.first == name; });
  return factor == run.factors.end() ? std::nullopt : std::optional(factor->second);
}

/// The first number above 0 that is told under one of the names.
template <std::size_t N>
std::optional<double> said_number(const RunRow& run, const std::array<std::string_view, N>& names) {
  for (const std::string_view name : names) {
    const auto told = told_of(run, name);
    if (const auto number = told ? number_above_0(*told) : std::nullopt) {
      return number;
    }
  }
  return std::nullopt;
}

std::optional<double> if_positive(const std::optional<double>& number) {
  return number && *number > 0 ? number : std::nullopt;
}

struct RunSums {
  std::optional<double> energy_j;
  std::optional<double> duration_s;
  std::optional<double> samples;
  std::optional<double> updates;
  std::optional<double> gpu_hours = {};
};

/// Of the complete epochs; empty unless all of them have energy, time and samples.
RunSums epoch_sums(const RunRow& run) {
  RunSums sums{0, 0, 0, 0};
  for (const EpochRow& epoch : run.epochs) {
    if (!epoch.complete) {
      continue;
    }
    if (!epoch.energy_j || !epoch.samples || epoch.duration_s <= 0) {
      return {};
    }
    *sums.energy_j += *epoch.energy_j;
    *sums.duration_s += epoch.duration_s;
    *sums.samples += *epoch.samples;
    if (sums.updates && epoch.steps) {
      *sums.updates += *epoch.steps;
    } else {
      sums.updates = std::nullopt;
    }
  }
  return *sums.energy_j > 0 ? sums : RunSums{};
}

/// GPU hours that a table names are its own; those of epochs are computed.
RunSums sums_of(const RunRow& run) {
  const RunSums sums = epoch_sums(run);
  return sums.energy_j
             ? sums
             : RunSums{run.total_j, run.duration_s, run.samples, run.updates, run.gpu_hours};
}

void derive_batches(ScalingSetup& setup) {
  if (setup.gpus && !setup.local_batch && setup.global_batch) {
    setup.local_batch = *setup.global_batch / *setup.gpus;
  } else if (setup.gpus && !setup.global_batch && setup.local_batch) {
    setup.global_batch = *setup.local_batch * *setup.gpus;
  }
  if (!setup.updates && setup.samples && setup.global_batch) {
    setup.updates = *setup.samples / *setup.global_batch;
  } else if (!setup.samples && setup.updates && setup.global_batch) {
    setup.samples = *setup.updates * *setup.global_batch;
  }
  if (!setup.global_batch && setup.samples && setup.updates) {
    setup.global_batch = std::round(*setup.samples / *setup.updates);
    setup.local_batch =
        setup.gpus ? std::optional(*setup.global_batch / *setup.gpus) : setup.local_batch;
  }
}

}  // namespace

std::optional<double> gpus_of(const RunRow& run) {
  return run.gpus ? if_positive(run.gpus) : said_number(run, kGpuNames);
}

std::optional<double> global_batch_of(const RunRow& run) {
  return run.global_batch ? if_positive(run.global_batch) : said_number(run, kGlobalNames);
}

std::optional<double> local_batch_of(const RunRow& run) {
  return run.local_batch ? if_positive(run.local_batch) : said_number(run, kLocalNames);
}

std::string gap_words(ScalingGap gap) {
  switch (gap) {
    case ScalingGap::not_finished:
      return "not finished";
    case ScalingGap::no_energy:
      return "no energy is known (energy_j)";
    case ScalingGap::no_gpus:
      return "the number of GPUs is not known (gpus)";
    case ScalingGap::no_time:
      return "neither time nor GPU hours are known (duration_s, gpu_hours)";
  }
  return "";
}

std::variant<ScalingSetup, ScalingGap> scaling_setup_of(const RunRow& run) {
  if (run.outcome != RunOutcome::finished) {
    return ScalingGap::not_finished;
  }
  const RunSums sums = sums_of(run);
  const auto energy = if_positive(sums.energy_j);
  if (!energy) {
    return ScalingGap::no_energy;
  }
  ScalingSetup setup;
  setup.runs = {run.run};
  setup.energy_j = *energy;
  setup.gpus = gpus_of(run);
  setup.global_batch = global_batch_of(run);
  setup.local_batch = local_batch_of(run);
  setup.samples = if_positive(sums.samples);
  setup.updates = if_positive(sums.updates);
  if (run.nodes && *run.nodes > 0) {
    setup.nodes = *run.nodes;
  }
  const auto time = if_positive(sums.duration_s);
  if (const auto hours = if_positive(sums.gpu_hours)) {
    setup.gpu_hours = *hours;
    setup.gpus = !setup.gpus && time ? std::optional(*hours * kSecondsPerHour / *time) : setup.gpus;
  } else if (time && setup.gpus) {
    setup.gpu_hours = *setup.gpus * *time / kSecondsPerHour;
  } else {
    return time ? ScalingGap::no_gpus : ScalingGap::no_time;
  }
  derive_batches(setup);
  return setup;
}

bool is_size_factor(const std::string& name) {
  const auto among = [&](const auto& names) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  return among(kGpuNames) || among(kGlobalNames) || among(kLocalNames) || among(kOtherSizes);
}

}  // namespace gradwatt
