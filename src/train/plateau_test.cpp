#include "train/plateau.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace gradwatt {
namespace {

/// The scale that each epoch is trained with, and the one after the last.
std::vector<double> plateau_scales(const PlateauRule& rule, const std::vector<double>& losses) {
  PlateauMemory memory;
  std::vector<double> scales{memory.scale};
  for (const double loss : losses) {
    memory = after_epoch(rule, memory, loss);
    scales.push_back(memory.scale);
  }
  return scales;
}

TEST(Plateau, CutsAfterMoreEpochsThanItsPatience) {
  const std::vector<double> expected{1, 1, 1, 1, 0.5};
  EXPECT_EQ(plateau_scales({.factor = 0.5, .patience = 1}, {1.0, 0.9, 0.9, 0.95}), expected);
}

// Recorded by tests/parity/record_schedules.py, which asks PyTorch, from a rate of 0.8.
TEST(Plateau, CutsWherePyTorchCuts) {
  const std::vector<double> losses{
      2.0, 1.5, 1.4999, 1.6, 1.4, 1.39999, 1.45, 1.41, 1.3, 1.31, 1.30001, 1.2999, 1.35, 1.2};
  const std::vector<double> rates{
      0.8, 0.8, 0.8, 0.8, 0.4, 0.4, 0.4, 0.2, 0.2, 0.2, 0.2, 0.1, 0.1, 0.05};
  const auto scales = plateau_scales({.factor = 0.5, .patience = 1}, losses);
  for (std::size_t i = 0; i < rates.size(); ++i) {
    EXPECT_DOUBLE_EQ(0.8 * scales[i], rates[i]) << "epoch " << i;
  }
}

TEST(Plateau, TakesALossThatIsNotFiniteForNoProgress) {
  const double none = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> expected{1, 0.5, 0.25, 0.25, 0.125};
  EXPECT_EQ(plateau_scales({.factor = 0.5, .patience = 0}, {none, none, 3.0, 3.0}), expected);
}

}  // namespace
}  // namespace gradwatt
