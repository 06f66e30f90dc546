#pragma once

#include "analyze/study_sweep.h"
#include "report/study_view.h"

#include <functional>
#include <string>
#include <vector>

namespace gradwatt {

/// What a made-up training of the study costs: joules per epoch, epochs, and what it reaches.
struct MadeUpPart {
  double epoch_j = 1;
  int epochs = 1;
  double metric = 0.9;
};

/// A sweep of the study on its 16 setups. `training` takes a batch index and a rate index.
inline StudySweep made_up_part(const std::string& name,
                               const std::function<MadeUpPart(int, int)>& training,
                               const std::string& failed_batch = "") {
  const std::vector<GridAxis> axes{{"batch", {"64", "256", "1024", "4096"}},
                                   {"lr", {"1e-1", "1e-2", "1e-3", "1e-4"}}};
  std::vector<RunRow> runs;
  for (int batch = 0; batch < 4; ++batch) {
    for (int rate = 0; rate < 4; ++rate) {
      const auto& batch_text = axes[0].values[static_cast<std::size_t>(batch)];
      const auto& rate_text = axes[1].values[static_cast<std::size_t>(rate)];
      RunRow run;
      run.run = batch_text + "/" + rate_text;
      run.factors = {{"batch", batch_text}, {"lr", rate_text}};
      run.estimated = true;
      if (batch_text == failed_batch && rate == 0) {
        run.outcome = RunOutcome::failed;
      } else {
        const MadeUpPart part = training(batch, rate);
        for (int epoch = 0; epoch < part.epochs; ++epoch) {
          run.epochs.push_back(
              {epoch, part.epoch_j, 1, {{"val_acc", part.metric}}, true, 1.25 * part.epoch_j});
        }
      }
      runs.push_back(std::move(run));
    }
  }
  return study_sweep(name, runs, axes, Goal{"val_acc", std::nullopt, 0.05, false});
}

/// A whole study: batch 1024 has the cheapest epochs, lr 1e-2 the fewest; the frozen classifier
/// needs a quarter of the joint training; pretraining pays off after (3 (b + 1) + r) / 1.5 uses at
/// batch index b and rate index r, which is 2 to 10; one setup of the multitask training failed.
inline StudyView made_up_study() {
  const auto epoch_j = [](int batch) {
    return std::vector<double>{16, 6, 4, 5}.at(static_cast<std::size_t>(batch));
  };
  const auto epochs = [](int rate) {
    return std::vector<int>{8, 4, 6, 16}.at(static_cast<std::size_t>(rate));
  };
  const auto part = [&](double energy, int more, double metric) {
    return [=](int batch, int rate) {
      return MadeUpPart{
          energy * epoch_j(batch), more * epochs(rate), rate == 0 && batch == 3 ? 0.2 : metric};
    };
  };
  const auto pretraining = [=](int batch, int rate) {
    return MadeUpPart{epoch_j(batch), (3 * (batch + 1) + rate) * epochs(rate), 0.9};
  };
  StudyView view{"small", "study", {}, {"a made-up study"}};
  view.sweeps = {made_up_part("pamap2-joint", part(1, 2, 0.9)),
                 made_up_part("pamap2-pretrain", pretraining),
                 made_up_part("pamap2-frozen", part(0.5, 1, 0.85)),
                 made_up_part("pamap2-unfrozen", part(1, 1, 0.9)),
                 made_up_part("celeba-identity", part(1, 2, 0.8)),
                 made_up_part("celeba-attributes", part(1, 4, 0.8)),
                 made_up_part("celeba-multitask", part(0.9, 2, 0.8), "64")};
  return view;
}

}  // namespace gradwatt
