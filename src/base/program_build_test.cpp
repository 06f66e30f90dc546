#include "base/program_build.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

TEST(ProgramBuild, IsKnownAndStays) {
  EXPECT_FALSE(program_build().empty());
  EXPECT_EQ(program_build(), std::string(program_build()));
}

}  // namespace
}  // namespace gradwatt
