#include "cli/powermetrics_table.h"

#include "base/error.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

std::string record(const std::string& powers) {
  return "*** Sampled system activity (Tue Mar 12 10:00:01 2024 +0000) (1000.00ms elapsed) ***\n\n"
         "**** Processor usage ****\n\n" +
         powers + "\n";
}

TEST(PowermetricsTable, CountsEachComponentsEnergyUp) {
  const PowerTable table =
      table_of_powermetrics(record("CPU Power: 1500 mW\nGPU Power: 200 mW\n") +
                                record("CPU Power: 2500 mW\nGPU Power: 300 mW\n"),
                            "log.txt");
  ASSERT_EQ(table.channels.size(), 2U);
  const PowerTable::Channel& cpu = table.channels[0];
  EXPECT_EQ(cpu.name, "cpu");
  ASSERT_EQ(cpu.value.size(), 3U);
  EXPECT_DOUBLE_EQ(cpu.value[2], 4.0);
  EXPECT_DOUBLE_EQ(cpu.t_s[2] - cpu.t_s[0], 2.0);
  EXPECT_TRUE(cpu.is_energy);
  EXPECT_EQ(cpu.info->source, table.channels[1].info->source);
}

TEST(PowermetricsTable, RefusesAComponentThatIsMissingInBetween) {
  EXPECT_THROW(
      static_cast<void>(table_of_powermetrics(record("CPU Power: 1500 mW\nGPU Power: 200 mW\n") +
                                                  record("CPU Power: 2500 mW\n") +
                                                  record("CPU Power: 1500 mW\nGPU Power: 200 mW\n"),
                                              "log.txt")),
      Error);
}

}  // namespace
}  // namespace gradwatt
