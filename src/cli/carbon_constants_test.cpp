#include "cli/carbon_constants.h"

#include "base/error.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

TEST(CarbonConstants, ReadWhatTheyWrite) {
  EquivalentConstants constants;
  constants.car_g_per_km = 95;
  constants.phone_source = "\"mine\"";
  const EquivalentConstants read =
      parse_carbon_constants(carbon_constants_file(constants), "constants.toml");
  EXPECT_EQ(read.car_g_per_km, 95);
  EXPECT_EQ(read.phone_source, "\"mine\"");
  EXPECT_EQ(read.phone_charge_kwh, constants.phone_charge_kwh);
}

TEST(CarbonConstants, KeepWhatAFileLeavesOut) {
  const EquivalentConstants read = parse_carbon_constants("[car]\ng_per_km = 50\n", "c.toml");
  EXPECT_EQ(read.car_g_per_km, 50);
  EXPECT_EQ(read.phone_charge_kwh, EquivalentConstants{}.phone_charge_kwh);
}

TEST(CarbonConstants, NameTheLineOfWhatIsWrong) {
  for (const char* text : {"[car]\ng_per_km = 0\n",
                           "[car]\nkwh = 1\n",
                           "[plane]\n",
                           "car = 3\n",
                           "[car\n",
                           "[car]\ng_per_km = 'many'\n"}) {
    try {
      (void)parse_carbon_constants(text, "c.toml");
      ADD_FAILURE() << text;
    } catch (const UsageError& error) {
      EXPECT_NE(std::string(error.what()).find("c.toml:"), std::string::npos) << error.what();
    }
  }
}

}  // namespace
}  // namespace gradwatt
