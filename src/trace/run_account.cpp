#include "trace/run_account.h"

#include "base/expects.h"

namespace gradwatt {

const char* name_of(EnergyKind kind) {
  switch (kind) {
    case EnergyKind::measured:
      return "measured";
    case EnergyKind::estimated:
      return "estimated";
    case EnergyKind::mixed:
      return "mixed";
    case EnergyKind::missing:
      return "missing";
  }
  expects(false, "a known kind of energy");
  return "";
}

}  // namespace gradwatt
