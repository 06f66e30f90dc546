#include "record/node_tables.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace gradwatt {
namespace {

constexpr std::int64_t kOldestSchema = 1;
/// The last schema without sums of its tables.
constexpr std::int64_t kWithoutSums = 1;

/// "EPOCH@3" is rank 3's EPOCH.
void take_rank(Mark& mark) {
  const auto at = mark.key.find('@');
  if (at != std::string::npos) {
    int rank = 0;
    std::from_chars(mark.key.data() + at + 1, mark.key.data() + mark.key.size(), rank);
    mark.rank = rank;
    mark.key.resize(at);
  }
}

}  // namespace

NodeTables::NodeTables(std::filesystem::path file)
    : file_(std::move(file)), database_(file_, Database::Mode::read), transaction_(database_) {
  auto tables = database_.prepare("SELECT count(*) FROM sqlite_master");
  if (tables.step() && tables.integer(0) == 0) {
    throw Error("holds nothing", file_.string(), "the run ended before anything was stored");
  }
  read_meta();
  read_channels();
}

Error NodeTables::damaged(std::string_view what) const {
  return {"damaged: " + std::string(what),
          file_.string(),
          "this file cannot be used; other runs are not affected"};
}

std::int64_t NodeTables::integer(const Statement& row, int column) const {
  const auto value = row.integer(column);
  if (!value) {
    throw damaged("a number is missing");
  }
  return *value;
}

int NodeTables::source(const Statement& row, int column) const {
  const std::int64_t source = integer(row, column);
  if (source < 0 || static_cast<std::size_t>(source) >= head_.sources.size()) {
    throw damaged("a row without its source");
  }
  return static_cast<int>(source);
}

Instant NodeTables::instant(std::int64_t us) const {
  // A century either way: what is beyond is no time, and would not fit.
  constexpr std::int64_t kFar = 3'200'000'000'000'000;
  if (us < -kFar || us > kFar) {
    throw damaged("a time out of range");
  }
  return reference_ + Duration(us * 1000);
}

std::int64_t NodeTables::microseconds(Instant time) const {
  const std::int64_t ns = (time - reference_).count();
  return ns >= 0 ? ns / 1000 : (ns - 999) / 1000;
}

std::optional<std::int64_t> NodeTables::meta(std::string_view key) {
  auto query = database_.prepare("SELECT value FROM meta WHERE key = ?");
  query.bind(1, key);
  return query.step() ? query.integer(0) : std::nullopt;
}

void NodeTables::read_meta() {
  const auto schema = meta("schema");
  if (!schema || *schema < kOldestSchema) {
    throw damaged("it does not say how it is written");
  }
  schema_ = *schema;
  if (schema_ > kNodeSchema) {
    throw Error("written by a newer gradwatt (format " + std::to_string(schema_) +
                    "; this one reads up to " + std::to_string(kNodeSchema) + ")",
                file_.string(),
                "update gradwatt to read this run");
  }
  reference_ = Instant{meta("reference_ns").value_or(0)};
  if (reference_.ns > std::numeric_limits<std::int64_t>::max() / 2 || reference_.ns < 0) {
    throw damaged("its times begin out of range");
  }
  head_.begin = instant(meta("begin_us").value_or(0));
  if (const auto end = meta("end_us")) {
    head_.finished = true;
    head_.end = instant(*end);
  }
  head_.monitor.readings = meta("readings");
  head_.monitor.late = meta("late");
  head_.monitor.marks_rejected = meta("marks_rejected").value_or(0);
  auto rows = database_.prepare("SELECT key, value FROM meta");
  while (rows.step()) {
    const std::string key = rows.text(0);
    if (key == kSumsKey) {
      stored_sums_ = rows.text(1);
      continue;
    }
    sums_.meta += rows.row_sum().value();
    if (key == "host") {
      head_.host = rows.text(1);
    } else if (key == "monitor_cpu_s") {
      head_.monitor.cpu_s = rows.real(1);
    } else if (key == "child_cpu_s") {
      head_.monitor.child_cpu_s = rows.real(1);
    } else if (key == "reading_s") {
      head_.monitor.reading_s = rows.real(1);
    }
  }
}

