#pragma once

#include "analyze/setup_blocks.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gradwatt {

/// "batch 64, lr 1e-2"; empty when nothing varies.
[[nodiscard]] std::string block_words(const SetupBlock& block);

/// What a reader must know of which runs were compared: one sentence each.
/// Takes  the kinds as they are called ("pretraining", "from scratch"), in the blocks' order.
[[nodiscard]] std::vector<std::string> block_notes(const SetupBlocks& blocks,
                                                   std::span<const std::string> kinds);

/// Whether a model is behind some of the energy of the runs compared.
[[nodiscard]] bool some_are_estimated(const SetupBlocks& blocks);

/// The metric that two kinds of trainings reached: of each, the mean of its runs' best epochs.
struct MetricPair {
  std::string metric;
  double one = 0;
  double other = 0;
};

/// Looks for `metric`; empty: the first of val_acc, test_acc, acc, accuracy that all runs have.
/// Returns  nullopt when a run does not have it.
[[nodiscard]] std::optional<MetricPair> metric_pair(const SetupBlocks& blocks,
                                                    std::size_t one,
                                                    std::size_t other,
                                                    const std::string& metric);

/// "val_acc 0.476 with the encoder, 0.709 from scratch: 0.233 less ...", wrapped.
[[nodiscard]] std::string metric_pair_text(const MetricPair& pair,
                                           const std::string& one,
                                           const std::string& other);

}  // namespace gradwatt
