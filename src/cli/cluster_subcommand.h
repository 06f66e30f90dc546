#pragma once

#include <functional>

namespace CLI {
class App;
}  // namespace CLI

namespace gradwatt {

/// `gradwatt simulate cluster`: declares its flags on the subcommand and returns what runs.
[[nodiscard]] std::function<int()> declare_cluster(CLI::App& cluster);

}  // namespace gradwatt
