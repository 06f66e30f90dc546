#include "record/idle_shares.h"

#include "record/run_curve.h"
#include "trace/idle_share.h"

#include <algorithm>
#include <string>

namespace gradwatt {
namespace {

constexpr const char* kUtilisationState = "utilisation_percent";

std::optional<Power> idle_power_of(const ChannelInfo& info,
                                   const std::optional<RunCalibration>& calibration) {
  if (!calibration) {
    return std::nullopt;
  }
  const auto found = calibration->idle.find(sensor_key(info));
  if (found == calibration->idle.end()) {
    return std::nullopt;
  }
  return found->second.with_context.value_or(found->second.mean);
}

std::vector<Utilisation> utilisation_of(const NodeRecord& record,
                                        std::size_t source,
                                        const ChannelInfo& info) {
  std::vector<Utilisation> said;
  for (const StateRow& row : record.states) {
    if (row.source == static_cast<int>(source) && row.name == kUtilisationState &&
        is_state_of(row, info)) {
      said.push_back({seconds(row.time - record.begin), row.value});
    }
  }
  return said;
}

/// The channel of the account that this one of a record became; nullptr: it has no energy.
ChannelAccount* channel_in(RunAccount& account, const NodeRecord& record, const ChannelInfo& info) {
  const std::string name = account.nodes.empty() ? info.channel : record.host + "/" + info.channel;
  const auto found = std::find_if(account.channels.begin(), account.channels.end(), [&](auto& one) {
    return one.info.channel == name && one.info.source == info.source;
  });
  return found == account.channels.end() || !found->energy ? nullptr : &*found;
}

/// Tells the account of one channel; returns its idle energy in joules where that is known.
std::optional<double> add_idle_share(RunAccount& account,
                                     const NodeRecord& record,
                                     std::size_t source,
                                     std::size_t position,
                                     const std::optional<RunCalibration>& calibration) {
  const ChannelInfo& info = record.sources[source].channels[position];
  ChannelAccount* channel = info.in_total ? channel_in(account, record, info) : nullptr;
  if (channel == nullptr) {
    return std::nullopt;
  }
  channel->idle = idle_share(channel_curve(record, source, position),
                             idle_power_of(info, calibration),
                             utilisation_of(record, source, info));
  return channel->idle ? std::optional(channel->idle->energy * channel->energy->energy.joules())
                       : std::nullopt;
}

/// The same for all channels of a node.
std::optional<double> add_idle_shares_of(RunAccount& account,
                                         const NodeRecord& record,
                                         const std::optional<RunCalibration>& calibration) {
  std::optional<double> idle_j;
  for (std::size_t s = 0; s < record.sources.size(); ++s) {
    for (std::size_t c = 0; c < record.sources[s].channels.size(); ++c) {
      if (const auto joules = add_idle_share(account, record, s, c, calibration)) {
        idle_j = idle_j.value_or(0) + *joules;
      }
    }
  }
  return idle_j;
}

}  // namespace

void add_idle_shares(RunAccount& account,
                     const std::vector<NodeRecord>& records,
                     const std::optional<RunCalibration>& calibration) {
  std::optional<double> idle_j;
  for (const NodeRecord& record : records) {
    if (const auto joules = add_idle_shares_of(account, record, calibration)) {
      idle_j = idle_j.value_or(0) + *joules;
    }
  }
  const double total_j = account.total ? account.total->energy.joules() : 0;
  if (idle_j && total_j > 0) {
    account.idle_share = *idle_j / total_j;
  }
}

}  // namespace gradwatt
