#include "data/pamap2_maker.h"

#include "base/error.h"
#include "base/file.h"
#include "data/pamap2.h"
#include "data/pamap2_check.h"
#include "data/pamap2_folder_test.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

namespace gradwatt {
namespace {

using testing::Contains;
using testing::IsEmpty;

constexpr double kScale = 0.02;

/// One made set for all tests.
class MadePamap2Test : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<Pamap2Folder>();
    made_ = make_pamap2(folder_->root(), kScale, 1);
  }
  static void TearDownTestSuite() { folder_.reset(); }

  static std::unique_ptr<Pamap2Folder> folder_;  // NOLINT: a test suite's own
  static MadeData made_;                         // NOLINT: a test suite's own
};
std::unique_ptr<Pamap2Folder> MadePamap2Test::folder_;  // NOLINT: a test suite's own
MadeData MadePamap2Test::made_;                         // NOLINT: a test suite's own

/// Mean and deviation of each channel: what a classifier without any notion of time sees.
std::vector<double> features_of(const SensorWindows& windows, std::int64_t window) {
  std::vector<double> features;
  for (std::int64_t channel = 0; channel < windows.channels; ++channel) {
    const auto first =
        windows.values.begin() + (window * windows.channels + channel) * windows.length;
    double sum = 0;
    double squares = 0;
    for (auto x = first; x != first + windows.length; ++x) {
      sum += *x;
      squares += *x * *x;
    }
    const double mean = sum / static_cast<double>(windows.length);
    features.push_back(mean);
    features.push_back(
        std::sqrt(std::max(0.0, squares / static_cast<double>(windows.length) - mean * mean)));
  }
  return features;
}

/// Share of validation windows whose nearest class mean, of the training windows, is their own.
double nearest_centroid_accuracy(const WindowData& data) {
  const std::size_t classes = data.class_names.size();
  const std::size_t size = 2 * data.channel_names.size();
  std::vector<std::vector<double>> centroids(classes, std::vector<double>(size, 0));
  std::vector<double> count(classes, 0);
  for (std::int64_t i = 0; i < data.train.count(); ++i) {
    const std::size_t label = data.train.labels[static_cast<std::size_t>(i)];
    const auto features = features_of(data.train, i);
    ++count[label];
    for (std::size_t k = 0; k < size; ++k) {
      centroids[label][k] += features[k];
    }
  }
  std::int64_t right = 0;
  for (std::int64_t i = 0; i < data.validation.count(); ++i) {
    const auto features = features_of(data.validation, i);
    std::size_t nearest = 0;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t c = 0; c < classes; ++c) {
      double distance = 0;
      for (std::size_t k = 0; k < size; ++k) {
        distance += std::pow(features[k] - centroids[c][k] / count[c], 2);
      }
      if (distance < least) {
        least = distance;
        nearest = c;
      }
    }
    right += nearest == data.validation.labels[static_cast<std::size_t>(i)] ? 1 : 0;
  }
  return static_cast<double>(right) / static_cast<double>(data.validation.count());
}

TEST_F(MadePamap2Test, HasTheShareOfThePublishedRows) {
  EXPECT_EQ(made_.files, 9);
  EXPECT_THAT(made_.facts, Contains("subject101.dat  7528 rows"));
  EXPECT_THAT(made_.facts, Contains("subject109.dat  170 rows"));
  std::uintmax_t bytes = 0;
  for (const auto& file :
       std::filesystem::directory_iterator(folder_->root() / "PAMAP2_Dataset" / "Protocol")) {
    bytes += file.file_size();
  }
  EXPECT_EQ(bytes, static_cast<std::uintmax_t>(made_.bytes));
}

TEST_F(MadePamap2Test, IsARecordingThatIsRight) {
  const DataCheck check = check_pamap2(folder_->root());
  EXPECT_THAT(check.problems, IsEmpty());
  EXPECT_THAT(check.facts, Contains("subject101.dat  7528 rows, 12 of 12 activities"));
  EXPECT_THAT(check.facts, Contains("subject103.dat  5057 rows, 8 of 12 activities"));
  EXPECT_THAT(check.facts, Contains("subject109.dat  170 rows, 1 of 12 activities"));
}

TEST_F(MadePamap2Test, DependsOnScaleAndSeedAlone) {
  const auto text = [](const Pamap2Folder& folder) {
    return *read_text(folder.root() / "PAMAP2_Dataset" / "Protocol" / "subject104.dat");
  };
  const Pamap2Folder again;
  const Pamap2Folder other;
  make_pamap2(again.root(), kScale, 1);
  make_pamap2(other.root(), kScale, 2);
  EXPECT_EQ(text(again), text(*folder_));
  EXPECT_NE(text(other), text(*folder_));
}

TEST_F(MadePamap2Test, CanBeLearntButNotByMeansAlone) {
  Pamap2Options options;
  options.folder = folder_->root();
  options.window = 64;
  options.step = 16;
  const double accuracy = nearest_centroid_accuracy(load_pamap2(options));
  EXPECT_GT(accuracy, 0.35);  // One in twelve is chance.
  EXPECT_LT(accuracy, 0.92);
}

TEST_F(MadePamap2Test, RefusesOtherScales) {
  EXPECT_THROW(make_pamap2(folder_->root(), 0, 1), UsageError);
  EXPECT_THROW(make_pamap2(folder_->root(), 11, 1), UsageError);
  EXPECT_THROW(make_pamap2(folder_->root(), NAN, 1), UsageError);
}

}  // namespace
}  // namespace gradwatt
