#pragma once

#include "measure/fake_tree_test.h"
#include "measure/perf_events.h"

#include <cerrno>
#include <fcntl.h>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace gradwatt {

/// What a kernel with energy events shows below `tree`: the unit "power", the CPUs that stand for a
/// package or die each, where those are, and the events.
class PowerTree {
 public:
  explicit PowerTree(FakeTree& tree) : tree_(tree) {}

  PowerTree& unit(const std::string& cpumask) {
    tree_.file(kFolder + "type", "25\n").file(kFolder + "cpumask", cpumask + "\n");
    return *this;
  }
  PowerTree& event(const std::string& name,
                   const std::string& term,
                   const std::string& scale = "2.3283064365386962890625e-10",
                   const std::string& unit = "Joules") {
    const std::string file = kFolder + "events/" + name;
    tree_.file(file, term + "\n").file(file + ".scale", scale + "\n").file(file + ".unit", unit);
    return *this;
  }
  PowerTree& package_and_memory() {
    return event("energy-pkg", "event=0x02").event("energy-ram", "event=0x03");
  }
  PowerTree& cpu(int cpu, int package, int die = 0) {
    const std::string folder = "sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/topology/";
    tree_.file(folder + "physical_package_id", std::to_string(package) + "\n")
        .file(folder + "die_id", std::to_string(die) + "\n");
    return *this;
  }

 private:
  const std::string kFolder = "sys/bus/event_source/devices/power/";
  FakeTree& tree_;
};

/// Energy events that count what the test says.
class FakePerfEvents final : public PerfEvents {
 public:
  struct Event {
    int cpu = 0;
    std::uint64_t config = 0;
    auto operator<=>(const Event&) const = default;
  };
  std::map<Event, std::uint64_t> counts;
  std::map<Event, int> open_errors;
  std::map<int, int> read_errors;  ///< By CPU.
  int open_error = 0;              ///< Of every event.
  std::uint64_t rise = 0;          ///< Of every counter between two reads.
  int reads = 0;

  Opened open(std::uint32_t type, std::uint64_t config, int cpu, int leader) noexcept override {
    EXPECT_EQ(type, 25U);
    const Event event{cpu, config};
    const auto own = open_errors.find(event);
    if (const int error = own != open_errors.end() ? own->second : open_error) {
      return {UniqueFd(), error};
    }
    UniqueFd fd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (leader < 0) {
      groups_[fd.get()] = {event};
    } else {
      EXPECT_EQ(groups_.at(leader).front().cpu, cpu) << "the kernel refuses such a group";
      groups_.at(leader).push_back(event);
    }
    return {std::move(fd), 0};
  }

  int read(int leader, std::span<std::uint64_t> values) noexcept override {
    ++reads;
    const std::vector<Event>& group = groups_.at(leader);
    if (const auto error = read_errors.find(group.front().cpu); error != read_errors.end()) {
      return error->second;
    }
    if (values.size() != group.size() + 1) {
      return EIO;
    }
    values[0] = group.size();
    for (std::size_t i = 0; i < group.size(); ++i) {
      values[i + 1] = counts[group[i]] += rise;
    }
    return 0;
  }

 private:
  std::map<int, std::vector<Event>> groups_;
};

}  // namespace gradwatt
