#include "cli/reading_progress.h"

#include "base/error.h"

#include <gmock/gmock.h>

namespace gradwatt {
namespace {

void read_one(RunIndex& index) {
  EXPECT_THROW(static_cast<void>(index.account({"/nowhere", {}})), Error);
}

/// What is said on stderr about so many runs, each of which has to be read.
std::string said_of(RunIndex& index, int runs) {
  testing::internal::CaptureStderr();
  {
    ReadingProgress progress(index, static_cast<std::size_t>(runs));
    for (int i = 0; i < runs; ++i) {
      read_one(index);
      progress.show();
    }
  }
  return testing::internal::GetCapturedStderr();
}

TEST(ReadingProgress, SaysOfManyRunsThatTheirIndexCannotBeUsed) {
  RunIndex index(Store("/nowhere"), testing::TempDir());
  ASSERT_FALSE(index.is_used());
  EXPECT_EQ(said_of(index, 20), "");
  EXPECT_THAT(said_of(index, 200),
              testing::AllOf(testing::HasSubstr("220 runs were read one by one"),
                             testing::HasSubstr("GRADWATT_INDEX")));
}

TEST(ReadingProgress, SaysNothingWhereNobodyWaits) {
  RunIndex index(Store("/nowhere"), "");
  EXPECT_EQ(said_of(index, 300), "");
}

}  // namespace
}  // namespace gradwatt
