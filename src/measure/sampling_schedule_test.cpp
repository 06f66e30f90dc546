#include "measure/sampling_schedule.h"

#include <gtest/gtest.h>

#include <vector>

namespace gradwatt {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

using Due = SamplingSchedule::Due;

constexpr Instant kBegin{5'000'000'000};

/// The times of the readings until `end` in milliseconds since the beginning, with marks.
std::vector<std::int64_t> readings(SamplingSchedule schedule,
                                   Instant end,
                                   std::vector<Instant> marks = {}) {
  std::vector<std::int64_t> times;
  auto mark = marks.begin();
  while (true) {
    const bool is_mark = mark != marks.end() && *mark <= schedule.next();
    const Instant now = is_mark ? *mark : schedule.next();
    if (now >= end) {
      return times;
    }
    if (is_mark) {
      schedule.mark(*mark++);
    }
    if (schedule.due(now) != Due::nothing) {
      times.push_back((now - kBegin) / milliseconds(1));
    }
  }
}

TEST(SamplingSchedule, KeepsToItsGrid) {
  const SamplingSchedule schedule(kBegin, milliseconds(100), milliseconds(1));
  EXPECT_EQ(readings(schedule, kBegin + milliseconds(401)),
            (std::vector<std::int64_t>{0, 100, 200, 300, 400}));
}

TEST(SamplingSchedule, ReadsAtAMarkAndBehindItUntilASlowCounterIsRenewed) {
  const SamplingSchedule fast(kBegin, seconds(10), milliseconds(1));
  EXPECT_EQ(readings(fast, kBegin + seconds(5), {kBegin + milliseconds(1000)}),
            (std::vector<std::int64_t>{0, 1000}));
  const SamplingSchedule slow(kBegin, seconds(10), milliseconds(80));
  const std::vector<std::int64_t> expected{0,    10,   20,   30,   40,   50,   60,
                                           70,   80,   90,   1000, 1010, 1020, 1030,
                                           1040, 1050, 1060, 1070, 1080, 1090};
  EXPECT_EQ(readings(slow, kBegin + seconds(5), {kBegin + milliseconds(1000)}), expected);
}

TEST(SamplingSchedule, HasTheReaderAwaitFastCountersAtSomeMarksOnly) {
  SamplingSchedule schedule(kBegin, seconds(10), milliseconds(1));
  EXPECT_EQ(schedule.due(kBegin), Due::reading_at_mark);
  int awaited = 0;
  for (int i = 1; i <= 600; ++i) {
    const Instant now = kBegin + i * milliseconds(100);
    schedule.mark(now);
    awaited += schedule.due(now) == Due::reading_at_mark ? 1 : 0;
  }
  // Two a second, and some at once.
  EXPECT_NEAR(awaited, 2 * 60 + 9, 1);
}

TEST(SamplingSchedule, LimitsWhatAFloodOfMarksCanAskFor) {
  std::vector<Instant> marks;
  for (int i = 0; i < 60'000; ++i) {
    marks.push_back(kBegin + milliseconds(i));
  }
  const SamplingSchedule schedule(kBegin, seconds(1000), milliseconds(100));
  EXPECT_LE(readings(schedule, kBegin + seconds(60), marks).size(), 60U * 20 + 40);
}

TEST(SamplingSchedule, SkipsAndCountsWhatItMissed) {
  SamplingSchedule schedule(kBegin, milliseconds(100), {});
  EXPECT_EQ(schedule.due(kBegin), Due::reading_at_mark);
  EXPECT_EQ(schedule.due(kBegin + milliseconds(350)), Due::reading);
  EXPECT_EQ(schedule.late(), 2);
  EXPECT_EQ(schedule.due(kBegin + milliseconds(399)), Due::nothing);
  EXPECT_EQ(schedule.next(), kBegin + milliseconds(400));
}

}  // namespace
}  // namespace gradwatt
