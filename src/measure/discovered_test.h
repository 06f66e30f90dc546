#pragma once

#include "measure/hwmon_tree_test.h"
#include "measure/source.h"

#include <string>
#include <vector>

namespace gradwatt {

/// A family's sources on a machine of files.
class SourceTest : public testing::Test {
 protected:
  explicit SourceTest(SourceFamily family) : family_(family) {}

  /// Looks anew; `measured` is what other families have already.
  void discover(const std::vector<std::string>& measured = {}) {
    Machine machine;
    machine.sysroot = tree_.root();
    machine.clock = &clock_;
    discovery_ = family_.discover(machine, measured);
  }
  /// "channel scope" of each channel, with a + behind those in the total.
  [[nodiscard]] std::vector<std::string> channels() const {
    std::vector<std::string> names;
    for (const auto& source : discovery_.sources) {
      for (const ChannelInfo& info : source->channels()) {
        names.push_back(info.channel + " " + info.scope + (info.in_total ? " +" : ""));
      }
    }
    return names;
  }
  [[nodiscard]] PowerSource& source() { return *discovery_.sources.at(0); }
  [[nodiscard]] const ChannelInfo& info(std::size_t channel) {
    return source().channels().at(channel);
  }
  std::vector<ChannelReading> read() {
    std::vector<ChannelReading> readings(source().channels().size());
    source().read(readings);
    return readings;
  }
  [[nodiscard]] const Finding& finding(std::size_t i = 0) const {
    return discovery_.findings.at(i);
  }

  FakeTree tree_;
  ManualClock clock_;
  SourceFamily family_;
  Discovery discovery_;
};

}  // namespace gradwatt
