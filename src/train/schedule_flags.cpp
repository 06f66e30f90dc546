#include "train/schedule_flags.h"

#include "train/flag_adder.h"

#include <fmt/ranges.h>

namespace gradwatt {
namespace {

/// Shares of a training that rise: between 0 and 1.
std::string rising_shares(const std::string& text) {
  double before = 0;
  for (const std::string& word : CLI::detail::split(text, ',')) {
    const double value = std::strtod(word.c_str(), nullptr);
    if (!(value > before && value < 1)) {
      return fmt::format("{} are not shares between 0 and 1 that rise", text);
    }
    before = value;
  }
  return "";
}

void add_milestones(const FlagAdder& flags, std::vector<double>& milestones, const char* group) {
  flags.app
      .add_option_function<std::string>(
          "--milestones",
          [&milestones](const std::string& text) {
            milestones.clear();
            for (const std::string& word : CLI::detail::split(text, ',')) {
              milestones.push_back(std::strtod(word.c_str(), nullptr));
            }
          },
          fmt::format("shares of all epochs after which milestones cuts the rate [{}]",
                      fmt::join(milestones, ",")))
      ->check(rising_shares)
      ->type_name("LIST")
      ->group(group);
}

void add_plateau_flags(const FlagAdder& flags, PlateauRule& plan, const char* group) {
  flags.add("--plateau-factor", plan.factor, "plateau: the rate is multiplied by this", group)
      ->check(number_above_zero)
      ->check(number_below_one);
  flags
      .add("--plateau-patience",
           plan.patience,
           "plateau: after more than so many epochs without progress of val_loss",
           group)
      ->check(number_from_zero);
  flags.add("--plateau-threshold", plan.threshold, "plateau: less is no progress, a share", group)
      ->check(number_below_one);
}

}  // namespace

void add_schedule_flags(const FlagAdder& flags, LearningRate& plan, const char* group) {
  flags.add("--lr,--learning-rate", plan.base, "learning rate", group)->check(number_above_zero);
  flags
      .add("--lr-batch",
           plan.for_batch,
           "batch that --lr is for, with which it grows; 0: for any",
           group)
      ->check(number_from_zero);
  flags.choice("--schedule",
               plan.schedule,
               {{"constant", Schedule::constant},
                {"cosine", Schedule::cosine},
                {"step", Schedule::step},
                {"milestones", Schedule::milestones},
                {"poly", Schedule::poly},
                {"plateau", Schedule::plateau}},
               {"course of the learning rate", group});
  flags.add("--warmup-epochs", plan.warmup_epochs, "epochs of rising rate", group)
      ->check(number_from_zero);
  flags.choice(
      "--warmup-steps",
      plan.warmup,
      {{"ramp", WarmUp::ramp}, {"gradual", WarmUp::gradual}, {"per-epoch", WarmUp::per_epoch}},
      {"it rises from 0, or from --lr at each step or epoch", group});
  flags.add("--step-epochs", plan.step_epochs, "epochs per step", group)->check(number_above_zero);
  flags.add("--step-factor", plan.step_factor, "change at each step or milestone", group)
      ->check(number_above_zero);
  add_milestones(flags, plan.milestones, group);
  flags.add("--poly-power", plan.poly_power, "poly: the exponent", group)->check(number_above_zero);
  flags.add("--end-lr", plan.end, "poly: the rate at the end", group)->check(number_from_zero);
  add_plateau_flags(flags, plan.plateau, group);
}

void add_optimizer_flags(const FlagAdder& flags, OptimizerSpec& plan, const char* group) {
  flags.choice(
      "--optimizer",
      plan.kind,
      {{"sgd", OptimizerKind::sgd}, {"adam", OptimizerKind::adam}, {"lars", OptimizerKind::lars}},
      {"rule that turns gradients into steps", group});
  flags.add("--momentum", plan.momentum, "momentum of sgd and lars", group)
      ->check(number_below_one);
  flags.app.add_flag("--nesterov", plan.nesterov, "sgd: look ahead with the momentum")
      ->group(group);
  flags.add("--trust", plan.trust, "lars: a step's share of a parameter's length", group)
      ->check(number_above_zero);
  flags.add("--weight-decay", plan.weight_decay, "L2 penalty factor", group)
      ->check(number_from_zero);
}

}  // namespace gradwatt
