#include "supervise/stop_watch.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <csignal>
#include <utility>

namespace gradwatt {

StopWatch::StopWatch(Options options,
                     const std::vector<SourceColumns>& sources,
                     std::function<void(int)> send)
    : options_(std::move(options)), send_(std::move(send)) {
  for (const SourceColumns& source : sources) {
    std::vector<bool> in_total;
    for (const ChannelInfo& channel : source.channels) {
      in_total.push_back(channel.in_total);
    }
    last_.emplace_back(in_total.size());
    in_total_.push_back(std::move(in_total));
  }
  thread_ = std::thread([this] { run(); });
}

StopWatch::~StopWatch() { static_cast<void>(command_ended()); }

void StopWatch::see(const SampleRow& row) {
  const std::lock_guard lock(mutex_);
  const auto source = static_cast<std::size_t>(row.source);
  if (source >= last_.size()) {
    return;
  }
  for (std::size_t c = 0; c < std::min(row.channels.size(), last_[source].size()); ++c) {
    last_[source][c] = row.channels[c] ? row.channels[c] : last_[source][c];
  }
  progress_.energy.reset();
  for (std::size_t s = 0; s < last_.size(); ++s) {
    for (std::size_t c = 0; c < last_[s].size(); ++c) {
      if (in_total_[s][c] && last_[s][c]) {
        progress_.energy = progress_.energy.value_or(Energy{}) + *last_[s][c];
      }
    }
  }
  judge();
}

void StopWatch::see(const Mark& mark) {
  if (mark.rank.value_or(0) != 0) {
    return;
  }
  const std::lock_guard lock(mutex_);
  if (mark.key == "EPOCH") {
    end_epoch();
    epoch_is_open_ = true;
  } else if (mark.key == "EPOCH_END") {
    end_epoch();
  } else if (mark.key == "METRIC") {
    const auto colon = mark.value.rfind(':');
    double value = 0;
    const char* end = mark.value.data() + mark.value.size();
    if (colon != std::string::npos &&
        std::from_chars(mark.value.data() + colon + 1, end, value).ptr == end &&
        std::isfinite(value)) {
      open_metrics_[mark.value.substr(0, colon)] = value;
    }
  }
  judge();
}

void StopWatch::end_epoch() {
  if (!std::exchange(epoch_is_open_, false)) {
    return;
  }
  ++progress_.epochs;
  for (const auto& [name, value] : std::exchange(open_metrics_, {})) {
    const auto [range, is_new] = progress_.metrics.emplace(name, RunProgress::Range{value, value});
    range->second.least = std::min(range->second.least, value);
    range->second.most = std::max(range->second.most, value);
  }
}

void StopWatch::judge() {
  if (fired_ || has_ended_) {
    return;
  }
  for (const StopRule& rule : options_.rules) {
    if (says_stop(rule, progress_)) {
      fired_ = rule.text;
      changed_.notify_all();
      return;
    }
  }
}

void StopWatch::run() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return fired_ || has_ended_; });
  if (has_ended_) {
    return;
  }
  send_(SIGTERM);
  if (!changed_.wait_for(lock, options_.grace, [this] { return has_ended_; })) {
    send_(SIGKILL);
  }
}

std::optional<std::string> StopWatch::command_ended() {
  {
    const std::lock_guard lock(mutex_);
    has_ended_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) {
    thread_.join();
  }
  return fired_;
}

}  // namespace gradwatt
