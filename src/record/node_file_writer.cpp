#include "base/error.h"
#include "base/unique_fd.h"
#include "record/node_file.h"
#include "record/node_tables.h"

#include <algorithm>
#include <cmath>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gradwatt {
namespace {

/// Readings in a full chunk. More make it smaller by next to nothing and its replacing dearer.
constexpr std::size_t kChunkReadings = 512;
constexpr std::size_t kChunkReadingsMin = 64;
/// Energies in a full chunk, where a source has many channels: about 16 KiB are replaced at a time.
constexpr std::size_t kChunkValues = 4096;

std::size_t full_chunk(std::size_t channels) {
  return std::clamp(
      kChunkValues / std::max<std::size_t>(1, channels), kChunkReadingsMin, kChunkReadings);
}

std::string values_sql(std::string_view table, std::size_t columns) {
  std::string sql = "INSERT OR REPLACE INTO " + std::string(table) + " VALUES(?";
  for (std::size_t c = 1; c < columns; ++c) {
    sql += ",?";
  }
  return sql + ")";
}

/// Fills in a row, left to right, and sums it up on the way.
class SummedRow {
 public:
  explicit SummedRow(Statement& statement) : statement_(statement) {}

  SummedRow& put(std::int64_t value) {
    statement_.bind(next_++, value);
    sum_.add(value);
    return *this;
  }
  SummedRow& put(double value) {
    statement_.bind(next_++, value);
    sum_.add(value);
    return *this;
  }
  SummedRow& put(std::string_view value) {
    statement_.bind(next_++, value);
    sum_.add(value);
    return *this;
  }
  /// NULL unless the value is known.
  template <typename Value>
  SummedRow& put_if(bool known, Value value) {
    if (known) {
      return put(value);
    }
    statement_.bind_null(next_++);
    sum_.add_null();
    return *this;
  }
  /// Stores the row. Returns its sum.
  std::uint32_t run() {
    statement_.run();
    return sum_.value();
  }

 private:
  Statement& statement_;
  RowSum sum_;
  int next_ = 1;
};

/// "EPOCH", or "EPOCH@3" from another rank than 0: no sender's key holds an '@'.
std::string stored_key(const Mark& mark) {
  const int rank = mark.rank.value_or(0);
  return rank > 0 ? mark.key + "@" + std::to_string(rank) : mark.key;
}

std::int64_t whole_microseconds(Duration time) { return time.count() / 1000; }

std::uint32_t insert_channel(Database& database,
                             std::size_t source,
                             std::size_t position,
                             const ChannelInfo& info) {
  auto insert = database.prepare(values_sql("channels", 17));
  return SummedRow(insert)
      .put(static_cast<std::int64_t>(source))
      .put(static_cast<std::int64_t>(position))
      .put(info.channel)
      .put(info.device)
      .put(info.method)
      .put(info.scope)
      .put(name_of(info.kind))
      .put(std::int64_t{info.in_total})
      .put(info.gain_lo)
      .put(info.gain_hi)
      .put(whole_microseconds(info.refresh))
      .put_if(info.power_max.has_value(), info.power_max.value_or(Power{}).watts)
      .put(info.basis)
      .put(whole_microseconds(info.window))
      .put(whole_microseconds(info.lag))
      .put(info.power_min.watts)
      .put(info.quantum.microjoules)
      .run();
}

Database create_node_database(const std::filesystem::path& file) {
  const mode_t before = ::umask(0077);
  try {
    Database database(file, Database::Mode::create);
    ::umask(before);
    return database;
  } catch (...) {
    ::umask(before);
    throw;
  }
}

std::optional<std::int64_t> first_known(const SampleChunk::Column& column) {
  const auto found = std::find_if(
      column.begin(), column.end(), [](const auto& value) { return value.has_value(); });
  return found != column.end() ? *found : std::nullopt;
}

std::optional<std::int64_t> last_known(const SampleChunk::Column& column) {
  const auto found = std::find_if(
      column.rbegin(), column.rend(), [](const auto& value) { return value.has_value(); });
  return found != column.rend() ? *found : std::nullopt;
}

}  // namespace

