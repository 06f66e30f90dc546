#include "train/train_command.h"

#include "base/closest_name.h"
#include "base/error.h"
#include "train/datasets/catalog.h"
#include "train/models/catalog.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cmath>
#include <map>

namespace gradwatt {
namespace {

constexpr const char* kData = "Data";
constexpr const char* kTraining = "Training";
constexpr const char* kStopping = "Early stopping";
constexpr const char* kMachine = "Machine and output";

std::string number_above_zero(const std::string& text) {
  const double value = std::strtod(text.c_str(), nullptr);
  return std::isfinite(value) && value > 0 ? "" : fmt::format("{} is not a number above 0", text);
}

std::string number_from_zero(const std::string& text) {
  const double value = std::strtod(text.c_str(), nullptr);
  return std::isfinite(value) && value >= 0 ? "" : fmt::format("{} is not 0 or more", text);
}

std::string number_below_one(const std::string& text) {
  const double value = std::strtod(text.c_str(), nullptr);
  return value >= 0 && value < 1 ? "" : fmt::format("{} is not from 0 to below 1", text);
}

/// An option with its validator and group.
struct Flags {
  CLI::App& app;

  template <typename Value>
  CLI::Option* add(const char* names, Value& value, const char* text, const char* group) const {
    return app.add_option(names, value, text)->group(group)->capture_default_str();
  }

  template <typename Enum>
  void choice(const char* names,
              Enum& value,
              const std::map<std::string, Enum>& words,
              std::pair<const char*, const char*> text_and_group) const {
    std::string list;
    for (const auto& [word, unused] : words) {
      list += (list.empty() ? "" : "|") + word;
    }
    auto take = [&value, words, list, name = std::string(names)](const std::string& word) {
      const auto found = words.find(word);
      if (found == words.end()) {
        throw CLI::ValidationError(name, fmt::format("{} is not one of {}", word, list));
      }
      value = found->second;
    };
    app.add_option_function<std::string>(names, take, text_and_group.first)
        ->type_name(list)
        ->group(text_and_group.second);
  }
};

void add_data_flags(const Flags& flags, DataPlan& plan) {
  flags.add("--data", plan.folder, "folder with the data set's files", kData)->type_name("DIR");
  flags.app
      .add_option_function<std::int64_t>(
          "--train-samples",
          [&plan](const std::int64_t& count) { plan.train_samples = count; },
          "how many images to train on; a smaller choice is part of a larger one")
      ->check(number_above_zero)
      ->group(kData);
  flags.add("--val-samples", plan.val_samples, "images of the training part to validate on", kData)
      ->check(number_above_zero);
  flags.add("--data-seed", plan.seed, "seed of the choice of images", kData)
      ->check(number_from_zero);
}

void add_training_flags(const Flags& flags, LoopPlan& plan) {
  flags.add("--batch,--batch-size", plan.batch, "samples per optimizer step", kTraining)
      ->check(number_above_zero);
  flags.add("--lr,--learning-rate", plan.learning_rate.base, "learning rate", kTraining)
      ->check(number_above_zero);
  flags.add("--max-epochs,--epochs", plan.max_epochs, "epochs at most", kTraining)
      ->check(number_above_zero);
  flags.choice("--optimizer",
               plan.optimizer.kind,
               {{"sgd", OptimizerKind::sgd}, {"adam", OptimizerKind::adam}},
               {"rule that turns gradients into steps [adam]", kTraining});
  flags.add("--momentum", plan.optimizer.momentum, "momentum of sgd", kTraining)
      ->check(number_below_one);
  flags.add("--weight-decay", plan.optimizer.weight_decay, "L2 penalty factor", kTraining)
      ->check(number_from_zero);
  flags.choice(
      "--schedule",
      plan.learning_rate.schedule,
      {{"constant", Schedule::constant}, {"cosine", Schedule::cosine}, {"step", Schedule::step}},
      {"course of the learning rate [constant]", kTraining});
  flags
      .add("--warmup-epochs", plan.learning_rate.warmup_epochs, "epochs of rising rate", kTraining)
      ->check(number_from_zero);
  flags.add("--step-epochs", plan.learning_rate.step_epochs, "epochs per step", kTraining)
      ->check(number_above_zero);
  flags.add("--step-factor", plan.learning_rate.step_factor, "change at each step", kTraining)
      ->check(number_above_zero);
  flags.add("--seed", plan.seed, "seed of the weights and of the batches' order", kTraining)
      ->check(number_from_zero);
}

void add_stopping_flags(const Flags& flags, StopRule& rule) {
  flags.choice("--monitor",
               rule.monitor,
               {{"val_acc", Metric::val_acc},
                {"val_loss", Metric::val_loss},
                {"train_loss", Metric::train_loss}},
               {"metric that decides [val_acc]", kStopping});
  flags.app
      .add_option_function<int>(
          "--patience",
          [&rule](const int& epochs) {
            rule.patience = epochs > 0 ? std::optional(epochs) : std::nullopt;
          },
          fmt::format("epochs without progress until the end; 0: never [{}]",
                      rule.patience.value_or(0)))
      ->check(number_from_zero)
      ->group(kStopping);
  flags.add("--min-delta", rule.min_delta, "a smaller change is no progress", kStopping)
      ->check(number_from_zero);
  flags.app
      .add_option_function<double>(
          "--stop-at",
          [&rule](const double& value) { rule.stop_at = value; },
          "end as soon as the metric is this good")
      ->check(number_from_zero)
      ->group(kStopping);
}

void add_machine_flags(const Flags& flags, TrainingPlan& plan) {
  flags.add("--threads", plan.machine.threads, "threads of libtorch", kMachine)
      ->check(number_above_zero);
  flags.add("--blas-threads", plan.machine.blas_threads, "threads of matrix products", kMachine)
      ->check(number_above_zero);
  flags.choice("--device",
               plan.machine.device,
               {{"cpu", std::string("cpu")}, {"cuda", std::string("cuda")}},
               {"where to compute [cpu]", kMachine});
  flags.app.add_flag("--test", plan.test, "score the test part at the end")->group(kMachine);
  flags.app.add_flag("--quiet", plan.quiet, "no line per epoch")->group(kMachine);
}

/// The parser of one command line: its flags write into `plan`.
struct TrainParser {
  explicit TrainParser(TrainingPlan& plan)
      : app("Trains one of gradwatt's built-in workloads.", "gradwatt-train") {
    app.set_help_flag("-h,--help", "print this and exit");
    app.add_option("WORKLOAD", workload, "what to train; see --list");
    app.add_flag("--list", list, "print workloads, data sets, models and their flags");
    app.add_flag("--about", about, "print versions and the speed of matrix products");
    const Flags flags{app};
    add_data_flags(flags, plan.data);
    add_training_flags(flags, plan.loop);
    add_stopping_flags(flags, plan.loop.stop);
    add_machine_flags(flags, plan);
  }

