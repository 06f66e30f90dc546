#include "report/calibrated_text.h"

#include "report/run_json.h"
#include "report/run_text.h"
#include "report/run_view_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace gradwatt {
namespace {

using testing::HasSubstr;
using testing::Not;

RunView calibrated() {
  RunView run = two_epochs();
  run.account->channels[0].info.gain_lo = run.account->channels[0].info.gain_hi = 0.05;
  const std::string key = sensor_key(run.account->channels[0].info);
  run.calibration.emplace();
  run.calibration->idle[key] = {Power{20}, Power{0}, 30};
  WallFit fit;
  fit.offset = Power{30};
  fit.gain = 1.2;
  fit.channels = {key};
  fit.least = Power{50};
  fit.most = Power{150};
  run.calibration->wall = fit;
  return run;
}

TEST(CalibratedText, StandsBesideTheEnergyAndNeverInItsPlace) {
  const std::string text = run_summary_text(calibrated());
  EXPECT_THAT(text, HasSubstr("  energy      1.00 kJ [950 J, 1.05 kJ]"));
  EXPECT_THAT(text, HasSubstr("  above idle  800 J [750 J, 850 J]   idle 20.0 W\n"));
  EXPECT_THAT(text, HasSubstr("  at the wall 1.50 kJ [1.44 kJ, 1.56 kJ]"));
  EXPECT_THAT(run_summary_text(two_epochs()), Not(HasSubstr("idle ")));
}

TEST(CalibratedText, SaysWhyTheWallIsUnknown) {
  RunView run = calibrated();
  run.calibration->wall->most = Power{60};
  EXPECT_THAT(calibrated_text(run), HasSubstr("at the wall unknown: the meter was fitted between"));
}

TEST(CalibratedText, ShowsAMeterBeside) {
  RunView run = two_epochs();
  ChannelAccount meter = run.account->channels[0];
  meter.info.channel = "wall";
  meter.info.scope = "wall";
  meter.info.in_total = false;
  meter.note = "aligned";
  run.account->channels.push_back(meter);
  EXPECT_THAT(calibrated_text(run), HasSubstr("  wall        1.00 kJ [950 J, 1.05 kJ]   a meter"));
}

TEST(DevicesText, TellsTemperatureAndLimit) {
  RunView run = two_epochs();
  run.devices["GPU-1"]["temperature_c"] = {61, 50, 70, 70};
  run.devices["GPU-1"]["power_limit_w"] = {700, 700, 700, 700};
  EXPECT_EQ(devices_text(run),
            "  device      GPU-1  61 °C on average, 70 °C at most  limit 700 W\n");
  const auto json = nlohmann::json::parse(run_to_json(run));
  EXPECT_EQ(json.at("devices").at("GPU-1").at("temperature_c").at("mean"), 61);
}

TEST(RunToJson, GivesRawAboveIdleAndWallSideBySide) {
  const auto json = nlohmann::json::parse(run_to_json(calibrated()));
  const auto& energy = json.at("energy");
  EXPECT_EQ(energy.at("total_j"), 1000.0);
  EXPECT_EQ(energy.at("above_idle_j"), 800.0);
  EXPECT_EQ(energy.at("above_idle_lo_j"), 750.0);
  EXPECT_EQ(energy.at("above_idle_hi_j"), 850.0);
  EXPECT_EQ(energy.at("wall_j"), 1500.0);
  EXPECT_EQ(energy.at("wall_lo_j"), 1440.0);
  EXPECT_EQ(json.at("idle_power_w"), 20.0);
  const auto plain = nlohmann::json::parse(run_to_json(two_epochs()));
  EXPECT_TRUE(plain.at("energy").at("above_idle_j").is_null());
  EXPECT_TRUE(plain.at("energy").at("wall_j").is_null());
  EXPECT_TRUE(plain.at("idle_power_w").is_null());
}

TEST(RunToJson, TellsWhatMakesAnIntervalWide) {
  RunView run = two_epochs();
  ChannelAccount& channel = run.account->channels[0];
  channel.terms = {50, 2, 0.5, 1};
  channel.estimated_s = 0.25;
  channel.cross_check = {0.98, 63, true};
  channel.note = "a note";
  PhaseAccount& phase = run.account->epochs[0].phases[0];
  phase.bounds =
      BoundedEnergy{Energy::from_joules(300), Energy::from_joules(290), Energy::from_joules(310)};
  phase.not_observable = "too short";
  run.account->monitor.reading_s = 0.5;
  const auto json = nlohmann::json::parse(run_to_json(run));
  const auto& told = json.at("energy").at("channels").at(0);
  EXPECT_EQ(told.at("terms").at("gain_j"), 50.0);
  EXPECT_EQ(told.at("terms").at("gap_j"), 1.0);
  EXPECT_EQ(told.at("estimated_s"), 0.25);
  EXPECT_EQ(told.at("cross_check"), 0.98);
  EXPECT_EQ(told.at("cross_check_readings"), 63);
  EXPECT_EQ(told.at("cross_check_plausible"), true);
  EXPECT_EQ(told.at("note"), "a note");
  EXPECT_EQ(told.at("random_lo_j"), 950.0);
  const auto& train = json.at("epochs").at(0).at("phases").at("train");
  EXPECT_EQ(train.at("lo_j"), 290.0);
  EXPECT_EQ(train.at("not_observable"), "too short");
  EXPECT_TRUE(json.at("epochs").at(1).at("phases").at("train").at("lo_j").is_null());
  EXPECT_EQ(json.at("monitor").at("reading_s"), 0.5);
}

}  // namespace
}  // namespace gradwatt
