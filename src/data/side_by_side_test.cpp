#include "data/side_by_side.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <vector>

namespace gradwatt {
namespace {

TEST(SideBySide, DoesEachPieceOnce) {
  std::vector<int> done(100);
  side_by_side(done.size(), [&](std::size_t i) { ++done[i]; });
  EXPECT_EQ(done, std::vector<int>(100, 1));
  side_by_side(0, [](std::size_t) { FAIL(); });
}

TEST(SideBySide, FailsAsTheFirstPieceThatFailsAfterAllHaveEnded) {
  std::atomic<int> ended{0};
  std::string what;
  try {
    side_by_side(20, [&](std::size_t i) {
      ++ended;
      if (i == 7 || i == 3) {
        throw std::runtime_error(std::to_string(i));
      }
    });
  } catch (const std::runtime_error& error) {
    what = error.what();
  }
  EXPECT_EQ(what, "3");
  EXPECT_EQ(ended, 20);
}

}  // namespace
}  // namespace gradwatt
