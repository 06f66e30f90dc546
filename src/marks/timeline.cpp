#include "marks/timeline.h"

#include "base/expects.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

namespace gradwatt {
namespace {

template <typename Number>
std::optional<Number> parse_number(const std::string& text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

/// Splits "name:value" at the last colon for metrics, at the first for texts.
std::optional<std::pair<std::string, std::string>> split_pair(const std::string& text,
                                                              std::size_t colon) {
  if (colon == std::string::npos || colon == 0) {
    return std::nullopt;
  }
  return std::pair{text.substr(0, colon), text.substr(colon + 1)};
}

bool is_metric(const std::string& text) {
  const auto pair = split_pair(text, text.rfind(':'));
  return pair && parse_number<double>(pair->second);
}

bool is_fact(const std::string& text) { return split_pair(text, text.find(':')).has_value(); }

bool is_epoch(const std::string& text) { return parse_number<int>(text).has_value(); }

bool is_count(const std::string& text) {
  return parse_number<std::int64_t>(text).value_or(-1) >= 0;
}

bool is_anything(const std::string&) { return true; }

struct KnownKey {
  std::string_view key;
  bool (*fits)(const std::string& value);
};

constexpr std::array<KnownKey, 11> kKnownKeys{{{"EPOCH", is_epoch},
                                               {"EPOCH_END", is_epoch},
                                               {"EPOCHS_TOTAL", is_epoch},
                                               {"PHASE", is_anything},
                                               {"PHASE_END", is_anything},
                                               {"METRIC", is_metric},
                                               {"SAMPLES", is_count},
                                               {"STEPS", is_count},
                                               {"PARAM", is_fact},
                                               {"TAG", is_fact},
                                               {"NOTE", is_anything}}};

class TimelineBuilder {
 public:
  TimelineBuilder(Instant begin, Instant end) : begin_(begin), end_(end) {}

  void take(const Mark& mark) {
    now_ = std::clamp(mark.time, begin_, end_);
    if (mark.key == "EPOCH") {
      begin_epoch(mark.value);
    } else if (mark.key == "EPOCH_END") {
      end_epoch(mark.value);
    } else if (mark.key == "PHASE") {
      open_phases_.push_back({mark.value, now_, now_});
    } else if (mark.key == "PHASE_END") {
      end_phase(mark.value);
    } else if (mark.key == "METRIC") {
      take_metric(mark.value);
    } else if (mark.key == "SAMPLES") {
      add_count(mark.value, &MarkedEpoch::samples);
    } else if (mark.key == "STEPS") {
      add_count(mark.value, &MarkedEpoch::steps);
    } else {
      take_fact(mark);
    }
  }

  Timeline finish() {
    now_ = end_;
    if (open_) {
      timeline_.epochs.back().end = end_;
      timeline_.epochs.back().complete = false;
    }
    while (!open_phases_.empty()) {
      close_last_phase();
    }
    std::stable_sort(timeline_.phases.begin(),
                     timeline_.phases.end(),
                     [](const auto& a, const auto& b) { return a.begin < b.begin; });
    return std::move(timeline_);
  }

 private:
  void begin_epoch(const std::string& value) {
    const auto number = parse_number<int>(value);
    if (!number) {
      ++timeline_.unmatched;
      return;
    }
    if (open_) {
      timeline_.epochs.back().end = now_;
    }
    timeline_.epochs.push_back({.epoch = *number, .begin = now_, .end = now_});
    open_ = true;
  }

  void end_epoch(const std::string& value) {
    const auto number = parse_number<int>(value);
    if (!open_ || !number || timeline_.epochs.back().epoch != *number) {
      ++timeline_.unmatched;
      return;
    }
    timeline_.epochs.back().end = now_;
    open_ = false;
  }

  void end_phase(const std::string& name) {
    const auto same = [&](const MarkedPhaseSpan& phase) { return phase.name == name; };
    const auto found = std::find_if(open_phases_.rbegin(), open_phases_.rend(), same);
    if (found == open_phases_.rend()) {
      ++timeline_.unmatched;
      return;
    }
    // Whatever was opened inside it and not closed ends with it.
    const auto remaining = static_cast<std::size_t>(open_phases_.rend() - found) - 1;
    while (open_phases_.size() > remaining) {
      close_last_phase();
    }
  }

  void close_last_phase() {
    open_phases_.back().end = now_;
    timeline_.phases.push_back(std::move(open_phases_.back()));
    open_phases_.pop_back();
  }

  void take_metric(const std::string& text) {
    const auto pair = split_pair(text, text.rfind(':'));
    const auto value = pair ? parse_number<double>(pair->second) : std::nullopt;
    if (!value) {
      ++timeline_.unmatched;
      return;
    }
    auto& metrics = timeline_.epochs.empty() ? timeline_.metrics : timeline_.epochs.back().metrics;
    metrics[pair->first] = *value;
  }

  void add_count(const std::string& text, std::optional<std::int64_t> MarkedEpoch::*count) {
    const auto value = parse_number<std::int64_t>(text);
    if (!value || *value < 0 || timeline_.epochs.empty()) {
      ++timeline_.unmatched;
      return;
    }
    auto& total = timeline_.epochs.back().*count;
    total = total.value_or(0) + *value;
  }

  void take_fact(const Mark& mark) {
    if (mark.key == "PARAM" || mark.key == "TAG") {
      auto pair = split_pair(mark.value, mark.value.find(':'));
      if (!pair) {
        ++timeline_.unmatched;
        return;
      }
      auto& facts = mark.key == "PARAM" ? timeline_.params : timeline_.tags;
      facts[pair->first] = pair->second;
    } else if (mark.key == "EPOCHS_TOTAL") {
      timeline_.epochs_total = parse_number<int>(mark.value);
      timeline_.unmatched += timeline_.epochs_total ? 0 : 1;
    } else if (mark.key == "NOTE") {
      timeline_.notes.push_back(mark.value);
    } else {
      ++timeline_.unknown;
    }
  }

  Instant begin_;
  Instant end_;
  Instant now_;
  bool open_ = false;  ///< Whether the last epoch of the timeline is still open.
  std::vector<MarkedPhaseSpan> open_phases_;
  Timeline timeline_;
};

/// Removes what a client sent twice: the same process, number, key and value.
void remove_repeated(std::vector<Mark>& marks) {
  std::set<std::tuple<std::int64_t, std::uint64_t, std::string, std::string>> seen;
  std::erase_if(marks, [&](const Mark& mark) {
    return mark.seq && mark.pid &&
           !seen.insert({*mark.pid, *mark.seq, mark.key, mark.value}).second;
  });
}

}  // namespace

MarkSense sense_of(const std::string& key, const std::string& value) {
  const auto* known = std::find_if(kKnownKeys.begin(),
                                   kKnownKeys.end(),
                                   [&](const KnownKey& entry) { return entry.key == key; });
  if (known == kKnownKeys.end()) {
    return MarkSense::unknown_key;
  }
  return known->fits(value) ? MarkSense::good : MarkSense::unparsable;
}

Timeline timeline_of(std::vector<Mark> marks, Instant begin, Instant end) {
  expects(begin <= end, "a run that ends after it begins");
  std::erase_if(marks, [](const Mark& mark) { return mark.rank.value_or(0) > 0; });
  remove_repeated(marks);
  std::stable_sort(
      marks.begin(), marks.end(), [](const Mark& a, const Mark& b) { return a.time < b.time; });
  TimelineBuilder builder(begin, end);
  for (const Mark& mark : marks) {
    builder.take(mark);
  }
  return builder.finish();
}

}  // namespace gradwatt
