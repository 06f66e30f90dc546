#include "train/paradigms/catalog.h"

#include "train/member_named.h"

#include <vector>

namespace gradwatt {

std::span<const Paradigm> paradigms() {
  static const std::vector<Paradigm> all{
      classify(),
      joint(),
      pretrain(),
      frozen(),
      unfrozen(),
      identity(),
      attributes(),
      multitask(),
      forecast(),
      finetune(),
  };
  return all;
}

const Paradigm& paradigm_named(std::string_view name) {
  return member_named(paradigms(), name, "paradigm");
}

}  // namespace gradwatt
