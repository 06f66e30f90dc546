#include "data/pamap2.h"

#include "base/error.h"
#include "data/pamap2_folder_test.h"
#include "data/pamap2_layout.h"

#include <gmock/gmock.h>

#include <cmath>

namespace gradwatt {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr int kRows = 40;

/// Three subjects: their readings are around 10, 20 and 30; half of each is activity 1, half 2.
class Pamap2Test : public testing::Test {
 protected:
  Pamap2Test() {
    for (const int subject : {101, 105, 106}) {
      write(subject);
    }
    options_.folder = folder_.root();
    options_.activities = {1, 2};
    options_.keep_every = 2;
    options_.window = 4;
    options_.step = 2;
  }

  void write(int subject) {
    const int base = subject == 101 ? 10 : subject == 105 ? 20 : 30;
    folder_.write_rows(
        subject,
        kRows,
        [](int i) { return i < kRows / 2 ? 1 : 2; },
        [&](int i) { return std::to_string(base + i % 4); });
  }

  [[nodiscard]] std::string failure() const {
    try {
      (void)load_pamap2(options_);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }

  Pamap2Folder folder_;
  Pamap2Options options_;
};

TEST(Pamap2Layout, NamesTheChannelsByTheirColumns) {
  Pamap2Options options;
  auto channels = pamap2_channels(options);
  ASSERT_EQ(channels.size(), 27);
  EXPECT_EQ(channels.front().name, "hand_acc16_x");
  EXPECT_EQ(channels.front().column, 4);
  EXPECT_EQ(channels.back().name, "ankle_magnetometer_z");
  EXPECT_EQ(channels.back().column, 49);
  options.magnetometer = false;
  std::vector<int> columns;
  for (const Pamap2Channel& channel : pamap2_channels(options)) {
    columns.push_back(channel.column);
  }
  // The 18 of the reference loader.
  EXPECT_THAT(columns,
              ElementsAre(4, 5, 6, 10, 11, 12, 21, 22, 23, 27, 28, 29, 38, 39, 40, 44, 45, 46));
  options.heart_rate = options.temperature = options.acc6 = options.magnetometer = true;
  EXPECT_EQ(pamap2_channels(options).size(), 1 + 3 * 13);
}

TEST_F(Pamap2Test, SplitsBySubjectAndNormalisesByTheTrainingPart) {
  const WindowData data = load_pamap2(options_);
  // 20 kept readings: windows at 0, 2, ..., 16.
  EXPECT_EQ(data.train.count(), 9);
  EXPECT_EQ(data.validation.count(), 9);
  EXPECT_EQ(data.test.count(), 9);
  EXPECT_EQ(data.train.channels, 27);
  EXPECT_THAT(data.class_names, ElementsAre("lying", "sitting"));
  EXPECT_THAT(data.train.labels, ElementsAre(0, 0, 0, 0, 0, 1, 1, 1, 1));
  // Every second of 10 11 12 13 10 ... is kept: 10 and 12.
  EXPECT_FLOAT_EQ(data.mean[0], 11);
  EXPECT_FLOAT_EQ(data.deviation[0], 1);
  EXPECT_THAT(std::vector(data.train.values.begin(), data.train.values.begin() + 4),
              ElementsAre(-1, 1, -1, 1));
  EXPECT_FLOAT_EQ(data.validation.values[0], 9);
  EXPECT_FLOAT_EQ(data.test.values[0], 19);
  EXPECT_THAT(data.notes, Contains(HasSubstr("only 3 of PAMAP2's 9 subjects")));
}

TEST_F(Pamap2Test, TestsInStepsOfItsOwn) {
  options_.test_step = 1;
  EXPECT_EQ(load_pamap2(options_).test.count(), 17);
}

TEST_F(Pamap2Test, DrawsTheValidationPartWhenAsked) {
  options_.split = WindowSplit::random;
  options_.validation_share = 1.0 / 3;
  const WindowData data = load_pamap2(options_);
  EXPECT_EQ(data.train.count(), 12);
  EXPECT_EQ(data.validation.count(), 6);
  EXPECT_EQ(data.test.count(), 9);
  EXPECT_EQ(load_pamap2(options_).validation.values, data.validation.values);
  options_.seed = 1;
  const WindowData other = load_pamap2(options_);
  EXPECT_TRUE(other.validation.labels != data.validation.labels ||
              other.validation.values != data.validation.values);
}

TEST_F(Pamap2Test, FindsThePublishedFolders) {
  const auto inside = folder_.root() / "PAMAP2_Dataset" / "Protocol";
  std::filesystem::create_directories(inside);
  for (const int subject : {101, 105, 106}) {
    const std::string name = fmt::format("subject{}.dat", subject);
    std::filesystem::rename(folder_.root() / name, inside / name);
  }
  EXPECT_EQ(load_pamap2(options_).train.count(), 9);
  options_.folder = folder_.root() / "PAMAP2_Dataset";
  EXPECT_EQ(load_pamap2(options_).train.count(), 9);
  options_.with_optional = true;
  EXPECT_THAT(failure(), HasSubstr("the optional recordings are not here"));
  const auto optional = options_.folder / "Optional";
  std::filesystem::create_directories(optional);
  std::filesystem::copy_file(inside / "subject101.dat", optional / "subject101.dat");
  EXPECT_EQ(load_pamap2(options_).train.count(), 18);
}

TEST_F(Pamap2Test, LeavesOutLongGapsAndInterpolatesShortOnes) {
  std::string text;
  for (int i = 0; i < 400; ++i) {
    const bool is_missing = (i >= 100 && i < 250) || i == 300;
    text += Pamap2Folder::row(0.01 * i, 1, is_missing ? "NaN" : std::to_string(i));
  }
  folder_.write(101, text);
  const WindowData data = load_pamap2(options_);
  // 200 kept readings, 50 to 124 missing: windows that begin at 48 to 124 touch them.
  EXPECT_EQ(data.train.count(), 99 - 39);
  EXPECT_THAT(data.notes, Contains(HasSubstr("39 windows are left out: over a gap")));
  EXPECT_THAT(data.notes, Contains("no training window shows sitting"));
  for (const float value : data.train.values) {
    ASSERT_TRUE(std::isfinite(value));
  }
}

TEST_F(Pamap2Test, NamesFileAndLineOfDamage) {
  folder_.write(101, Pamap2Folder::row(1, 1, "1") + Pamap2Folder::row(2, 1, "1", 9, "x"));
  EXPECT_THAT(failure(), HasSubstr("subject101.dat:2: column 10 is 'x', which is no number"));
  EXPECT_THAT(failure(), HasSubstr("gradwatt data check"));
  folder_.write(101, "");
  EXPECT_THAT(failure(), HasSubstr("subject101.dat: is empty"));
  folder_.write(101, Pamap2Folder::row(1, 1, "1", 11, "NaN"));
  EXPECT_THAT(failure(), HasSubstr("subject 101 has no reading of hand_gyro_y"));
}

TEST_F(Pamap2Test, NeedsTheSubjectsItIsTold) {
  options_.test_subjects = {104};
  EXPECT_THAT(failure(), HasSubstr("subject104.dat: subject 104, named for testing, has no file"));
  options_.test_subjects = {};
  const WindowData data = load_pamap2(options_);
  EXPECT_EQ(data.test.count(), 0);
  EXPECT_EQ(data.train.count(), 18);
  options_.validation_subjects = {103};
  EXPECT_THAT(failure(), HasSubstr("named for validation, has no file"));
  options_.folder = folder_.root() / "none";
  EXPECT_THAT(failure(), HasSubstr("PAMAP2 is not here"));
}

TEST_F(Pamap2Test, NeedsWindowsInEachPart) {
  options_.validation_subjects = {105, 101};
  EXPECT_THAT(failure(), HasSubstr("no window is left for training"));
  options_.validation_subjects = {105};
  options_.window = 21;
  EXPECT_THAT(failure(), HasSubstr("no window is left for"));
}

TEST_F(Pamap2Test, RefusesOptionsThatCannotBe) {
  const auto refuses = [&](const std::function<void(Pamap2Options&)>& change) {
    Pamap2Options options = options_;
    change(options);
    EXPECT_THROW((void)load_pamap2(options), UsageError);
  };
  refuses([](Pamap2Options& o) { o.activities = {}; });
  refuses([](Pamap2Options& o) { o.activities = {1, 1}; });
  refuses([](Pamap2Options& o) { o.activities = {0, 1}; });
  refuses([](Pamap2Options& o) { o.activities = {8}; });
  refuses([](Pamap2Options& o) { o.acc16 = o.gyro = o.magnetometer = false; });
  refuses([](Pamap2Options& o) { o.keep_every = 0; });
  refuses([](Pamap2Options& o) { o.window = 0; });
  refuses([](Pamap2Options& o) { o.step = 0; });
  refuses([](Pamap2Options& o) { o.test_step = -1; });
  refuses([](Pamap2Options& o) { o.gap_max_s = -1; });
  refuses([](Pamap2Options& o) { o.gap_max_s = NAN; });
  refuses([](Pamap2Options& o) { o.validation_subjects = {}; });
  refuses([](Pamap2Options& o) { o.validation_subjects = {106}; });
  refuses([](Pamap2Options& o) {
    o.split = WindowSplit::random;
    o.validation_share = 1;
  });
}

}  // namespace
}  // namespace gradwatt
