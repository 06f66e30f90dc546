#include "measure/scope_cover.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace gradwatt {
namespace {

struct Made {
  std::vector<SourceColumns> sources;
  std::vector<LeftOut> left_out;

  /// The channels of the total, in order.
  [[nodiscard]] std::vector<std::string> total() const {
    std::vector<std::string> names;
    for (const SourceColumns& source : sources) {
      for (const ChannelInfo& info : source.channels) {
        if (info.in_total) {
          names.push_back(info.channel);
        }
      }
    }
    return names;
  }
  [[nodiscard]] std::string why(const std::string& channel) const {
    const auto found = std::find_if(left_out.begin(), left_out.end(), [&](const LeftOut& left) {
      return left.channel == channel;
    });
    return found == left_out.end() ? "" : found->why;
  }
};

ChannelInfo channel(const std::string& source, const std::string& name, const std::string& scope) {
  return {name, "device-of-" + name, source, "counter", scope};
}

Made cover(std::vector<SourceColumns> sources, CoverChoice choice = CoverChoice::components) {
  Made made{std::move(sources), {}};
  made.left_out = choose_cover(made.sources, choice);
  return made;
}

using Names = std::vector<std::string>;

TEST(ScopeCover, AddsPackagesAndMemoryButNeitherPsysNorParts) {
  const auto made = cover({{"rapl",
                            {channel("rapl", "pkg0", "cpu-package"),
                             channel("rapl", "dram0", "dram"),
                             channel("rapl", "core0", "cpu-part"),
                             channel("rapl", "psys", "platform")}}});
  EXPECT_EQ(made.total(), (Names{"pkg0", "dram0"}));
  EXPECT_NE(made.why("psys").find("not documented"), std::string::npos);
  EXPECT_NE(made.why("core0"), "");
}

TEST(ScopeCover, AddsGpusAndPackagesOfAServer) {
  const auto made = cover(
      {{"nvml",
        {channel("nvml", "gpu0", "gpu-board"),
         channel("nvml", "gpu0-memory", "gpu-memory"),
         channel("nvml", "gpu1", "gpu-board")}},
       {"rapl", {channel("rapl", "pkg0", "cpu-package"), channel("rapl", "pkg1", "cpu-package")}},
       {"ipmi", {channel("ipmi", "node", "node")}}});
  EXPECT_EQ(made.total(), (Names{"gpu0", "gpu1", "pkg0", "pkg1"}));
  EXPECT_NE(made.why("node").find("gpu0"), std::string::npos);
}

TEST(ScopeCover, NeverAddsTheGpusPackageToItsCard) {
  const auto made = cover({{"intel-gpu",
                            {channel("intel-gpu", "gpu0", "gpu-board"),
                             channel("intel-gpu", "gpu0-package", "gpu-package")}}});
  EXPECT_EQ(made.total(), (Names{"gpu0"}));
}

TEST(ScopeCover, CountsTheNodeInsteadWhenAskedTo) {
  const auto made = cover({{"nvml", {channel("nvml", "gpu0", "gpu-board")}},
                           {"rapl", {channel("rapl", "pkg0", "cpu-package")}},
                           {"cray", {channel("cray", "node", "node")}}},
                          CoverChoice::node);
  EXPECT_EQ(made.total(), (Names{"node"}));
  EXPECT_NE(made.why("gpu0").find("a part of node"), std::string::npos);
}

TEST(ScopeCover, CountsAModuleInsteadOfWhatItContains) {
  const auto made = cover({{"nvml", {channel("nvml", "gpu0", "gpu-board")}},
                           {"grace",
                            {channel("grace", "module0", "module"),
                             channel("grace", "grace0", "grace"),
                             channel("grace", "cpu0", "cpu-package"),
                             channel("grace", "sysio0", "sysio")}},
                           {"cpu-model", {channel("cpu-model", "cpu-model", "node-share")}}});
  EXPECT_EQ(made.total(), (Names{"module0"}));
  EXPECT_NE(made.why("gpu0"), "");
}

TEST(ScopeCover, CountsTheOnlyMeterThereIs) {
  EXPECT_EQ(cover({{"ipmi", {channel("ipmi", "node", "node")}}}).total(), (Names{"node"}));
  EXPECT_EQ(cover({{"jetson",
                    {channel("jetson", "vdd_in", "node"), channel("jetson", "vdd_gpu", "rail")}}})
                .total(),
            (Names{"vdd_in"}));
  EXPECT_EQ(
      cover({{"jetson",
              {channel("jetson", "rails", "rail-sum"), channel("jetson", "vdd_gpu", "rail")}}})
          .total(),
      (Names{"rails"}));
}

TEST(ScopeCover, AddsTheModelsGuessOnlyWhereNothingMeasuresTheCpu) {
  EXPECT_EQ(cover({{"cpu-model", {channel("cpu-model", "cpu-model", "node-share")}},
                   {"nvml", {channel("nvml", "gpu0", "gpu-board")}}})
                .total(),
            (Names{"cpu-model", "gpu0"}));
  EXPECT_EQ(cover({{"ipmi", {channel("ipmi", "node", "node")}},
                   {"cpu-model", {channel("cpu-model", "cpu-model", "node-share")}}})
                .total(),
            (Names{"node"}));
}

TEST(ScopeCover, CountsWhatTwoSourcesMeasureOnce) {
  const auto made = cover({{"rapl", {channel("rapl", "pkg0", "cpu-package")}},
                           {"cray", {channel("cray", "cpu", "cpu-package")}}});
  EXPECT_EQ(made.total(), (Names{"pkg0"}));
  EXPECT_NE(made.why("cpu").find("pkg0"), std::string::npos);
}

TEST(ScopeCover, CountsBoardsOnceThatTheNodeMeasuresToo) {
  ChannelInfo accel = channel("cray", "cray-accel0", "gpu-board");
  accel.device = "node";
  const SourceColumns cray{"cray", {accel}};
  const SourceColumns gpus{
      "amd-gpu",
      {channel("amd-gpu", "gpu0", "gpu-board"), channel("amd-gpu", "gpu1", "gpu-board")}};
  EXPECT_EQ(cover({gpus, cray}).total(), (Names{"gpu0", "gpu1"}));
  EXPECT_EQ(cover({cray, gpus}).total(), (Names{"cray-accel0"}));
}

TEST(ScopeCover, NeverHandsABoardToASliceOfIt) {
  EXPECT_TRUE(cover({{"nvml", {channel("nvml", "gpu0", "gpu-shared-board")}}}).total().empty());
}

}  // namespace
}  // namespace gradwatt
