#pragma once

#include "train/workloads/catalog.h"

#include <string>
#include <string_view>

namespace gradwatt {

// Some flags of gradwatt-train are for one data set or one paradigm. Elsewhere they would change
// nothing, and a run that had them would be recorded as what it is not: they are refused. The one
// table of them is in flag_scope.cpp.

/// Whether `flag` ("--window") can change what the workload does.
[[nodiscard]] bool has_effect(std::string_view flag, const Workload& workload);

/// The workloads that `flag` is for. Example: "--size": "celeba-*, imagenet-*"; "--alpha":
/// "*-multitask"; "--batch": "*".
[[nodiscard]] std::string workloads_with(std::string_view flag);

}  // namespace gradwatt
