#include "measure/sensor_host.h"

#include "base/unique_fd.h"
#include "measure/row_stream.h"
#include "measure/sensor_process.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <poll.h>
#include <unistd.h>

namespace gradwatt {
namespace {

constexpr std::array<Duration, 3> kRestartAfter{
    std::chrono::seconds(1), std::chrono::seconds(5), std::chrono::seconds(25)};
constexpr Duration kPowerOver = std::chrono::seconds(1);

bool same_channels(const std::vector<SourceColumns>& a, const std::vector<SourceColumns>& b) {
  const auto same = [](const auto& x, const auto& y, auto equal) {
    return std::equal(x.begin(), x.end(), y.begin(), y.end(), equal);
  };
  return same(a, b, [&](const SourceColumns& x, const SourceColumns& y) {
    return x.source == y.source &&
           same(x.channels, y.channels, [](const ChannelInfo& p, const ChannelInfo& q) {
             return p.channel == q.channel && p.device == q.device && p.method == q.method;
           });
  });
}

}  // namespace

class SensorHost::Process {
  /// What is known of one source of the process, so that a new process can go on where it ended.
  struct SourceProgress {
    std::vector<Energy> base;  ///< Added to what the present process says.
    std::vector<std::optional<Energy>> last;
    std::vector<std::optional<Energy>> earlier;  ///< About a second before.
    Instant last_time;
    Instant earlier_time;
    std::optional<Instant> broke_off;  ///< The process ended here; no new row has come yet.
  };

 public:
  Process(std::string family, Options options)
      : family_(std::move(family)), options_(std::move(options)) {
    child_ = SensorProcess::start(options_.program, options_.arguments, options_.serve);
    started_at_ = options_.clock->now();
  }

  void await_found() {
    const std::lock_guard lock(mutex_);
    if (waited_) {
      return;
    }
    waited_ = true;
    // The time counts from the start: several that hang are waited for at the same time.
    wait_for(started_at_ + options_.patience - options_.clock->now(),
             [this] { return found_.has_value(); });
    if (!found_) {
      const bool ended = child_.has_ended();
      found_ = HostFound{{{family_,
                           Finding::Status::denied,
                           ended ? "looking for it crashed; the other sources are not touched"
                                 : "looking for it did not end; the other sources are not touched",
                           "check the driver: the vendor's own tool probably hangs or fails too"}},
                         {}};
      child_.kill();
      done_ = true;
    }
  }

  void ask_to_start(int first_source, SampleSink sink) {
    await_found();
    const std::lock_guard lock(mutex_);
    sink_ = std::move(sink);
    first_source_ = first_source;
    for (const SourceColumns& source : found_->columns) {
      SourceProgress progress;
      progress.base.resize(source.channels.size());
      progress.last.resize(source.channels.size());
      progress.earlier = progress.last;
      progress.last_time = progress.earlier_time = options_.clock->now();
      progress_.push_back(std::move(progress));
    }
    if (done_ || found_->columns.empty()) {
      child_.kill();
      done_ = true;
      return;
    }
    is_sampling_ = true;
    child_.order('s');
    started_at_ = options_.clock->now();
  }

  void await_first_reading() {
    const std::lock_guard lock(mutex_);
    if (is_sampling_) {
      wait_for(started_at_ + options_.patience - options_.clock->now(),
               [this] { return started_; });
    }
  }

  void nudge() {
    const std::lock_guard lock(mutex_);
    child_.order('n');
  }

  void drain() {
    const std::lock_guard lock(mutex_);
    if (!is_sampling_) {
      return;
    }
    take_lines();
    if (child_.has_ended() && !ended_) {
      see_to_crash();
    }
  }

  void ask_to_stop() {
    const std::lock_guard lock(mutex_);
    if (!std::exchange(asked_, true)) {
      child_.order('q');
    }
  }

  void stop(Duration patience) {
    ask_to_stop();
    const std::lock_guard lock(mutex_);
    if (is_sampling_) {
      wait_for(patience, [this] { return ended_.has_value(); });
      take_lines();
      if (!ended_) {
        tell_unanswered(child_.has_ended() ? "reading it crashed" : "reading it did not end");
      }
    }
    is_sampling_ = false;
    done_ = true;
    child_.kill();
  }

  [[nodiscard]] const HostFound& found() const { return *found_; }
  [[nodiscard]] std::optional<Effort> effort() const {
    const std::lock_guard lock(mutex_);
    return ended_ ? std::optional(Effort{
                        ended_->readings, ended_->late, ended_->reading_time, ended_->cpu_time})
                  : std::nullopt;
  }

 private:
  template <typename Condition>
  void wait_for(Duration patience, Condition condition) {
    const Instant end = options_.clock->now() + patience;
    take_lines();
    while (!condition() && !child_.has_ended()) {
      const Duration rest = end - options_.clock->now();
      if (rest <= Duration{} || !child_.wait_readable(rest)) {
        return;
      }
      take_lines();
    }
  }

  void take_lines() {
    for (const std::string& line : child_.take_lines()) {
      if (auto message = parse_host_line(line)) {
        std::visit([this](auto& part) { take(part); }, *message);
      }
    }
  }

