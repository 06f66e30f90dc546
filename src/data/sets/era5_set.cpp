#include "data/era5_check.h"
#include "data/era5_layout.h"
#include "data/era5_maker.h"
#include "data/sets/catalog.h"

namespace gradwatt {

PublishedSet era5_set() {
  return {
      "era5",
      "The weather of 40 years every six hours, as FourCastNet trains on it (Pathak et al. 2022)",
      [](const std::filesystem::path& folder) { return !find_era5(folder).root.empty(); },
      check_era5,
      make_era5};
}

}  // namespace gradwatt
