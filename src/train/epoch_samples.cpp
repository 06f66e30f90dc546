#include "train/epoch_samples.h"

#include "train/parallel/batch_split.h"

#include <algorithm>

namespace gradwatt {
namespace {

bool suffices_for_norms(const LoopPlan& loop, std::int64_t step_samples, int ranks) {
  const std::int64_t share = share_of(step_samples, 0, ranks).count;
  std::int64_t at_once = loop.local_batch > 0 ? loop.local_batch : share;
  if (loop.micro_batch > 0) {
    at_once = std::min(at_once, loop.micro_batch);
  }
  const std::int64_t smallest_share = share_of(step_samples, ranks - 1, ranks).count;
  const bool over_all = loop.norms == NormStatistics::synced && ranks > 1;
  return smallest_share / goes_of(step_samples, at_once, ranks) >= (over_all ? 1 : 2);
}

}  // namespace

int goes_of(std::int64_t samples, std::int64_t at_once, int ranks) {
  const std::int64_t share = share_of(samples, 0, ranks).count;
  return static_cast<int>((share + at_once - 1) / at_once);
}

std::int64_t epoch_samples(const LoopPlan& loop, std::int64_t count, int ranks, bool has_norms) {
  if (loop.last_batch == LastBatch::truncate) {
    count = count / ranks * ranks;
  }
  const std::int64_t last = count % loop.batch;
  const bool is_the_only_small_one = last != 0 && last != count &&
                                     !suffices_for_norms(loop, last, ranks) &&
                                     suffices_for_norms(loop, loop.batch, ranks);
  return has_norms && is_the_only_small_one ? count - last : count;
}

}  // namespace gradwatt
