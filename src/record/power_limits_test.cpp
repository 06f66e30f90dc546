#include "record/power_limits.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

/// A GPU in the total and one that is not, with the states given.
NodeRecord node_with(std::vector<StateRow> states) {
  NodeRecord record;
  ChannelInfo used;
  used.channel = "gpu0";
  used.device = "GPU-a";
  used.in_total = true;
  ChannelInfo unused;
  unused.channel = "gpu1";
  record.sources = {{"nvml", {used, unused}}};
  record.states = std::move(states);
  return record;
}

TEST(PowerLimits, AreThoseOfTheDevicesInTheTotal) {
  const NodeRecord record = node_with({{0, Instant{1}, "gpu0", "power_w", 90},
                                       {0, Instant{1}, "gpu0", "power_limit_w", 699.998},
                                       {0, Instant{1}, "gpu1", "power_limit_w", 300},
                                       {7, Instant{1}, "gpu0", "power_limit_w", 200}});
  EXPECT_EQ(power_limits_of({record, record}), (std::vector<double>{700}));
}

TEST(PowerLimits, KeepEveryOneThatHeldMeanwhile) {
  const NodeRecord record = node_with({{0, Instant{1}, "gpu0", "power_limit_w", 700},
                                       {0, Instant{9}, "GPU-a", "power_limit_w", 400}});
  EXPECT_EQ(power_limits_of({record}), (std::vector<double>{400, 700}));
}

TEST(PowerLimits, AreUnknownWhereNoDeviceTellsOne) {
  EXPECT_TRUE(power_limits_of({node_with({})}).empty());
  EXPECT_TRUE(power_limits_of({node_with({{0, Instant{1}, "gpu0", "power_limit_w", 0}})}).empty());
}

}  // namespace
}  // namespace gradwatt