NodeFileWriter::NodeFileWriter(const std::filesystem::path& folder,
                               const std::string& host,
                               Instant reference,
                               const std::vector<SourceColumns>& sources)
    : reference_(reference),
      file_(node_file_of(folder, host, ".sqlite")),
      database_(create_node_database(file_)) {
  content_.open.resize(sources.size());
  content_.closed_readings.resize(sources.size());
  commit([&](Content& content) {
    database_.execute(kNodeTables);
    set_meta_ = database_.prepare(values_sql("meta", 2));
    set_meta(content, "schema", std::int64_t{kNodeSchema});
    set_meta(content, "host", std::string_view(host));
    set_meta(content, "reference_ns", reference.ns);
    for (std::size_t s = 0; s < sources.size(); ++s) {
      auto insert = database_.prepare(values_sql("sources", 2));
      content.sums.channels +=
          SummedRow(insert).put(static_cast<std::int64_t>(s)).put(sources[s].source).run();
      for (std::size_t c = 0; c < sources[s].channels.size(); ++c) {
        content.sums.channels += insert_channel(database_, s, c, sources[s].channels[c]);
      }
      database_.execute(samples_table(s, sources[s].channels.size()));
    }
  });
  for (std::size_t s = 0; s < sources.size(); ++s) {
    insert_chunk_.push_back(database_.prepare(
        values_sql("samples_" + std::to_string(s), 5 + 2 * sources[s].channels.size())));
  }
  insert_gap_ = database_.prepare(values_sql("gaps", 11));
  insert_mark_ = database_.prepare(values_sql("marks", 7));
  insert_state_ = database_.prepare(values_sql("states", 6));
}

template <typename Value>
void NodeFileWriter::set_meta(Content& content, std::string_view key, const Value& value) {
  const std::uint32_t sum = SummedRow(*set_meta_).put(key).put(value).run();
  auto [known, is_new] = content.meta.try_emplace(std::string(key), 0);
  content.sums.meta += sum - std::uint64_t{known->second};
  known->second = sum;
}

template <typename Change>
void NodeFileWriter::commit(Change change) {
  Content content = content_;
  Transaction transaction(database_);
  change(content);
  SummedRow(*set_meta_).put(kSumsKey).put(content.sums.text()).run();
  transaction.commit();
  content_ = std::move(content);
}

std::int64_t NodeFileWriter::microseconds(Instant time) const {
  // Rounds towards the past, so that what was read before the reference stays before it.
  const std::int64_t ns = (time - reference_).count();
  return ns >= 0 ? ns / 1000 : (ns - 999) / 1000;
}

void NodeFileWriter::store_chunk(std::size_t source, const SampleChunk& chunk) {
  const std::string data = encode_chunk(chunk);
  Statement& insert = insert_chunk_[source];
  int next = 1;
  insert.bind(next++, chunk.times_us.front());
  insert.bind(next++, chunk.times_us.back());
  insert.bind(next++, static_cast<std::int64_t>(chunk.size()));
  for (const auto known : {first_known, last_known}) {
    for (const SampleChunk::Column& column : chunk.energies_uj) {
      const auto value = known(column);
      value ? insert.bind(next++, *value) : insert.bind_null(next++);
    }
  }
  insert.bind(next++, std::int64_t{crc32c(data)});
  insert.bind_blob(next++, data);
  insert.run();
}

void NodeFileWriter::insert_samples(const std::vector<SampleRow>& rows, Content& content) {
  std::vector<bool> grown(content.open.size());
  for (const SampleRow& row : rows) {
    const auto s = static_cast<std::size_t>(row.source);
    const std::int64_t time_us = microseconds(row.time);
    SampleChunk& chunk = content.open[s];
    // It is closed only when a later reading needs another: one of the same microsecond replaces.
    if (chunk.size() >= full_chunk(row.channels.size()) && time_us > chunk.times_us.back()) {
      store_chunk(s, chunk);
      content.closed_readings[s] += static_cast<std::int64_t>(chunk.size());
      chunk = {};
    }
    add_reading(chunk, time_us, row);
    grown[s] = true;
  }
  for (std::size_t s = 0; s < grown.size(); ++s) {
    if (grown[s]) {
      store_chunk(s, content.open[s]);
      set_meta(content,
               readings_key(s),
               content.closed_readings[s] + static_cast<std::int64_t>(content.open[s].size()));
    }
  }
}

