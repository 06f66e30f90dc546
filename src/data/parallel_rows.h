#pragma once

#include <cstdint>
#include <functional>

namespace gradwatt {

/// Calls `work(first, last)` for pieces [first, last) that together are 0 ... count-1, on `workers`
/// threads (at least one; this one waits). The pieces are small and taken in order.
/// Throws    what the first failing `work` threw, after all threads have ended; pieces not begun
///           by then are left out.
void for_pieces(std::int64_t count,
                int workers,
                const std::function<void(std::int64_t first, std::int64_t last)>& work);

}  // namespace gradwatt
