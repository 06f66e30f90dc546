#include "train/workloads/catalog.h"

#include "base/closest_name.h"
#include "base/error.h"

#include <fmt/format.h>

#include <vector>

namespace gradwatt {

std::span<const Workload> workloads() {
  static const std::vector<Workload> all{
      fashion_classify(),
  };
  return all;
}

const Workload& workload_named(std::string_view name) {
  std::vector<std::string> names;
  for (const Workload& workload : workloads()) {
    if (workload.name == name) {
      return workload;
    }
    names.emplace_back(workload.name);
  }
  const auto meant = closest_name(name, names);
  throw UsageError("no such workload",
                   name,
                   meant ? fmt::format("did you mean {}?", *meant) : "gradwatt-train --list");
}

}  // namespace gradwatt
