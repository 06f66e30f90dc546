#include "report/scaling_text.h"

#include "analyze/scaling_efficiency.h"
#include "report/columns.h"
#include "report/scaling_words.h"
#include "report/study_words.h"
#include "units/show.h"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <set>

namespace gradwatt {
namespace {

constexpr std::array kShownModels{ScalingKind::rates,
                                  ScalingKind::two_state,
                                  ScalingKind::power_and_offset,
                                  ScalingKind::constant_power};
constexpr const char* kNotKnown = "–";

std::string miss_or_none(const std::optional<double>& miss) {
  return miss ? miss_words(*miss) : kNotKnown;
}

std::string models_table(const ScalingModels& models) {
  std::vector<std::vector<std::string>> rows{
      {"", "what the energy goes with", "misses", "unseen setups", "worst unseen", "R²"}};
  for (const ScalingKind kind : kShownModels) {
    const FitQuality* quality = models.quality(kind);
    if (quality == nullptr) {
      continue;
    }
    rows.push_back({models.chosen == kind ? "▸" : "",
                    model_words(models, kind),
                    quality->half_width ? miss_words(quality->mean_error) : "exact",
                    miss_or_none(quality->left_out_error),
                    miss_or_none(quality->left_out_error_max),
                    !quality->r2       ? kNotKnown
                    : *quality->r2 < 0 ? "below 0"
                                       : fmt::format("{:.4f}", *quality->r2)});
  }
  return indented(aligned(rows, {false, false, true, true, true, true}));
}

/// Beyond this a model says nothing worth planning with.
constexpr double kMissMax = 0.2;

std::string why_chosen(const ScalingModels& models) {
  if (models.is_tested && *models.quality(*models.chosen)->left_out_error > kMissMax) {
    return wrapped(fmt::format(
        "▸ misses least, and none fits: asked for a setup it had not seen it was off by {} on "
        "average and {} at worst. Do not plan with it; look for a run that is unlike the others.",
        miss_words(*models.quality(*models.chosen)->left_out_error),
        miss_words(*models.quality(*models.chosen)->left_out_error_max)));
  }
  if (models.is_tested) {
    return wrapped(fmt::format(
        "▸ is the model to use: asked for each setup after a fit to the others, it was off by {} "
        "on average and {} at worst.",
        miss_words(*models.quality(*models.chosen)->left_out_error),
        miss_words(*models.quality(*models.chosen)->left_out_error_max)));
  }
  return wrapped(fmt::format(
      "▸ is used because {} too few to test any model on one it has not seen: measure another "
      "number of GPUs or another batch size.",
      models.setups == 1 ? "one setup is" : fmt::format("{} setups are", models.setups)));
}

/// Where the energy of the setup with the most GPUs goes; empty where the model does not say.
std::string energy_goes(const ScalingModels& models, const std::vector<ScalingSetup>& setups) {
  if (models.chosen != ScalingKind::rates || models.rates->coefficients.size() < 2 ||
      !setups.back().gpus) {
    return "";
  }
  const ScalingSetup& setup = setups.back();
  std::string parts;
  for (const EnergyCoefficient& one : models.rates->coefficients) {
    const char* name = one.term == EnergyTerm::device   ? "reserved GPUs"
                       : one.term == EnergyTerm::node   ? "nodes"
                       : one.term == EnergyTerm::sample ? "samples"
                                                        : "updates";
    parts += fmt::format("{}{} {}",
                         parts.empty() ? "" : " · ",
                         name,
                         whole_percent(models.rates->share(one.term, setup.training())));
  }
  const std::string batch =
      setup.local_batch ? fmt::format(" with {:.6g} samples each", *setup.local_batch) : "";
  return wrapped(
      fmt::format("where it goes on {}{}: {}", gpu_count_words(*setup.gpus), batch, parts));
}

std::string models_text(const ScalingModels& models, const std::vector<ScalingSetup>& setups) {
  if (!models.chosen) {
    return wrapped("no run can be used");
  }
  std::string text = models_table(models) + why_chosen(models);
  for (const auto& [kind, why] : models.absent) {
    text += wrapped(fmt::format("'{}' is not fitted: {}.", model_words(models, kind), why));
  }
  text += "\n" + model_words(models, *models.chosen) + "\n";
  for (const std::string& line : model_says(models, *models.chosen)) {
    text += wrapped(line);
  }
  return text + energy_goes(models, setups);
}

std::string jobs_text(const ScalingView& view) {
  if (view.jobs.empty()) {
    return "";
  }
  std::vector<std::vector<std::string>> rows{
      {"job", "GPUs", "waiting draws", "two states, from the others", "constant watts"}};
  for (const JobLeftOut& job : view.jobs) {
    rows.push_back({job_words(view.table.groups[job.group]),
                    fmt::format("{:.6g} → {:.6g}", job.reference_gpus, job.gpus),
                    whole_percent(job.waiting_share),
                    fmt::format("{:+.1f} %", 100 * job.two_state_error),
                    fmt::format("{:+.1f} %", 100 * job.constant_error)});
  }
  return "\ncould one job be foretold from the others? Error of its energy at the most GPUs, given "
         "its\ntimes and its energy at the fewest\n" +
         indented(aligned(rows, {false, true, true, true, true}));
}

std::string notes_text(const ScalingView& view) {
  std::string text;
  if (view.table.estimated) {
    text += wrapped("energies are estimated by a model, not measured by a meter");
  }
  for (const std::string& note : view.table.notes) {
    text += wrapped(printable(note));
  }
  return text.empty() ? "" : "\nto know\n" + text;
}

/// Worth showing for setups on different numbers of GPUs.
std::string speed_text(const std::vector<ScalingSetup>& setups) {
  const auto all = scaling_efficiencies(setups);
  std::vector<std::vector<std::string>> rows{
      {"GPUs", "batch", "a GPU's", "samples/s", "speed-up", "efficiency", "J/sample"}};
  std::set<double> gpus;
  for (std::size_t i = 0; i < setups.size(); ++i) {
    if (!all[i]) {
      continue;
    }
    const auto count = [](const std::optional<double>& value) {
      return value ? fmt::format("{:.6g}", *value) : kNotKnown;
    };
    gpus.insert(*setups[i].gpus);
    rows.push_back({count(setups[i].gpus),
                    count(setups[i].global_batch),
                    count(setups[i].local_batch),
                    fmt::format("{:.4g}", all[i]->samples_per_s),
                    fmt::format("{:.2f}", all[i]->speed_up),
                    whole_percent(all[i]->efficiency),
                    fmt::format("{:.3g}", all[i]->sample_j)});
  }
  return gpus.size() < 2 ? "" : indented(aligned(rows, {true, true, true, true, true, true, true}));
}

}  // namespace

std::string scaling_text(const ScalingView& view) {
  const std::vector<ScalingSetup> all = view.table.all();
  std::string text = fmt::format(
      "{}: energy of {} runs, {} setups, on {}\n"
      "misses: how far a model is off on average, in percent of the energy\n",
      printable(view.source),
      view.table.runs,
      all.size(),
      gpus_words(all));
  for (std::size_t group = 0; group < view.by_group.size(); ++group) {
    const auto& setups = view.table.groups[group].setups;
    text += fmt::format("\n{} · {} setups on {}\n",
                        job_words(view.table.groups[group]),
                        setups.size(),
                        gpus_words(setups)) +
            speed_text(setups) + models_text(view.by_group[group], setups);
  }
  if (!view.by_group.empty()) {
    text += "\nall jobs by one model, as if a sample of each were alike\n";
  } else {
    text += "\n" + speed_text(all);
  }
  return text + models_text(view.together, all) + jobs_text(view) + notes_text(view);
}

}  // namespace gradwatt
