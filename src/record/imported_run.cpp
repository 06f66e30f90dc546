#include "record/imported_run.h"

#include "base/error.h"
#include "record/meter_channel.h"
#include "record/staged_folder.h"
#include "record/ulid.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cmath>

namespace gradwatt {
namespace {

constexpr double kUnixTimeMin_s = 1e9;  // 2001
constexpr double kUnixTimeMax_s = 1e10;
constexpr std::size_t kRowsAtOnce = 20'000;
/// A run's clock may begin anywhere; not at 0, which stands for no time at all.
constexpr Instant kBegin{1'000'000'000};

bool contains_others(const std::string& channel) {
  return channel == "wall" || channel == "node" || channel == "total";
}

struct Span {
  double begin_s;
  double end_s;
};

Span span_of(const PowerTable& table) {
  Span span{table.channels.front().t_s.front(), table.channels.front().t_s.back()};
  for (const PowerTable::Channel& channel : table.channels) {
    span.begin_s = std::min(span.begin_s, channel.t_s.front());
    span.end_s = std::max(span.end_s, channel.t_s.back());
  }
  return span;
}

Instant instant_of(double t_s, const Span& span) {
  return kBegin + Duration(std::llround((t_s - span.begin_s) * 1e6) * 1000);
}

std::vector<Mark> marks_of(const ImportedRun& options, const Span& span) {
  std::vector<Mark> marks;
  for (const TimedMark& mark : options.marks) {
    // Marks held to the ends of the run would look like epochs of no length.
    if (mark.t_s < span.begin_s - 1 || mark.t_s > span.end_s + 1) {
      throw Error(fmt::format("the mark {}={} at {} s is outside the readings, {} s to {} s",
                              mark.key,
                              mark.value,
                              mark.t_s,
                              span.begin_s,
                              span.end_s),
                  "--marks",
                  "both files must use the same clock");
    }
    const Instant time = instant_of(std::clamp(mark.t_s, span.begin_s, span.end_s), span);
    marks.push_back({time, time, {}, {}, mark.key, mark.value});
  }
  return marks;
}

std::vector<MeterChannel> channels_of(const PowerTable& table,
                                      const ImportedRun& options,
                                      const Span& span) {
  const bool has_parts = std::any_of(table.channels.begin(), table.channels.end(), [](auto& c) {
    return !contains_others(c.name);
  });
  std::vector<MeterChannel> channels;
  for (const PowerTable::Channel& channel : table.channels) {
    std::vector<Instant> instants;
    instants.reserve(channel.t_s.size());
    for (const double t_s : channel.t_s) {
      instants.push_back(instant_of(t_s, span));
    }
    channels.push_back(meter_channel(
        channel, options.meter, table.file, static_cast<int>(channels.size()), instants));
    if (!channel.info) {
      channels.back().info.in_total = !(has_parts && contains_others(channel.name));
    }
  }
  return channels;
}

void write_node_file(const std::filesystem::path& folder,
                     std::vector<MeterChannel> channels,
                     std::vector<Mark> marks,
                     Instant end) {
  std::vector<SourceColumns> sources;
  for (const MeterChannel& channel : channels) {
    sources.push_back({channel.info.source, {channel.info}});
  }
  NodeFileWriter writer(folder, "imported", kBegin, sources);
  NodeFileWriter::Batch last;
  last.marks = std::move(marks);
  for (MeterChannel& channel : channels) {
    NodeFileWriter::Batch batch;
    for (SampleRow& row : channel.samples) {
      batch.samples.push_back(std::move(row));
      if (batch.samples.size() == kRowsAtOnce) {
        writer.append(batch, WaitForDisk::no);
        batch.samples.clear();
      }
    }
    batch.gaps = std::move(channel.gaps);
    writer.append(batch, WaitForDisk::no);
  }
  writer.finish(last, end, {}, WaitForDisk::yes);
}

}  // namespace

bool has_unix_times(const PowerTable& table) {
  const double t_s = table.channels.front().t_s.front();
  return t_s >= kUnixTimeMin_s && t_s < kUnixTimeMax_s;
}

StoredRun import_run(const Store& store, const PowerTable& table, const ImportedRun& options) {
  const Span span = span_of(table);
  std::vector<MeterChannel> channels = channels_of(table, options, span);
  std::vector<Mark> marks = marks_of(options, span);

  Manifest manifest;
  manifest.run_id = new_ulid(options.now);
  manifest.name = options.name;
  manifest.command = options.command;
  manifest.started_at =
      has_unix_times(table) ? WallTime{std::llround(span.begin_s * 1000)} : options.now;
  const Instant end = instant_of(span.end_s, span);
  manifest.duration = end - kBegin;
  manifest.state = RunState::done;
  manifest.tags = options.tags;
  manifest.tags["imported"] = std::filesystem::path(table.file).filename().string();

  store.prepare();
  StagedFolder folder(store.create_run(".import-" + manifest.run_id));
  write_node_file(folder.path(), std::move(channels), std::move(marks), end);
  save_manifest(folder.path(), manifest);
  const auto place = store.runs_folder() / manifest.run_id;
  folder.move_to(place);
  return {place, manifest};
}

}  // namespace gradwatt
