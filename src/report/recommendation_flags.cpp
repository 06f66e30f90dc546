#include "report/recommendation_flags.h"

#include "report/recommendation_words.h"
#include "units/show.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace gradwatt {
namespace {

void flag_setups(const RecommendationView& view, std::vector<ReportFlag>& flags) {
  const Grid& grid = view.grid;
  for (std::size_t index = 0; index < grid.setups.size(); ++index) {
    const SetupResult& setup = grid.setups[index];
    if (setup.state == SetupState::partly_reached) {
      flags.push_back({"partly_reached",
                       fmt::format("{} reached the goal in {} of {} repeats: its number is the "
                                   "energy to expect when it is tried until it does",
                                   setup_words(grid, index),
                                   setup.reached,
                                   setup.judged()),
                       index,
                       {}});
    }
    const auto left_out = [&](int runs, const char* kind, const std::string& why) {
      if (runs > 0) {
        flags.push_back({kind,
                         fmt::format("{} of {} runs of {} left out: {}",
                                     runs,
                                     setup.finished,
                                     setup_words(grid, index),
                                     why),
                         index,
                         {}});
      }
    };
    left_out(setup.state == SetupState::no_energy ? 0 : setup.cost_unknown,
             "cost_unknown",
             std::string(minimised_words(grid)) + " not known");
    if (grid.goal && setup.reached > 0) {
      left_out(setup.goal_unknown, "goal_unknown", printable(grid.goal->metric) + " not told");
    }
    if (setup.finished > 0 && setup.failed > 0) {
      flags.push_back(
          {"failed_repeats",
           fmt::format("{} failed {} of {} times; its number is of the runs that finished",
                       setup_words(grid, index),
                       setup.failed,
                       setup.failed + setup.finished),
           index,
           {}});
    }
  }
}

template <typename Holds>
void flag_count(const Grid& grid,
                Holds holds,
                const char* kind,
                const char* text,
                std::vector<ReportFlag>& flags) {
  const auto count = std::count_if(grid.setups.begin(), grid.setups.end(), holds);
  if (count > 0) {
    flags.push_back(
        {kind, fmt::format("{} of {} setups {}", count, grid.setups.size(), text), {}, {}});
  }
}

void flag_stopped(const Grid& grid, std::vector<ReportFlag>& flags) {
  std::vector<double> used;
  for (const SetupResult& setup : grid.setups) {
    if (setup.state == SetupState::stopped && setup.stopped_at_j) {
      used.push_back(*setup.stopped_at_j);
    }
  }
  if (used.empty()) {
    return;
  }
  const auto [least, most] = std::minmax_element(used.begin(), used.end());
  const std::string at = used.size() == 1
                             ? show_energy(*least)
                             : fmt::format("{} to {}", show_energy(*least), show_energy(*most));
  flags.push_back({"stopped_by_search",
                   fmt::format("{} of {} setups were stopped by the search at {}, because others "
                               "needed less: their energy to the goal is not known, and the worst "
                               "named here is the worst of those that reached it",
                               used.size(),
                               grid.setups.size(),
                               at),
                   {},
                   {}});
}

}  // namespace

std::vector<ReportFlag> flags_of(const RecommendationView& view) {
  const Grid& grid = view.grid;
  std::vector<ReportFlag> flags;
  for (const SuspiciousSetup& suspicious : view.recommendation.suspicious) {
    flags.push_back({"suspicious",
                     fmt::format("{}: energy per epoch does not fit its row and column ({:+.0f} %)",
                                 setup_words(grid, suspicious.setup),
                                 100 * suspicious.excess),
                     suspicious.setup,
                     suspicious});
  }
  if (grid.estimated) {
    flags.push_back(
        {"estimated", "energies are estimated by a model, not measured by a meter", {}, {}});
  }
  flag_count(
      grid,
      [](const SetupResult& setup) { return setup.finished == 1; },
      "single_run",
      "finished once: no interval can be given for them",
      flags);
  flag_setups(view, flags);
  flag_count(
      grid,
      [](const SetupResult& setup) {
        return setup.state == SetupState::unfinished || setup.state == SetupState::not_run;
      },
      "incomplete_grid",
      "have no finished run yet: gradwatt sweep continues",
      flags);
  flag_stopped(grid, flags);
  flag_count(
      grid,
      [](const SetupResult& setup) { return setup.state == SetupState::no_energy; },
      "no_energy",
      "finished with an energy that is not known",
      flags);
  flag_count(
      grid,
      [](const SetupResult& setup) { return setup.first_epoch_counted; },
      "first_epoch_counted",
      "have runs of one epoch: its warm-up is in their energy per epoch",
      flags);
  flag_count(
      grid,
      [](const SetupResult& setup) { return setup.outside_unknown; },
      "outside_unknown",
      "have runs whose energy outside epochs is not known and not counted",
      flags);
  return flags;
}

}  // namespace gradwatt
