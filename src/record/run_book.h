#pragma once

#include "trace/energy_book.h"

#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

/// The energy of a run as a function of time, summed over the nodes that measured it. Times are
/// those of the run: each node's own clock plus its offset.
///
/// A window counts for a node as far as the node's own run goes, so that windows that meet add up
/// to the microjoule, on each node and in the sum. Where a clock's offset is known to within u, the
/// window may have begun and ended u earlier or later there: the interval holds what the node used
/// between the latest begin and the earliest end, and between the earliest and the latest.
/// Example  a node with an even 100 W and an offset known to 1 s: a window of 10 s used 1000 J,
///          between 800 J and 1200 J.
class RunBook {
 public:
  struct Node {
    EnergyBook book;
    Instant begin;  ///< Of the node's run, on its own clock.
    Instant end;
    Duration offset{};                    ///< Added to a time of the node: the run's time.
    std::optional<Duration> uncertainty;  ///< Of the offset. Absent: it may be anything.
  };
  void add(Node node) { nodes_.push_back(std::move(node)); }

  /// As in EnergyBook. nullopt also when one of the nodes has measured nothing.
  [[nodiscard]] std::optional<Energy> energy(Instant begin, Instant end) const;
  [[nodiscard]] std::optional<BoundedEnergy> bounded(Instant begin, Instant end) const;
  [[nodiscard]] double coverage(Instant begin, Instant end) const;
  [[nodiscard]] std::optional<Energy> equation_1(Instant begin, Instant end) const;
  [[nodiscard]] std::string blindness(Duration duration, std::optional<Duration> period) const;

 private:
  std::vector<Node> nodes_;
};

/// Adds `part` to `sum`, bound by bound.
void add_to(BoundedEnergy& sum, const BoundedEnergy& part);

}  // namespace gradwatt
