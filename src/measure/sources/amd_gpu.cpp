// AMD's GPUs: the energy counter of AMD SMI, if a short trial shows that it can be believed, else
// the power; the files of the kernel driver where there is no such library.
#include "measure/amd_sensor.h"
#include "measure/apply_facts.h"
#include "measure/counter_trial.h"
#include "measure/metered.h"
#include "measure/power_channel.h"
#include "measure/presence.h"
#include "measure/sources/catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

namespace gradwatt {
namespace {

constexpr double kCounterGain = 0.10;
constexpr double kPowerGain = 0.15;
/// AMD publishes no update periods; `gradwatt calibrate` finds the real ones.
constexpr Duration kCounterRefresh = std::chrono::milliseconds(10);
constexpr Duration kPowerRefresh = std::chrono::milliseconds(100);
/// The cap is kept on average; for an instant a GPU can draw more. Without a cap: more than any.
constexpr double kShortPeak = 2;
constexpr Power kPowerMax{2000};

constexpr Duration kTrialLasts = std::chrono::milliseconds(500);
constexpr Duration kTrialStep = std::chrono::milliseconds(10);
/// If the clock stands still.
constexpr int kTrialReadings = 60;
/// A counter of one die alone counts half of what the pair's power says.
constexpr CounterTrial::Ratio kPairRatio{0.7, 1.5};

class AmdBoard final : public PowerSource {
 public:
  AmdBoard(ChannelInfo info, std::unique_ptr<AmdSensor> sensor, const Clock& clock)
      : clock_(clock),
        sensor_(std::move(sensor)),
        counter_({std::nullopt, *info.power_max, std::nullopt, info.refresh}),
        power_(info.refresh, *info.power_max),
        infos_{std::move(info)} {}

  [[nodiscard]] const std::vector<ChannelInfo>& channels() const override { return infos_; }

  void read(std::span<ChannelReading> readings) noexcept override {
    if (counts()) {
      const auto energy = sensor_->energy();
      readings[0] = energy ? metered(counter_, clock_.now(), *energy) : sensor_->failure();
      return;
    }
    const auto power = sensor_->power();
    const ReadFailure failure = power ? ReadFailure{} : sensor_->failure();
    readings[0] = power ? power_.take(clock_.now(), *power)
                        : power_.fail(failure.reason, failure.errno_value);
  }

  void read_states(std::vector<DeviceState>& states) noexcept override {
    if (!counts()) {
      return;
    }
    if (const auto power = sensor_->power()) {
      states.push_back({infos_[0].device, "power_w", power->watts});
    }
  }

  void forget_last() noexcept override {
    counter_.forget_last();
    power_.forget_last();
  }

 private:
  [[nodiscard]] bool counts() const { return infos_[0].method == "counter"; }

  const Clock& clock_;
  std::unique_ptr<AmdSensor> sensor_;
  CounterMeter counter_;
  PowerChannel power_;
  std::vector<ChannelInfo> infos_;
};

/// A GPU on trial.
struct Candidate {
  AmdGpu gpu;
  CounterTrial trial;
  bool second_die = false;

  [[nodiscard]] CounterTrial::Verdict verdict() const {
    return trial.verdict(gpu.two_dies ? kPairRatio : CounterTrial::Ratio{});
  }
  [[nodiscard]] bool draws_something() const {
    return trial.mean_power().value_or(Power{}) > Power{};
  }
  [[nodiscard]] std::string label() const { return gpu.address.empty() ? gpu.device : gpu.address; }
};

const char* why_not(CounterTrial::Verdict verdict) {
  switch (verdict) {
    case CounterTrial::Verdict::unreadable:
      return "there is no readable counter";
    case CounterTrial::Verdict::stands_still:
      return "its counter stands still";
    case CounterTrial::Verdict::fell:
      return "its counter falls";
    case CounterTrial::Verdict::wrong_rate:
      return "its counter does not count what its power says";
    case CounterTrial::Verdict::passed:
      break;
  }
  return "";
}

class AmdSearch {
 public:
  explicit AmdSearch(const Machine& machine)
      : machine_(machine), prefix_(gpu_channel_prefix(machine.sysroot, kAmd)) {}

