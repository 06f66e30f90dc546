#pragma once

#include "units/clock.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace gradwatt {

/// A folder that stands for "/", removed with the object.
class FakeTree {
 public:
  FakeTree() {
    std::string pattern = testing::TempDir() + "gradwatt-tree-XXXXXX";
    root_ = ::mkdtemp(pattern.data());
  }
  ~FakeTree() { std::filesystem::remove_all(root_); }
  FakeTree(const FakeTree&) = delete;
  FakeTree& operator=(const FakeTree&) = delete;

  FakeTree& file(const std::string& path, const std::string& text) {
    std::filesystem::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path, std::ios::trunc) << text;
    return *this;
  }
  FakeTree& zone(const std::string& id, const std::string& name, std::int64_t energy_uj) {
    const std::string folder = "sys/class/powercap/" + id + "/";
    return file(folder + "name", name + "\n")
        .file(folder + "max_energy_range_uj", "262143328850\n")
        .file(folder + "energy_uj", std::to_string(energy_uj) + "\n");
  }
  FakeTree& energy(const std::string& id, std::int64_t energy_uj) {
    return file("sys/class/powercap/" + id + "/energy_uj", std::to_string(energy_uj) + "\n");
  }
  void remove(const std::string& path) { std::filesystem::remove_all(root_ / path); }
  [[nodiscard]] const std::filesystem::path& root() const { return root_; }

 private:
  std::filesystem::path root_;
};

/// A clock that moves only when told to.
class ManualClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override { return now_; }
  [[nodiscard]] WallTime wall() const override { return {now_.ns / 1'000'000}; }
  [[nodiscard]] Duration asleep() const override { return asleep_; }
  void pass(double s) { now_ = now_ + from_seconds(s); }
  /// The machine is suspended: time passes that `now` does not show.
  void suspend(double s) { asleep_ += from_seconds(s); }

 private:
  Instant now_{1'000'000'000};
  Duration asleep_{};
};

inline std::string cpuinfo(
    const std::string& vendor, int family, int model, const std::string& name, int cpus) {
  std::string text;
  for (int i = 0; i < cpus; ++i) {
    text += "processor\t: " + std::to_string(i) + "\nvendor_id\t: " + vendor +
            "\ncpu family\t: " + std::to_string(family) + "\nmodel\t\t: " + std::to_string(model) +
            "\nmodel name\t: " + name + "\nstepping\t: 1\n\n";
  }
  return text;
}

}  // namespace gradwatt
