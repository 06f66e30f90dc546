#include "measure/nvml_sensor.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

using std::chrono_literals::operator""ms;

TEST(NvmlSensor, LooksAQuarterOfTheTimeOnBigChips) {
  for (const NvmlSensor& sensor : {nvml_sensor(7, "NVIDIA A100-SXM4-40GB"),
                                   nvml_sensor(7, "NVIDIA A30"),
                                   nvml_sensor(9, "NVIDIA H100 PCIe"),
                                   nvml_sensor(9, "NVIDIA GH200 480GB")}) {
    EXPECT_EQ(sensor.refresh, 100ms);
    EXPECT_EQ(sensor.window, 25ms);
    EXPECT_TRUE(sensor.window_known);
    EXPECT_EQ(sensor.gain, 0.05);
  }
}

TEST(NvmlSensor, LooksAllTheTimeOnTheOtherAmpereAndAdaChips) {
  for (const NvmlSensor& sensor : {nvml_sensor(7, "NVIDIA GeForce RTX 3090"),
                                   nvml_sensor(7, "NVIDIA RTX A6000"),
                                   nvml_sensor(7, "NVIDIA A40"),
                                   nvml_sensor(8, "NVIDIA L4")}) {
    EXPECT_EQ(sensor.refresh, 100ms);
    EXPECT_EQ(sensor.window, 100ms);
    EXPECT_TRUE(sensor.mean_by_call);
  }
}

TEST(NvmlSensor, KnowsWhichCallGivesAMean) {
  EXPECT_FALSE(nvml_sensor(7, "NVIDIA A100-SXM4-80GB").mean_by_call);
  EXPECT_FALSE(nvml_sensor(6, "Tesla T4").mean_by_call);
  EXPECT_FALSE(nvml_sensor(5, "Tesla V100-SXM2-16GB").mean_by_call);
  EXPECT_TRUE(nvml_sensor(9, "NVIDIA H100 80GB HBM3").mean_by_call);
}

TEST(NvmlSensor, IsFasterOnPascalAndVolta) {
  const NvmlSensor v100 = nvml_sensor(5, "Tesla V100-SXM2-16GB");
  EXPECT_EQ(v100.refresh, 20ms);
  EXPECT_EQ(v100.window, 10ms);
}

TEST(NvmlSensor, KnowsTheOneTuringCardThatLooksSeldom) {
  EXPECT_EQ(nvml_sensor(6, "Quadro RTX 8000").window, 20ms);
  EXPECT_EQ(nvml_sensor(6, "NVIDIA GeForce RTX 2080 Ti").window, 100ms);
}

TEST(NvmlSensor, TakesTheShortestWindowForChipsNobodyHasMeasured) {
  const NvmlSensor b200 = nvml_sensor(10, "NVIDIA B200");
  EXPECT_EQ(b200.window, 25ms);
  EXPECT_FALSE(b200.window_known);
  EXPECT_FALSE(nvml_sensor(0xffffffff, "NVIDIA A100").mean_by_call);
}

TEST(NvmlSensor, TrustsDataCentreBoardsMore) {
  EXPECT_EQ(nvml_sensor(8, "NVIDIA L40S").gain, 0.05);
  EXPECT_EQ(nvml_sensor(6, "Tesla T4").gain, 0.05);
  EXPECT_EQ(nvml_sensor(8, "NVIDIA RTX 6000 Ada Generation").gain, 0.10);
  EXPECT_EQ(nvml_sensor(8, "NVIDIA GeForce RTX 4090").gain, 0.10);
  EXPECT_EQ(nvml_sensor(7, "NVIDIA RTX A4000").gain, 0.10);
  EXPECT_EQ(nvml_sensor(5, "NVIDIA TITAN V").gain, 0.10);
}

}  // namespace
}  // namespace gradwatt
