#include "analyze/carbon_intensity.h"

#include <gtest/gtest.h>

#include <set>

namespace gradwatt {
namespace {

TEST(CountryIntensity, IsFoundByCodeOrNameInAnyCase) {
  for (const char* name : {"DE", "de", "DEU", "Germany", "germany"}) {
    const CountryIntensity* country = find_country(name);
    ASSERT_NE(country, nullptr) << name;
    EXPECT_EQ(country->g_per_kwh, 381);
    EXPECT_EQ(country->year, 2023);
  }
  EXPECT_EQ(find_country("world")->g_per_kwh, 481);
  EXPECT_EQ(find_country("FR")->g_per_kwh, 56);
}

TEST(CountryIntensity, IsNotGuessed) {
  EXPECT_EQ(find_country("XX"), nullptr);
  EXPECT_EQ(find_country(""), nullptr);
  EXPECT_EQ(find_country("Germ"), nullptr);
}

TEST(CountryIntensities, AreManyEachOncePlausibleAndDated) {
  std::set<std::string> codes;
  for (const CountryIntensity& row : country_intensities()) {
    EXPECT_TRUE(codes.insert(row.code).second) << row.code;
    EXPECT_EQ(row.code3.size(), 3U) << row.code;
    EXPECT_GT(row.g_per_kwh, 20) << row.code;
    EXPECT_LT(row.g_per_kwh, 1000) << row.code;
    EXPECT_TRUE(row.year == 2022 || row.year == 2023) << row.code;
    EXPECT_EQ(row.source, "Ember");
  }
  EXPECT_GT(codes.size(), 60U);
}

}  // namespace
}  // namespace gradwatt
