#pragma once

#include "measure/fake_tree_test.h"
#include "measure/sources/catalog.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <dlfcn.h>
#include <map>
#include <string>
#include <vector>

namespace gradwatt {

/// Tests over the fake library of tests/fake_nvml, with its time in step with the test's clock.
class FakeNvmlTest : public testing::Test {
 protected:
  FakeNvmlTest() : library_(::dlopen(GRADWATT_FAKE_NVML_LIBRARY, RTLD_NOW | RTLD_LOCAL)) {
    EXPECT_NE(library_, nullptr) << ::dlerror();
    machine_.sysroot = tree_.root();
    machine_.clock = &clock_;
    machine_.nvml_library = GRADWATT_FAKE_NVML_LIBRARY;
    pass(0.05);  // Between two updates of the boards' sensors, which come every 0.1 s.
  }
  ~FakeNvmlTest() override {
    ::unsetenv("GRADWATT_FAKE_NVML");
    ::dlclose(library_);
  }

  /// One board that draws 300 W, and what `lines` say of it.
  static std::string gpu(const std::string& uuid, const std::string& lines = "") {
    return "[gpu]\nuuid = " + uuid + "\npower = constant power=300\n" + lines + "\n";
  }
  void play(const std::string& script) {
    tree_.file("script.txt", script);
    ::setenv("GRADWATT_FAKE_NVML", (tree_.root() / "script.txt").c_str(), 1);
  }
  void discover(const std::string& script) {
    discovery_ = {};  // Ends the use of the library before: a script is read when that begins.
    play(script);
    discovery_ = nvml_family().discover(machine_, {});
  }
  /// Lets time pass for the boards and for gradwatt.
  void pass(double s) {
    time_s_ += s;
    clock_.pass(s);
    reinterpret_cast<void (*)(double)>(::dlsym(library_, "fake_nvml_now_is"))(time_s_);
  }
  [[nodiscard]] double now_s() const { return time_s_; }
  static std::vector<ChannelReading> read(PowerSource& source) {
    std::vector<ChannelReading> readings(source.channels().size());
    source.read(readings);
    return readings;
  }
  /// Reads the first source's first channel in steps until `s` have passed; the last reading.
  ChannelReading run(double s, double step = 0.1) {
    PowerSource& source = *discovery_.sources.at(0);
    ChannelReading last = read(source)[0];
    for (int i = 0; i < static_cast<int>(s / step + 0.5); ++i) {
      pass(step);
      last = read(source)[0];
    }
    return last;
  }
  static double joules(const ChannelReading& reading) {
    if (const auto* powered = std::get_if<Powered>(&reading)) {
      return powered->since_first.joules();
    }
    return std::get<Energy>(reading).joules();
  }
  static std::map<std::string, double> states(PowerSource& source) {
    std::vector<DeviceState> list;
    source.read_states(list);
    std::map<std::string, double> values;
    for (const DeviceState& state : list) {
      EXPECT_EQ(state.device, source.channels()[0].channel);
      values[state.name] = state.value;
    }
    return values;
  }
  [[nodiscard]] const ChannelInfo& info(std::size_t channel = 0) const {
    return discovery_.sources.at(0)->channels().at(channel);
  }
  [[nodiscard]] const Finding& finding(const std::string& what) const {
    for (const Finding& found : discovery_.findings) {
      if (found.what == what) {
        return found;
      }
    }
    static const Finding kNone{"there is no such finding", {}, "", ""};
    return kNone;
  }

  FakeTree tree_;
  ManualClock clock_;
  Machine machine_;
  Discovery discovery_;

 private:
  void* library_;
  double time_s_ = 0;
};

}  // namespace gradwatt
