#include "measure/sensor_set.h"

#include "measure/reading_interval.h"
#include "trace/renewal.h"

#include <algorithm>
#include <iterator>
#include <thread>
#include <utility>

namespace gradwatt {
namespace {

constexpr Duration kSettleMost = std::chrono::milliseconds(120);
/// One renewal in so many is a hundredth of the window.
constexpr int kRenewalsEnough = 100;
constexpr Duration kSettleStep = std::chrono::milliseconds(2);

bool has_own_process(const SourceFamily& family, const Machine& machine) {
  return family.may_block && (family.might_be_here == nullptr || family.might_be_here(machine));
}

std::vector<std::string> measured_scopes(const std::vector<SourceColumns>& columns) {
  std::vector<std::string> scopes;
  for (const SourceColumns& source : columns) {
    for (const ChannelInfo& channel : source.channels) {
      if (channel.in_total) {
        scopes.push_back(channel.scope);
      }
    }
  }
  return scopes;
}

/// A reader of one channel must learn why its energy is not in the sum.
void tell_why(std::vector<SourceColumns>& columns, const std::vector<LeftOut>& left_out) {
  for (SourceColumns& source : columns) {
    for (ChannelInfo& channel : source.channels) {
      const auto found = std::find_if(left_out.begin(), left_out.end(), [&](const LeftOut& left) {
        return left.channel == channel.channel;
      });
      if (found != left_out.end()) {
        channel.basis += (channel.basis.empty() ? "" : "; ") + std::string(kNotAdded) + found->why;
      }
    }
  }
}

}  // namespace

SensorSet::SensorSet(const Machine& machine, const Options& options)
    : clock_(*machine.clock), interval_(options.interval) {
  find(machine, options);
  left_out_ = choose_cover(columns_, options.cover);
  tell_why(columns_, left_out_);
  for (const SourceColumns& source : columns_) {
    renewals_.emplace_back(source.channels.size());
  }
  poller_.emplace(std::move(own_sources_),
                  clock_,
                  SampleSink{[this](SampleRow row) {
                               row.source = own_index_[static_cast<std::size_t>(row.source)];
                               watch(row);
                               sink_.sample(std::move(row));
                             },
                             [this](GapRow row) {
                               row.source = own_index_[static_cast<std::size_t>(row.source)];
                               sink_.gap(std::move(row));
                             },
                             [this](StateRow row) {
                               row.source = own_index_[static_cast<std::size_t>(row.source)];
                               if (sink_.state) {
                                 sink_.state(std::move(row));
                               }
                             }});
}

SensorSet::~SensorSet() {
  if (sampler_) {
    sampler_->stop();
  }
}

void SensorSet::find(const Machine& machine, const Options& options) {
  // All processes look at the same time; what they found is taken in the families' order.
  std::vector<std::unique_ptr<SensorHost>> started(options.families.size());
  for (std::size_t i = 0; i < options.families.size(); ++i) {
    const SourceFamily& family = options.families[i];
    if (options.host && has_own_process(family, machine)) {
      started[i] = std::make_unique<SensorHost>(family.name, options.host(family, interval_));
    }
  }
  for (std::size_t i = 0; i < options.families.size(); ++i) {
    const auto first_source = columns_.size();
    if (started[i]) {
      const auto& findings = started[i]->findings();
      findings_.insert(findings_.end(), findings.begin(), findings.end());
      take_columns(started[i]->columns());
      hosts_.push_back({std::move(started[i]), static_cast<int>(first_source)});
    } else {
      Discovery found = options.families[i].discover(machine, measured_scopes(columns_));
      std::move(found.findings.begin(), found.findings.end(), std::back_inserter(findings_));
      for (auto& source : found.sources) {
        own_index_.push_back(static_cast<int>(columns_.size()));
        take_columns({{source->channels().empty() ? "" : source->channels().front().source,
                       source->channels()}});
        own_sources_.push_back(std::move(source));
      }
    }
  }
}

void SensorSet::take_columns(const std::vector<SourceColumns>& columns) {
  columns_.insert(columns_.end(), columns.begin(), columns.end());
}

void SensorSet::watch(const SampleRow& row) {
  const std::lock_guard lock(renewals_mutex_);
  auto& renewals = renewals_[static_cast<std::size_t>(row.source)];
  for (std::size_t c = 0; c < std::min(row.channels.size(), renewals.size()); ++c) {
    if (row.channels[c] && row.channels[c] != renewals[c].value) {
      renewals[c] = {row.channels[c], row.time};
    }
  }
}

void SensorSet::take_first_reading(SampleSink sink) {
  sink_ = std::move(sink);
  const SampleSink watched{[this](SampleRow row) {
                             watch(row);
                             sink_.sample(std::move(row));
                           },
                           sink_.gap,
                           sink_.state};
  for (const Host& host : hosts_) {
    host.sensors->ask_to_start(host.first_source, watched);
  }
  for (const Host& host : hosts_) {
    host.sensors->await_first_reading();
  }
  poller_->poll();
}

void SensorSet::begin() {
  sampler_.emplace(*poller_, clock_, reading_interval(columns_, interval_));
}

void SensorSet::nudge() {
  if (sampler_) {
    sampler_->nudge();
  }
  for (const Host& host : hosts_) {
    host.sensors->nudge();
  }
}

void SensorSet::drain() {
  for (const Host& host : hosts_) {
    host.sensors->drain();
  }
}

bool SensorSet::is_renewed(const std::vector<std::pair<std::size_t, std::size_t>>& channels,
                           Instant since) {
  const std::lock_guard lock(renewals_mutex_);
  return std::all_of(channels.begin(), channels.end(), [&](const auto& place) {
    return renewals_[place.first][place.second].time > since;
  });
}

void SensorSet::settle(Instant begin, Instant end, std::optional<Duration> most) {
  std::vector<std::pair<std::size_t, std::size_t>> slow;
  for (std::size_t s = 0; s < columns_.size(); ++s) {
    for (std::size_t c = 0; c < columns_[s].channels.size(); ++c) {
      const ChannelInfo& info = columns_[s].channels[c];
      // Counters renewed faster leave less unseen than a process takes to end.
      if (info.method == "counter" && info.in_total && info.refresh >= kSlowRefresh &&
          (most || end - begin < info.refresh * kRenewalsEnough)) {
        slow.emplace_back(s, c);
      }
    }
  }
  const Instant latest = end + most.value_or(kSettleMost);
  if (slow.empty() || clock_.now() >= latest) {
    return;
  }
  nudge();  // A burst of readings sees the renewal as soon as it is there.
  while (!is_renewed(slow, end) && clock_.now() < latest) {
    std::this_thread::sleep_for(std::min(kSettleStep, latest - clock_.now()));
    drain();
  }
}

void SensorSet::stop(Duration patience) {
  if (std::exchange(stopped_, true)) {
    return;
  }
  const Instant latest = clock_.now() + patience;
  for (const Host& host : hosts_) {
    host.sensors->ask_to_stop();
  }
  if (sampler_) {
    sampler_->stop();
    effort_.late = sampler_->late();
  } else if (sink_.sample) {
    poller_->finish();
  }
  effort_.readings = poller_->readings();
  effort_.reading_time = poller_->reading_time();
  for (const Host& host : hosts_) {
    host.sensors->stop(std::max(Duration{}, latest - clock_.now()));
    if (const auto effort = host.sensors->effort()) {
      effort_.readings += effort->readings;
      effort_.late += effort->late;
      effort_.reading_time += effort->reading_time;
      effort_.processes_cpu_time += effort->cpu_time;
    }
  }
}

}  // namespace gradwatt
