#include "record/manifest.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace gradwatt {
namespace {

TEST(Manifest, KeepsWhatWasKnownOfTheMachine) {
  std::string pattern = testing::TempDir() + "gradwatt-manifest-XXXXXX";
  const std::filesystem::path folder = ::mkdtemp(pattern.data());
  Manifest manifest;
  manifest.run_id = "01J00000000000000000000000";
  manifest.state = RunState::done;
  save_manifest(folder, manifest);
  EXPECT_FALSE(load_manifest(folder).calibration);

  manifest.calibration.emplace();
  manifest.calibration->idle["rapl/pkg0@package-0"] = {Power{21}, Power{0.5}, 30};
  save_manifest(folder, manifest);
  EXPECT_FALSE(load_manifest(folder).calibration->wall);

  manifest.calibration->wall.emplace().gain = 1.25;
  save_manifest(folder, manifest);
  const Manifest back = load_manifest(folder);
  EXPECT_EQ(back.calibration->idle.at("rapl/pkg0@package-0").mean, Power{21});
  EXPECT_EQ(back.calibration->wall->gain, 1.25);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace gradwatt
