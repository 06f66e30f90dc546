#include "analyze/pareto_front.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

EnergyAndTime once(std::size_t setup, double energy_j, double time_s) {
  return {setup, {energy_j}, {time_s}, energy_j, time_s};
}

std::vector<std::size_t> setups_in(const std::vector<EnergyAndTime>& front) {
  std::vector<std::size_t> setups;
  for (const EnergyAndTime& one : front) {
    setups.push_back(one.setup);
  }
  return setups;
}

TEST(ParetoFront, LeavesOutWhatNeedsMoreOfBoth) {
  const auto front = pareto_front({once(0, 20, 3), once(1, 13, 5), once(2, 12, 4), once(3, 10, 9)});
  EXPECT_EQ(setups_in(front), (std::vector<std::size_t>{3, 2, 0}));
}

TEST(ParetoFront, KeepsWhatIsNotShownToNeedMore) {
  const EnergyAndTime least{0, {10, 11, 12}, {4, 5, 6}, 11, 5};
  const EnergyAndTime near_it{1, {11, 12, 13}, {5, 6, 7}, 12, 6};
  const EnergyAndTime far_off{2, {30, 31, 32}, {15, 16, 17}, 31, 16};
  EXPECT_EQ(setups_in(pareto_front({far_off, near_it, least})), (std::vector<std::size_t>{0, 1}));
}

}  // namespace
}  // namespace gradwatt
