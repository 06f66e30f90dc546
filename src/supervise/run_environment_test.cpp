#include "supervise/run_environment.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

ChannelInfo channel_of(const char* source, const char* device, const char* scope, bool in_total) {
  ChannelInfo channel;
  channel.source = source;
  channel.device = device;
  channel.scope = scope;
  channel.in_total = in_total;
  return channel;
}

TEST(SensorFacts, NameWhatMakesUpTheTotalAndTheGpus) {
  const auto facts = sensor_facts({{"rapl",
                                    {channel_of("rapl", "package-0", "cpu-package", true),
                                     channel_of("rapl", "package-1", "cpu-package", true)}},
                                   {"nvml", {channel_of("nvml", "GPU-7", "gpu-board", true)}},
                                   {"acpi", {channel_of("acpi", "meter", "node", false)}}});
  EXPECT_EQ(facts.at("sensors"), "nvml gpu-board, rapl cpu-package");
  EXPECT_EQ(facts.at("gpus"), "GPU-7");
}

TEST(SensorFacts, AreAbsentWhereThereIsNoSensor) { EXPECT_TRUE(sensor_facts({}).empty()); }

}  // namespace
}  // namespace gradwatt
