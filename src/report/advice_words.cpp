#include "report/advice_words.h"

#include "report/recommendation_words.h"
#include "units/show.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace gradwatt {
namespace {

constexpr double kMetricBand = 0.01;
constexpr std::size_t kSetupsNamed = 3;

std::string axis_value_words(const Grid& grid, std::size_t axis, std::size_t value) {
  return printable(grid.axes[axis].name) + " " + printable(grid.axes[axis].values[value]);
}

std::string setups_words(const Grid& grid, const std::vector<std::size_t>& setups) {
  std::string words;
  for (std::size_t i = 0; i < setups.size(); ++i) {
    if (i == kSetupsNamed) {
      return words + fmt::format("; and {} more", setups.size() - i);
    }
    words += (i == 0 ? "" : setups.size() == 2 ? " and " : "; ") + setup_words(grid, setups[i]);
  }
  return words;
}

struct AdviceWords {
  const RecommendationView& view;
  const Advice& advice;

  [[nodiscard]] std::string change() const {
    return change_words(advice.saving->value, advice.saving->interval);
  }
  [[nodiscard]] double percent() const { return 100 * advice.saving->value; }

  [[nodiscard]] const SetupComparison& against(std::size_t setup) const {
    const auto& all = view.recommendation.comparisons;
    return *std::find_if(
        all.begin(), all.end(), [&](const SetupComparison& one) { return one.against == setup; });
  }

