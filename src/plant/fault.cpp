#include "plant/fault.h"

#include "base/closest_name.h"
#include "base/error.h"

#include <fmt/format.h>

#include <array>
#include <string>
#include <vector>

namespace gradwatt {
namespace {

using Kind = Fault::Kind;

constexpr std::array<NamedFault, 13> kFaults{{
    {"none", Kind::none, "nothing goes wrong", true, true, true},
    {"failed-read", Kind::failed_read, "one reading fails", true, true, true},
    {"failed-reads", Kind::failed_reads, "readings fail for a while"},
    {"wrap", Kind::wrap, "the counter passes its range every few seconds", true, false, true},
    {"reset", Kind::reset, "the counter begins at 0 again", true, false},
    {"glitch", Kind::glitch, "one reading makes no sense", true, false, true},
    {"freeze", Kind::freeze, "the counter stands still, then catches up", true, false},
    {"freeze-losing",
     Kind::freeze_losing,
     "the counter stands still and loses energy",
     true,
     false},
    {"latency", Kind::latency, "readings take 30 ms for a while"},
    {"stall", Kind::stall, "the sampler is stopped for a while"},
    {"scale", Kind::scale, "a scale error within the stated 5 %", true, true, true},
    {"spike", Kind::spike, "one reading shows an impossible power", false, true},
    {"suspend", Kind::suspend, "the machine is suspended, counters begin anew"},
}};

}  // namespace

std::span<const NamedFault> named_faults() { return kFaults; }

const NamedFault& fault_named(std::string_view name) {
  std::vector<std::string> known;
  for (const NamedFault& fault : kFaults) {
    if (name == fault.name) {
      return fault;
    }
    known.emplace_back(fault.name);
  }
  throw UsageError(fmt::format("there is no fault '{}'", name), "fault", known_names(name, known));
}

}  // namespace gradwatt