void NodeTables::read_channels() {
  auto sources = database_.prepare("SELECT source, name FROM sources ORDER BY source");
  while (sources.step()) {
    if (sources.integer(0) != static_cast<std::int64_t>(head_.sources.size())) {
      throw damaged("a source is missing");
    }
    head_.sources.push_back({sources.text(1), {}});
    sums_.channels += sources.row_sum().value();
  }
  auto rows = database_.prepare(
      "SELECT source, position, channel, device, method, scope, kind, in_total, gain_lo, gain_hi,"
      " refresh_us, power_max_w, basis" +
      std::string(schema_ == 1 ? "" : ", window_us, lag_us, power_min_w, quantum_uj") +
      " FROM channels ORDER BY source, position");
  while (rows.step()) {
    sums_.channels += rows.row_sum().value();
    SourceColumns& columns = head_.sources[static_cast<std::size_t>(source(rows, 0))];
    if (rows.integer(1) != static_cast<std::int64_t>(columns.channels.size())) {
      throw damaged("a channel is missing");
    }
    ChannelInfo info{rows.text(2), rows.text(3), columns.source, rows.text(4), rows.text(5)};
    info.kind = rows.text(6) == "estimated" ? EnergyKind::estimated : EnergyKind::measured;
    info.in_total = rows.integer(7).value_or(0) != 0;
    info.gain_lo = rows.real(8).value_or(0);
    info.gain_hi = rows.real(9).value_or(0);
    info.refresh = instant(integer(rows, 10)) - reference_;
    if (const auto watts = rows.real(11)) {
      info.power_max = Power{*watts};
    }
    info.basis = rows.text(12);
    if (schema_ > 1) {
      info.window = instant(integer(rows, 13)) - reference_;
      info.lag = instant(integer(rows, 14)) - reference_;
      info.power_min = Power{rows.real(15).value_or(0)};
      info.quantum = Energy{integer(rows, 16)};
    }
    columns.channels.push_back(std::move(info));
  }
}

std::vector<GapRow> NodeTables::gaps() {
  auto rows = database_.prepare(
      "SELECT gap, source, channel, begin_us, end_us, reason, errno, energy_lost" +
      std::string(schema_ == 1 ? "" : ", least_uj, assumed_uj, most_uj") +
      " FROM gaps ORDER BY gap");
  std::vector<GapRow> gaps;
  while (rows.step()) {
    sums_.gaps += rows.row_sum().value();
    GapAccount gap{rows.text(2),
                   instant(integer(rows, 3)),
                   instant(integer(rows, 4)),
                   rows.text(5),
                   static_cast<int>(integer(rows, 6)),
                   integer(rows, 7) != 0};
    if (schema_ > 1) {
      gap.least = Energy{rows.integer(8).value_or(0)};
      gap.assumed = Energy{rows.integer(9).value_or(0)};
      if (const auto most = rows.integer(10)) {
        gap.most = Energy{*most};
      }
    }
    gaps.push_back({source(rows, 1), std::move(gap)});
  }
  return gaps;
}

std::vector<Mark> NodeTables::marks() {
  auto rows = database_.prepare(
      "SELECT mark, t_us, received_us, seq, pid, key, value FROM marks ORDER BY mark");
  std::vector<Mark> marks;
  while (rows.step()) {
    sums_.marks += rows.row_sum().value();
    Mark mark{instant(integer(rows, 1)),
              instant(integer(rows, 2)),
              {},
              rows.integer(4),
              rows.text(5),
              rows.text(6)};
    if (const auto seq = rows.integer(3)) {
      mark.seq = static_cast<std::uint64_t>(*seq);
    }
    take_rank(mark);
    marks.push_back(std::move(mark));
  }
  return marks;
}

std::vector<StateRow> NodeTables::states() {
  std::vector<StateRow> states;
  if (schema_ == 1) {
    return states;
  }
  auto rows = database_.prepare(
      "SELECT state, t_us, source, device, name, value FROM states ORDER BY state");
  while (rows.step()) {
    sums_.states += rows.row_sum().value();
    states.push_back({source(rows, 2),
                      instant(integer(rows, 1)),
                      rows.text(3),
                      rows.text(4),
                      rows.real(5).value_or(0)});
  }
  return states;
}

void NodeTables::check_sums() const {
  if (schema_ > kWithoutSums && stored_sums_ != sums_.text()) {
    throw damaged("its tables are not as they were written");
  }
}

void NodeTables::check_head_sums() const {
  if (schema_ > kWithoutSums && !stored_sums_.starts_with(sums_.head())) {
    throw damaged("its tables are not as they were written");
  }
}

std::filesystem::path node_file_of(const std::filesystem::path& folder,
                                   const std::string& host,
                                   std::string_view ending) {
  std::string name = host.empty() ? "host" : host;
  for (char& c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.';
    c = plain ? c : '_';
  }
  return folder / ("node-" + name + std::string(ending));
}

std::vector<std::filesystem::path> node_files_in(const std::filesystem::path& folder) {
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

}  // namespace gradwatt
