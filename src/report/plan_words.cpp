#include "report/plan_words.h"

#include "report/scaling_words.h"
#include "report/study_words.h"
#include "units/show.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace gradwatt {
namespace {

std::string time_words(double time_s) {
  constexpr double kDay = 86400;
  constexpr double kManyDays = 4;
  constexpr double kTooLong = 3e9;  // Beyond what a Duration holds is beyond all plans.
  if (time_s >= kTooLong) {
    return "more than 90 years";
  }
  return time_s >= kManyDays * kDay ? fmt::format("{} days", three_digits(time_s / kDay))
                                    : show_duration(from_seconds(time_s));
}

std::string times_words(double factor) {
  constexpr double kWhole = 9.95;
  return factor < kWhole ? fmt::format("×{:.2g}", factor) : fmt::format("×{:.0f}", factor);
}

std::string takes_words(const PlannedSetup& planned) {
  return fmt::format("{} in {}", plan_energy_words(planned.energy_j), time_words(planned.time_s));
}

std::string time_term_words(TimeTerm term, double value) {
  constexpr double kInMilliseconds = 1000;
  const std::string much =
      value < 1 ? fmt::format("{:.3g} ms", kInMilliseconds * value) : three_digits(value) + " s";
  switch (term) {
    case TimeTerm::sample:
      return much + " per sample on a GPU";
    case TimeTerm::start:
      return much + " once in a run";
    case TimeTerm::step:
      return much + " per update";
    case TimeTerm::exchange:
      return much + " per update for exchanging gradients";
  }
  return "";
}

std::string time_rule(const TrainingTimeModel& model) {
  if (model.is_perfect) {
    return "time: one number of GPUs was measured, so twice the GPUs are taken to need half the "
           "time. No real job is faster; measure a second number of GPUs";
  }
  std::string rule;
  if (model.terms.empty()) {
    const double left = std::exp2(model.trend_b - 1);
    rule = fmt::format("each doubling of the GPUs leaves {} of the time, as measured",
                       whole_percent(left));
  }
  for (std::size_t i = 0; i < model.terms.size(); ++i) {
    if (const double value = model.fit.coefficients()[i]; value > 0) {
      rule += (rule.empty() ? "" : " + ") + time_term_words(model.terms[i], value);
    }
  }
  const auto& unseen = model.quality.left_out_error;
  return fmt::format("time: {}{}",
                     rule,
                     unseen && model.quality.rows >= kLeastTested
                         ? fmt::format("; {} off for setups it had not seen", miss_words(*unseen))
                         : "; not tested, for want of setups");
}

std::string energy_rule(const ScalingModels& models) {
  const auto& unseen = models.quality(*models.chosen)->left_out_error;
  return fmt::format("energy: by '{}' (gradwatt scale), {}",
                     model_words(models, *models.chosen),
                     models.is_tested && unseen
                         ? fmt::format("{} off for setups it had not seen", miss_words(*unseen))
                         : "not tested, for want of setups");
}

std::string growth_rule(const ScalingPlan& plan) {
  if (plan.time_model.is_perfect) {
    return "no interval can be given for other numbers of GPUs: times and energies are the least "
           "there can be";
  }
  const std::string times = fmt::format(
      "beyond {}: each doubling may add {} to the error of the "
      "time and {} to that of the energy",
      gpu_count_words(plan.gpus_max),
      miss_words(plan.time_growth.per_doubling),
      miss_words(plan.energy_growth.per_doubling));
  return times + (plan.time_growth.is_measured
                      ? "; that is how the models did when they had to foretell the largest "
                        "number of GPUs from the smaller ones"
                      : "; that is assumed, because too few numbers of GPUs were measured to try");
}

std::string accuracy_rule(const PlanView& view) {
  const bool beyond = std::any_of(view.plan.setups.begin(),
                                  view.plan.setups.end(),
                                  [](const auto& one) { return one.beyond_global_batch > 1; });
  if (view.request.demand) {
    const bool missed = std::any_of(view.plan.setups.begin(),
                                    view.plan.setups.end(),
                                    [](const auto& one) { return one.missed_batch.has_value(); });
    return fmt::format("accuracy: {}{}{}",
                       view.demand_why,
                       missed ? ". Where samples are 'missed', no run with that batch, or with the "
                                "next smaller one measured, reached the goal"
                              : "",
                       beyond ? ". Batches marked * are larger than any measured" : "");
  }
  const bool knows_batches =
      std::any_of(view.plan.setups.begin(), view.plan.setups.end(), [](const auto& one) {
        return one.global_batch.has_value();
      });
  if (!knows_batches) {
    return "accuracy: the batches are not known, so neither is what becomes of the accuracy "
           "(column "
           "global_batch, --global-batch)";
  }
  std::string rule = beyond ? "accuracy: batches marked * are larger than any measured. Larger "
                              "batches often need more epochs or end less accurate; "
                            : "accuracy: no batch is larger than those measured; ";
  return rule + (view.demand_why.empty()
                     ? "how many samples a goal takes at which batch is not known (--goal, with "
                       "runs of three batch sizes that reach it)"
                     : view.demand_why);
}

/// What is not known about the samples and the accuracy at a batch; empty: nothing.
std::string batch_risk(const PlannedSetup& planned) {
  if (planned.missed_batch) {
    return fmt::format("no run with batch {:.6g} reached the goal", *planned.missed_batch);
  }
  if (planned.samples_factor) {
    return times_words(*planned.samples_factor) + " the samples of a small batch";
  }
  if (planned.beyond_global_batch > 1) {
    return times_words(planned.beyond_global_batch) +
           " the largest batch measured: accuracy not known";
  }
  return planned.beyond_reached > 1
             ? times_words(planned.beyond_reached) +
                   " the largest batch that reached the goal: accuracy not known"
             : "";
}

}  // namespace