  std::string operator()(const UseSetup& use) const {
    return fmt::format("use {} instead of {}: it {}, {} {}",
                       setup_words(view.grid, use.setup),
                       setup_words(view.grid, use.instead_of),
                       verb_words(view.grid, against(use.instead_of)),
                       change(),
                       objective_words(view.grid, view.recommendation.objective));
  }
  std::string operator()(const KeepSetup& keep) const {
    const SetupComparison& worst = against(keep.worst);
    return fmt::format("keep {}: it is the best; against {}, the worst, it {}: {} {}",
                       setup_words(view.grid, keep.setup),
                       setup_words(view.grid, keep.worst),
                       verb_words(view.grid, worst),
                       change_words(worst.saving(), worst.saving_interval()),
                       objective_words(view.grid, view.recommendation.objective));
  }
  /// "likely saves energy per epoch: −75 % [−80, −70]", "looked cheaper once: −75 % energy per
  /// epoch".
  [[nodiscard]] std::string claim(const std::string& what) const {
    if (advice.evidence != Evidence::d) {
      return saves_words(advice.evidence, what) + ": " + change();
    }
    if (advice.saving->interval) {
      return "is not shown to save " + what + ": " + change();
    }
    const bool once = advice.runs.size() <= 2;
    return fmt::format("looked cheaper{}: {} {}", once ? " once" : "", change(), what);
  }
  std::string operator()(const UseValue& use) const {
    const std::string what =
        use.quantity == Quantity::cost_per_epoch ? objective_words(view.grid, Objective::per_epoch)
        : use.quantity == Quantity::epochs_to_goal ? "epochs to the goal"
                                                   : objective_words(view.grid, Objective::per_run);
    const std::string where = use.setups == 1
                                  ? "in one comparable pair of setups"
                                  : fmt::format("over {} comparable pairs of setups", use.setups);
    return fmt::format("{} instead of {} {}, {}",
                       axis_value_words(view.grid, use.axis, use.value),
                       axis_value_words(view.grid, use.axis, use.instead_of),
                       claim(what),
                       where);
  }
  std::string operator()(const TryBatch& use) const {
    return fmt::format(
        "try {0} {1:.0f}, which was not tested: a model of the others predicts {2} against the "
        "best "
        "of them. From {3:.3g} on, twice the batch needs up to twice the samples; below {4:.3g} "
        "the "
        "steps cost more than the samples",
        printable(view.grid.axes[use.axis].name),
        use.batch,
        change(),
        use.critical,
        use.half_batch);
  }
  std::string operator()(const StopEarlier& stop) const {
    return fmt::format(
        "stop earlier: {:.0f} % of what runs of {} spent came after {} was nearly at "
        "its best (within {})",
        percent(),
        setup_words(view.grid, stop.setup),
        printable(view.grid.metric),
        view.grid.smaller_is_better ? "1 %" : "0.01");
  }
  std::string operator()(const CutOverhead& cut) const {
    return fmt::format(
        "evaluate and save less often, or start faster: {:.0f} % of what runs of {} "
        "spent was not training",
        percent(),
        setup_words(view.grid, cut.setup));
  }
  std::string operator()(const FeedFaster& feed) const {
    return fmt::format(
        "feed the training faster: in runs of {} it waited for data during {:.0f} % "
        "of the time",
        setup_words(view.grid, feed.setup),
        percent());
  }
  std::string operator()(const KeepBusy& keep) const {
    return fmt::format(
        "keep the devices busy: in runs of {} they used {:.0f} % of the energy while they did "
        "nothing, waiting for data, for each other or for the start",
        setup_words(view.grid, keep.setup),
        percent());
  }
  std::string operator()(const DropSetups& drop) const {
    return fmt::format("leave {} out of the next sweep: {}",
                       drop.setups.size() == 1
                           ? "1 setup, which likely costs more and reaches no more,"
                           : fmt::format("{} setups, which likely cost more and reach no more,",
                                         drop.setups.size()),
                       setups_words(view.grid, drop.setups));
  }
  std::string operator()(const CheckNumber& check) const {
    return fmt::format("measure {} again: its energy is {:+.0f} % off what its row and column say",
                       setup_words(view.grid, check.suspicious.setup),
                       100 * check.suspicious.excess);
  }
  std::string operator()(const RunAgain& again) const {
    if (again.so_far.made > 0) {
      return more_runs(again);
    }
    return fmt::format(
        "confirm with {} fresh runs each of {}: the best was picked from the same "
        "runs that describe it, so it looks better than it is",
        again.fresh_runs,
        setups_words(view.grid, again.setups));
  }
  [[nodiscard]] std::string more_runs(const RunAgain& again) const {
    const std::string settles =
        again.so_far.to_show > 0
            ? fmt::format(
                  "the {} that there are do not tell which needs less, and so many show a "
                  "difference of {:.0f} % in four of five cases",
                  again.so_far.made,
                  100 * again.so_far.to_show)
            : fmt::format("level A takes {} of each", again.fresh_runs + again.so_far.made);
    return fmt::format("make {} more fresh run{} each of {}, {} in all: {}",
                       again.fresh_runs,
                       again.fresh_runs == 1 ? "" : "s",
                       setups_words(view.grid, again.setups),
                       again.fresh_runs + again.so_far.made,
                       settles);
  }
  std::string operator()(const KeepAny& keep) const {
    return fmt::format(
        "nothing to gain: best and worst differ by {:.1f} %; choose by accuracy or "
        "time instead",
        100 * std::abs(keep.saving_max));
  }
};

/// "at −2.3 points of val_acc"; empty where the metric is as good.
std::string price_words(const Grid& grid, const Advice& advice) {
  const double sign = grid.smaller_is_better ? -1 : 1;
  if (!advice.metric_change || sign * *advice.metric_change > -kMetricBand) {
    return "";
  }
  return grid.smaller_is_better
             ? fmt::format(
                   ", at a {} that is {:.3g} higher", printable(grid.metric), *advice.metric_change)
             : fmt::format(", at −{:.1f} points of {}",
                           -100 * *advice.metric_change,
                           printable(grid.metric));
}

}  // namespace

std::string advice_words(const RecommendationView& view, const Advice& advice) {
  std::string words = std::visit(AdviceWords{view, advice}, advice.what);
  words += price_words(view.grid, advice);
  const bool of_sweep = std::holds_alternative<DropSetups>(advice.what);
  if (advice.saved) {
    const bool of_setup = std::holds_alternative<UseSetup>(advice.what) ||
                          std::holds_alternative<UseValue>(advice.what);
    const bool of_epoch = of_setup && view.recommendation.objective == Objective::per_epoch;
    words += fmt::format("; {} {} {}",
                         of_sweep ? "they took" : "that is",
                         cost_words(view.grid, *advice.saved),
                         of_sweep   ? "in this one"
                         : of_epoch ? "in each epoch"
                                    : "in each training");
  }
  if (advice.cost_j) {
    const bool is_again = std::holds_alternative<RunAgain>(advice.what);
    words += fmt::format(
        "; {} takes about {}", is_again ? "that" : "trying it", show_energy(*advice.cost_j));
  }
  return words;
}

}  // namespace gradwatt
