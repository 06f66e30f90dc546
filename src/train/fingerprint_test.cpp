#include "train/fingerprint.h"

#include "base/error.h"

#include <gtest/gtest.h>

#include <fstream>
#include <functional>

namespace gradwatt {
namespace {

/// Three windows of two readings to train on, one to validate.
TrainingData few_windows() {
  TrainingData data;
  data.shape = {1, 0, 2};
  data.train.classes = {0, 1, 1};
  data.train.inputs = std::vector<float>{1, 2, 3, 4, 5, 6};
  data.validation.classes = {1};
  data.validation.inputs = std::vector<float>{7, 8};
  return data;
}

TEST(DataFingerprint, CountsTheSamplesAndIsTheSameForTheSameData) {
  EXPECT_TRUE(data_fingerprint(few_windows()).starts_with("3 + 1 + 0 samples, crc "));
  EXPECT_EQ(data_fingerprint(few_windows()), data_fingerprint(few_windows()));
}

TEST(DataFingerprint, IsAnotherForOtherData) {
  const std::string before = data_fingerprint(few_windows());
  const auto changes = [&](const std::function<void(TrainingData&)>& change) {
    TrainingData data = few_windows();
    change(data);
    return data_fingerprint(data) != before;
  };
  EXPECT_TRUE(changes([](TrainingData& data) { data.train.classes = {1, 0, 1}; }));
  EXPECT_TRUE(changes([](TrainingData& data) { data.deviation = {2}; }));
  EXPECT_TRUE(changes([](TrainingData& data) { data.validation.attributes = {1}; }));
  EXPECT_TRUE(
      changes([](TrainingData& data) { std::get<std::vector<float>>(data.train.inputs)[5] = 9; }));
}

TEST(FileFingerprint, TellsSizeAndContent) {
  const auto file = std::filesystem::path(testing::TempDir()) / "gradwatt-fingerprint";
  std::ofstream(file, std::ios::binary) << "123456789";
  EXPECT_EQ(file_fingerprint(file), "9 bytes, crc cbf43926");
  std::filesystem::remove(file);
  EXPECT_THROW((void)file_fingerprint(file), Error);
}

}  // namespace
}  // namespace gradwatt
