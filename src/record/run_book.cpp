#include "record/run_book.h"

#include <algorithm>

namespace gradwatt {
namespace {

struct NodeWindow {
  Instant begin;
  Instant end;
};

/// The window on a node's own clock, as far as the node's run goes.
NodeWindow window_on(const RunBook::Node& node, Instant begin, Instant end) {
  return {std::clamp(begin - node.offset, node.begin, node.end),
          std::clamp(end - node.offset, node.begin, node.end)};
}

/// The sum over the nodes of what `answer` says of each; nullopt when one of them knows nothing.
template <typename Answer>
std::optional<Energy> sum_over(const std::vector<RunBook::Node>& nodes, Answer answer) {
  std::optional<Energy> sum;
  for (const RunBook::Node& node : nodes) {
    const std::optional<Energy> part = answer(node);
    if (!part) {
      return std::nullopt;
    }
    sum = sum.value_or(Energy{}) + *part;
  }
  return sum;
}

/// Widens what a node used in a window by what an offset known to within `slack` can change.
void widen(BoundedEnergy& energy, const RunBook::Node& node, NodeWindow window, Duration slack) {
  const Instant late = std::min(window.begin + slack, node.end);
  const Instant early = std::max(window.end - slack, node.begin);
  const BoundedEnergy least =
      late < early ? node.book.bounded(late, early).value_or(BoundedEnergy{}) : BoundedEnergy{};
  const auto most = node.book.bounded(std::max(window.begin - slack, node.begin),
                                      std::min(window.end + slack, node.end));
  energy.lo = std::min(energy.lo, least.lo);
  energy.random_lo = std::min(energy.random_lo, least.random_lo);
  if (most) {
    energy.hi = std::max(energy.hi, most->hi);
    energy.random_hi = std::max(energy.random_hi, most->random_hi);
  }
}

}  // namespace

void add_to(BoundedEnergy& sum, const BoundedEnergy& part) {
  sum.energy += part.energy;
  sum.lo += part.lo;
  sum.hi += part.hi;
  sum.random_lo += part.random_lo;
  sum.random_hi += part.random_hi;
}

std::optional<Energy> RunBook::energy(Instant begin, Instant end) const {
  return sum_over(nodes_, [&](const Node& node) {
    const NodeWindow window = window_on(node, begin, end);
    return node.book.energy(window.begin, window.end);
  });
}

std::optional<BoundedEnergy> RunBook::bounded(Instant begin, Instant end) const {
  std::optional<BoundedEnergy> sum;
  for (const Node& node : nodes_) {
    const NodeWindow window = window_on(node, begin, end);
    std::optional<BoundedEnergy> part = node.book.bounded(window.begin, window.end);
    if (!part) {
      return std::nullopt;
    }
    const Duration slack = node.uncertainty.value_or(node.end - node.begin);
    if (slack > Duration{}) {
      widen(*part, node, window, slack);
    }
    sum = sum.value_or(BoundedEnergy{});
    add_to(*sum, *part);
  }
  return sum;
}

double RunBook::coverage(Instant begin, Instant end) const {
  double least = nodes_.empty() ? 0 : 1;
  for (const Node& node : nodes_) {
    const NodeWindow window = window_on(node, begin, end);
    const double inside = node.book.coverage(window.begin, window.end);
    // Before and behind its own run a node is not covered.
    const bool is_whole = window.end - window.begin == end - begin;
    least = std::min(
        least,
        is_whole ? inside : inside * seconds(window.end - window.begin) / seconds(end - begin));
  }
  return least;
}

std::optional<Energy> RunBook::equation_1(Instant begin, Instant end) const {
  return sum_over(nodes_, [&](const Node& node) {
    const NodeWindow window = window_on(node, begin, end);
    return node.book.equation_1(window.begin, window.end);
  });
}

std::string RunBook::blindness(Duration duration, std::optional<Duration> period) const {
  for (const Node& node : nodes_) {
    if (std::string why = node.book.blindness(duration, period); !why.empty()) {
      return why;
    }
  }
  return "";
}

}  // namespace gradwatt
