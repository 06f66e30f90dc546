#pragma once

#include "report/recommendation_view.h"

#include <string>
#include <utility>
#include <vector>

namespace gradwatt {

/// One made-up run: where it stands, its energy per epoch and the epoch (from 1) that reaches
/// val_acc 0.9; 0: none of its ten does. Negative: the run failed.
struct MadeUpPoint {
  std::vector<std::pair<std::string, std::string>> factors;
  double epoch_j = 100;
  int reaches_at = 1;
  int repeat = 0;
};

inline RunRow row_of(const MadeUpPoint& point) {
  RunRow run;
  for (const auto& [name, value] : point.factors) {
    run.run += (run.run.empty() ? "" : "/") + value;
  }
  run.run += "#" + std::to_string(point.repeat);
  run.factors = point.factors;
  run.repeat = point.repeat;
  run.outcome = point.reaches_at < 0 ? RunOutcome::failed : RunOutcome::finished;
  for (int i = 0; i < 10; ++i) {
    const bool reached = point.reaches_at > 0 && i + 1 >= point.reaches_at;
    run.epochs.push_back({i, point.epoch_j, 1, {{"val_acc", reached ? 0.9 : 0.5}}, true});
  }
  run.outside_epochs_j = 0;
  return run;
}

inline RecommendationView view_of(const std::vector<MadeUpPoint>& points,
                                  std::vector<GridAxis> axes,
                                  std::optional<Goal> goal) {
  std::vector<RunRow> runs;
  for (const MadeUpPoint& point : points) {
    runs.push_back(row_of(point));
  }
  RecommendationView view{"study", grid_of(runs, std::move(axes), std::move(goal)), {}};
  view.recommendation = recommend(view.grid, {});
  return view;
}

inline const Goal kValAcc{"val_acc", 0.85, std::nullopt, false};

/// Batch 64 and 1024, learning rates 0.1 to 0.001: all that a cell can be.
inline RecommendationView example_view() {
  return view_of({{{{"batch", "64"}, {"lr", "0.1"}}, 2000, 8},
                  {{{"batch", "64"}, {"lr", "0.01"}}, 2000, 4},
                  {{{"batch", "64"}, {"lr", "0.001"}}, 2000, 0},
                  {{{"batch", "1024"}, {"lr", "0.1"}}, 500, 8},
                  {{{"batch", "1024"}, {"lr", "0.01"}}, 500, 4},
                  {{{"batch", "1024"}, {"lr", "0.001"}}, 500, -1}},
                 {{"batch", {"64", "1024", "4096"}}, {"lr", {"0.1", "0.01", "0.001"}}},
                 kValAcc);
}

}  // namespace gradwatt
