#include "data/crc32.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

TEST(Crc32, IsThatOfTheStandardsExampleWholeAndInPieces) {
  EXPECT_EQ(crc32_of("123456789"), 0xcbf43926U);
  EXPECT_EQ(crc32_of("56789", crc32_of("1234")), 0xcbf43926U);
  EXPECT_EQ(crc32_of(""), 0U);
}

}  // namespace
}  // namespace gradwatt
