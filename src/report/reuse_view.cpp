#include "report/reuse_view.h"

#include "analyze/energy_to_goal.h"
#include "analyze/setup_blocks.h"

#include <array>

namespace gradwatt {
namespace {

const std::array<std::string, 3>& reuse_kinds() {
  static const std::array<std::string, 3> kNames{"pretraining", "from scratch", "with the encoder"};
  return kNames;
}

RepeatedMean mean_energy(const std::vector<const RunRow*>& runs) {
  std::vector<double> energies;
  for (const RunRow* run : runs) {
    energies.push_back(energy_spent(*run).value_or(0));  // Blocks hold runs whose energy is known.
  }
  return repeated_mean(energies);
}

}  // namespace

ReuseView reuse_view(std::span<const std::vector<RunRow>> kinds, const ReuseQuestion& question) {
  const SetupBlocks blocks = setup_blocks(kinds);
  ReuseView view;
  view.cycles = question.cycles;
  view.rates = question.rates;
  view.notes = block_notes(blocks, reuse_kinds());
  view.estimated = some_are_estimated(blocks);
  view.metric = metric_pair(blocks, 2, 1, question.metric);
  std::vector<EncoderReuse> energies;
  for (const SetupBlock& block : blocks.blocks) {
    ReuseSetup setup;
    setup.name = block_words(block);
    setup.energies = {
        mean_energy(block.kinds[0]), mean_energy(block.kinds[1]), mean_energy(block.kinds[2])};
    for (const auto& runs : block.kinds) {
      setup.runs.emplace_back();
      for (const RunRow* run : runs) {
        setup.runs.back().push_back(run->run);
      }
    }
    energies.push_back(setup.energies);
    view.setups.push_back(std::move(setup));
  }
  view.summary = break_evens(energies);
  if (question.cycles && !energies.empty()) {
    view.net = average_net_gain(energies, *question.cycles);
  }
  return view;
}

}  // namespace gradwatt