void NodeFileWriter::insert(const GapRow& row, Content& content) {
  const GapAccount& gap = row.gap;
  content.sums.gaps += SummedRow(*insert_gap_)
                           .put(++content.gaps)
                           .put(std::int64_t{row.source})
                           .put(gap.channel)
                           .put(microseconds(gap.begin))
                           .put(microseconds(gap.end))
                           .put(gap.reason)
                           .put(std::int64_t{gap.errno_value})
                           .put(std::int64_t{gap.energy_lost})
                           .put_if(gap.energy_lost, gap.least.microjoules)
                           .put_if(gap.energy_lost, gap.assumed.microjoules)
                           .put_if(gap.most.has_value(), gap.most.value_or(Energy{}).microjoules)
                           .run();
}

void NodeFileWriter::insert(const Mark& mark, Content& content) {
  content.sums.marks +=
      SummedRow(*insert_mark_)
          .put(++content.marks)
          .put(microseconds(mark.time))
          .put(microseconds(mark.received))
          .put_if(mark.seq.has_value(), static_cast<std::int64_t>(mark.seq.value_or(0)))
          .put_if(mark.pid.has_value(), mark.pid.value_or(0))
          .put(stored_key(mark))
          .put(mark.value)
          .run();
}

void NodeFileWriter::insert(const StateRow& row, Content& content) {
  if (!std::isfinite(row.value)) {
    return;  // What a device does not know it has not said.
  }
  content.sums.states += SummedRow(*insert_state_)
                             .put(++content.states)
                             .put(microseconds(row.time))
                             .put(std::int64_t{row.source})
                             .put(row.device)
                             .put(row.name)
                             .put(row.value)
                             .run();
}

void NodeFileWriter::insert(const Batch& batch, Content& content) {
  if (batch.begin) {
    set_meta(content, "begin_us", microseconds(*batch.begin));
  }
  insert_samples(batch.samples, content);
  for (const GapRow& row : batch.gaps) {
    insert(row, content);
  }
  for (const Mark& mark : batch.marks) {
    insert(mark, content);
  }
  for (const StateRow& row : batch.states) {
    insert(row, content);
  }
}

void NodeFileWriter::append(const Batch& batch, WaitForDisk wait) {
  if (batch.empty()) {
    return;
  }
  set_waiting(wait);
  commit([&](Content& content) { insert(batch, content); });
}

void NodeFileWriter::set_waiting(WaitForDisk wait) {
  if (wait != waiting_) {
    database_.wait_for_disk(wait == WaitForDisk::yes);
    waiting_ = wait;
  }
}

void NodeFileWriter::finish(const Batch& last,
                            Instant end,
                            const MonitorAccount& monitor,
                            WaitForDisk wait) {
  set_waiting(WaitForDisk::no);
  commit([&](Content& content) {
    insert(last, content);
    set_meta(content, "end_us", microseconds(end));
    set_meta(content, "marks_rejected", monitor.marks_rejected);
    const auto set_if_known = [&](const char* key, const auto& value) {
      if (value) {
        set_meta(content, key, *value);
      }
    };
    set_if_known("monitor_cpu_s", monitor.cpu_s);
    set_if_known("child_cpu_s", monitor.child_cpu_s);
    set_if_known("reading_s", monitor.reading_s);
    set_if_known("readings", monitor.readings);
    set_if_known("late", monitor.late);
  });
  if (wait == WaitForDisk::yes) {
    const UniqueFd file(::open(file_.c_str(), O_RDONLY | O_CLOEXEC));
    ::fdatasync(file.get());
  }
  database_.remove_journal_when_closed();
}

}  // namespace gradwatt
