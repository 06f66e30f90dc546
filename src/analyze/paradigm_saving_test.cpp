#include "analyze/paradigm_saving.h"

#include "analyze/study_paper.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

namespace gradwatt {
namespace {

TrainingKind printed_task(const PaperTask& task, PaperMachine machine) {
  const double epochs = task.epochs.*machine;
  const double epoch_j = task.mwh_per_epoch.*machine * kJoulesPerMilliwattHour;
  return {{TrainingCost{epochs * epoch_j, epochs, epoch_j}}};
}

TrainingKind repeats_of(const std::vector<double>& energies, double epochs = 10) {
  TrainingKind kind(1);
  for (const double energy : energies) {
    kind[0].push_back({energy, epochs, energy / epochs});
  }
  return kind;
}

ParadigmSaving against(const TrainingKind& one, const TrainingKind& other) {
  return paradigm_saving(one, std::vector<TrainingKind>{other});
}

TEST(ParadigmSaving, OfStudy1sMultitaskIsThatOfTable4AndComesFromTheEpochs) {
  const PaperTable4 table = paper_table4();
  struct Expected {
    PaperMachine machine;
    double saving, to_cheapest, epochs;
  };
  for (const Expected& expected : {Expected{&PaperPair::cuda, 0.726, 0.054, 142.0 / 518},
                                   Expected{&PaperPair::mps, 0.718, 0.093, 145.0 / 520}}) {
    const ParadigmSaving saving =
        paradigm_saving(printed_task(table.both, expected.machine),
                        std::vector<TrainingKind>{printed_task(table.attributes, expected.machine),
                                                  printed_task(table.identity, expected.machine)});
    EXPECT_NEAR(1 - saving.energy.value, expected.saving, 0.0005);
    EXPECT_NEAR(1 - saving.to_cheapest->value, expected.to_cheapest, 0.0005);
    EXPECT_EQ(saving.cheapest, 1U);
    EXPECT_NEAR(saving.epochs->value, expected.epochs, 1e-12);
    EXPECT_NEAR(saving.epoch_energy->value, 1, 0.012);
    EXPECT_NEAR(*saving.rest, 1, 1e-12);
    EXPECT_EQ(saving.energy.interval, std::nullopt);  // The paper prints no repeats.
  }
}

TEST(ParadigmSaving, OfStudy1sFrozenEncoderIsThatOfTable3) {
  const PaperTable3 table = paper_table3();
  const auto saving = [&](PaperMachine machine) {
    const TrainingKind frozen{{TrainingCost{table.frozen_wh.*machine, std::nullopt, std::nullopt}}};
    const TrainingKind free{{TrainingCost{table.unfrozen_wh.*machine, std::nullopt, std::nullopt}}};
    return against(frozen, free);
  };
  EXPECT_NEAR(1 - saving(&PaperPair::cuda).energy.value, 0.615, 0.0005);
  EXPECT_NEAR(1 - saving(&PaperPair::mps).energy.value, 0.465, 0.0005);
  EXPECT_EQ(saving(&PaperPair::cuda).epochs, std::nullopt);
  EXPECT_EQ(saving(&PaperPair::cuda).to_cheapest, std::nullopt);
}

TEST(ParadigmSaving, IsTheProductOfItsFactors) {
  const TrainingKind both{{{300, 6, 40}, {330, 7, 42}}};
  const std::vector<TrainingKind> tasks{{{{400, 9, 41}, {380, 8, 40}}},
                                        {{{200, 4, 44}, {210, 4, 43}}}};
  const ParadigmSaving saving = paradigm_saving(both, tasks);
  EXPECT_NEAR(
      saving.epochs->value * saving.epoch_energy->value * *saving.rest, saving.energy.value, 1e-12);
  EXPECT_TRUE(saving.epochs->interval && saving.epoch_energy->interval);
  EXPECT_DOUBLE_EQ(saving.energy.value, 315.0 / 595);
}

TEST(ParadigmSaving, HasTheIntervalOfWelchWhereTheScatterIsSmall) {
  const std::vector<double> a{90, 91, 92};
  const std::vector<double> b{180, 183, 181};
  const Ratio delta = against(repeats_of(a), repeats_of(b)).energy;
  const Ratio welch = welch_ratio(a, b);
  EXPECT_NEAR(delta.value, welch.value, 1e-4);
  EXPECT_NEAR(delta.interval->lo, welch.interval->lo, 1e-3);
  EXPECT_NEAR(delta.interval->hi, welch.interval->hi, 1e-3);
  EXPECT_NEAR(*delta.p_value, *welch.p_value, 1e-4);
}

TEST(ParadigmSaving, OfSeveralSetupsTakesThemAsPairs) {
  // Every setup saves about half, although setups differ by factors.
  const TrainingKind frozen{{{50, 10, 5}}, {{510, 10, 51}}, {{98, 10, 9.8}}};
  const TrainingKind free{{{100, 10, 10}}, {{1000, 10, 100}}, {{200, 10, 20}}};
  const ParadigmSaving saving = against(frozen, free);
  EXPECT_EQ(saving.setups, 3U);
  EXPECT_NEAR(saving.energy.value, 658.0 / 1300, 1e-12);
  EXPECT_GT(saving.energy.interval->lo, 0.47);
  EXPECT_LT(saving.energy.interval->hi, 0.55);
}

TEST(ParadigmSaving, HasNoIntervalFromSingleRuns) {
  EXPECT_EQ(against(repeats_of({50}), repeats_of({100, 101})).energy.interval, std::nullopt);
  EXPECT_EQ(against(repeats_of({50, 50}), repeats_of({99, 99})).energy.interval, std::nullopt);
}

/// Repeats whose energies scatter by a factor; normal numbers by Box and Muller.
TrainingKind scattered_kind(std::mt19937_64& random, int repeats, double mean, double cv) {
  std::vector<double> energies;
  for (int i = 0; i < repeats; ++i) {
    const double u = (static_cast<double>(random() >> 11U) + 0.5) * 0x1p-53;
    const double v = static_cast<double>(random() >> 11U) * 0x1p-53;
    const double normal = std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * v);
    energies.push_back(mean * std::exp(cv * normal - cv * cv / 2));
  }
  return repeats_of(energies);
}

TEST(ParadigmSaving, HoldsTheTruthInNinetyFourOfAHundredMeasurements) {
  std::mt19937_64 random(5);
  constexpr int kMeasurements = 2000;
  for (const int repeats : {2, 3, 5}) {
    for (const double cv : {0.03, 0.1}) {
      int held = 0;
      for (int i = 0; i < kMeasurements; ++i) {
        const std::vector<TrainingKind> tasks{scattered_kind(random, repeats, 80, cv),
                                              scattered_kind(random, repeats, 40, cv)};
        const auto interval =
            paradigm_saving(scattered_kind(random, repeats, 60, cv), tasks).energy.interval;
        held += interval->lo <= 0.5 && 0.5 <= interval->hi ? 1 : 0;
      }
      EXPECT_GE(held, 0.94 * kMeasurements) << repeats << " repeats, CV " << cv;
    }
  }
}

TEST(TrainingCost, IsTheWholeEnergyTheWholeEpochsAndATypicalOne) {
  RunRow run;
  run.total_j = 380;
  run.epochs = {{0, 150.0}, {1, 100.0}, {2, 104.0}};
  const TrainingCost cost = *training_cost(run);
  EXPECT_EQ(cost.energy_j, 380);
  EXPECT_EQ(cost.epochs, 3);
  EXPECT_EQ(cost.epoch_j, 102);
  EXPECT_FALSE(training_cost(RunRow{}).has_value());
}

}  // namespace
}  // namespace gradwatt