  /// Throws UsageError.
  void parse(std::vector<std::string> arguments) {
    std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
    try {
      app.parse(arguments);
    } catch (const CLI::CallForHelp&) {
      help = app.help();
    } catch (const CLI::ExtrasError&) {
      throw unknown_argument();
    } catch (const CLI::ParseError& error) {
      throw UsageError(error.what(), "", "gradwatt-train --help lists the flags");
    }
  }

  CLI::App app;
  std::string workload;
  bool list = false;
  bool about = false;
  std::string help;

 private:
  UsageError unknown_argument() {
    const std::string typed = app.remaining().front();
    if (typed.front() != '-') {
      return {"only one workload can be trained at a time", typed};
    }
    std::vector<std::string> names;
    for (const CLI::Option* option : app.get_options()) {
      for (const std::string& name : option->get_lnames()) {
        names.push_back("--" + name);
      }
    }
    const auto meant = closest_name(typed.substr(0, typed.find('=')), names);
    return {"no such flag",
            typed,
            meant ? fmt::format("did you mean {}?", *meant) : "gradwatt-train --help lists them"};
  }
};

/// "  --batch INT  samples per optimizer step" for each option of one of the groups.
std::string flag_lines(const CLI::App& app, std::initializer_list<std::string_view> groups) {
  std::string text;
  for (const CLI::Option* option : app.get_options()) {
    if (std::find(groups.begin(), groups.end(), option->get_group()) == groups.end()) {
      continue;
    }
    std::string name = "--" + option->get_lnames().front();
    if (option->get_expected_max() > 0 && option->get_type_size() > 0) {
      name += " " + option->get_type_name();
    }
    const std::string standard = option->get_default_str();
    text += fmt::format("    {:<42} {}{}\n",
                        name,
                        option->get_description(),
                        standard.empty() ? "" : fmt::format(" [{}]", standard));
  }
  return text;
}

std::string listing(int cpus) {
  std::string text = "workloads\n";
  for (const Workload& workload : workloads()) {
    TrainingPlan plan = workload.defaults;
    plan.machine.threads = cpus;
    const TrainParser parser(plan);
    text += fmt::format("  {}  {}\n    data set {}, model {}\n{}",
                        workload.name,
                        workload.description,
                        workload.dataset,
                        workload.model,
                        flag_lines(parser.app, {kTraining, kStopping, kMachine}));
  }
  TrainingPlan plan = workloads().front().defaults;
  const TrainParser parser(plan);
  text += "data sets\n";
  for (const Dataset& dataset : datasets()) {
    text += fmt::format("  {}  {}\n    default folder {}\n",
                        dataset.name,
                        dataset.description,
                        dataset.default_folder.string());
  }
  text += flag_lines(parser.app, {kData}) + "models\n";
  for (const Model& model : models()) {
    text += fmt::format("  {}  {}\n", model.name, model.description);
  }
  return text;
}

}  // namespace

TrainCommand parse_train_command(std::vector<std::string> arguments, int cpus) {
  // Read twice: the workload decides the defaults, and it may stand after the flags.
  TrainRequest request;
  request.plan.machine.threads = cpus;
  TrainParser first(request.plan);
  first.parse(arguments);
  if (!first.help.empty()) {
    return first.help;
  }
  if (first.list) {
    return listing(cpus);
  }
  if (first.about) {
    return AboutRequest{cpus};
  }
  if (first.workload.empty()) {
    throw UsageError("name a workload", "", "gradwatt-train --list shows them");
  }
  request.workload = &workload_named(first.workload);
  request.plan = request.workload->defaults;
  request.plan.machine.threads = cpus;
  TrainParser(request.plan).parse(std::move(arguments));
  return request;
}

}  // namespace gradwatt
