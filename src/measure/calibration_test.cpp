#include "measure/calibration.h"

#include "base/error.h"
#include "measure/fake_tree_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>

namespace gradwatt {
namespace {

using testing::HasSubstr;

Calibration some() {
  Calibration calibration;
  calibration.sensors["nvml/gpu0@GPU-1"] = {
      from_seconds(0.1), from_seconds(0.025), std::nullopt, WallTime{1000}};
  calibration.sensors["rapl/pkg0@package-0"] = {from_seconds(0.001), {}, {}, WallTime{1000}};
  calibration.idle["nvml/gpu0@GPU-1"] = {Power{71.5}, Power{0.25}, 30, Power{118}, WallTime{2000}};
  WallFit fit;
  fit.offset = Power{41};
  fit.gain = 1.15;
  fit.residual = Power{3};
  fit.channels = {"nvml/gpu0@GPU-1"};
  fit.least = Power{70};
  fit.most = Power{700};
  calibration.wall = fit;
  return calibration;
}

TEST(CalibrationFile, KeepsWhatIsKnownAndNothingElse) {
  const FakeTree tree;
  const auto file = tree.root() / "calibration.json";
  some().save(file);
  const Calibration read = Calibration::load(file);
  const SensorFacts& facts = read.sensors.at("nvml/gpu0@GPU-1");
  EXPECT_EQ(facts.window, from_seconds(0.025));
  EXPECT_EQ(facts.lag, std::nullopt);
  EXPECT_EQ(facts.found_at, WallTime{1000});
  EXPECT_EQ(read.idle.at("nvml/gpu0@GPU-1").with_context, Power{118});
  EXPECT_EQ(read.wall->gain, 1.15);
  EXPECT_EQ(read.wall->channels, some().wall->channels);
  EXPECT_EQ(read.for_run().idle.size(), 1U);
}

TEST(CalibrationFile, IsForItsOwnerOnly) {
  const FakeTree tree;
  const auto file = tree.root() / "calibration.json";
  some().save(file);
  struct stat status {};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST(CalibrationFile, ThatIsAbsentTellsNothing) {
  const FakeTree tree;
  const Calibration read = Calibration::load(tree.root() / "none.json");
  EXPECT_TRUE(read.sensors.empty());
  EXPECT_TRUE(read.idle.empty());
  EXPECT_FALSE(read.wall);
}

TEST(CalibrationFile, ThatIsDamagedIsAnErrorWithItsName) {
  FakeTree tree;
  const auto fails_with = [&](const std::string& text, const char* what) {
    tree.file("calibration.json", text);
    try {
      static_cast<void>(Calibration::load(tree.root() / "calibration.json"));
      ADD_FAILURE() << "no error for " << text;
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("calibration.json"));
      EXPECT_THAT(error.what(), HasSubstr(what));
    }
  };
  fails_with("{", "damaged");
  fails_with(R"({"schema":1})", "damaged");
  fails_with(R"({"schema":2})", "newer");
  fails_with(R"({"schema":1,"idle":{},"sensors":{"a":{"refresh_s":-1,"found_at_ms":0}}})",
             "refresh_s");
}

}  // namespace
}  // namespace gradwatt
