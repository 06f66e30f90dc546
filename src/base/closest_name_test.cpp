#include "base/closest_name.h"

#include <gtest/gtest.h>

#include <vector>

namespace gradwatt {
namespace {

const std::vector<std::string> kKnown{"batch", "lr"};

TEST(KnownNames, NamesTheOneBehindATypingMistake) {
  EXPECT_EQ(known_names("bacth", kKnown), "did you mean 'batch'? known: batch, lr");
  EXPECT_EQ(known_names("l", kKnown), "did you mean 'lr'? known: batch, lr");
}

TEST(KnownNames, OnlyListsWhenNothingIsNear) {
  EXPECT_EQ(known_names("epochs", kKnown), "known: batch, lr");
}

}  // namespace
}  // namespace gradwatt
