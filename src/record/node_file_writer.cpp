#include "base/unique_fd.h"
#include "record/node_file.h"
#include "record/schema.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gradwatt {
namespace {

/// A sweep's or host's name as a file name: everything unusual becomes '_'.
std::filesystem::path node_file_of(const std::filesystem::path& folder, const std::string& host) {
  std::string name = host.empty() ? "host" : host;
  for (char& c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.';
    c = plain ? c : '_';
  }
  return folder / ("node-" + name + ".sqlite");
}

std::string insert_sql(std::size_t source, std::size_t channels) {
  std::string sql = "INSERT OR REPLACE INTO samples_" + std::to_string(source) + " VALUES(?";
  for (std::size_t c = 0; c < channels; ++c) {
    sql += ",?";
  }
  return sql + ")";
}

void insert_channel(Database& database,
                    std::size_t source,
                    std::size_t position,
                    const ChannelInfo& info) {
  auto insert = database.prepare("INSERT INTO channels VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)");
  insert.bind(1, static_cast<std::int64_t>(source))
      .bind(2, static_cast<std::int64_t>(position))
      .bind(3, info.channel)
      .bind(4, info.device)
      .bind(5, info.method)
      .bind(6, info.scope)
      .bind(7, name_of(info.kind))
      .bind(8, std::int64_t{info.in_total})
      .bind(9, info.gain_lo)
      .bind(10, info.gain_hi)
      .bind(11, std::int64_t{info.refresh.count() / 1000})
      .bind(13, info.basis);
  if (info.power_max) {
    insert.bind(12, info.power_max->watts);
  }
  insert.run();
}

void set_meta(Database& database, const char* key, std::int64_t value) {
  database.prepare("INSERT OR REPLACE INTO meta VALUES(?,?)").bind(1, key).bind(2, value).run();
}

void set_meta(Database& database, const char* key, std::optional<double> value) {
  if (value) {
    database.prepare("INSERT OR REPLACE INTO meta VALUES(?,?)").bind(1, key).bind(2, *value).run();
  }
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

}  // namespace

NodeFileWriter::NodeFileWriter(const std::filesystem::path& folder,
                               const std::string& host,
                               Instant reference,
                               const std::vector<SourceColumns>& sources)
    : reference_(reference),
      file_(node_file_of(folder, host)),
      database_(create_node_database(file_)) {
  Transaction transaction(database_);
  database_.execute(kNodeTables);
  database_.prepare("INSERT INTO meta VALUES('host',?)").bind(1, host).run();
  set_meta(database_, "schema", kNodeSchema);
  set_meta(database_, "reference_ns", reference.ns);
  for (std::size_t s = 0; s < sources.size(); ++s) {
    database_.prepare("INSERT INTO sources VALUES(?,?)")
        .bind(1, static_cast<std::int64_t>(s))
        .bind(2, sources[s].source)
        .run();
    for (std::size_t c = 0; c < sources[s].channels.size(); ++c) {
      insert_channel(database_, s, c, sources[s].channels[c]);
    }
    database_.execute(samples_table(s, sources[s].channels.size()));
  }
  transaction.commit();
  for (std::size_t s = 0; s < sources.size(); ++s) {
    insert_sample_.push_back(database_.prepare(insert_sql(s, sources[s].channels.size())));
  }
  insert_gap_ = database_.prepare("INSERT INTO gaps VALUES(NULL,?,?,?,?,?,?,?)");
  insert_mark_ = database_.prepare("INSERT INTO marks VALUES(NULL,?,?,?,?,?,?)");
}

std::int64_t NodeFileWriter::microseconds(Instant time) const {
  // Rounds towards the past, so that what was read before the reference stays before it.
  const std::int64_t ns = (time - reference_).count();
  return ns >= 0 ? ns / 1000 : (ns - 999) / 1000;
}

void NodeFileWriter::insert(const SampleRow& row) {
  Statement& insert = insert_sample_[static_cast<std::size_t>(row.source)];
  insert.bind(1, microseconds(row.time));
  for (std::size_t c = 0; c < row.channels.size(); ++c) {
    const int parameter = static_cast<int>(c) + 2;
    if (row.channels[c]) {
      insert.bind(parameter, row.channels[c]->microjoules);
    } else {
      insert.bind_null(parameter);
    }
  }
  insert.run();
}

void NodeFileWriter::append(const Batch& batch, WaitForDisk wait) {
  if (!batch.begin && batch.samples.empty() && batch.gaps.empty() && batch.marks.empty()) {
    return;
  }
  set_waiting(wait);
  Transaction transaction(database_);
  insert(batch);
  transaction.commit();
}

void NodeFileWriter::insert(const Batch& batch) {
  if (batch.begin) {
    set_meta(database_, "begin_us", microseconds(*batch.begin));
  }
  for (const SampleRow& row : batch.samples) {
    insert(row);
  }
  for (const GapRow& row : batch.gaps) {
    insert_gap_->bind(1, std::int64_t{row.source})
        .bind(2, row.gap.channel)
        .bind(3, microseconds(row.gap.begin))
        .bind(4, microseconds(row.gap.end))
        .bind(5, row.gap.reason)
        .bind(6, std::int64_t{row.gap.errno_value})
        .bind(7, std::int64_t{row.gap.energy_lost})
        .run();
  }
  for (const Mark& mark : batch.marks) {
    insert_mark_->bind(1, microseconds(mark.time)).bind(2, microseconds(mark.received));
    mark.seq ? insert_mark_->bind(3, static_cast<std::int64_t>(*mark.seq))
             : insert_mark_->bind_null(3);
    mark.pid ? insert_mark_->bind(4, *mark.pid) : insert_mark_->bind_null(4);
    insert_mark_->bind(5, mark.key).bind(6, mark.value).run();
  }
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
  Transaction transaction(database_);
  insert(last);
  set_meta(database_, "end_us", microseconds(end));
  set_meta(database_, "monitor_cpu_s", monitor.cpu_s);
  set_meta(database_, "child_cpu_s", monitor.child_cpu_s);
  set_meta(database_, "marks_rejected", monitor.marks_rejected);
  if (monitor.readings) {
    set_meta(database_, "readings", *monitor.readings);
  }
  if (monitor.late) {
    set_meta(database_, "late", *monitor.late);
  }
  transaction.commit();
  if (wait == WaitForDisk::yes) {
    const UniqueFd file(::open(file_.c_str(), O_RDONLY | O_CLOEXEC));
    ::fdatasync(file.get());
  }
}

}  // namespace gradwatt
