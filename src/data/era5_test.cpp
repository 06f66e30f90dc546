#include "base/error.h"
#include "data/all_rows.h"
#include "data/era5_check.h"
#include "data/era5_layout.h"
#include "data/era5_maker.h"
#include "data/era5_statistics.h"
#include "data/era5_years.h"
#include "data/hdf5_writer.h"
#include "data/made_weather.h"
#include "data/npy_file.h"
#include "data/pamap2_folder_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

namespace gradwatt {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// Two years of four times to train on, one each to validate and test; 3 channels on 5 x 4 points.
Era5Size tiny_era5() {
  Era5Size size;
  size.train_years = 2;
  size.validation_years = 1;
  size.year = {4, 3, 5, 4};
  return size;
}

/// A year whose every value is 10 times the time, plus the channel.
void write_plain_year(const std::filesystem::path& file, std::int64_t times, std::int64_t height) {
  Hdf5Writer writer(file, {times, 2, height, 2});
  for (std::int64_t t = 0; t < times; ++t) {
    std::vector<float> grids;
    for (int c = 0; c < 2; ++c) {
      grids.insert(
          grids.end(), static_cast<std::size_t>(2 * height), static_cast<float>(10 * t + c));
    }
    writer.write(t, grids);
  }
  (void)writer.close();
}

/// The first value of each time and channel of a sample.
std::vector<float> sample_of(const Era5Years& years, std::int64_t index, std::size_t grid) {
  std::vector<std::uint8_t> row(years.row_bytes());
  years.write_row(index, row);
  std::vector<float> values(row.size() / sizeof(float));
  std::memcpy(values.data(), row.data(), row.size());
  std::vector<float> firsts;
  for (std::size_t i = 0; i < values.size(); i += grid) {
    firsts.push_back(values[i]);
  }
  return firsts;
}

TEST(Era5Times, AreTheInputsAndItsTargets) {
  EXPECT_THAT(era5_times(0, 5, 1), ElementsAre(0, 1));
  EXPECT_THAT(era5_times(3, 5, 1), ElementsAre(3, 4));
  EXPECT_THAT(era5_times(4, 5, 1), ElementsAre(4, 4));
  EXPECT_THAT(era5_times(2, 5, 2), ElementsAre(2, 3, 4));
  EXPECT_THAT(era5_times(3, 5, 2), ElementsAre(2, 3, 4));
  EXPECT_THAT(era5_times(4, 5, 2), ElementsAre(2, 3, 4));
}

TEST(Era5Years, CountThroughTheYears) {
  const Pamap2Folder folder;
  write_plain_year(folder.root() / "a.h5", 3, 3);
  write_plain_year(folder.root() / "b.h5", 4, 3);
  Era5Years years({folder.root() / "a.h5", folder.root() / "b.h5"}, {{1, 0}, 2}, 1);
  EXPECT_EQ(years.count(), 7);
  EXPECT_EQ(years.row_bytes(), 2U * 2 * 2 * 2 * 4);
  EXPECT_THAT(sample_of(years, 1, 4), ElementsAre(11, 10, 21, 20));
  EXPECT_THAT(sample_of(years, 2, 4), ElementsAre(21, 20, 21, 20));  // the last of its year
  EXPECT_THAT(sample_of(years, 3, 4), ElementsAre(1, 0, 11, 10));
  years.keep({6, 0});
  EXPECT_EQ(years.count(), 2);
  EXPECT_THAT(sample_of(years, 0, 4), ElementsAre(31, 30, 31, 30));
  EXPECT_THAT(sample_of(years, 1, 4), ElementsAre(1, 0, 11, 10));
}

TEST(Era5Years, HoldTwoTargetsForFineTuning) {
  const Pamap2Folder folder;
  write_plain_year(folder.root() / "a.h5", 4, 3);
  const Era5Years years({folder.root() / "a.h5"}, {{0}, 3}, 2);
  EXPECT_THAT(sample_of(years, 0, 6), ElementsAre(0, 10, 20));
  EXPECT_THAT(sample_of(years, 3, 6), ElementsAre(10, 20, 30));
}

TEST(Era5Years, RefuseYearsThatDoNotBelongTogether) {
  const Pamap2Folder folder;
  write_plain_year(folder.root() / "a.h5", 3, 3);
  write_plain_year(folder.root() / "b.h5", 3, 4);
  write_plain_year(folder.root() / "c.h5", 1, 3);
  const auto complaint = [&](const char* other) -> std::string {
    try {
      const Era5Years years({folder.root() / "a.h5", folder.root() / other}, {{0}, 2}, 1);
    } catch (const Error& error) {
      return error.what();
    }
    return "none";
  };
  EXPECT_THAT(complaint("b.h5"), HasSubstr("b.h5: has grids of 2 x 4 x 2, and a.h5 has 2 x 3 x 2"));
  EXPECT_THAT(complaint("c.h5"), HasSubstr("c.h5: has 1 times; a sample and its targets are 2"));
}

TEST(Era5Layout, NamesChannelsAsPublished) {
  EXPECT_EQ(era5_channel_name(0), "u10");
  EXPECT_EQ(era5_channel_name(14), "z500");
  EXPECT_EQ(era5_channel_name(20), "c20");
  EXPECT_THAT(usual_era5_channels(21), SizeIs(20));
  EXPECT_THAT(usual_era5_channels(3), ElementsAre(0, 1, 2));
  EXPECT_THAT(era5_channels_named({"z500", "0", "20"}, 21), ElementsAre(14, 0, 20));
  EXPECT_THROW((void)era5_channels_named({"z500"}, 14), UsageError);
  EXPECT_THROW((void)era5_channels_named({"21"}, 21), UsageError);
  EXPECT_THROW((void)era5_channels_named({"u10", "0"}, 21), UsageError);
  EXPECT_THROW((void)era5_channels_named({"-1"}, 21), UsageError);
}

TEST(Era5Layout, CropsTheLastLatitude) {
  EXPECT_EQ(cropped_rows(721, 8), 720);
  EXPECT_EQ(cropped_rows(33, 4), 32);
  EXPECT_EQ(cropped_rows(32, 4), 32);
}

TEST(MadeWeather, IsOfItsSeedAndYearAndMoves) {
  const FieldShape grid{1, 3, 9, 16};
  const auto fields = [&](std::uint64_t seed, int year, std::int64_t time) {
    std::vector<float> grids(3 * 9 * 16);
    MadeWeather(grid, seed, year).write(time, grids);
    return grids;
  };
  EXPECT_EQ(fields(1, 1979, 3), fields(1, 1979, 3));
  EXPECT_NE(fields(1, 1979, 3), fields(1, 1979, 4));
  EXPECT_NE(fields(1, 1979, 3), fields(1, 1980, 3));
  EXPECT_NE(fields(1, 1979, 3), fields(2, 1979, 3));
}

TEST(MadeWeather, FollowsItsFormula) {
  // At the poles all but the profile vanishes: mean + deviation * 0.8 * (0 - 1/2).
  std::vector<float> grids(3 * 8);
  MadeWeather({1, 1, 3, 8}, 5, 1979).write(2, grids);
  EXPECT_NEAR(grids[0], -0.05 - 5.5 * 0.4, 1e-5);
  EXPECT_NEAR(grids[23], -0.05 - 5.5 * 0.4, 1e-5);
  // At the equator the mean over all longitudes is the profile: waves cancel.
  double mean = 0;
  for (std::size_t x = 8; x < 16; ++x) {
    mean += grids[x] / 8;
  }
  EXPECT_NEAR(mean, -0.05 + 5.5 * 0.4, 1e-5);
}

TEST(Era5Maker, ScalesTimesAndNotPoints) {
  const Era5Size small = made_era5_size(0.001);
  EXPECT_EQ(small.train_years, 2);
  EXPECT_EQ(small.year.times, 27);
  EXPECT_EQ(small.bytes(), 4 * 27 * 21 * 33 * 64 * 4);
  const Era5Size whole = made_era5_size(1);
  EXPECT_EQ(whole.train_years, 37);
  EXPECT_EQ(whole.validation_years, 2);
  EXPECT_EQ(whole.year.times, 1460);
  EXPECT_THROW((void)make_era5("nowhere", 1.5, 0), UsageError);
  EXPECT_THROW((void)make_era5("nowhere", std::nan(""), 0), UsageError);
}

TEST(Era5Maker, WritesTheStatisticsOfItsTrainingYears) {
  const Pamap2Folder folder;
  const MadeData made = make_era5_of(folder.root(), tiny_era5(), 7);
  EXPECT_EQ(made.files, 7);
  EXPECT_THAT(made.facts, ElementsAre("2 + 1 + 1 years of 4 times, 3 channels on 5 x 4 points"));
  const Era5Files files = require_era5(folder.root());
  EXPECT_THAT(files.train, SizeIs(2));
  EXPECT_THAT(files.validation, SizeIs(1));
  EXPECT_THAT(files.test, SizeIs(1));
  const Era5Statistics statistics = read_era5_statistics(files.root, tiny_era5().year, {{1, 0}, 4});
  ASSERT_THAT(statistics.time_mean, SizeIs(2 * 4 * 4));

  // By hand: all values of channel 1, and those of the point (0, 3) of channel 1.
  double sum = 0;
  double squares = 0;
  double point = 0;
  for (const auto& file : files.train) {
    const Hdf5File year(file);
    std::vector<float> grids(4 * 5 * 4);
    year.read(0, 4, {{1}, 5}, grids);
    for (std::size_t i = 0; i < grids.size(); ++i) {
      sum += grids[i];
      squares += static_cast<double>(grids[i]) * grids[i];
      point += i % 20 == 3 ? grids[i] : 0;
    }
  }
  const double mean = sum / 160;
  EXPECT_NEAR(statistics.mean[0], mean, 1e-5);
  EXPECT_NEAR(statistics.deviation[0], std::sqrt(squares / 160 - mean * mean), 1e-5);
  EXPECT_NEAR(statistics.time_mean[3], point / 8, 1e-5);
}

TEST(Era5Statistics, NameTheFileThatDoesNotFit) {
  const Pamap2Folder folder;
  make_era5_of(folder.root(), tiny_era5(), 7);
  const auto root = folder.root() / "era5";
  const auto complaint = [&](FieldShape shape) -> std::string {
    try {
      (void)read_era5_statistics(root, shape, {{0}, 4});
    } catch (const Error& error) {
      return error.what();
    }
    return "none";
  };
  EXPECT_EQ(complaint({4, 3, 5, 4}), "none");
  EXPECT_THAT(complaint({4, 2, 5, 4}),
              HasSubstr("global_means.npy: has the shape [1,3,1,1] instead of [1,2,1,1]"));
  MadeFile zeros(root / "stats" / "global_stds.npy");
  zeros.write(npy_bytes({{1, 3, 1, 1}, {0, 1, 1}}));
  (void)zeros.close();
  EXPECT_THAT(complaint({4, 3, 5, 4}), HasSubstr("deviation of channel 0 is 0"));
  std::filesystem::remove(root / "stats" / "time_means.npy");
  EXPECT_THAT(complaint({4, 3, 5, 4}), HasSubstr("time_means.npy: is missing"));
}

TEST(Era5Check, FindsNothingInWhatTheMakerMade) {
  const Pamap2Folder folder;
  make_era5_of(folder.root(), tiny_era5(), 7);
  const DataCheck check = check_era5(folder.root());
  EXPECT_THAT(check.problems, IsEmpty());
  EXPECT_EQ(check.facts.front(),
            "train/1979.h5  4 times of 3 channels on 5 x 4 points, contiguous");
  EXPECT_EQ(check.facts.back(), "stats  means, deviations and the mean of each point");
  EXPECT_THAT(check.facts, SizeIs(5));
}

TEST(Era5Check, TellsFileAndIndexOfDamage) {
  const Pamap2Folder folder;
  make_era5_of(folder.root(), tiny_era5(), 7);
  const auto root = folder.root() / "era5";
  std::vector<float> grids(3 * 5 * 4, 1);
  grids[1 * 20 + 2 * 4 + 3] = std::numeric_limits<float>::quiet_NaN();
  grids[1 * 20 + 3 * 4] = std::numeric_limits<float>::infinity();
  {
    Hdf5Writer writer(root / "train" / "1980.h5", {4, 3, 5, 4}, {{1, 3, 5, 4}});
    writer.write(2, grids);
    (void)writer.close();
  }
  std::filesystem::resize_file(root / "test" / "1981.h5", 2100);
  std::filesystem::remove(root / "stats" / "global_means.npy");
  const DataCheck check = check_era5(folder.root());
  EXPECT_FALSE(check.usable());
  ASSERT_THAT(check.problems, SizeIs(3));
  EXPECT_THAT(check.problems[0].what, HasSubstr("global_means.npy: is missing"));
  EXPECT_EQ(check.problems[1].where, (root / "train" / "1980.h5").string());
  EXPECT_EQ(check.problems[1].what,
            "fields[2, 1, 2, 3] is nan; 2 of this grid's 20 are not finite");
  EXPECT_EQ(check.problems[2].where, (root / "test" / "1981.h5").string());
  EXPECT_THAT(check.problems[2].what, HasSubstr("truncated"));
}

TEST(Era5Check, SaysHowToGetTheFiles) {
  const Pamap2Folder folder;
  try {
    (void)check_era5(folder.root());
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("gradwatt data make era5"));
  }
}

}  // namespace
}  // namespace gradwatt
