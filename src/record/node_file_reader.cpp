#include "base/error.h"
#include "record/node_file.h"
#include "record/schema.h"

#include <algorithm>

namespace gradwatt {
namespace {

std::vector<std::filesystem::path> node_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("node-") && name.ends_with(".sqlite")) {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// Reads one node file into a NodeRecord, table by table.
class NodeFileReader {
 public:
  explicit NodeFileReader(const std::filesystem::path& file)
      : database_(file, Database::Mode::read) {}

  NodeRecord read() {
    // One transaction: the lock is taken once, and everything is of one moment.
    Transaction transaction(database_);
    read_meta();
    read_channels();
    for (std::size_t s = 0; s < record_.sources.size(); ++s) {
      read_samples(s);
    }
    read_gaps();
    read_marks();
    if (!record_.finished) {
      record_.end = std::max(last_, record_.begin);
    }
    return std::move(record_);
  }

 private:
  std::optional<std::int64_t> meta(const char* key) {
    auto query = database_.prepare("SELECT value FROM meta WHERE key = ?");
    query.bind(1, key);
    return query.step() ? query.integer(0) : std::nullopt;
  }

  std::optional<double> meta_real(const char* key) {
    auto query = database_.prepare("SELECT value FROM meta WHERE key = ?");
    query.bind(1, key);
    return query.step() ? query.real(0) : std::nullopt;
  }

  [[nodiscard]] Instant instant(std::int64_t us) const { return reference_ + Duration(us * 1000); }

  void read_meta() {
    if (meta("schema").value_or(kNodeSchema) > kNodeSchema) {
      throw Error("written by a newer gradwatt", "", "update gradwatt to read this run");
    }
    reference_ = Instant{meta("reference_ns").value_or(0)};
    record_.begin = instant(meta("begin_us").value_or(0));
    last_ = record_.begin;
    auto host = database_.prepare("SELECT value FROM meta WHERE key = 'host'");
    record_.host = host.step() ? host.text(0) : "";
    if (const auto end = meta("end_us")) {
      record_.finished = true;
      record_.end = instant(*end);
    }
    record_.monitor.cpu_s = meta_real("monitor_cpu_s");
    record_.monitor.child_cpu_s = meta_real("child_cpu_s");
    record_.monitor.readings = meta("readings");
    record_.monitor.late = meta("late");
    record_.monitor.marks_rejected = meta("marks_rejected").value_or(0);
  }

  void read_channels() {
    auto sources = database_.prepare("SELECT name FROM sources ORDER BY source");
    while (sources.step()) {
      record_.sources.push_back({sources.text(0), {}});
    }
    auto rows = database_.prepare(
        "SELECT source, channel, device, method, scope, kind, in_total, gain_lo, gain_hi,"
        " refresh_us, power_max_w, basis FROM channels ORDER BY source, position");
    while (rows.step()) {
      SourceColumns& source = record_.sources.at(static_cast<std::size_t>(*rows.integer(0)));
      ChannelInfo info{rows.text(1), rows.text(2), source.source, rows.text(3), rows.text(4)};
      info.kind = rows.text(5) == "estimated" ? EnergyKind::estimated : EnergyKind::measured;
      info.in_total = rows.integer(6).value_or(0) != 0;
      info.gain_lo = rows.real(7).value_or(0);
      info.gain_hi = rows.real(8).value_or(0);
      info.refresh = Duration(rows.integer(9).value_or(0) * 1000);
      if (const auto watts = rows.real(10)) {
        info.power_max = Power{*watts};
      }
      info.basis = rows.text(11);
      source.channels.push_back(std::move(info));
    }
  }

  void read_samples(std::size_t source) {
    const std::size_t channels = record_.sources[source].channels.size();
    auto rows =
        database_.prepare("SELECT * FROM samples_" + std::to_string(source) + " ORDER BY t_us");
    while (rows.step()) {
      SampleRow row{static_cast<int>(source), instant(*rows.integer(0)), {}};
      for (std::size_t c = 0; c < channels; ++c) {
        const auto value = rows.integer(static_cast<int>(c) + 1);
        row.channels.push_back(value ? std::optional(Energy{*value}) : std::nullopt);
      }
      last_ = std::max(last_, row.time);
      record_.samples.push_back(std::move(row));
    }
  }

  void read_gaps() {
    auto rows = database_.prepare(
        "SELECT source, channel, begin_us, end_us, reason, errno, energy_lost FROM gaps"
        " ORDER BY gap");
    while (rows.step()) {
      record_.gaps.push_back({static_cast<int>(*rows.integer(0)),
                              {rows.text(1),
                               instant(*rows.integer(2)),
                               instant(*rows.integer(3)),
                               rows.text(4),
                               static_cast<int>(*rows.integer(5)),
                               *rows.integer(6) != 0}});
    }
  }

  void read_marks() {
    auto rows = database_.prepare(
        "SELECT t_us, received_us, seq, pid, key, value FROM marks ORDER BY mark");
    while (rows.step()) {
      Mark mark{
          instant(*rows.integer(0)), instant(*rows.integer(1)), {}, {}, rows.text(4), rows.text(5)};
      if (const auto seq = rows.integer(2)) {
        mark.seq = static_cast<std::uint64_t>(*seq);
      }
      mark.pid = rows.integer(3);
      last_ = std::max(last_, mark.received);
      record_.marks.push_back(std::move(mark));
    }
  }

  Database database_;
  NodeRecord record_;
  Instant reference_;
  Instant last_;
};

}  // namespace

std::vector<NodeRecord> read_node_files(const std::filesystem::path& folder) {
  std::vector<NodeRecord> records;
  for (const auto& file : node_files(folder)) {
    try {
      records.push_back(NodeFileReader(file).read());
    } catch (const std::out_of_range&) {
      throw Error("damaged: a channel without its source", file.string());
    }
  }
  return records;
}

bool is_being_written(const std::filesystem::path& folder) {
  const auto files = node_files(folder);
  return std::any_of(files.begin(), files.end(), Database::is_locked);
}

}  // namespace gradwatt
