#include "base/error.h"
#include "report/carbon_view.h"
#include "report/carbon_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace gradwatt {
namespace {

using testing::HasSubstr;
using testing::Not;

CarbonView one_kilowatt_hour() {
  CarbonView view;
  CarbonRun run;
  run.run = "01ABC";
  run.name = "train";
  run.energy_j = BoundedNumber{3.6e6, Interval{3.4e6, 3.9e6}};
  run.kind = "measured";
  run.boundary = "gpu-board";
  run.method = "nvml (counter)";
  run.duration_s = 3600;
  view.runs.push_back(run);
  return view;
}

CarbonView in_germany() {
  CarbonView view = one_kilowatt_hour();
  view.rates.g_per_kwh = 380;
  view.rates.intensity_source = "Germany 2023, Ember";
  view.rates.location = "Germany";
  view.rates.pue = 1.2;
  return view;
}

TEST(CarbonText, NamesEveryFactor) {
  const std::string text = carbon_text(in_germany());
  EXPECT_THAT(text, HasSubstr("energy      3.60 MJ [3.40 MJ, 3.90 MJ] = 1 kWh, measured\n"));
  EXPECT_THAT(text, HasSubstr("CO2e        456 g [431 g, 494 g]\n"));
  EXPECT_THAT(text, HasSubstr("= 1 kWh × PUE 1.2 × 380 g/kWh (Germany 2023, Ember)\n"));
  EXPECT_THAT(text, Not(HasSubstr("PUE 1:")));
}

TEST(CarbonText, NeverSaysZeroForUnknown) {
  const std::string text = carbon_text(one_kilowatt_hour());
  EXPECT_THAT(text, HasSubstr("CO2e        unknown: whose electricity was it?"));
  CarbonView nothing = in_germany();
  nothing.runs[0].energy_j.reset();
  EXPECT_THAT(carbon_text(nothing), HasSubstr("energy      unknown"));
  const auto json = nlohmann::json::parse(carbon_to_json(nothing));
  EXPECT_TRUE(json["total"]["g_co2e"].is_null());
  EXPECT_TRUE(json["runs"][0]["energy_j"].is_null());
}

TEST(CarbonView, AddsRunsAndTheirBounds) {
  CarbonView view = in_germany();
  view.runs.push_back(view.runs[0]);
  EXPECT_NEAR(total_grams(view)->value, 912, 1e-9);
  EXPECT_NEAR(total_grams(view)->bounds->lo, 2 * 3.4e6 * 1.2 * 380 / 3.6e6, 1e-9);
  view.runs.push_back(CarbonRun{});  // Its energy is unknown.
  EXPECT_NEAR(total_grams(view)->value, 912, 1e-9);
  view.runs[1].energy_j->bounds.reset();
  EXPECT_FALSE(total_grams(view)->bounds.has_value());
}

TEST(CarbonView, TakesARunsOwnIntensityFirst) {
  CarbonView view = in_germany();
  view.runs[0].g_per_kwh = 100;
  EXPECT_NEAR(total_grams(view)->value, 120, 1e-9);
}

TEST(CarbonModelCard, IsYamlWithItsSource) {
  const std::string card = carbon_model_card(in_germany());
  EXPECT_THAT(card, HasSubstr("co2_eq_emissions:\n  emissions: 456  # grams\n"));
  EXPECT_THAT(card, HasSubstr("1 kWh (measured) x PUE 1.2 x 380 g CO2e/kWh (Germany 2023, Ember)"));
  EXPECT_THAT(card, HasSubstr("geographical_location: \"Germany\""));
  EXPECT_THAT(card, Not(HasSubstr("hardware_used")));
  EXPECT_THROW((void)carbon_model_card(one_kilowatt_hour()), UsageError);
}

TEST(CarbonAnnexXi, SaysBoundaryMethodAndRange) {
  std::string text = carbon_annex_xi(in_germany());
  std::replace(text.begin(), text.end(), '\n', ' ');
  EXPECT_THAT(text, HasSubstr("used 1.2 kWh of electricity (between 1.13 kWh and 1.3 kWh)"));
  EXPECT_THAT(text, HasSubstr("Boundary: gpu-board"));
  EXPECT_THAT(text, HasSubstr("reading nvml (counter)"));
  CarbonView unknown = in_germany();
  unknown.runs.push_back(CarbonRun{});
  EXPECT_THROW((void)carbon_annex_xi(unknown), UsageError);
}

TEST(CarbonWords, ShowMassesAndPrices) {
  EXPECT_EQ(show_grams(0.00224), "2.24 mg");
  EXPECT_EQ(show_grams(1234000), "1.23 t");
  EXPECT_EQ(show_grams(999.9), "1 kg");
  EXPECT_EQ(show_grams(0), "0 g");
  EXPECT_EQ(show_price(0.36, "EUR"), "0.36 EUR");
  EXPECT_EQ(show_price(12.3, "EUR"), "12.30 EUR");
}

TEST(CarbonWords, SayWhatASavingAvoids) {
  EXPECT_EQ(avoided_text({3.6e6, std::nullopt}, CarbonRates{}), "");
  EXPECT_THAT(avoided_text({3.6e6, std::nullopt}, in_germany().rates),
              HasSubstr("That avoids 456 g CO2e, at 380 g/kWh (Germany 2023, Ember), PUE 1.2."));
}

}  // namespace
}  // namespace gradwatt
