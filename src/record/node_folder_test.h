#pragma once

#include "base/error.h"
#include "record/node_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <random>

namespace gradwatt {

/// A folder with a node file in it: a counter of two channels and a power sensor of one, read ten
/// times a second. Every reading follows from its number, so that tests know what must be there.
class NodeFolderTest : public testing::Test {
 protected:
  NodeFolderTest() {
    std::string pattern = testing::TempDir() + "gradwatt-node-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~NodeFolderTest() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] std::filesystem::path file() const { return folder_ / "node-h.sqlite"; }

  static std::vector<SourceColumns> sources() {
    ChannelInfo package{"pkg0", "package-0", "rapl", "counter", "cpu-package"};
    package.in_total = true;
    package.gain_lo = package.gain_hi = 0.05;
    package.power_max = Power{300};
    package.refresh = std::chrono::milliseconds(1);
    package.basis = "test";
    ChannelInfo memory = package;
    memory.channel = "dram0";
    memory.scope = "dram";
    ChannelInfo board{"gpu0", "GPU-1", "nvml", "power", "gpu-board"};
    board.in_total = true;
    board.refresh = std::chrono::milliseconds(100);
    board.power_max = Power{700};
    return {{"rapl", {package, memory}}, {"nvml", {board}}};
  }

  static Instant time_of(int i) { return Instant{(i * 100'000LL + i * 7919LL % 1000) * 1000}; }

  /// The memory cannot be read each third time.
  static SampleRow counter_row(int i) {
    const auto memory = i % 3 == 2 ? std::nullopt : std::optional(Energy{i * 1'000'003LL});
    return {0, time_of(i), {Energy{i * 10'000'000LL + i * 31LL % 61}, memory}, {}};
  }
  static SampleRow sensor_row(int i) {
    return {1,
            time_of(i) + Duration(5'000),
            {Energy{i * 30'000'000LL}},
            {Power{300 + (i * 37 % 100) / 10.0}}};
  }

  static NodeFileWriter::Batch batch_of(int begin, int end) {
    NodeFileWriter::Batch batch;
    for (int i = begin; i < end; ++i) {
      batch.samples.push_back(counter_row(i));
      batch.samples.push_back(sensor_row(i));
    }
    return batch;
  }

  /// A finished run with marks, states and gaps as well.
  void write_run(int readings) const {
    NodeFileWriter writer(folder_, "h", Instant{}, sources());
    constexpr int kAtATime = 100;
    for (int i = 0; i < readings; i += kAtATime) {
      NodeFileWriter::Batch batch = batch_of(i, std::min(readings, i + kAtATime));
      const Instant now = time_of(i);
      batch.marks = {{now, now + Duration(9'000), 1, 42, "EPOCH", std::to_string(i / kAtATime)}};
      batch.states = {{1, now, "GPU-1", "temperature_c", 50.0 + i % 17}};
      batch.gaps = {{0, {"pkg0", now, now + Duration(50'000'000), "unreadable", 13, true}}};
      writer.append(batch, WaitForDisk::no);
    }
    MonitorAccount monitor;
    monitor.cpu_s = 0.25;
    monitor.readings = readings;
    writer.finish({}, time_of(readings), monitor, WaitForDisk::no);
  }

  /// What reading the folder's files fails with; empty: it does not.
  [[nodiscard]] std::string error_of_reading() const {
    try {
      static_cast<void>(read_node_files(folder_));
    } catch (const Error& error) {
      return error.what();
    }
    return {};
  }

 private:
  std::filesystem::path folder_;
};

}  // namespace gradwatt
