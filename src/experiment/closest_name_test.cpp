#include "experiment/closest_name.h"

#include <gtest/gtest.h>

#include <vector>

namespace gradwatt {
namespace {

const std::vector<std::string> kKnown{"batch", "lr"};

TEST(ClosestName, FindsTheNameBehindATypingMistake) {
  EXPECT_EQ(closest_name("bacth", kKnown), "batch");
  EXPECT_EQ(closest_name("bach", kKnown), "batch");
  EXPECT_EQ(closest_name("l", kKnown), "lr");
}

TEST(ClosestName, IsEmptyWhenNothingIsNear) { EXPECT_EQ(closest_name("epochs", kKnown), ""); }

TEST(ClosestName, ListsWhatIsKnownWithAndWithoutAGuess) {
  EXPECT_EQ(known_names("batsh", kKnown), "did you mean 'batch'? known: batch, lr");
  EXPECT_EQ(known_names("epochs", kKnown), "known: batch, lr");
}

}  // namespace
}  // namespace gradwatt
