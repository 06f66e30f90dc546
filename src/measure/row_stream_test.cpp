#include "measure/row_stream.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

std::optional<HostMessage> there_and_back(const HostMessage& message) {
  std::string line = line_of(message);
  EXPECT_TRUE(line.ends_with('\n'));
  line.pop_back();
  EXPECT_EQ(line.find('\n'), std::string::npos);
  return parse_host_line(line);
}

TEST(RowStream, BringsASampleThrough) {
  SampleRow row{2, {123'456'789'012}, {Energy{7}, std::nullopt, Energy{-1}}, {}};
  row.powers = {Power{41.25}, std::nullopt, std::nullopt};
  const auto back = there_and_back(row);
  const auto& read = std::get<SampleRow>(back.value());
  EXPECT_EQ(read.source, 2);
  EXPECT_EQ(read.time, row.time);
  EXPECT_EQ(read.channels, row.channels);
  EXPECT_EQ(read.powers, row.powers);
}

TEST(RowStream, BringsAGapWithItsEnergiesThrough) {
  GapRow row{1, {"gpu0", {5}, {9}, "odd\n\"words\"", 5, true}};
  row.gap.least = Energy{1};
  row.gap.assumed = Energy{2};
  row.gap.most = Energy{3};
  const auto back = there_and_back(row);
  const auto& read = std::get<GapRow>(back.value());
  EXPECT_EQ(read.gap.reason, row.gap.reason);
  EXPECT_EQ(read.gap.most, row.gap.most);
  EXPECT_EQ(read.gap.assumed, row.gap.assumed);
  EXPECT_EQ(read.gap.errno_value, 5);
  EXPECT_TRUE(read.gap.energy_lost);
}

TEST(RowStream, BringsWhatWasFoundThrough) {
  ChannelInfo info{"gpu0", "GPU-1", "nvml", "power", "gpu-board"};
  info.power_max = Power{700};
  info.window = Duration(25'000'000);
  info.quantum = Energy{1000};
  const HostFound found{{{"nvml gpu0", Finding::Status::denied, "why", "how"}}, {{"nvml", {info}}}};
  const auto back = there_and_back(found);
  const auto& read = std::get<HostFound>(back.value());
  EXPECT_EQ(read.findings.at(0).fix, "how");
  EXPECT_EQ(read.findings.at(0).status, Finding::Status::denied);
  EXPECT_EQ(read.columns.at(0).channels.at(0).window, info.window);
  EXPECT_EQ(read.columns.at(0).channels.at(0).power_max, info.power_max);
  EXPECT_EQ(read.columns.at(0).channels.at(0).quantum, info.quantum);
}

TEST(RowStream, BringsStatesAndTheEndThrough) {
  const auto state = there_and_back(StateRow{0, {8}, "a device", "power_w", 41.5});
  EXPECT_EQ(std::get<StateRow>(state.value()).device, "a device");
  EXPECT_EQ(std::get<StateRow>(state.value()).value, 41.5);
  const auto end = there_and_back(HostEnded{Duration(1), Duration(2), 3, 4, 5});
  EXPECT_EQ(std::get<HostEnded>(end.value()).dropped, 5);
  EXPECT_TRUE(std::holds_alternative<HostStarted>(there_and_back(HostStarted{}).value()));
}

TEST(RowStream, TakesNothingElseForAMessage) {
  for (const char* line : {"",
                           "s",
                           "s ",
                           "s x 1",
                           "s 0 1 two",
                           "g []",
                           "g {",
                           "f 3",
                           "e 1 2",
                           "z 1",
                           "t 0 1 x y",
                           "s 0 99999999999999999999 1"}) {
    EXPECT_FALSE(parse_host_line(line).has_value()) << line;
  }
}

}  // namespace
}  // namespace gradwatt
