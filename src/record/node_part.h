#pragma once

#include "record/manifest.h"
#include "units/clock_pair.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

/// node-<name>.json: what one node of a job says of its share in a run. Written by that node alone,
/// as its node file is, so that no file of a run has two writers. Ordinary runs have none.
struct NodePart {
  std::string node;
  std::optional<int> nodes;  ///< How many nodes the job has, as its launcher said.
  RunState state = RunState::running;
  WallTime started_at;
  std::optional<Duration> duration;
  std::string boot;               ///< The kernel's boot id: nodes with one id share their clocks.
  std::vector<ClockPair> clocks;  ///< At the begin and at the end.
  std::map<int, std::optional<int>> ranks;  ///< Exit status of each process that joined.
  std::map<std::string, std::string> environment;
};

/// Writes the part into a run's folder, atomically. Throws Error.
void save_node_part(const std::filesystem::path& folder, const NodePart& part);

/// The parts of all nodes, by name; empty for an ordinary run. The part of a node whose monitor
/// died is `interrupted`. Throws Error when one is damaged or too new.
[[nodiscard]] std::vector<NodePart> load_node_parts(const std::filesystem::path& folder);

/// A node's clock in terms of another's.
struct NodeClock {
  Duration offset{};                    ///< Added to a time of `from`: the same moment for `to`.
  std::optional<Duration> uncertainty;  ///< To either side. Absent: the wall clocks may disagree.
};

/// Compares two monotonic clocks through the wall clocks.
///
///   offset = mean of (wall - monotonic) of `from` - the same of `to`
///
/// Its uncertainty is the sum for both nodes of: how far the pairs were apart, how far the kernel
/// says that the wall clock may be off, and half of what wall - monotonic changed meanwhile.
/// Nodes with one boot id share a clock: 0, exactly.
/// Example  monotonic 10 s at 12:00:00 here and 70 s at 12:00:00 there: from here to there + 60 s.
[[nodiscard]] NodeClock clock_between(const NodePart& from, const NodePart& to);

}  // namespace gradwatt
