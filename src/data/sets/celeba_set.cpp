#include "data/celeba_check.h"
#include "data/celeba_maker.h"
#include "data/celeba_tables.h"
#include "data/sets/catalog.h"

namespace gradwatt {

PublishedSet celeba_set() {
  return {"celeba",
          "Photographs of faces, 10,177 identities and 40 attributes (Liu et al. 2015)",
          [](const std::filesystem::path& folder) { return !celeba_root(folder).empty(); },
          check_celeba,
          make_celeba};
}

}  // namespace gradwatt
