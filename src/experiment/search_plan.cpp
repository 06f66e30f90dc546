#include "experiment/search_plan.h"

#include "analyze/replay_summary.h"
#include "experiment/point_key.h"
#include "experiment/sweep_overlay.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace gradwatt {
namespace {

constexpr std::string_view kCheckpoint = "{checkpoint}";

/// The fixed value that says how many epochs there are; empty: there is none.
std::string epochs_name(const SweepFile& file) {
  constexpr std::array<const char*, 3> kNames{"max_epochs", "epochs", "max-epochs"};
  for (const FixedValue& fixed : file.fixed) {
    for (const char* name : kNames) {
      const bool is_it = file.workload.empty() ? fixed.name == "epochs" : fixed.name == name;
      if (is_it && !fixed.is_template && fixed.follows.empty() && !fixed.per_repeat.empty()) {
        return fixed.name;
      }
    }
  }
  return "";
}

void fill_checkpoint(std::vector<std::string>& command, const std::string& file) {
  for (std::string& word : command) {
    for (auto at = word.find(kCheckpoint); at != std::string::npos;
         at = word.find(kCheckpoint, at + file.size())) {
      word.replace(at, kCheckpoint.size(), file);
    }
  }
}

std::string joules_text(double joules) { return fmt::format("{:.6f}J", std::max(joules, 0.0)); }

std::vector<std::string> stop_rules(const SearchStep& step) {
  std::vector<std::string> rules;
  if (step.role == PieceRole::profile) {
    rules.emplace_back("profile: epochs>=1");
  }
  if (step.goal && step.stops_at_goal) {
    rules.push_back(fmt::format("goal: {}{}{}",
                                step.goal->metric,
                                step.goal->smaller_is_better ? "<=" : ">=",
                                step.goal->threshold));
  }
  if (step.cap_j) {
    rules.push_back("cap: energy>" + joules_text(*step.cap_j));
  }
  if (step.pause_j) {
    rules.push_back("rung: energy>" + joules_text(*step.pause_j));
  }
  for (const SearchDeadline& deadline : step.deadlines) {
    rules.push_back(fmt::format("lag: energy>{} unless {}{}{}",
                                joules_text(deadline.joules),
                                step.goal->metric,
                                step.goal->smaller_is_better ? "<=" : ">=",
                                deadline.metric));
  }
  if (step.budget_j) {
    rules.push_back("budget: energy>" + joules_text(*step.budget_j));
  }
  return rules;
}

/// The file as it is for one piece: so many epochs, and for a workload the checkpoint.
SweepFile file_for(const SweepFile& file, std::optional<int> epochs, bool continues) {
  SweepFile piece = file;
  const std::string name = epochs_name(file);
  if (epochs && !name.empty()) {
    set_fixed(piece, {name, {std::to_string(*epochs)}});
  }
  if (continues && !file.workload.empty()) {
    set_fixed(piece, {"checkpoint", {std::string(kCheckpoint)}});
    set_fixed(piece, {"resume", {"true"}});
  }
  return piece;
}

}  // namespace

const char* name_of(PieceRole role) {
  switch (role) {
    case PieceRole::race:
      return "race";
    case PieceRole::profile:
      return "profile";
    case PieceRole::confirm:
      return "confirm";
  }
  return "";
}

int epochs_limit(const SweepFile& file) {
  const std::string name = epochs_name(file);
  for (const FixedValue& fixed : file.fixed) {
    if (fixed.name == name && !name.empty()) {
      const std::string& text = fixed.per_repeat.front();
      int epochs = 0;
      std::from_chars(text.data(), text.data() + text.size(), epochs);
      return std::max(epochs, 0);
    }
  }
  return 0;
}

std::vector<PlannedPoint> setups_of(const SweepFile& file, int repeat, const std::string& trainer) {
  SweepFile in_order = file;
  in_order.order = SweepOrder::sequential;
  std::vector<PlannedPoint> points = plan_sweep(in_order, 0, trainer);
  std::erase_if(points, [&](const PlannedPoint& point) { return point.point.repeat != repeat; });
  for (std::size_t i = 0; i < points.size(); ++i) {
    points[i].position = static_cast<int>(i) + 1;
  }
  return points;
}

SearchRules search_rules(const SweepFile& file, const std::vector<PlannedPoint>& setups) {
  const SearchSettings& search = file.search;
  SearchRules rules;
  rules.strategy = search.strategy;
  rules.goal = *file.goal;
  rules.baseline = search.baseline;
  rules.eta = search.eta;
  rules.rung_epochs = search.rung_epochs;
  rules.epochs_max = epochs_limit(file);
  rules.cap = search.cap;
  rules.lag = search.gamma > 0 ? std::optional(search.gamma) : std::nullopt;
  rules.confirm = search.confirm;
  rules.trainings = search.trainings;
  std::vector<GridAxis> axes;
  for (const Axis& axis : file.axes) {
    axes.push_back({axis.name, axis.values});
  }
  const std::vector<std::string> profiled = search.profile.value_or(cost_axes(axes));
  std::map<std::string, std::size_t> numbers;
  for (std::size_t setup = 0; setup < setups.size(); ++setup) {
    const std::vector<Factor>& factors = setups[setup].point.factors;
    rules.default_setup = factors == file.default_cell ? setup : rules.default_setup;
    std::string group;
    for (const Factor& factor : factors) {
      const bool counts =
          std::find(profiled.begin(), profiled.end(), factor.name) != profiled.end();
      group += counts ? factor.name + "=" + factor.value + "\n" : "";
    }
    if (!profiled.empty()) {
      rules.groups.push_back(numbers.emplace(group, numbers.size()).first->second);
    }
  }
  return rules;
}

PlannedPoint point_of_step(const SweepFile& file,
                           const PlannedPoint& setup,
                           const SearchStep& step,
                           const std::string& trainer,
                           const std::filesystem::path& checkpoint) {
  const bool continues = continues_trainings(file.search.strategy) && step.role == PieceRole::race;
  PlannedPoint point = setup;
  if (step.role == PieceRole::confirm) {
    point.point.repeat = file.repeat + step.rung - 1;  // Another seed than those of the search.
    point.point.key = point_key(file, setup.point.factors, point.point.repeat);
  }
  // A profile trains as many epochs as the training would have, so that it is that training.
  const auto epochs = step.role == PieceRole::profile ? std::nullopt : step.epochs;
  point.command = command_of(
      file_for(file, epochs, continues), setup.point.factors, point.point.repeat, trainer);
  fill_checkpoint(point.command, checkpoint.string());
  point.tags = {{search_tag::kStrategy, name_of(file.search.strategy)},
                {search_tag::kRole, name_of(step.role)},
                {search_tag::kRung, std::to_string(step.rung)}};
  if (step.epochs) {
    point.tags[search_tag::kEpochs] = std::to_string(*step.epochs);
  }
  for (const std::string& rule : stop_rules(step)) {
    point.run_flags.emplace_back("--stop-when");
    point.run_flags.push_back(rule);
  }
  point.run_flags.push_back(fmt::format("--grace={}ms", file.search.grace.count() / 1'000'000));
  return point;
}

void fill_checkpoints(std::vector<PlannedPoint>& points, const SweepFolder& folder) {
  for (PlannedPoint& point : points) {
    fill_checkpoint(point.command, folder.checkpoint_of(point.point.key).string());
  }
}

}  // namespace gradwatt
