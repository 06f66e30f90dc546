#pragma once

#include "units/instant.h"

#include <string>
#include <string_view>

namespace gradwatt {

/// A new ULID: 26 characters, 48 bits of time and 80 random bits in Crockford's base 32, so that
/// ids sort by time and never meet. Source: the ULID specification.
[[nodiscard]] std::string new_ulid(WallTime time);

[[nodiscard]] bool is_ulid(std::string_view text);

}  // namespace gradwatt
