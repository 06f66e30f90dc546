#pragma once

#include "base/closest_name.h"
#include "base/error.h"

#include <fmt/format.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gradwatt {

/// The member of a catalog with that name. Throws UsageError, with the name that was probably
/// meant, when there is none.
template <typename Member>
const Member& member_named(std::span<const Member> members,
                           std::string_view name,
                           std::string_view kind) {
  std::vector<std::string> names;
  for (const Member& member : members) {
    if (member.name == name) {
      return member;
    }
    names.emplace_back(member.name);
  }
  const auto meant = closest_name(name, names);
  throw UsageError(fmt::format("no such {}", kind),
                   name,
                   meant ? fmt::format("did you mean {}?", *meant) : "gradwatt-train --list");
}

}  // namespace gradwatt