  Discovery search() {
    const auto cards = amd_cards();
    take_from_library(cards);
    take_from_files(cards);
    if (candidates_.empty() && found_.findings.empty()) {
      found_.findings.push_back(
          {"amd-gpu", Finding::Status::absent, "no AMD GPU; " + library_error_, ""});
    }
    try_counters();
    pair_dies();
    for (Candidate& candidate : candidates_) {
      add(candidate);
    }
    return std::move(found_);
  }

 private:
  /// Without those that are part of a CPU: their power is the package's.
  std::vector<GraphicsCard> amd_cards() {
    std::vector<GraphicsCard> cards = graphics_cards(machine_.sysroot);
    std::erase_if(cards, [](const GraphicsCard& card) { return card.vendor != kAmd; });
    for (const GraphicsCard& card : cards) {
      if (is_integrated(card)) {
        integrated_.push_back(card.address);
        found_.findings.push_back({"amd-gpu " + card.address,
                                   Finding::Status::unused,
                                   "part of the CPU, and in its package's energy",
                                   ""});
      }
    }
    std::erase_if(cards, [&](const GraphicsCard& card) { return is_among(integrated_, card); });
    return cards;
  }

  static bool is_among(const std::vector<std::string>& addresses, const GraphicsCard& card) {
    return std::find(addresses.begin(), addresses.end(), card.address) != addresses.end();
  }

  void take_from_library(const std::vector<GraphicsCard>& cards) {
    std::shared_ptr<const AmdsmiLibrary> library =
        AmdsmiLibrary::open(machine_.amdsmi_library, library_error_);
    if (library) {
      for (AmdGpu& gpu : amdsmi_gpus(library, library_error_)) {
        if (std::find(integrated_.begin(), integrated_.end(), gpu.address) == integrated_.end()) {
          known_.push_back(gpu.address);
          candidates_.push_back({std::move(gpu), {}});
        }
      }
    }
    if (candidates_.empty() && !cards.empty()) {
      found_.findings.push_back({"amd-gpu energy counter",
                                 Finding::Status::unused,
                                 library_error_.empty() ? "AMD SMI lists no GPU" : library_error_,
                                 "install ROCm's package amd-smi-lib, or set GRADWATT_AMDSMI_LIB"});
    }
  }

  void take_from_files(const std::vector<GraphicsCard>& cards) {
    for (const GraphicsCard& card : cards) {
      if (is_among(known_, card)) {
        continue;
      }
      if (card.asleep) {
        found_.findings.push_back({"amd-gpu " + card.address,
                                   Finding::Status::unused,
                                   "it is switched off while unused, and reading would wake it",
                                   "start what uses it first"});
        continue;
      }
      if (auto gpu = hwmon_gpu(card)) {
        candidates_.push_back({std::move(*gpu), {}});
      } else {
        found_.findings.push_back({"amd-gpu " + card.address,
                                   Finding::Status::absent,
                                   "its driver tells neither energy nor power (as in virtual "
                                   "machines)",
                                   ""});
      }
    }
  }

  /// All at the same time, so that eight take no longer than one.
  void try_counters() {
    if (candidates_.empty()) {
      return;
    }
    const Instant begin = machine_.clock->now();
    for (int i = 0; i < kTrialReadings; ++i) {
      for (Candidate& candidate : candidates_) {
        const auto energy = candidate.gpu.sensor->energy();
        candidate.trial.note(machine_.clock->now(), energy, candidate.gpu.sensor->power());
      }
      // Two readings at least, however slow they are.
      if (i > 0 && machine_.clock->now() - begin >= kTrialLasts) {
        break;
      }
      std::this_thread::sleep_for(kTrialStep);
    }
  }

