#include "marks/timeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace gradwatt {
namespace {

Mark at(std::int64_t ns, std::string key, std::string value) {
  return {Instant{ns}, Instant{ns}, {}, {}, std::move(key), std::move(value)};
}

TEST(TimelineOf, BeginsAnEpochAndEndsTheOneBefore) {
  const auto t = timeline_of({at(10, "EPOCH", "0"), at(20, "EPOCH", "1"), at(30, "EPOCH_END", "1")},
                             Instant{0},
                             Instant{40});
  ASSERT_EQ(t.epochs.size(), 2U);
  EXPECT_EQ(t.epochs[0].end, Instant{20});
  EXPECT_EQ(t.epochs[1].begin, Instant{20});
  EXPECT_EQ(t.epochs[1].end, Instant{30});
  EXPECT_TRUE(t.epochs[1].complete);
}

TEST(TimelineOf, EndsAnOpenEpochWithTheRunAndSaysSo) {
  const auto t = timeline_of({at(10, "EPOCH", "0")}, Instant{0}, Instant{40});
  EXPECT_EQ(t.epochs[0].end, Instant{40});
  EXPECT_FALSE(t.epochs[0].complete);
}

TEST(TimelineOf, NestsPhasesAndClosesInnerOnesWithTheOuter) {
  const auto t = timeline_of({at(1, "PHASE", "train"),
                              at(2, "PHASE", "forward"),
                              at(5, "PHASE_END", "train"),
                              at(6, "PHASE_END", "forward")},
                             Instant{0},
                             Instant{10});
  ASSERT_EQ(t.phases.size(), 2U);
  EXPECT_EQ(t.phases[0].name, "train");
  EXPECT_EQ(t.phases[1].end, Instant{5});
  EXPECT_EQ(t.unmatched, 1);
}

TEST(TimelineOf, GivesAMetricToTheOpenEpochOrToTheLastOne) {
  const auto t = timeline_of({at(1, "METRIC", "warm:1"),
                              at(2, "EPOCH", "0"),
                              at(3, "METRIC", "val_acc:0.5"),
                              at(4, "EPOCH_END", "0"),
                              at(5, "METRIC", "top:5:0.75")},
                             Instant{0},
                             Instant{9});
  EXPECT_EQ(t.metrics.at("warm"), 1);
  EXPECT_EQ(t.epochs[0].metrics.at("val_acc"), 0.5);
  EXPECT_EQ(t.epochs[0].metrics.at("top:5"), 0.75);
}

TEST(TimelineOf, AddsCountsAndKeepsFacts) {
  const auto t = timeline_of({at(1, "EPOCH", "0"),
                              at(2, "SAMPLES", "30"),
                              at(3, "SAMPLES", "12"),
                              at(3, "PARAM", "data:a:b"),
                              at(3, "TAG", "k:v"),
                              at(3, "EPOCHS_TOTAL", "7"),
                              at(3, "NOTE", "hello"),
                              at(3, "SPEED", "1")},
                             Instant{0},
                             Instant{9});
  EXPECT_EQ(t.epochs[0].samples, 42);
  EXPECT_EQ(t.epochs[0].steps, std::nullopt);
  EXPECT_EQ(t.params.at("data"), "a:b");
  EXPECT_EQ(t.tags.at("k"), "v");
  EXPECT_EQ(t.epochs_total, 7);
  EXPECT_THAT(t.notes, testing::ElementsAre("hello"));
  EXPECT_EQ(t.unknown, 1);
}

TEST(TimelineOf, CountsAMarkThatWasSentTwiceOnce) {
  Mark mark = at(2, "SAMPLES", "10");
  mark.seq = 5;
  mark.pid = 1;
  EXPECT_EQ(
      timeline_of({at(1, "EPOCH", "0"), mark, mark}, Instant{0}, Instant{9}).epochs[0].samples, 10);
}

TEST(TimelineOf, OrdersWhatArrivedLate) {
  const auto t = timeline_of({at(20, "EPOCH", "1"), at(10, "EPOCH", "0")}, Instant{0}, Instant{40});
  EXPECT_EQ(t.epochs[0].epoch, 0);
  EXPECT_EQ(t.epochs[0].end, Instant{20});
}

TEST(TimelineOf, HoldsTimesInsideTheRun) {
  const auto t =
      timeline_of({at(1, "EPOCH", "0"), at(99, "EPOCH_END", "0")}, Instant{5}, Instant{40});
  EXPECT_EQ(t.epochs[0].begin, Instant{5});
  EXPECT_EQ(t.epochs[0].end, Instant{40});
}

TEST(TimelineOf, IgnoresWhatIsNoNumber) {
  const auto t = timeline_of({at(1, "EPOCH", "one"),
                              at(2, "SAMPLES", "-1"),
                              at(3, "METRIC", "x:y"),
                              at(4, "EPOCH_END", "3")},
                             Instant{0},
                             Instant{9});
  EXPECT_TRUE(t.epochs.empty());
  EXPECT_EQ(t.unmatched, 4);
}

TEST(TimelineOf, NeverLetsEpochsOverlapWhateverTheMarks) {
  std::mt19937_64 random(7);
  const std::vector<std::string> keys{"EPOCH", "EPOCH_END", "PHASE", "PHASE_END"};
  for (int round = 0; round < 5'000; ++round) {
    std::vector<Mark> marks;
    for (int i = 0; i < 20; ++i) {
      marks.push_back(at(static_cast<std::int64_t>(random() % 120),
                         keys[random() % keys.size()],
                         std::to_string(random() % 3)));
    }
    const auto t = timeline_of(marks, Instant{10}, Instant{100});
    Instant last{10};
    for (const auto& epoch : t.epochs) {
      EXPECT_LE(last, epoch.begin);
      EXPECT_LE(epoch.begin, epoch.end);
      last = epoch.end;
    }
    EXPECT_LE(last, Instant{100});
    for (const auto& phase : t.phases) {
      EXPECT_LE(phase.begin, phase.end);
    }
  }
}

TEST(TimelineOf, TakesNoMarksOfOtherRanksThan0) {
  std::vector<Mark> marks{at(10, "EPOCH", "0"), at(11, "EPOCH", "0"), at(20, "EPOCH_END", "0")};
  marks[0].rank = 0;
  marks[1].rank = 1;
  const auto t = timeline_of(marks, Instant{0}, Instant{30});
  ASSERT_EQ(t.epochs.size(), 1U);
  EXPECT_EQ(t.epochs[0].begin, Instant{10});
}

TEST(SenseOf, TellsWhetherAValueFitsItsKey) {
  EXPECT_EQ(sense_of("EPOCH", "3"), MarkSense::good);
  EXPECT_EQ(sense_of("EPOCH", "x"), MarkSense::unparsable);
  EXPECT_EQ(sense_of("METRIC", "val_acc:0.5"), MarkSense::good);
  EXPECT_EQ(sense_of("METRIC", "val_acc"), MarkSense::unparsable);
  EXPECT_EQ(sense_of("SPEED", "3"), MarkSense::unknown_key);
}

}  // namespace
}  // namespace gradwatt
