#include "train/score.h"

#include "train/compat.h"
#include "train/parallel/batch_split.h"
#include "train/parallel/comm.h"
#include "train/task.h"
#include "train/tensors.h"

#include <algorithm>

namespace gradwatt {

std::optional<double> score_named(const Scores& scores, std::string_view name) {
  for (const auto& [metric, value] : scores) {
    if (metric == name) {
      return value;
    }
  }
  return std::nullopt;
}

Scores score(Task& task, Examples& examples, const ScoreOptions& options, Comm& comm) {
  const at::NoGradGuard no_graph;
  task.set_training(false);
  MetricSums sums;
  const std::vector<std::int64_t> all = natural_order(examples.count());
  const Share share = share_of(examples.count(), comm.rank(), comm.world());
  const auto rows = std::span(all).subspan(static_cast<std::size_t>(share.first),
                                           static_cast<std::size_t>(share.count));
  const Pass pass{std::min(options.batch, examples.evaluation_batch()), {}};
  examples.each_batch(rows, pass, [&](const Batch& some) {
    const PrecisionGuard guard(options.precision, options.device);
    (void)task.loss(some, &sums);
  });
  sums.sum_over(comm);
  return sums.means();
}

}  // namespace gradwatt
