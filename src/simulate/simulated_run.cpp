#include "simulate/simulated_run.h"

#include "base/expects.h"
#include "measure/poller.h"
#include "measure/reading_interval.h"
#include "measure/sampling_schedule.h"
#include "plant/random_stream.h"

#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <string>
#include <utility>

namespace gradwatt {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

/// As long after the machine's start as suits a machine; no result depends on it.
constexpr Instant kMachineUp{1'000'000'000'000};

/// No two readings are at the same time.
constexpr Duration kLeastStep = microseconds(1);

Duration drawn(RandomStream& random, Duration least, Duration most) {
  const double span = static_cast<double>((most - least).count());
  return least + Duration(std::llround(random.unit() * span));
}

/// A datagram that a training program sends: when and what.
struct Sent {
  Instant time;
  Instant received;
  std::string text;
};

class Simulation {
 public:
  explicit Simulation(const SimulationSetup& setup)
      : setup_(setup),
        random_(setup.seed ^ 0x5ca1ab1eU),
        clock_(kMachineUp),
        origin_(kMachineUp - drawn(random_, {}, setup.shift_max)),
        fault_(setup.fault),
        sensor_seed_(random_.next()),
        run_{{}, {}, {}, {}, sensor_with({})} {
    fault_.begin += kMachineUp - origin_;
    if (fault_.kind == Fault::Kind::suspend) {
      clock_.suspend(origin_ + fault_.begin, std::chrono::minutes(10));
    }
    std::vector<std::unique_ptr<PowerSource>> sources;
    sources.push_back(
        std::make_unique<PlantSource>(sensor_with(fault_), setup.limits, clock_, origin_));
    poller_ = std::make_unique<Poller>(
        std::move(sources),
        clock_,
        SampleSink{[this](SampleRow row) { run_.record.samples.push_back(std::move(row)); },
                   [this](GapRow row) { run_.record.gaps.push_back(std::move(row)); }});
    run_.record.sources = poller_->columns();
  }

  SimulatedRun run() {
    poller_->poll();
    run_.record.begin = clock_.now();
    run_.record.end = run_.record.begin + setup_.duration;
    plan_marks();
    sample();
    run_.record.host = "plant";
    run_.record.finished = true;
    run_.record.monitor.readings = poller_->readings();
    run_.total = window(run_.record.begin, run_.record.end);
    return std::move(run_);
  }

 private:
  [[nodiscard]] PlantSensor sensor_with(const Fault& fault) const {
    return {*setup_.signal, setup_.sensor, fault, setup_.limits.scale_bound, sensor_seed_};
  }
  [[nodiscard]] TrueWindow window(Instant begin, Instant end) const {
    const Duration from = begin - origin_;
    const Duration to = end - origin_;
    return {from, to, setup_.signal->joules(from, to)};
  }

  /// Epochs of about the same length one after the other, with some time before and behind them.
  void plan_marks() {
    if (setup_.epochs == 0) {
      return;
    }
    const Instant begin = run_.record.begin;
    const auto part = [&](double share) {
      const double whole = static_cast<double>(setup_.duration.count());
      return Duration(std::llround(share * whole));
    };
    std::vector<Instant> edges;
    const double step = 0.9 / setup_.epochs;
    for (int i = 0; i <= setup_.epochs; ++i) {
      edges.push_back(begin + part(0.05 + step * i + random_.between(-0.1, 0.1) * step));
    }
    for (int i = 0; i <= setup_.epochs; ++i) {
      const Instant time = edges[static_cast<std::size_t>(i)];
      const bool is_last = i == setup_.epochs;
      send(time, is_last ? fmt::format("EPOCH_END={}", i - 1) : fmt::format("EPOCH={}", i));
      if (!is_last) {
        run_.epochs.push_back(window(time, edges[static_cast<std::size_t>(i) + 1]));
      }
    }
  }

  void send(Instant time, const std::string& line) {
    const Duration on_the_way = drawn(random_, microseconds(30), microseconds(300));
    sent_.push_back({time,
                     time + on_the_way,
                     fmt::format("{}\nT={}\nSEQ={}", line, time.ns, sent_.size() + 1)});
  }

  /// When a thread that wants to wake at `time` runs: soon, and now and then late.
  Instant woken(Instant time) {
    const bool is_late = random_.unit() < 0.01;
    return time + drawn(random_, {}, is_late ? milliseconds(5) : microseconds(100));
  }

  /// The sampler's thread: its schedule, nudged by marks, until the run ends.
  void sample() {
    SamplingSchedule schedule(run_.record.begin,
                              reading_interval(run_.record.sources, setup_.interval),
                              poller_->slowest_refresh());
    std::size_t next_mark = 0;
    const Instant end = run_.record.end;
    while (true) {
      Instant time = woken(schedule.next());
      const bool mark_comes_first = next_mark < sent_.size() && sent_[next_mark].received <= time;
      if (mark_comes_first) {
        time = sent_[next_mark].received;
      }
      time = std::max(clock_.now() + kLeastStep, after_stall(time));
      if (time >= end) {
        break;
      }
      clock_.move_to(time);
      for (; next_mark < sent_.size() && sent_[next_mark].received <= time; ++next_mark) {
        take(sent_[next_mark]);
        schedule.mark(time);
      }
      const auto due = schedule.due(time);
      if (due == SamplingSchedule::Due::reading) {
        poller_->poll();
      } else if (due == SamplingSchedule::Due::reading_at_mark) {
        read_at_mark();
      }
    }
    for (; next_mark < sent_.size(); ++next_mark) {
      take(sent_[next_mark]);
    }
    run_.record.monitor.late = schedule.late();
    clock_.move_to(std::max(clock_.now(), woken(end)));
    read_at_mark();
    run_.last_reading = clock_.now() - origin_;
    poller_->finish();
  }

  void read_at_mark() {
    poller_->poll();
    poller_->await_fast_renewal([this](Duration time) { clock_.move_to(clock_.now() + time); });
  }

  [[nodiscard]] Instant after_stall(Instant time) const {
    const Instant begin = origin_ + fault_.begin;
    const Instant end = begin + fault_.length;
    return fault_.kind == Fault::Kind::stall && time >= begin && time < end ? end : time;
  }

  void take(const Sent& sent) {
    for (Mark& mark : parse_marks(sent.text, std::max(clock_.now(), sent.received)).marks) {
      run_.record.marks.push_back(std::move(mark));
    }
  }

  const SimulationSetup& setup_;
  RandomStream random_;
  VirtualClock clock_;
  Instant origin_;
  Fault fault_;
  std::uint64_t sensor_seed_;
  SimulatedRun run_;
  std::unique_ptr<Poller> poller_;
  std::vector<Sent> sent_;
};

}  // namespace

SimulatedRun simulate(const SimulationSetup& setup) {
  expects(setup.signal != nullptr, "a signal to measure");
  return Simulation(setup).run();
}

}  // namespace gradwatt
