#include "report/saving_view.h"

#include "analyze/setup_blocks.h"

namespace gradwatt {
namespace {

double mean_epochs(const TrainingKind& kind) {
  double sum = 0;
  for (const auto& repeats : kind) {
    for (const TrainingCost& cost : repeats) {
      sum += cost.epochs.value_or(0) / static_cast<double>(repeats.size() * kind.size());
    }
  }
  return sum;
}

}  // namespace

SavingView saving_view(std::span<const std::vector<RunRow>> kinds, const SavingQuestion& question) {
  const SetupBlocks blocks = setup_blocks(kinds);
  SavingView view;
  view.question = question.question;
  view.kinds = question.kinds;
  view.rates = question.rates;
  view.notes = block_notes(blocks, question.kinds);
  view.estimated = some_are_estimated(blocks);
  view.runs.resize(kinds.size());
  if (blocks.blocks.empty()) {
    return view;
  }
  std::vector<TrainingKind> costs(kinds.size());
  for (const SetupBlock& block : blocks.blocks) {
    for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
      costs[kind].emplace_back();
      for (const RunRow* run : block.kinds[kind]) {
        costs[kind].back().push_back(training_cost(*run).value_or(TrainingCost{}));
        view.runs[kind].push_back(run->run);
      }
    }
  }
  view.saving = paradigm_saving(costs.front(), std::span(costs).subspan(1));
  if (view.saving->epochs) {
    for (const TrainingKind& kind : costs) {
      view.epochs.push_back(mean_epochs(kind));
    }
  }
  if (kinds.size() == 2 || !question.metric.empty()) {
    view.metric = metric_pair(blocks, 0, 1, question.metric);
  }
  return view;
}

}  // namespace gradwatt