  void take(HostFound& found) {
    if (!found_) {
      found_ = std::move(found);
      return;
    }
    // Started anew: only the same devices can go on.
    if (same_channels(found_->columns, found.columns)) {
      child_.order('s');
    } else {
      child_.kill();
      restarts_ = kRestartAfter.size();
    }
  }

  void take(HostStarted&) { started_ = true; }
  void take(HostEnded& ended) { ended_ = ended; }

  void take(SampleRow& row) {
    const auto index = static_cast<std::size_t>(row.source);
    if (index >= progress_.size() || row.channels.size() != progress_[index].base.size()) {
      return;
    }
    SourceProgress& progress = progress_[index];
    if (progress.broke_off) {
      bridge(row.source, progress, row.time);
    }
    for (std::size_t c = 0; c < row.channels.size(); ++c) {
      if (row.channels[c]) {
        *row.channels[c] += progress.base[c];
        progress.last[c] = row.channels[c];
      }
    }
    progress.last_time = row.time;
    if (row.time - progress.earlier_time > kPowerOver) {
      progress.earlier = progress.last;
      progress.earlier_time = row.time;
    }
    row.source += first_source_;
    sink_.sample(std::move(row));
  }

  void take(GapRow& row) {
    row.source += first_source_;
    sink_.gap(std::move(row));
  }

  void take(StateRow& row) {
    row.source += first_source_;
    if (sink_.state) {
      sink_.state(std::move(row));
    }
  }

  /// A new process counts from 0: the stretch without one is assumed at the power before it.
  void bridge(int source, SourceProgress& progress, Instant time) {
    const auto& channels = found_->columns[static_cast<std::size_t>(source)].channels;
    const Instant from = *std::exchange(progress.broke_off, std::nullopt);
    for (std::size_t c = 0; c < channels.size(); ++c) {
      GapAccount gap{channels[c].channel, from, time, "reading it crashed", 0, true};
      gap.assumed = power_of(progress, c) * (time - from);
      if (channels[c].power_max) {
        gap.most = std::max(gap.assumed, *channels[c].power_max * (time - from));
      }
      progress.base[c] = progress.last[c].value_or(Energy{}) + gap.assumed;
      sink_.gap({first_source_ + source, gap});
    }
  }

  static Power power_of(const SourceProgress& progress, std::size_t channel) {
    const double s = seconds(progress.last_time - progress.earlier_time);
    if (!progress.last[channel] || s <= 0) {
      return {};
    }
    const Energy before = progress.earlier[channel].value_or(Energy{});
    return Power{(*progress.last[channel] - before).joules() / s};
  }

  void see_to_crash() {
    const Instant now = options_.clock->now();
    for (SourceProgress& progress : progress_) {
      progress.broke_off = progress.broke_off.value_or(progress.last_time);
    }
    if (restarts_ >= kRestartAfter.size()) {
      return;
    }
    if (!restart_at_) {
      restart_at_ = now + kRestartAfter[restarts_];
    } else if (now >= *restart_at_) {
      restart_at_.reset();
      ++restarts_;
      child_ = SensorProcess::start(options_.program, options_.arguments, options_.serve);
    }
  }

  void tell_unanswered(const char* reason) {
    const Instant now = options_.clock->now();
    for (std::size_t s = 0; s < progress_.size(); ++s) {
      for (const ChannelInfo& info : found_->columns[s].channels) {
        const Instant from = progress_[s].broke_off.value_or(progress_[s].last_time);
        GapAccount gap{info.channel, from, now, reason, 0, true};
        if (info.power_max) {
          gap.most = *info.power_max * (now - from);
        }
        sink_.gap({first_source_ + static_cast<int>(s), gap});
      }
    }
  }

  std::string family_;
  Options options_;
  mutable std::mutex mutex_;
  SensorProcess child_;
  std::optional<HostFound> found_;
  std::optional<HostEnded> ended_;
  std::vector<SourceProgress> progress_;
  SampleSink sink_;
  int first_source_ = 0;
  Instant started_at_;  ///< When it was started to look, then to read.
  std::size_t restarts_ = 0;
  std::optional<Instant> restart_at_;
  bool waited_ = false;
  bool started_ = false;
  bool is_sampling_ = false;
  bool asked_ = false;
  bool done_ = false;
};

SensorHost::SensorHost(std::string family, Options options)
    : process_(std::make_unique<Process>(std::move(family), std::move(options))) {}
SensorHost::~SensorHost() = default;
SensorHost::SensorHost(SensorHost&&) noexcept = default;
SensorHost& SensorHost::operator=(SensorHost&&) noexcept = default;

const std::vector<Finding>& SensorHost::findings() {
  process_->await_found();
  return process_->found().findings;
}
const std::vector<SourceColumns>& SensorHost::columns() {
  process_->await_found();
  return process_->found().columns;
}
void SensorHost::ask_to_start(int first_source, SampleSink sink) {
  process_->ask_to_start(first_source, std::move(sink));
}
void SensorHost::await_first_reading() { process_->await_first_reading(); }
void SensorHost::nudge() { process_->nudge(); }
void SensorHost::drain() { process_->drain(); }
void SensorHost::ask_to_stop() { process_->ask_to_stop(); }
void SensorHost::stop(Duration patience) { process_->stop(patience); }
std::optional<SensorHost::Effort> SensorHost::effort() const { return process_->effort(); }

}  // namespace gradwatt
