#include "analyze/minimise.h"

#include "base/expects.h"

#include <array>

namespace gradwatt {
namespace {

struct Entry {
  Minimise what;
  const char* name;
  const char* unit;
};
constexpr std::array<Entry, 3> kEntries{{{Minimise::energy, "energy", "J"},
                                         {Minimise::time, "time", "s"},
                                         {Minimise::edp, "edp", "J s"}}};

const Entry& entry_of(Minimise what) {
  for (const Entry& entry : kEntries) {
    if (entry.what == what) {
      return entry;
    }
  }
  expects(false, "something known to make small");
  return kEntries.front();
}

}  // namespace

const char* name_of(Minimise what) { return entry_of(what).name; }

const char* unit_of(Minimise what) { return entry_of(what).unit; }

std::optional<Minimise> minimise_named(std::string_view name) {
  for (const Entry& entry : kEntries) {
    if (name == entry.name) {
      return entry.what;
    }
  }
  return std::nullopt;
}

std::optional<double> cost_of(Minimise what,
                              std::optional<double> energy_j,
                              std::optional<double> time_s) {
  switch (what) {
    case Minimise::energy:
      return energy_j;
    case Minimise::time:
      return time_s;
    case Minimise::edp:
      return energy_j && time_s ? std::optional(*energy_j * *time_s) : std::nullopt;
  }
  expects(false, "something known to make small");
  return std::nullopt;
}

}  // namespace gradwatt
