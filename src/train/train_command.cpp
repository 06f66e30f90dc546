#include "train/train_command.h"

#include "base/closest_name.h"
#include "base/error.h"
#include "train/datasets/catalog.h"
#include "train/flag_scope.h"
#include "train/models/catalog.h"
#include "train/training_flags.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace gradwatt {
namespace {

/// The parser of one command line: its flags write into `plan`.
struct TrainParser {
  explicit TrainParser(TrainingPlan& plan)
      : app("Trains one of gradwatt's built-in workloads.", "gradwatt-train") {
    app.set_help_flag("-h,--help", "print this and exit");
    app.add_option("WORKLOAD", workload, "what to train; see --list");
    app.add_flag("--list", list, "print workloads, data sets, models and their flags");
    app.add_flag("--about", about, "print versions and the speed of matrix products");
    add_training_plan_flags(app, plan);
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

/// Whether the flag can change what some workload of the family does.
bool has_effect_in(const WorkloadFamily& family, const std::string& flag) {
  const auto all = workloads();
  return std::any_of(all.begin(), all.end(), [&](const Workload& workload) {
    return workload.dataset == family.dataset && has_effect(flag, workload);
  });
}

/// "  --batch INT  samples per optimizer step" for each option that the family's workloads have.
std::string flag_lines(const CLI::App& app, const WorkloadFamily& family) {
  const auto groups = flag_groups();
  std::string text;
  for (const CLI::Option* option : app.get_options()) {
    if (std::find(groups.begin(), groups.end(), option->get_group()) == groups.end()) {
      continue;
    }
    std::string name = "--" + option->get_lnames().front();
    if (!has_effect_in(family, name)) {
      continue;
    }
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

/// The flags of a family, with the defaults that it gives them.
std::string family_flags(const WorkloadFamily& family, int cpus) {
  TrainingPlan plan = family.defaults;
  plan.machine.threads = cpus;
  plan.data.workers = cpus;
  const TrainParser parser(plan);
  return flag_lines(parser.app, family);
}

std::string listing(int cpus) {
  std::string text = "workloads\n";
  for (const WorkloadFamily& family : workload_families()) {
    text += fmt::format("  {}: {}\n    data set {}, model {}\n",
                        family.name,
                        family.description,
                        family.dataset,
                        family.defaults.model);
    for (const Workload& workload : workloads()) {
      if (workload.name.starts_with(std::string(family.name) + "-")) {
        text += fmt::format("    {:<20} {}\n", workload.name, workload.description);
      }
    }
    text += family_flags(family, cpus);
  }
  text += "data sets\n";
  for (const Dataset& dataset : datasets()) {
    text += fmt::format("  {:<16} {}\n    default folder {}\n",
                        dataset.name,
                        dataset.description,
                        dataset.default_folder.string());
  }
  text += "models\n";
  for (const Model& model : models()) {
    text += fmt::format("  {:<16} {}: {}\n",
                        model.name,
                        model.make_forecaster != nullptr ? "fields"
                        : model.takes_series             ? "series"
                                                         : "images",
                        model.description);
  }
  return text;
}

/// Throws UsageError for a flag that is given and is for other workloads.
void refuse_flags_without_effect(const CLI::App& app, const Workload& workload) {
  for (const CLI::Option* option : app.get_options()) {
    if (option->count() == 0 || option->get_lnames().empty()) {
      continue;
    }
    const std::string flag = "--" + option->get_lnames().front();
    if (!has_effect(flag, workload)) {
      throw UsageError(fmt::format("has no effect on {}", workload.name),
                       flag,
                       fmt::format("leave it out: it is for {}", workloads_with(flag)));
    }
  }
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
  request.plan.data.workers = cpus;
  TrainParser second(request.plan);
  second.parse(std::move(arguments));
  refuse_flags_without_effect(second.app, *request.workload);
  return request;
}

}  // namespace gradwatt
