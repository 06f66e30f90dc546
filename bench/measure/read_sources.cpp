// What one reading costs: a bare file in the kernel's manner as the reference, one counter, and a
// tick of eight counters through the poller, on fake trees in a folder of this run's own.
#include "measure/poller.h"
#include "measure/sources/catalog.h"
#include "units/clock.h"

#include <benchmark/benchmark.h>

#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace gradwatt {
namespace {

/// A machine with `packages` RAPL packages whose counters rise at every reading.
class Tree {
 public:
  explicit Tree(int packages) : packages_(packages) {
    std::string pattern = std::filesystem::temp_directory_path() / "gradwatt-bench-XXXXXX";
    root_ = ::mkdtemp(pattern.data());
    std::filesystem::create_directories(root_ / "proc");
    std::ofstream(root_ / "proc/cpuinfo") << "vendor_id\t: GenuineIntel\ncpu family\t: 6\n";
    for (int i = 0; i < packages; ++i) {
      const auto zone = root_ / ("sys/class/powercap/intel-rapl:" + std::to_string(i));
      std::filesystem::create_directories(zone);
      std::ofstream(zone / "name") << "package-" << i << "\n";
      std::ofstream(zone / "max_energy_range_uj") << "262143328850\n";
      std::ofstream(zone / "energy_uj") << "1000000\n";
      counters_.push_back(::open((zone / "energy_uj").c_str(), O_WRONLY | O_CLOEXEC));
    }
  }
  ~Tree() {
    for (const int counter : counters_) {
      ::close(counter);
    }
    std::filesystem::remove_all(root_);
  }
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;

  void rise() {
    joules_ += 1;
    const std::string text = std::to_string(1'000'000 + joules_) + "\n";
    for (const int counter : counters_) {
      benchmark::DoNotOptimize(::pwrite(counter, text.data(), text.size(), 0));
    }
  }
  [[nodiscard]] const std::filesystem::path& root() const { return root_; }

 private:
  int packages_;
  std::int64_t joules_ = 0;
  std::filesystem::path root_;
  std::vector<int> counters_;
};

void bare_file(benchmark::State& state) {
  Tree tree(1);
  const auto file = tree.root() / "sys/class/powercap/intel-rapl:0/energy_uj";
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  std::array<char, 64> block{};
  for (auto _ : state) {
    benchmark::DoNotOptimize(::pread(fd, block.data(), block.size(), 0));
  }
  ::close(fd);
}

void tick(benchmark::State& state) {
  Tree tree(static_cast<int>(state.range(0)));
  const SystemClock clock;
  Machine machine;
  machine.sysroot = tree.root();
  machine.clock = &clock;
  std::int64_t rows = 0;
  Poller poller(discover_sources(machine).sources,
                clock,
                {[&](const SampleRow& row) { rows += row.source + 1; }, [](const GapRow&) {}});
  for (auto _ : state) {
    state.PauseTiming();
    tree.rise();
    state.ResumeTiming();
    poller.poll();
  }
  state.counters["rows"] = static_cast<double>(rows);
}

BENCHMARK(bare_file)->Name("reference: pread of one open file");
BENCHMARK(tick)->Name("tick, counters that rise")->Arg(1)->Arg(8)->Iterations(20'000);

}  // namespace
}  // namespace gradwatt

BENCHMARK_MAIN();
