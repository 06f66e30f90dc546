#include "data/pamap2_check.h"
#include "data/pamap2_layout.h"
#include "data/pamap2_maker.h"
#include "data/sets/catalog.h"

namespace gradwatt {

PublishedSet pamap2_set() {
  return {"pamap2",
          "Inertial sensors on nine people, 12 activities (Reiss, Stricker 2012)",
          [](const std::filesystem::path& folder) { return !pamap2_protocol(folder).empty(); },
          check_pamap2,
          make_pamap2};
}

}  // namespace gradwatt
