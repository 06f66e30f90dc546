#pragma once

#include "measure/graphics_card.h"
#include "measure/hwmon.h"
#include "measure/source.h"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <system_error>

namespace gradwatt {

// What may be looked at before a process is started for a family: names of files and devices, which
// the kernel knows by itself. No driver or firmware is asked.

[[nodiscard]] inline bool has_file(const Machine& machine,
                                   std::initializer_list<const char*> paths) {
  return std::any_of(paths.begin(), paths.end(), [&](const char* path) {
    std::error_code error;
    return std::filesystem::exists(machine.sysroot / path, error);
  });
}

[[nodiscard]] inline bool has_chip(const Machine& machine, const std::string& part_of_name) {
  const auto chips = hwmon_devices(machine.sysroot);
  return std::any_of(chips.begin(), chips.end(), [&](const HwmonDevice& chip) {
    return chip.name.find(part_of_name) != std::string::npos;
  });
}

[[nodiscard]] inline bool has_card(const Machine& machine, const std::string& vendor) {
  const auto cards = graphics_cards(machine.sysroot);
  return std::any_of(
      cards.begin(), cards.end(), [&](const GraphicsCard& card) { return card.vendor == vendor; });
}

/// A vendor's library other than the usual one was asked for.
[[nodiscard]] inline bool names_a_file(const std::string& library) {
  return library.find('/') != std::string::npos;
}

}  // namespace gradwatt