  /// Of a card with two dies the first tells the power of both and the second one tells 0 W.
  void pair_dies() {
    const Candidate* first = nullptr;
    for (Candidate& candidate : candidates_) {
      if (!candidate.gpu.two_dies) {
        continue;
      }
      if (candidate.draws_something()) {
        first = &candidate;
      } else if (first != nullptr) {
        candidate.second_die = true;
        first = nullptr;
      }
    }
  }

  void add(Candidate& candidate) {
    const std::string what = "amd-gpu " + candidate.label();
    if (candidate.second_die) {
      found_.findings.push_back({what,
                                 Finding::Status::unused,
                                 "the second die of a card; the first one tells the energy of both",
                                 ""});
      return;
    }
    const bool counts = candidate.verdict() == CounterTrial::Verdict::passed;
    if (!counts && !candidate.draws_something()) {
      found_.findings.push_back(useless(candidate, what));
      return;
    }
    ChannelInfo info = describe(candidate, counts);
    const auto ratio = candidate.trial.ratio();
    found_.findings.push_back(
        {fmt::format("amd-gpu {} at {}", info.channel, candidate.label()),
         Finding::Status::present,
         info.basis + (counts && ratio ? fmt::format("; counter / power {:.2f}", *ratio) : ""),
         ""});
    found_.sources.push_back(std::make_unique<AmdBoard>(
        std::move(info), std::move(candidate.gpu.sensor), *machine_.clock));
  }

  [[nodiscard]] static Finding useless(const Candidate& candidate, const std::string& what) {
    if (candidate.trial.mean_power()) {
      return {what,
              Finding::Status::unused,
              candidate.gpu.two_dies
                  ? "the second die of a card, of which the first is not visible here"
                  : fmt::format("it says that it draws 0 W, and {}", why_not(candidate.verdict())),
              candidate.gpu.two_dies ? "make both dies of each card visible" : ""};
    }
    static_cast<void>(candidate.gpu.sensor->power());
    const ReadFailure failure = candidate.gpu.sensor->failure();
    return {what,
            Finding::Status::unused,
            fmt::format("{}, and its power: {}", why_not(candidate.verdict()), failure.reason),
            "if access is missing: sudo usermod -aG render,video $USER, then log in again"};
  }

  ChannelInfo describe(const Candidate& candidate, bool counts) {
    const AmdGpu& gpu = candidate.gpu;
    ChannelInfo info{prefix_ + std::to_string(number_++), gpu.device, "amd-gpu"};
    info.method = counts ? "counter" : "power";
    info.scope = gpu.with_cpu ? "module" : "gpu-board";
    info.in_total = true;
    info.gain_lo = info.gain_hi = counts ? kCounterGain : kPowerGain;
    info.refresh = counts ? kCounterRefresh : kPowerRefresh;
    info.power_max = gpu.limit ? kShortPeak * *gpu.limit : kPowerMax;
    info.basis = counts
                     ? fmt::format("counter of {}, ±10 %", gpu.way)
                     : fmt::format("power of {}, ±15 %; {}", gpu.way, why_not(candidate.verdict()));
    if (counts && !candidate.trial.mean_power()) {
      info.basis += "; no power to check it against";
    }
    if (gpu.two_dies) {
      info.basis += "; both dies of the card";
    }
    if (gpu.with_cpu) {
      info.basis += "; with the CPU cores in its socket";
    }
    apply_facts(info, machine_);
    return info;
  }

  const Machine& machine_;
  std::string prefix_;
  std::string library_error_;
  std::vector<std::string> integrated_;
  std::vector<std::string> known_;
  std::vector<Candidate> candidates_;
  Discovery found_;
  int number_ = 0;
};

Discovery discover_amd_gpu(const Machine& machine, std::span<const std::string>) {
  return AmdSearch(machine).search();
}

bool might_be_here(const Machine& machine) {
  return has_file(machine, {"dev/kfd"}) || has_card(machine, kAmd) ||
         names_a_file(machine.amdsmi_library);
}

}  // namespace

SourceFamily amd_gpu_family() {
  return {"amd-gpu",
          "AMD GPUs: AMD SMI's energy counter, else power",
          discover_amd_gpu,
          true,
          might_be_here};
}

}  // namespace gradwatt
