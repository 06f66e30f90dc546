#include "record/schema.h"

#include <fmt/format.h>

namespace gradwatt {

std::string TableSums::head() const { return fmt::format("{:x} {:x} {:x} ", meta, channels, gaps); }

std::string TableSums::text() const { return head() + fmt::format("{:x} {:x}", marks, states); }

}  // namespace gradwatt
