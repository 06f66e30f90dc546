#include "record/crc32c.h"

#include <gtest/gtest.h>

#include <string>

namespace gradwatt {
namespace {

TEST(Crc32c, GivesThePublishedValues) {
  EXPECT_EQ(crc32c("123456789"), 0xe3069283U);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aaU);
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62a8ab43U);
  EXPECT_EQ(crc32c(""), 0U);
}

TEST(Crc32c, GoesOnWhereItWasLeft) {
  const std::string text = "energies of one chunk, in several parts of odd lengths";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    EXPECT_EQ(crc32c(std::string_view(text).substr(cut), crc32c(text.substr(0, cut))),
              crc32c(text));
  }
}

}  // namespace
}  // namespace gradwatt
