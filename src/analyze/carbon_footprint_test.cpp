#include "analyze/carbon_footprint.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

TEST(GramsPerJoule, IsIntensityTimesPue) {
  EXPECT_NEAR(kJoulesPerKilowattHour * grams_per_joule(380, 1.2), 456, 1e-9);
  EXPECT_DOUBLE_EQ(grams_per_joule(760, 1), 2 * grams_per_joule(380, 1));
}

TEST(PricePerJoule, IsPriceTimesPue) {
  EXPECT_NEAR(kJoulesPerKilowattHour * price_per_joule({0.30, "EUR"}, 1.2), 0.36, 1e-12);
}

TEST(EmbodiedGrams, AreSharedByTimeAndResources) {
  const double year_s = 365.25 * 86400;
  EXPECT_NEAR(embodied_grams({1000, 4 * year_s, 0.5}, 4 * year_s * 0.0024), 1200, 1e-9);
  EXPECT_DOUBLE_EQ(embodied_grams({1000, year_s, 1}, year_s), 1'000'000);
}

TEST(ParsePrice, ReadsTheUsualForms) {
  for (const char* text : {"0.30EUR/kWh", "0.30 EUR/kWh", "0.30EUR", " 0.3 EUR", "EUR 0.30"}) {
    const auto price = parse_price(text);
    ASSERT_TRUE(price.has_value()) << text;
    EXPECT_DOUBLE_EQ(price->per_kwh, 0.3);
    EXPECT_EQ(price->currency, "EUR");
  }
  EXPECT_EQ(parse_price("$0.12/kWh")->currency, "$");
}

TEST(ParsePrice, RefusesWhatIsNoPrice) {
  for (const char* text : {"", "EUR", "0.30", "-0.3EUR", "0,30EUR", "0.3EUR/MWh", "$0.3USD"}) {
    EXPECT_FALSE(parse_price(text).has_value()) << text;
  }
}

TEST(BoundedNumber, KeepsItsBoundsInOrder) {
  const BoundedNumber saved = BoundedNumber{2, Interval{1, 3}}.times(-2);
  EXPECT_EQ(saved.value, -4);
  EXPECT_EQ(saved.bounds->lo, -6);
  EXPECT_EQ(saved.bounds->hi, -2);
  EXPECT_FALSE(BoundedNumber{2}.times(3).bounds.has_value());
}

}  // namespace
}  // namespace gradwatt
