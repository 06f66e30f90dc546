#include "record/node_account.h"

#include <algorithm>
#include <iterator>
#include <map>

namespace gradwatt {
namespace {

/// Half as long as a channel's readings took, where the monitor noted that one took long: by the
/// middle of the reading.
std::map<Instant, Duration> slack_of(const NodeRecord& record,
                                     std::size_t source,
                                     const std::string& channel) {
  std::map<Instant, Duration> slack;
  for (const GapRow& row : record.gaps) {
    const GapAccount& gap = row.gap;
    if (row.source == static_cast<int>(source) && gap.channel == channel &&
        gap.reason == kSlowReading) {
      slack[gap.begin] = (gap.end - gap.begin) / 2;
    }
  }
  return slack;
}

Duration slack_at(const std::map<Instant, Duration>& slack, Instant time) {
  const auto behind = slack.upper_bound(time);
  if (behind == slack.begin()) {
    return {};
  }
  const auto& [begin, half] = *std::prev(behind);
  return time <= begin + 2 * half ? half : Duration{};
}

/// Channel `position` of a source with its readings and gaps.
void add_channel(EnergyBook& book,
                 const NodeRecord& record,
                 std::size_t source,
                 std::size_t position) {
  const ChannelInfo& info = record.sources[source].channels[position];
  CumulativeSeries series(sensor_model(info));
  const auto slack = slack_of(record, source, info.channel);
  for (const SampleRow& row : record.samples) {
    if (row.source == static_cast<int>(source) && row.channels[position]) {
      const auto shown = position < row.powers.size() ? row.powers[position] : std::nullopt;
      series.add(row.time, *row.channels[position], slack_at(slack, row.time), shown);
    }
  }
  const std::size_t index = book.add(info, std::move(series));
  for (const GapRow& row : record.gaps) {
    if (row.source == static_cast<int>(source) && row.gap.channel == info.channel) {
      book.add_gap(index, row.gap);
    }
  }
}

/// What the device of a source's channel told of its power beside its energy.
std::vector<StateRow> powers_of(const NodeRecord& record,
                                std::size_t source,
                                const ChannelInfo& info) {
  std::vector<StateRow> powers;
  for (const StateRow& row : record.states) {
    if (row.source == static_cast<int>(source) && row.name == kPowerState &&
        is_state_of(row, info)) {
      powers.push_back(row);
    }
  }
  return powers;
}

}  // namespace

EnergyBook book_of(const NodeRecord& record) {
  EnergyBook book;
  for (std::size_t s = 0; s < record.sources.size(); ++s) {
    for (std::size_t c = 0; c < record.sources[s].channels.size(); ++c) {
      add_channel(book, record, s, c);
    }
  }
  return book;
}

std::vector<ChannelAccount> channels_of(const EnergyBook& book, const NodeRecord& record) {
  std::vector<ChannelAccount> channels;
  for (std::size_t s = 0; s < record.sources.size(); ++s) {
    for (const ChannelInfo& info : record.sources[s].channels) {
      const std::size_t index = channels.size();
      channels.push_back(book.channel(index, record.begin, record.end));
      book.check(channels.back(), index, powers_of(record, s, info), record.begin, record.end);
    }
  }
  return channels;
}

}  // namespace gradwatt
