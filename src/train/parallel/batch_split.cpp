#include "train/parallel/batch_split.h"

#include "base/error.h"

#include <fmt/format.h>

#include <algorithm>

namespace gradwatt {

BatchSplit split_batch(std::optional<std::int64_t> global,
                       std::optional<std::int64_t> local,
                       std::int64_t standard,
                       int ranks) {
  if (local && !global) {
    return {*local * ranks, *local, 1};
  }
  const std::int64_t all = global.value_or(standard);
  const std::int64_t at_once = local ? *local * ranks : ranks;
  if (all % at_once != 0) {
    const std::int64_t below = all / at_once * at_once;
    throw UsageError(
        local ? fmt::format("a global batch of {} is not made of {} ranks times {} samples",
                            all,
                            ranks,
                            *local)
              : fmt::format("a batch of {} cannot be shared out evenly to {} ranks", all, ranks),
        "--global-batch",
        below > 0 ? fmt::format("{} or {} would do", below, below + at_once)
                  : fmt::format("{} would do", at_once));
  }
  if (!local) {
    return {all, all / ranks, 1};
  }
  return {all, *local, all / at_once};
}

Share share_of(std::int64_t count, int part, int parts) {
  const std::int64_t least = count / parts;
  const std::int64_t larger = count % parts;
  return {part * least + std::min<std::int64_t>(part, larger), least + (part < larger ? 1 : 0)};
}

std::vector<std::int64_t> rows_of_rank(std::span<const std::int64_t> order,
                                       std::int64_t global_batch,
                                       int rank,
                                       int ranks) {
  std::vector<std::int64_t> rows;
  const auto count = static_cast<std::int64_t>(order.size());
  rows.reserve(static_cast<std::size_t>(count / ranks + 1));
  for (std::int64_t first = 0; first < count; first += global_batch) {
    const Share share = share_of(std::min(global_batch, count - first), rank, ranks);
    const auto begin = order.begin() + first + share.first;
    rows.insert(rows.end(), begin, begin + share.count);
  }
  return rows;
}

}  // namespace gradwatt
