#include "record/account.h"

#include <gtest/gtest.h>

#include <random>

namespace gradwatt {
namespace {

ChannelInfo counter(std::string name, bool in_total = true) {
  ChannelInfo info{std::move(name), "device", "rapl", "counter", "cpu-package"};
  info.in_total = in_total;
  return info;
}

Mark mark(double s, std::string key, std::string value) {
  const Instant time = Instant{} + from_seconds(s);
  return {time, time, {}, {}, std::move(key), std::move(value)};
}

/// Ten seconds at 100 W on one channel and 50 W on another that is not part of the total.
NodeRecord ten_seconds() {
  NodeRecord record;
  record.end = Instant{} + from_seconds(10);
  record.finished = true;
  record.sources = {{"rapl", {counter("pkg0"), counter("core0", false)}}};
  for (int i = 0; i <= 100; ++i) {
    record.samples.push_back(
        {0, Instant{} + from_seconds(i * 0.1), {Energy{i * 10'000'000}, Energy{i * 5'000'000}}});
  }
  return record;
}

TEST(AccountOf, SumsTheChannelsOfTheTotalOnly) {
  const auto account = account_of(ten_seconds());
  EXPECT_EQ(account.kind, EnergyKind::measured);
  EXPECT_EQ(account.total->energy, Energy::from_joules(1000));
  EXPECT_EQ(account.channels.at(1).energy->energy, Energy::from_joules(500));
  EXPECT_DOUBLE_EQ(account.channels.at(0).coverage, 1);
}

TEST(AccountOf, ComparesACounterWithThePowerOfItsDevice) {
  NodeRecord record = ten_seconds();
  record.states = {{0, Instant{}, "pkg0", "power_w", 40},
                   {0, Instant{}, "pkg0", "temperature_c", 60},
                   {0, Instant{}, "another", "power_w", 7},
                   {0, Instant{} + from_seconds(5), "pkg0", "power_w", 20}};
  const auto account = account_of(record);
  const auto& check = account.channels.at(0).cross_check;
  ASSERT_TRUE(check);
  EXPECT_NEAR(check->ratio, 1000.0 / 300, 1e-9);
  EXPECT_FALSE(check->plausible);
  EXPECT_NE(account.channels[0].note.find("one of the two is wrong"), std::string::npos);
  EXPECT_FALSE(account.channels.at(1).cross_check);
}

TEST(AccountOf, GivesEpochsTheirEnergyMetricsAndPhases) {
  NodeRecord record = ten_seconds();
  record.marks = {mark(1, "EPOCH", "0"),
                  mark(1, "PHASE", "train"),
                  mark(3, "PHASE_END", "train"),
                  mark(3, "PHASE", "eval"),
                  mark(4, "PHASE_END", "eval"),
                  mark(4, "METRIC", "val_acc:0.5"),
                  mark(4, "SAMPLES", "64"),
                  mark(5, "EPOCH_END", "0")};
  const auto account = account_of(record);
  ASSERT_EQ(account.epochs.size(), 1U);
  const EpochAccount& epoch = account.epochs[0];
  EXPECT_EQ(epoch.energy->energy, Energy::from_joules(400));
  EXPECT_EQ(epoch.metrics.at("val_acc"), 0.5);
  EXPECT_EQ(epoch.samples, 64);
  ASSERT_EQ(epoch.phases.size(), 2U);
  EXPECT_EQ(epoch.phases[0].energy, Energy::from_joules(200));
  EXPECT_EQ(epoch.phases[1].duration, from_seconds(1));
  EXPECT_EQ(account.outside_epochs, Energy::from_joules(600));
  // Five samples at 100 W over four: the equation's own bias.
  ASSERT_TRUE(epoch.energy_eq1);
  EXPECT_NEAR(epoch.energy_eq1->joules(), 500, 1e-3);
}

TEST(AccountOf, HoldsTheTruthBetweenTwoRenewalsOfTheRunsCpuTime) {
  // 40 W from 1 s to 4 s, known at 0 s and 10 s only; the machine's estimate twice a second.
  NodeRecord record;
  record.end = Instant{} + from_seconds(10);
  ChannelInfo run{"cpu-model-run", "cpu", "cpu-model", "model", "run-above-idle"};
  run.kind = EnergyKind::estimated;
  run.refresh = from_seconds(0.01);
  run.power_max = Power{50};
  ChannelInfo whole = run;
  whole.channel = "cpu-model";
  record.sources = {{"cpu-model", {whole, run}}};
  for (int i = 0; i <= 20; ++i) {
    const auto used =
        i % 20 == 0 ? std::optional(Energy::from_joules(i == 0 ? 0 : 120)) : std::nullopt;
    record.samples.push_back(
        {0, Instant{} + from_seconds(0.5 * i), {Energy::from_joules(10 * i), used}});
  }
  record.begin = Instant{} + from_seconds(2);
  record.end = Instant{} + from_seconds(3);
  const BoundedEnergy energy = *account_of(record).channels.at(1).energy;
  EXPECT_LE(energy.lo, Energy::from_joules(40));
  EXPECT_GE(energy.hi, Energy::from_joules(40));
  EXPECT_LE(energy.hi, Energy::from_joules(50));
}

TEST(AccountOf, KnowsNoEnergyOfACounterThatNeverMoved) {
  NodeRecord record = ten_seconds();
  for (SampleRow& row : record.samples) {
    row.channels = {Energy{}, row.channels[1]};
  }
  GapRow still{0, {"pkg0", record.begin, record.end, kStandsStill, 0, true}};
  still.gap.most = Energy::from_joules(5500);
  record.gaps.push_back(still);
  const RunAccount account = account_of(record);
  EXPECT_EQ(account.kind, EnergyKind::missing);
  EXPECT_FALSE(account.total);
  EXPECT_FALSE(account.channels.at(0).energy);
  EXPECT_EQ(account.channels[0].coverage, 0);
  EXPECT_EQ(account.channels[0].note, kStandsStill);
  EXPECT_TRUE(account.channels.at(1).energy);
}

TEST(AccountOf, KnowsNoEnergyWithoutReadings) {
  NodeRecord record;
  record.end = Instant{} + from_seconds(10);
  record.sources = {{"rapl", {counter("pkg0")}}};
  record.samples = {{0, Instant{}, {Energy{}}}};
  record.marks = {mark(1, "EPOCH", "0")};
  const auto account = account_of(record);
  EXPECT_EQ(account.kind, EnergyKind::missing);
  EXPECT_EQ(account.total, std::nullopt);
  EXPECT_EQ(account.epochs.at(0).energy, std::nullopt);
  EXPECT_EQ(account.outside_epochs, std::nullopt);
}

TEST(AccountOf, NamesEstimatesMixedWithMeasurements) {
  NodeRecord record = ten_seconds();
  record.sources[0].channels[1].in_total = true;
  record.sources[0].channels[1].kind = EnergyKind::estimated;
  EXPECT_EQ(account_of(record).kind, EnergyKind::mixed);
}

TEST(AccountOf, WidensTheBoundsByGainAndLostEnergy) {
  NodeRecord record = ten_seconds();
  record.sources[0].channels[0].gain_lo = 0.05;
  record.sources[0].channels[0].gain_hi = 0.10;
  record.sources[0].channels[0].power_max = Power{200};
  record.gaps = {
      {0, {"pkg0", Instant{} + from_seconds(2), Instant{} + from_seconds(3), "reset", 0, true}}};
  const auto account = account_of(record);
  EXPECT_EQ(account.total->lo, Energy::from_joules(950));
  EXPECT_EQ(account.total->hi, Energy::from_joules(1320));  // (1000 + 200 W x 1 s) x 1.1
  EXPECT_DOUBLE_EQ(account.channels[0].coverage, 0.9);
}

TEST(AccountOf, SplitsAPhaseAtTheEndOfAnEpoch) {
  NodeRecord record = ten_seconds();
  record.marks = {mark(0, "EPOCH", "0"),
                  mark(1, "PHASE", "log"),
                  mark(4, "EPOCH_END", "0"),
                  mark(6, "PHASE_END", "log")};
  const auto account = account_of(record);
  EXPECT_EQ(account.epochs[0].phases[0].energy, Energy::from_joules(300));
  EXPECT_EQ(account.outside_phases[0].energy, Energy::from_joules(200));
}

// The law of the account, whatever the marks and the readings.
TEST(AccountOf, AddsEpochsAndTheRestUpToTheTotalToTheMicrojoule) {
  std::mt19937_64 random(11);
  const std::vector<std::string> keys{"EPOCH", "EPOCH_END", "PHASE", "PHASE_END"};
  for (int round = 0; round < 2'000; ++round) {
    NodeRecord record;
    record.begin = Instant{1'000};
    record.end = Instant{1'000 + static_cast<std::int64_t>(random() % 5'000'000'000)};
    record.sources = {{"rapl", {counter("pkg0"), counter("dram0")}}};
    SampleRow row{0, Instant{static_cast<std::int64_t>(random() % 2'000)}, {Energy{}, Energy{}}};
    for (int i = 0; i < 40; ++i) {
      record.samples.push_back(row);
      row.time = row.time + Duration(1 + static_cast<std::int64_t>(random() % 200'000'000));
      *row.channels[0] += Energy{static_cast<std::int64_t>(random() % 30'000'001)};
      *row.channels[1] += Energy{static_cast<std::int64_t>(random() % 1'000'003)};
    }
    for (int i = 0; i < 12; ++i) {
      record.marks.push_back(mark(static_cast<double>(random() % 5'500) / 1000.0,
                                  keys[random() % keys.size()],
                                  std::to_string(random() % 3)));
    }
    const auto account = account_of(record);
    Energy sum = *account.outside_epochs;
    for (const EpochAccount& epoch : account.epochs) {
      sum += epoch.energy->energy;
      EXPECT_LE(epoch.energy->lo, epoch.energy->energy);
      EXPECT_LE(epoch.energy->energy, epoch.energy->hi);
    }
    EXPECT_EQ(sum, account.total->energy);
  }
}

}  // namespace
}  // namespace gradwatt
