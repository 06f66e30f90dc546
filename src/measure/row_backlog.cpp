#include "measure/row_backlog.h"

namespace gradwatt {
namespace {

bool may_be_dropped(const HostMessage& message) {
  if (const auto* gap = std::get_if<GapRow>(&message)) {
    return !gap->gap.energy_lost;
  }
  return std::holds_alternative<SampleRow>(message) || std::holds_alternative<StateRow>(message);
}

}  // namespace

void RowBacklog::add(const HostMessage& message) {
  const auto* row = std::get_if<SampleRow>(&message);
  if (text_.size() > most_ && may_be_dropped(message)) {
    ++dropped_;
    if (row != nullptr) {
      last_dropped_[row->source] = row->time;
    }
    return;
  }
  if (row != nullptr) {
    tell_gap(row->source, row->time);
    last_kept_[row->source] = row->time;
  } else if (const auto* found = std::get_if<HostFound>(&message)) {
    columns_ = found->columns;
  } else if (std::holds_alternative<HostEnded>(message)) {
    const auto dropped = last_dropped_;
    for (const auto& [source, time] : dropped) {
      tell_gap(source, time);
    }
  }
  text_ += line_of(message);
}

/// Where rows of `source` were dropped: from its last row that was taken to `end`.
void RowBacklog::tell_gap(int source, Instant end) {
  const auto dropped = last_dropped_.find(source);
  if (dropped == last_dropped_.end()) {
    return;
  }
  const auto kept = last_kept_.find(source);
  const Instant begin = kept == last_kept_.end() ? dropped->second : kept->second;
  last_dropped_.erase(dropped);
  for (const ChannelInfo& info : columns_.at(static_cast<std::size_t>(source)).channels) {
    text_ += line_of(GapRow{source, {info.channel, begin, end, kRowsDropped}});
  }
}

}  // namespace gradwatt
