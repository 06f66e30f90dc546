#include "simulate/truth_table.h"

#include "base/expects.h"
#include "plant/signal_text.h"
#include "record/account.h"
#include "simulate/information_bound.h"
#include "trace/median.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <string_view>
#include <thread>

namespace gradwatt {
namespace {

using std::chrono::milliseconds;

/// A named signal as the table tries it: minutes would say no more than seconds do.
struct TableSignal {
  const char* name;
  const char* text;
  Duration duration;
  int epochs;
  Duration shift_max;  ///< What is periodic begins anywhere.
};

constexpr std::array<TableSignal, 13> kSignals{{
    {"constant", "constant power=300", milliseconds(4000), 2, {}},
    {"square-100ms", "square-100ms", milliseconds(4000), 2, milliseconds(100)},
    {"square-97ms", "square-97ms", milliseconds(4000), 2, milliseconds(97)},
    {"square-1s", "square-1s", milliseconds(5000), 2, milliseconds(1000)},
    {"square-2s", "square-2s", milliseconds(5000), 2, milliseconds(2000)},
    {"square-15s", "square-15s", milliseconds(16'000), 2, milliseconds(15'000)},
    {"ramp", "ramp from=60 to=700 over=4", milliseconds(4000), 2, {}},
    {"spikes", "spikes", milliseconds(4000), 2, milliseconds(1000)},
    {"tail", "load low=50 high=500 length=1.5", milliseconds(5000), 2, {}},
    {"epochs",
     "epochs low=150 high=350 busy=1.8 pause=0.2",
     milliseconds(6000),
     3,
     milliseconds(2000)},
    {"random",
     "random low=60 high=400 step=0.3 seed=1",
     milliseconds(4000),
     2,
     milliseconds(60'000)},
    {"short-900ms", "short-900ms", milliseconds(900), 2, {}},
    {"short-80ms", "short-80ms", milliseconds(80), 0, {}},
}};

const TableSignal& signal_of(std::string_view name) {
  const auto* found = std::find_if(
      kSignals.begin(), kSignals.end(), [&](const auto& signal) { return signal.name == name; });
  expects(found != kSignals.end(), "a signal of the table");
  return *found;
}

/// Nothing that stands still for less than a counter may is noticed.
bool is_noticeable(const TableSignal& signal, const NamedFault& fault) {
  const bool is_freeze =
      fault.kind == Fault::Kind::freeze || fault.kind == Fault::Kind::freeze_losing;
  return !is_freeze || signal.duration >= milliseconds(3000);
}

/// A counter still tells later what one failed reading did not; a mean is lost.
bool keeps_information(const SensorSpec& sensor, const NamedFault& fault) {
  return fault.keeps_information && (sensor.is_counter || fault.kind != Fault::Kind::failed_read);
}

bool befalls(const NamedFault& fault, const SensorSpec& sensor) {
  return sensor.is_counter ? fault.of_counters : fault.of_power_sensors;
}

void add_cells(std::vector<TruthCell>& cells, const SensorSpec& sensor, const NamedFault& fault) {
  for (const TableSignal& signal : kSignals) {
    if (befalls(fault, sensor) && is_noticeable(signal, fault)) {
      cells.push_back({signal.name, sensor.name, fault.name});
    }
  }
}

std::vector<TruthCell> all_cells() {
  std::vector<TruthCell> cells;
  for (const SensorSpec& sensor : sensor_specs()) {
    for (const NamedFault& fault : named_faults()) {
      add_cells(cells, sensor, fault);
    }
  }
  return cells;
}

using Histogram = std::array<std::int64_t, TruthTable::kBins>;

/// Judges the runs of one cell.
class Judge {
 public:
  Judge(TruthCell& cell, Histogram& histogram)
      : cell_(cell),
        histogram_(histogram),
        with_width_(keeps_information(sensor_named(cell.sensor), fault_named(cell.fault))),
        signal_(parse_signal(table_signal(cell.signal))) {}

  void run(std::uint64_t seed) {
    const SimulationSetup setup = table_setup(cell_, signal_, seed);
    const SimulatedRun run = simulate(setup);
    const RunAccount account = account_of(run.record);
    expects(account.epochs.size() == run.epochs.size(), "as many epochs as there were");
    judge(account.total, run.total, setup, run);
    for (std::size_t i = 0; i < run.epochs.size(); ++i) {
      judge(account.epochs[i].energy, run.epochs[i], setup, run);
    }
    ++cell_.seeds;
  }

  void finish() {
    if (!errors_.empty()) {
      cell_.median_error = median_of(errors_);
    }
    if (!widths_.empty()) {
      cell_.median_width = median_of(widths_);
      cell_.wide = static_cast<int>(std::count_if(
          widths_.begin(), widths_.end(), [](double width) { return width > kWideWindow; }));
    }
  }

 private:
  void judge(const std::optional<BoundedEnergy>& known,
             const TrueWindow& window,
             const SimulationSetup& setup,
             const SimulatedRun& run) {
    if (!known) {
      ++cell_.unknown;
      return;
    }
    const BoundedEnergy& energy = *known;
    errors_.push_back(std::abs(energy.energy.joules() - window.joules) / window.joules);
    ++cell_.windows;
    // Energies are whole microjoules, the truth is not.
    constexpr double kMicrojoule = 1e-6;
    const double lo = energy.lo.joules() - kMicrojoule;
    const double hi = energy.hi.joules() + kMicrojoule;
    if (window.joules < lo || window.joules > hi) {
      ++cell_.missed;
      cell_.missed_seed = cell_.missed_seed.value_or(setup.seed);
    }
    if (with_width_) {
      const double bound =
          information_bound(signal_, run.sensor, setup.limits, window, run.last_reading);
      widths_.push_back((energy.hi - energy.lo).joules() / bound);
    }
    const double place = (window.joules - energy.energy.joules()) / ((hi - lo) / 2);
    const int bin = static_cast<int>((place + 1) / 2 * TruthTable::kBins);
    ++histogram_[static_cast<std::size_t>(std::clamp(bin, 0, TruthTable::kBins - 1))];
  }

  TruthCell& cell_;
  Histogram& histogram_;
  bool with_width_;
  Signal signal_;
  std::vector<double> widths_;
  std::vector<double> errors_;
};

}  // namespace

std::string table_signal(std::string_view name) { return signal_of(name).text; }

SimulationSetup table_setup(const TruthCell& cell, const Signal& signal, std::uint64_t seed) {
  const TableSignal& shape = signal_of(cell.signal);
  SimulationSetup setup;
  setup.signal = &signal;
  setup.sensor = sensor_named(cell.sensor);
  setup.seed = seed;
  setup.duration = shape.duration;
  setup.epochs = shape.epochs;
  setup.shift_max = shape.shift_max;
  add_fault(setup, fault_named(cell.fault).kind);
  return setup;
}

TruthTable make_truth_table(const TruthTableOptions& options) {
  TruthTable table;
  table.cells = all_cells();
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  const auto work = [&] {
    Histogram histogram{};
    for (std::size_t i = next++; i < table.cells.size(); i = next++) {
      Judge judge(table.cells[i], histogram);
      for (int seed = 1; seed <= options.seeds; ++seed) {
        judge.run(static_cast<std::uint64_t>(seed));
      }
      judge.finish();
    }
    const std::lock_guard lock(mutex);
    for (std::size_t bin = 0; bin < histogram.size(); ++bin) {
      table.histogram[bin] += histogram[bin];
    }
  };
  const unsigned count = options.threads > 0 ? static_cast<unsigned>(options.threads)
                                             : std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::thread> threads;
  for (unsigned t = 1; t < count; ++t) {
    threads.emplace_back(work);
  }
  work();
  for (std::thread& thread : threads) {
    thread.join();
  }
  table.runs = static_cast<std::int64_t>(table.cells.size()) * options.seeds;
  return table;
}

}  // namespace gradwatt
