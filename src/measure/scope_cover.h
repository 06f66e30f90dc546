#pragma once

#include "trace/sample.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gradwatt {

/// Which scopes a run's total is made of.
enum class CoverChoice {
  components,  ///< CPUs, memory and GPUs where they are measured, else the node.
  node,        ///< The whole node where a sensor measures it, else its components.
};

/// "components" or "node"; nullopt for anything else.
[[nodiscard]] std::optional<CoverChoice> parse_cover_choice(std::string_view text);

struct LeftOut {
  std::string channel;
  std::string why;  ///< "contains gpu0 and pkg0, which are counted themselves"
};

/// Sets in_total so that no joule is counted twice, and says what is left out and why. Channels
/// that are left out for what they are, whatever else is there, keep in_total = false.
///
/// Scopes (ChannelInfo::scope) and what they contain:
///   node         everything below                 grace      cpu-package, dram, sysio of the CPU
///   module       GPU, grace and all its parts     gpu-board  gpu-memory
///   cpu-package  cpu-part                         rail-sum   rails of a board without one
///                                                  for its input
///   dram, sysio  nothing                          node-share the CPU model's guess of the node
/// Never part of a total: platform (psys: its extent is not documented), wall, run-above-idle,
/// cpu-part, gpu-memory, gpu-package, rail, gpu-shared-board (a board of which only a slice is
/// ours).
[[nodiscard]] std::vector<LeftOut> choose_cover(std::vector<SourceColumns>& sources,
                                                CoverChoice choice);

}  // namespace gradwatt
