#include "data/pamap2.h"

#include "base/error.h"
#include "data/pamap2_cache.h"
#include "data/pamap2_windows.h"
#include "data/random_order.h"
#include "data/side_by_side.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace gradwatt {
namespace {

constexpr std::uint64_t kSplitDraw = 0x9a;  // Keeps this shuffle apart from those of epochs.

bool is_among(int value, const std::vector<int>& values) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

void refuse_unless(bool holds, std::string_view what, std::string_view remedy) {
  if (!holds) {
    throw UsageError(what, "PAMAP2", remedy);
  }
}

void check_activities(const std::vector<int>& activities) {
  refuse_unless(!activities.empty(), "no activity is chosen", "choose two or more");
  const std::set<int> different(activities.begin(), activities.end());
  refuse_unless(different.size() == activities.size(),
                fmt::format("an activity is named twice: {}", fmt::join(activities, ",")),
                "name each once");
  for (const int activity : activities) {
    refuse_unless(activity != 0 && pamap2_activity_name(activity) != nullptr,
                  fmt::format("PAMAP2 has no activity {} to learn", activity),
                  "its ids are 1-7, 9-13, 16-20 and 24");
  }
}

void check_options(const Pamap2Options& options) {
  check_activities(options.activities);
  refuse_unless(
      !pamap2_channels(options).empty(), "no channel is chosen", "choose acc16 or others");
  refuse_unless(
      options.keep_every >= 1, "keep_every is below 1", "1 keeps all readings, 3 a third");
  refuse_unless(options.window >= 1 && options.step >= 1 && options.test_step >= 0,
                "a window or a step is below 1",
                "the defaults are 168 and 84");
  refuse_unless(options.gap_max_s >= 0 && options.gap_max_s <= 3600,
                "gap_max_s is not between 0 and 3600",
                "the default is 1");
  if (options.split == WindowSplit::random) {
    refuse_unless(options.validation_share > 0 && options.validation_share < 1,
                  "validation_share is not between 0 and 1",
                  "the default is 0.1");
    return;
  }
  refuse_unless(!options.validation_subjects.empty(),
                "no subject is there to validate on",
                "name one, such as 105");
  for (const int subject : options.validation_subjects) {
    refuse_unless(!is_among(subject, options.test_subjects),
                  fmt::format("subject {} is to validate and to test", subject),
                  "name it in one of the two");
  }
}

struct WindowParts {
  WindowPlaces train;
  WindowPlaces validation;
  WindowPlaces test;
};

/// Moves a share of the training windows, drawn by the seed, to validation; both stay in order.
void draw_validation(WindowParts& parts, const Pamap2Options& options) {
  const auto count = std::ssize(parts.train.places);
  auto order = random_order(count, options.seed, kSplitDraw);
  const auto taken = std::llround(options.validation_share * static_cast<double>(count));
  std::sort(order.begin(), order.begin() + taken);
  std::vector<WindowPlace> rest;
  auto next = order.begin();
  for (std::int64_t i = 0; i < count; ++i) {
    const bool is_drawn = next != order.begin() + taken && *next == i;
    (is_drawn ? parts.validation.places : rest)
        .push_back(parts.train.places[static_cast<std::size_t>(i)]);
    next += is_drawn ? 1 : 0;
  }
  parts.train.places = std::move(rest);
}

WindowParts plan_windows(std::span<const Pamap2Recording> recordings,
                         const Pamap2Options& options) {
  WindowParts parts;
  const int test_step = options.test_step > 0 ? options.test_step : options.step;
  for (std::size_t i = 0; i < recordings.size(); ++i) {
    const int subject = recordings[i].subject;
    if (is_among(subject, options.test_subjects)) {
      cut_windows(recordings, i, options, test_step, parts.test);
    } else if (options.split == WindowSplit::subjects &&
               is_among(subject, options.validation_subjects)) {
      cut_windows(recordings, i, options, options.step, parts.validation);
    } else {
      cut_windows(recordings, i, options, options.step, parts.train);
    }
  }
  if (options.split == WindowSplit::random) {
    draw_validation(parts, options);
  }
  return parts;
}

void expect_windows(const WindowParts& parts, const Pamap2Options& options) {
  const auto expect = [&](const WindowPlaces& part, std::string_view name) {
    if (part.places.empty()) {
      throw Error(
          fmt::format("no window is left for {}: {} without a chosen activity, {} over gaps",
                      name,
                      part.without_class,
                      part.over_gap),
          options.folder.string(),
          "choose other subjects or activities, a shorter window, or more recordings");
    }
  };
  expect(parts.train, "training");
  expect(parts.validation, "validation");
  if (!options.test_subjects.empty()) {
    expect(parts.test, "testing");
  }
}

std::span<float> channel_of(SensorWindows& windows, std::int64_t window, std::int64_t channel) {
  return std::span(windows.values)
      .subspan(static_cast<std::size_t>((window * windows.channels + channel) * windows.length),
               static_cast<std::size_t>(windows.length));
}

/// Fits mean and deviation of one channel to the training windows and applies them to all parts.
void normalise_channel(WindowData& data, std::int64_t channel) {
  double sum = 0;
  for (std::int64_t i = 0; i < data.train.count(); ++i) {
    for (const float x : channel_of(data.train, i, channel)) {
      sum += x;
    }
  }
  const auto count = static_cast<double>(data.train.count() * data.train.length);
  const double mean = sum / count;
  double squares = 0;
  for (std::int64_t i = 0; i < data.train.count(); ++i) {
    for (const float x : channel_of(data.train, i, channel)) {
      squares += (x - mean) * (x - mean);
    }
  }
  const double fitted = std::sqrt(squares / count);
  const double deviation = fitted > 0 ? fitted : 1;
  for (SensorWindows* part : {&data.train, &data.validation, &data.test}) {
    for (std::int64_t i = 0; i < part->count(); ++i) {
      for (float& x : channel_of(*part, i, channel)) {
        x = static_cast<float>((x - mean) / deviation);
      }
    }
  }
  const auto place = static_cast<std::size_t>(channel);
  data.mean[place] = static_cast<float>(mean);
  data.deviation[place] = static_cast<float>(deviation);
}

void normalise(WindowData& data) {
  const auto channels = data.channel_names.size();
  data.mean.resize(channels);
  data.deviation.resize(channels);
  side_by_side(channels,
               [&](std::size_t i) { normalise_channel(data, static_cast<std::int64_t>(i)); });
}

void note_what_is_missing(WindowData& data,
                          const WindowParts& parts,
                          const std::vector<Pamap2Source>& sources) {
  const auto without_class =
      parts.train.without_class + parts.validation.without_class + parts.test.without_class;
  const auto over_gap = parts.train.over_gap + parts.validation.over_gap + parts.test.over_gap;
  if (without_class > 0) {
    data.notes.push_back(
        fmt::format("{} windows are left out: none of the chosen activities", without_class));
  }
  if (over_gap > 0) {
    data.notes.push_back(
        fmt::format("{} windows are left out: over a gap too long to interpolate", over_gap));
  }
  std::set<int> subjects;
  for (const Pamap2Source& source : sources) {
    subjects.insert(source.subject);
  }
  if (std::ssize(subjects) < kPamap2Subjects) {
    data.notes.push_back(
        fmt::format("only {} of PAMAP2's {} subjects are here", subjects.size(), kPamap2Subjects));
  }
  const std::set<std::uint8_t> seen(data.train.labels.begin(), data.train.labels.end());
  for (std::size_t i = 0; i < data.class_names.size(); ++i) {
    if (!seen.contains(static_cast<std::uint8_t>(i))) {
      data.notes.push_back(fmt::format("no training window shows {}", data.class_names[i]));
    }
  }
}

WindowData make_windows(const Pamap2Options& options, const std::vector<Pamap2Source>& sources) {
  std::vector<Pamap2Recording> recordings(sources.size());
  side_by_side(sources.size(),
               [&](std::size_t i) { recordings[i] = read_recording(sources[i], options); });
  const WindowParts parts = plan_windows(recordings, options);
  expect_windows(parts, options);
  WindowData data;
  data.train = windows_at(recordings, parts.train.places, options.window);
  data.validation = windows_at(recordings, parts.validation.places, options.window);
  data.test = windows_at(recordings, parts.test.places, options.window);
  for (const int activity : options.activities) {
    data.class_names.emplace_back(pamap2_activity_name(activity));
  }
  for (const Pamap2Channel& channel : pamap2_channels(options)) {
    data.channel_names.push_back(channel.name);
  }
  normalise(data);
  note_what_is_missing(data, parts, sources);
  return data;
}

}  // namespace

WindowData load_pamap2(const Pamap2Options& options) {
  check_options(options);
  const auto sources = pamap2_sources(options.folder, options.with_optional);
  if (const auto absent = absent_subjects(options, sources); !absent.empty()) {
    throw Error(
        absent.front().what, absent.front().file.string(), "fetch it, or name another subject");
  }
  if (options.cache.empty()) {
    return make_windows(options, sources);
  }
  const std::string key = pamap2_key(options, sources);
  const std::filesystem::path file = window_cache_file(options.cache, key);
  if (auto kept = read_window_cache(file, key)) {
    return *std::move(kept);
  }
  WindowData data = make_windows(options, sources);
  write_window_cache(file, key, data);
  return data;
}

}  // namespace gradwatt
