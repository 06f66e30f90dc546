#include "record/imported_meter.h"

#include "base/error.h"
#include "base/file.h"
#include "record/account.h"
#include "record/meter_channel.h"
#include "record/run_curve.h"
#include "record/staged_folder.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <unistd.h>

namespace gradwatt {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

/// Readings this many steps outside the run are kept: its ends lie between two readings.
constexpr double kStepsAround = 3;

fs::path meter_folder(const fs::path& run, int number) {
  return run / fmt::format("meter-{}", number);
}

NodeRecord only_record(const fs::path& folder) {
  auto records = read_node_files(folder);
  if (records.size() != 1) {
    throw Error(fmt::format("expected one node file, found {}", records.size()), folder.string());
  }
  return std::move(records.front());
}

/// The part of the meter's readings that belongs to the run, on the run's clock.
MeterChannel part_of(const PowerTable::Channel& channel,
                     const MeterAlignment& alignment,
                     const NodeRecord& run,
                     const PowerTable& table,
                     const MeterFacts& facts) {
  const double around = kStepsAround * curve_of(channel).median_step_s();
  const double from = alignment.to_meter(0) - around;
  const double to = alignment.to_meter(seconds(run.end - run.begin)) + around;
  PowerTable::Channel part{"wall", channel.is_energy, {}, {}, {}};
  std::vector<Instant> instants;
  for (std::size_t i = 0; i < channel.t_s.size(); ++i) {
    if (channel.t_s[i] < from || channel.t_s[i] > to) {
      continue;
    }
    const double t_s =
        alignment.middle_s +
        (channel.t_s[i] - alignment.offset_s - alignment.middle_s) / (1 + alignment.drift);
    part.t_s.push_back(channel.t_s[i]);
    part.value.push_back(channel.value[i]);
    instants.push_back(run.begin + Duration(std::llround(t_s * 1e6) * 1000));
  }
  if (part.t_s.size() < 2) {
    throw Error("the meter has no readings during the run", table.file);
  }
  MeterChannel result = meter_channel(part, facts, table.file, 0, instants);
  result.info.scope = "wall";
  result.info.in_total = false;
  return result;
}

Json json_of(const MeterAlignment& alignment, const PowerTable& table) {
  return {{"schema", 1},
          {"file", fs::path(table.file).filename().string()},
          {"offset_s", alignment.offset_s},
          {"drift", alignment.drift},
          {"middle_s", alignment.middle_s},
          {"correlation", alignment.correlation},
          {"next_correlation", alignment.next_correlation},
          {"overlap_s", alignment.overlap_s}};
}

MeterAlignment alignment_in(const fs::path& file) {
  const auto text = read_text(file);
  if (!text) {
    throw system_error("cannot read", file.string(), errno);
  }
  try {
    const Json json = Json::parse(*text);
    return {json.at("offset_s"),
            json.at("drift"),
            json.at("middle_s"),
            json.at("correlation"),
            json.at("next_correlation"),
            json.at("overlap_s")};
  } catch (const Json::exception& error) {
    throw Error(std::string("damaged: ") + error.what(), file.string());
  }
}

}  // namespace

AlignmentResult align_table(const PowerTable& table,
                            const EnergyCurve& reference,
                            WallTime started_at,
                            double clocks_within_s) {
  const EnergyCurve meter = curve_of(table.channels.front());
  if (!has_unix_times(table)) {
    return align_meter(reference, meter);
  }
  const double expected = static_cast<double>(started_at.ms) / 1000;
  return align_meter(reference, meter, {expected, clocks_within_s});
}

MeterAlignment import_meter(const StoredRun& run,
                            const PowerTable& table,
                            const MeterFacts& facts,
                            double clocks_within_s) {
  if (run.manifest.state == RunState::running) {
    throw Error("it is still running", run.manifest.run_id, "import the meter when it has ended");
  }
  if (table.channels.size() != 1) {
    throw Error(fmt::format("{} channels", table.channels.size()),
                table.file,
                "a meter at the wall has one; keep its rows only");
  }
  const NodeRecord record = only_record(run.folder);
  const EnergyCurve reference = total_curve(record);
  if (reference.empty()) {
    throw Error("nothing was measured that the meter could be compared with",
                run.manifest.run_id,
                "gradwatt doctor says which sensors this machine has");
  }
  const AlignmentResult result =
      align_table(table, reference, run.manifest.started_at, clocks_within_s);
  if (!result.found) {
    throw Error(
        result.why_not,
        table.file,
        has_unix_times(table) ? "a meter whose clock is further off: --clock-within 2h" : "");
  }
  MeterChannel channel = part_of(table.channels.front(), *result.found, record, table, facts);
  StagedFolder folder(run.folder / fmt::format(".meter-{}", ::getpid()));
  std::error_code error;
  fs::create_directory(folder.path(), error);
  if (error) {
    throw Error("cannot create: " + error.message(), folder.path().string());
  }
  fs::permissions(folder.path(), fs::perms::owner_all, error);
  {
    NodeFileWriter writer(
        folder.path(), "wall", record.begin, {SourceColumns{"import", {channel.info}}});
    NodeFileWriter::Batch all;
    all.samples = std::move(channel.samples);
    all.gaps = std::move(channel.gaps);
    writer.finish(all, record.end, {}, WaitForDisk::yes);
  }
  write_text_atomically(folder.path() / "meter.json", json_of(*result.found, table).dump(2) + "\n");
  int number = 1;
  while (fs::exists(meter_folder(run.folder, number))) {
    ++number;
  }
  folder.move_to(meter_folder(run.folder, number));
  return *result.found;
}

std::vector<ImportedMeter> imported_meters(const fs::path& folder) {
  std::vector<ImportedMeter> meters;
  for (int number = 1; fs::exists(meter_folder(folder, number)); ++number) {
    const fs::path place = meter_folder(folder, number);
    ImportedMeter meter;
    meter.alignment = alignment_in(place / "meter.json");
    RunAccount account = account_of(only_record(place));
    if (account.channels.size() != 1) {
      throw Error("damaged: a meter has one channel", place.string());
    }
    meter.account = std::move(account.channels.front());
    if (number > 1) {
      meter.account.info.channel += fmt::format("{}", number);
    }
    meter.account.note = fmt::format(
        "aligned with the run's own channels: its clock stands {:+.2f} s{}, "
        "correlation {:.3f}",
        meter.alignment.offset_s,
        meter.alignment.drift == 0
            ? ""
            : fmt::format(" and drifts {:+.0f} ppm", 1e6 * meter.alignment.drift),
        meter.alignment.correlation);
    meters.push_back(std::move(meter));
  }
  return meters;
}

}  // namespace gradwatt
