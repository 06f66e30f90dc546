#include "report/nodes_text.h"

#include "report/calibrated_text.h"
#include "report/columns.h"
#include "units/show.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace gradwatt {
namespace {

constexpr std::size_t kNodesListed = 8;

std::string clock_text(const NodeAccount& node) {
  if (!node.clock_offset || !node.clock_uncertainty) {
    return "not known to agree";
  }
  if (*node.clock_offset == Duration{} && *node.clock_uncertainty == Duration{}) {
    return "the same";
  }
  return fmt::format("± {:.3g} ms", 1e3 * seconds(*node.clock_uncertainty));
}

/// "0-3" or "0, 2": the ranks, and which of them failed.
std::string ranks_text(const NodeAccount& node) {
  std::string text;
  std::string failed;
  const bool in_a_row =
      node.ranks.size() > 2 && node.ranks.rbegin()->first - node.ranks.begin()->first + 1 ==
                                   static_cast<int>(node.ranks.size());
  if (in_a_row) {
    text = fmt::format("{}-{}", node.ranks.begin()->first, node.ranks.rbegin()->first);
  }
  for (const auto& [rank, status] : node.ranks) {
    if (!in_a_row) {
      text += fmt::format("{}{}", text.empty() ? "" : ", ", rank);
    }
    if (status.value_or(0) != 0) {
      failed += fmt::format(" · {}: exit {}", rank, *status);
    }
  }
  return text + failed;
}

bool uses_less(const NodeAccount& a, const NodeAccount& b) {
  return a.energy.value_or(BoundedEnergy{}).energy < b.energy.value_or(BoundedEnergy{}).energy;
}

std::string node_energy(const NodeAccount& node) {
  return fmt::format("{} {}{}",
                     printable(node.node),
                     node.energy ? show_energy(node.energy->energy) : "unknown",
                     node.finished ? "" : " until its monitor died");
}

}  // namespace

std::string nodes_line(const RunAccount& account) {
  if (account.nodes.empty()) {
    return "";
  }
  std::string text = fmt::format("  nodes       {}", account.nodes.size());
  if (account.nodes_expected.value_or(0) > static_cast<int>(account.nodes.size())) {
    text += fmt::format(" of {}", *account.nodes_expected);
  }
  if (account.nodes.size() > kNodesListed) {
    const auto [least, most] =
        std::minmax_element(account.nodes.begin(), account.nodes.end(), uses_less);
    return text + fmt::format(": {} to {}\n", node_energy(*least), node_energy(*most));
  }
  const char* separator = ": ";
  for (const NodeAccount& node : account.nodes) {
    text += separator + node_energy(node);
    separator = " · ";
  }
  return text + "\n";
}

std::string nodes_table(const RunAccount& account) {
  if (account.nodes.empty()) {
    return "";
  }
  std::vector<std::vector<std::string>> rows{
      {"node", "energy", "time", "of the time", "clock", "ranks"}};
  for (const NodeAccount& node : account.nodes) {
    rows.push_back({printable(node.node),
                    node.energy ? with_interval(*node.energy) : "unknown",
                    node.duration ? show_duration(*node.duration) : "",
                    fmt::format("{:.1f} %", 100 * node.coverage),
                    clock_text(node),
                    ranks_text(node)});
  }
  return "\n" + aligned(rows, {false, true, true, true, false, false});
}

}  // namespace gradwatt