std::string plan_energy_words(double joules) {
  constexpr double kLeast = 0.1 * kJoulesPerKilowattHour;
  constexpr double kMega = 1000 * kJoulesPerKilowattHour;
  if (joules < kLeast) {
    return show_energy(joules);
  }
  return joules < kMega ? three_digits(joules / kJoulesPerKilowattHour) + " kWh"
                        : three_digits(joules / kMega) + " MWh";
}

std::string planned_words(const PlannedSetup& planned) {
  return gpu_count_words(planned.gpus) +
         (planned.local_batch ? fmt::format(" with {:.6g} samples each", *planned.local_batch)
                              : "");
}

std::string limit_words(const PlanRequest& request) {
  std::string words;
  if (request.deadline_s) {
    words = "within " + time_words(*request.deadline_s);
  }
  if (request.energy_max_j) {
    words += (words.empty() ? "within " : " and ") + plan_energy_words(*request.energy_max_j);
  }
  return words;
}

std::vector<std::string> plan_answer(const PlanView& view) {
  const ScalingPlan& plan = view.plan;
  const std::string limit = limit_words(view.request);
  std::vector<std::string> lines;
  if (plan.cheapest) {
    const PlannedSetup& best = plan.setups[*plan.cheapest];
    lines.push_back(fmt::format("▸ the least energy{}{}: {}, {}",
                                limit.empty() ? "" : " ",
                                limit,
                                planned_words(best),
                                takes_words(best)));
    if (!best.is_sure && best.time_interval) {
      lines.push_back(fmt::format("it could also miss that: up to {} and {} are possible",
                                  time_words(best.time_interval->hi),
                                  plan_energy_words(best.energy_interval->hi)));
    } else if (!best.is_sure) {
      lines.emplace_back("at best: what is shown is the least there can be");
    }
    return lines;
  }
  if (plan.setups.empty()) {
    return {"nothing can be planned: see the notes"};
  }
  lines.push_back(fmt::format("none of these is done {}", limit));
  if (plan.would_meet) {
    lines.push_back(fmt::format("what would be: {}, {}{}",
                                planned_words(*plan.would_meet),
                                takes_words(*plan.would_meet),
                                plan.would_meet->beyond_gpus > 1
                                    ? fmt::format(" ({} beyond what was measured)",
                                                  times_words(plan.would_meet->beyond_gpus))
                                    : ""));
  } else if (plan.fastest) {
    lines.push_back(fmt::format(
        "no number of GPUs up to {:.0f} would be: the fastest is {}, {}. Train on fewer samples, "
        "or allow more",
        kMostPlannedGpus,
        planned_words(*plan.fastest),
        takes_words(*plan.fastest)));
  }
  return lines;
}

std::vector<std::string> plan_rules(const PlanView& view) {
  std::vector<std::string> rules{time_rule(view.plan.time_model),
                                 energy_rule(view.plan.energy_models)};
  const auto has = [&](PlanBasis basis) {
    return std::any_of(view.plan.setups.begin(), view.plan.setups.end(), [&](const auto& one) {
      return one.basis == basis;
    });
  };
  if (has(PlanBasis::tested)) {
    rules.emplace_back(
        "[ ]: in 95 of 100 plans the true value is inside, if what held for the setups measured "
        "goes on");
  }
  if (has(PlanBasis::assumed)) {
    rules.push_back(fmt::format(
        "[ ]: ± {} is assumed, because no setup is left to test the models on; measure another "
        "number of GPUs to get intervals of your own",
        whole_percent(kAssumedMiss)));
  }
  rules.push_back(growth_rule(view.plan));
  rules.push_back(accuracy_rule(view));
  const bool has_intervals = has(PlanBasis::tested) || has(PlanBasis::assumed);
  if (has_intervals && view.request.demand && !view.request.samples) {
    rules.emplace_back(
        "[ ] hold for that many samples: how sure the number of samples to the goal is, is not in "
        "them");
  }
  return rules;
}

std::string samples_factor_words(const PlannedSetup& planned) {
  if (planned.missed_batch) {
    return "missed";
  }
  return planned.samples_factor ? fmt::format("×{:.2f}", *planned.samples_factor) : "–";
}

std::vector<std::string> planned_risks(const PlannedSetup& planned) {
  std::vector<std::string> risks;
  if (planned.beyond_gpus > 1) {
    risks.push_back(times_words(planned.beyond_gpus) + " the GPUs measured");
  }
  if (planned.beyond_local_batch > 1) {
    risks.push_back(times_words(planned.beyond_local_batch) +
                    " outside the batches per GPU measured");
  }
  if (std::string risk = batch_risk(planned); !risk.empty()) {
    risks.push_back(std::move(risk));
  }
  return risks;
}

}  // namespace gradwatt
