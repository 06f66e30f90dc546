#include "data/pamap2_windows.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

namespace gradwatt {
namespace {

using testing::ElementsAre;

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

Pamap2Recording recording_of(std::vector<std::uint8_t> activities) {
  Pamap2Recording recording{101, std::move(activities), {{}}, {}};
  recording.is_behind_gap.assign(recording.activities.size(), false);
  for (std::size_t i = 0; i < recording.activities.size(); ++i) {
    recording.channels[0].push_back(static_cast<float>(i));
  }
  return recording;
}

WindowPlaces cut_one(const Pamap2Recording& recording, const Pamap2Options& options) {
  WindowPlaces places;
  cut_windows(std::span(&recording, 1), 0, options, options.step, places);
  return places;
}

std::vector<int> labels(const WindowPlaces& places) {
  std::vector<int> labels;
  for (const WindowPlace& place : places.places) {
    labels.push_back(place.label);
  }
  return labels;
}

Pamap2Options small_windows() {
  Pamap2Options options;
  options.activities = {1, 2};
  options.window = 4;
  options.step = 2;
  return options;
}

TEST(FillGaps, DrawsAStraightLineAndHoldsTheEnds) {
  std::vector<float> readings{kMissing, 1, kMissing, kMissing, 4, kMissing};
  EXPECT_EQ(fill_gaps(readings, 2), 0);
  EXPECT_THAT(readings, ElementsAre(1, 1, 2, 3, 4, 4));
}

TEST(FillGaps, LeavesLongRuns) {
  std::vector<float> readings{1, kMissing, kMissing, kMissing, 5, kMissing, 7};
  EXPECT_EQ(fill_gaps(readings, 2), 3);
  EXPECT_TRUE(std::isnan(readings[1]) && std::isnan(readings[3]));
  EXPECT_EQ(readings[5], 6);
  std::vector<float> none{kMissing, kMissing};
  EXPECT_EQ(fill_gaps(none, 5), 2);
  std::vector<float> empty;
  EXPECT_EQ(fill_gaps(empty, 5), 0);
}

TEST(CutWindows, LabelsByTheActivityOfMostReadings) {
  const WindowPlaces places = cut_one(recording_of({1, 1, 1, 2, 2, 2}), small_windows());
  EXPECT_THAT(labels(places), ElementsAre(0, 1));
  EXPECT_EQ(places.places[1].first, 2);
}

TEST(CutWindows, TakesTheSmallestIdOfSeveral) {
  EXPECT_THAT(labels(cut_one(recording_of({2, 2, 1, 1}), small_windows())), ElementsAre(0));
}

TEST(CutWindows, LabelsByTheLastReadingWhenAsked) {
  Pamap2Options options = small_windows();
  options.label = WindowLabel::last;
  EXPECT_THAT(labels(cut_one(recording_of({1, 1, 1, 2, 1, 1}), options)), ElementsAre(1, 0));
}

TEST(CutWindows, LeavesOutAndCountsOtherActivitiesAndGaps) {
  Pamap2Recording recording = recording_of({0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2});
  WindowPlaces places = cut_one(recording, small_windows());
  EXPECT_EQ(places.without_class, 1);
  EXPECT_THAT(labels(places), ElementsAre(0, 0, 0, 1));
  recording.channels[0][6] = kMissing;
  places = cut_one(recording, small_windows());
  EXPECT_EQ(places.over_gap, 2);
  EXPECT_EQ(places.without_class, 1);
  EXPECT_EQ(places.places.size(), 2);
}

TEST(CutWindows, ReachesOverNoMissingRows) {
  Pamap2Recording recording = recording_of({1, 1, 1, 1, 1, 1, 1, 1});
  recording.is_behind_gap[4] = true;
  const WindowPlaces places = cut_one(recording, small_windows());
  EXPECT_EQ(places.over_gap, 1);  // 2-5; the window that begins at 4 is whole.
  EXPECT_EQ(places.places.size(), 2);
}

TEST(CutWindows, FindsNoneInARecordingShorterThanAWindow) {
  EXPECT_TRUE(cut_one(recording_of({1, 1, 1}), small_windows()).places.empty());
}

TEST(WindowsAt, AreRowsOfChannels) {
  Pamap2Recording recording = recording_of({1, 1, 1});
  recording.channels.push_back({10, 11, 12});
  const std::vector<WindowPlace> places{{0, 1, 5}, {0, 0, 3}};
  const SensorWindows windows = windows_at(std::span(&recording, 1), places, 2);
  EXPECT_EQ(windows.channels, 2);
  EXPECT_THAT(windows.values, ElementsAre(1, 2, 11, 12, 0, 1, 10, 11));
  EXPECT_THAT(windows.labels, ElementsAre(5, 3));
}

}  // namespace
}  // namespace gradwatt
