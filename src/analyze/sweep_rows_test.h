#pragma once

#include "analyze/table.h"

#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>
#include <string>
#include <vector>

namespace gradwatt {

/// What a made-up training has to reach.
inline const Goal kAccuracyGoal{"val_acc", 0.9, std::nullopt, false};

/// How a made-up training goes: `epochs` epochs, "val_acc" 0.9 from the `reaches_at`-th on (from 1;
/// 0: never) and 0.5 before.
struct MadeUpTraining {
  double epoch_j = 100;
  int epochs = 10;
  int reaches_at = 1;
  double outside_j = 0;
};

inline RunRow made_up_run(const std::string& batch,
                          const std::string& lr,
                          int repeat,
                          const MadeUpTraining& training) {
  RunRow run;
  run.run = batch + "/" + lr + "#" + std::to_string(repeat);
  run.factors = {{"batch", batch}, {"lr", lr}};
  run.repeat = repeat;
  for (int i = 0; i < training.epochs; ++i) {
    const bool reached = training.reaches_at > 0 && i + 1 >= training.reaches_at;
    run.epochs.push_back({i, training.epoch_j, 1, {{"val_acc", reached ? 0.9 : 0.5}}, true});
  }
  run.outside_epochs_j = training.outside_j;
  return run;
}

/// A number from a normal distribution. Those of <random> differ between libraries.
/// Source  Box and Muller, Annals of Mathematical Statistics 29(2):610, 1958.
inline double drawn_normal(std::mt19937_64& random) {
  const auto unit = [&] { return (static_cast<double>(random() >> 11U) + 0.5) * 0x1p-53; };
  const double radius = std::sqrt(-2 * std::log(unit()));
  return radius * std::cos(2 * std::numbers::pi * unit());
}

/// A 4x4 grid in which all setups are the same training: only luck differs, by about `cv`.
inline std::vector<RunRow> null_grid(std::uint64_t seed, int repeats, double cv) {
  std::mt19937_64 random(seed);
  std::vector<RunRow> runs;
  for (const char* batch : {"64", "256", "1024", "4096"}) {
    for (const char* lr : {"0.1", "0.01", "0.001", "0.0001"}) {
      for (int repeat = 0; repeat < repeats; ++repeat) {
        MadeUpTraining training;
        training.epoch_j = 100 * std::exp(cv * drawn_normal(random));
        training.reaches_at = 5;
        runs.push_back(made_up_run(batch, lr, repeat, training));
      }
    }
  }
  return runs;
}

}  // namespace gradwatt
