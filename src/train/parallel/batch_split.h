#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace gradwatt {

/// How the samples of one optimizer step are shared out.
///
///   global = local * ranks * accumulation
///
/// Example   global 256, local 32, 4 ranks: each rank computes 2 times 32 samples in every step.
struct BatchSplit {
  std::int64_t global = 0;        ///< Samples of a step, over all ranks.
  std::int64_t local = 0;         ///< Samples that one rank computes at once.
  std::int64_t accumulation = 1;  ///< Times that each rank does so in a step.
};

/// What is not asked for follows: the global batch from the local one, or the local one with an
/// accumulation of 1. With neither, `standard` is the global batch.
/// Throws   UsageError when they contradict each other or cannot be shared out evenly.
[[nodiscard]] BatchSplit split_batch(std::optional<std::int64_t> global,
                                     std::optional<std::int64_t> local,
                                     std::int64_t standard,
                                     int ranks);

/// A range of samples.
struct Share {
  std::int64_t first = 0;
  std::int64_t count = 0;
  bool operator==(const Share&) const = default;
};

/// The share of one of `parts` in `count` samples: ranges one after another that differ by one
/// sample at most, the larger ones first.
/// Example   10 samples in 4 parts: 3, 3, 2, 2.
[[nodiscard]] Share share_of(std::int64_t count, int part, int parts);

/// The samples of one rank in the order of its steps: its share of each global batch of `order`.
/// The last batch is what is left.
/// Example   order 0..9, global batch 4, rank 1 of 2: 2 3, 6 7, 9.
[[nodiscard]] std::vector<std::int64_t> rows_of_rank(std::span<const std::int64_t> order,
                                                     std::int64_t global_batch,
                                                     int rank,
                                                     int ranks);

}  // namespace gradwatt
