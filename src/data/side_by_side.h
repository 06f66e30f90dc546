#pragma once

#include <cstddef>
#include <functional>

namespace gradwatt {

/// Calls work(0) ... work(count - 1), several at a time: as many as this process has processors.
/// Each must touch only what is its own. When some throw, the exception of the smallest index is
/// thrown after all have ended: which one does not depend on the threads.
void side_by_side(std::size_t count, const std::function<void(std::size_t)>& work);

}  // namespace gradwatt
