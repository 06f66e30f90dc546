// What storing costs: bytes, writing and looking up, in chunks and, as the reference, with a row
// for each reading in the same kind of file. Prints the tables of docs/performance.md.
#include "record/account.h"
#include "record/window_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>

namespace gradwatt {
namespace {

namespace fs = std::filesystem;

double cpu_s() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

template <typename Work>
double wall_s(Work work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Readings ten times a second, a millisecond early or late, of counters near 100 W with 1 W of
/// noise: every other channel in units of 2^-14 J as the kernel's, the others in millijoules.
class Series {
 public:
  explicit Series(std::size_t channels) : random_(channels), joules_(channels) {}

  SampleRow next() {
    const Instant now{(count_++ * 100'000 + 1000 + jitter_us_(random_)) * 1000};
    SampleRow row{0, now, {}, {}};
    row.channels.reserve(joules_.size());
    for (std::size_t c = 0; c < joules_.size(); ++c) {
      joules_[c] += watts_(random_) * seconds(now - before_);
      const double unit_j = c % 2 == 0 ? 1.0 / 16384 : 1e-3;
      row.channels.emplace_back(Energy::from_joules(std::floor(joules_[c] / unit_j) * unit_j));
    }
    before_ = now;
    return row;
  }

 private:
  std::mt19937_64 random_;
  std::normal_distribution<double> watts_{100, 1};
  std::uniform_int_distribution<std::int64_t> jitter_us_{-1000, 1000};
  std::vector<double> joules_;
  std::int64_t count_ = 0;
  Instant before_;
};

std::vector<SourceColumns> columns_of(std::size_t channels) {
  std::vector<ChannelInfo> infos;
  for (std::size_t c = 0; c < channels; ++c) {
    ChannelInfo info{"pkg" + std::to_string(c), "package", "rapl", "counter", "cpu-package"};
    info.in_total = true;
    info.power_max = Power{1000};
    info.refresh = std::chrono::milliseconds(1);
    infos.push_back(std::move(info));
  }
  return {{"rapl", infos}};
}

/// The reference: the layout of version 0.1, a row for each reading.
class RowFile {
 public:
  RowFile(const fs::path& folder, std::size_t channels)
      : database_(folder / "node-h.sqlite", Database::Mode::create) {
    std::string samples = "CREATE TABLE samples_0(t_us INTEGER PRIMARY KEY";
    std::string values = "INSERT INTO samples_0 VALUES(?";
    for (std::size_t c = 0; c < channels; ++c) {
      samples += fmt::format(", c{}_uj INTEGER", c);
      values += ",?";
    }
    database_.execute(
        "CREATE TABLE meta(key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;"
        "CREATE TABLE sources(source INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;"
        "CREATE TABLE channels(source, position, channel, device, method, scope, kind, in_total,"
        " gain_lo, gain_hi, refresh_us, power_max_w, basis);"
        "CREATE TABLE gaps(gap, source, channel, begin_us, end_us, reason, errno, energy_lost);"
        "CREATE TABLE marks(mark, t_us, received_us, seq, pid, key, value);"
        "INSERT INTO meta VALUES('schema',1),('reference_ns',0),('begin_us',0);"
        "INSERT INTO sources VALUES(0,'rapl');" +
        samples + ") STRICT");
    for (std::size_t c = 0; c < channels; ++c) {
      database_.execute(
          fmt::format("INSERT INTO channels VALUES(0,{0},'pkg{0}','package','counter',"
                      "'cpu-package','measured',1,0,0,1000,1000.0,'')",
                      c));
    }
    insert_ = database_.prepare(values + ")");
    database_.remove_journal_when_closed();
  }

  void append(const std::vector<SampleRow>& rows) {
    Transaction transaction(database_);
    for (const SampleRow& row : rows) {
      insert_->bind(1, row.time.ns / 1000);
      for (std::size_t c = 0; c < row.channels.size(); ++c) {
        insert_->bind(static_cast<int>(c) + 2, row.channels[c].value_or(Energy{}).microjoules);
      }
      insert_->run();
    }
    transaction.commit();
  }

 private:
  Database database_;
  std::optional<Statement> insert_;
};

struct Written {
  double cpu_s = 0;  ///< In append() alone.
  double append_ms_p99 = 0;
  std::uintmax_t bytes = 0;
};

double percentile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

/// Writes `readings` of them, `at_a_time` per append, without waiting for the disk.
Written write(const fs::path& folder,
              bool in_chunks,
              std::size_t channels,
              std::int64_t readings,
              std::int64_t at_a_time) {
  Written written;
  {
    std::optional<NodeFileWriter> chunks;
    std::optional<RowFile> rows;
    in_chunks ? void(chunks.emplace(folder, "h", Instant{}, columns_of(channels)))
              : void(rows.emplace(folder, channels));
    Series series(channels);
    std::vector<double> ms;
    Instant last;
    for (std::int64_t done = 0; done < readings; done += at_a_time) {
      NodeFileWriter::Batch batch;
      for (std::int64_t i = 0; i < std::min(at_a_time, readings - done); ++i) {
        batch.samples.push_back(series.next());
      }
      last = batch.samples.back().time;
      const double begin = cpu_s();
      ms.push_back(1e3 * wall_s([&] {
                     in_chunks ? chunks->append(batch, WaitForDisk::no)
                               : rows->append(batch.samples);
                   }));
      written.cpu_s += cpu_s() - begin;
    }
    if (in_chunks) {
      chunks->finish({}, last, {}, WaitForDisk::no);
    }
    written.append_ms_p99 = percentile(ms, 0.99);
  }
  for (const auto& entry : fs::directory_iterator(folder)) {
    written.bytes += entry.file_size();
  }
  return written;
}

class Folder {
 public:
  Folder() {
    std::string pattern = fs::temp_directory_path() / "gradwatt-store-XXXXXX";
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

const char* name_of_layout(bool in_chunks) { return in_chunks ? "chunks" : "a row per reading"; }

void size_table() {
  fmt::print(
      "| 10 Hz, written once a second | channels | layout | bytes per reading and channel "
      "| CPU time per append | p99 of an append |\n|---|---|---|---|---|---|\n");
  for (const auto& [length, readings] : {std::pair("10 min", 6'000), std::pair("1 h", 36'000)}) {
    for (const std::size_t channels : {1U, 8U}) {
      for (const bool in_chunks : {true, false}) {
        const Folder folder;
        const Written written = write(folder.path(), in_chunks, channels, readings, 10);
        fmt::print("| {} | {} | {} | {:.1f} | {:.0f} µs | {:.2f} ms |\n",
                   length,
                   channels,
                   name_of_layout(in_chunks),
                   static_cast<double>(written.bytes) / readings / static_cast<double>(channels),
                   1e6 * written.cpu_s / (readings / 10.0),
                   written.append_ms_p99);
        std::fflush(stdout);
      }
    }
  }
}

void big_file_table(std::int64_t readings, int windows) {
  fmt::print("\n| {:.3g} million readings of one channel | {} | {} |\n|---|---|---|\n",
             static_cast<double>(readings) * 1e-6,
             name_of_layout(true),
             name_of_layout(false));
  struct Column {
    Written written;
    std::vector<double> ms;
    double whole_s = 0;
    Energy sum;
  };
  Column columns[2];
  for (const bool in_chunks : {true, false}) {
    const Folder folder;
    Column& column = columns[in_chunks ? 0 : 1];
    column.written = write(folder.path(), in_chunks, 1, readings, 10'000);
    std::mt19937_64 random(1);
    std::uniform_int_distribution<std::int64_t> any_ns(0, readings * 100'000'000);
    for (int i = 0; i < windows; ++i) {
      const std::int64_t first_ns = any_ns(random);
      const std::int64_t second_ns = any_ns(random);
      const auto [begin, end] = std::minmax(first_ns, second_ns);
      column.ms.push_back(1e3 * wall_s([&, b = begin, e = end] {
                            WindowReader reader(folder.path());
                            const RunAccount account =
                                account_of(reader.record_of(Instant{b}, Instant{e}));
                            column.sum += account.total.value_or(BoundedEnergy{}).energy;
                          }));
    }
    column.whole_s = wall_s([&] {
      const auto records = read_node_files(folder.path());
      column.sum += records.at(0).samples.back().channels.at(0).value_or(Energy{});
    });
  }
  const auto line = [&](const char* what, auto&& value) {
    fmt::print("| {} | {} | {} |\n", what, value(columns[0]), value(columns[1]));
  };
  line("file", [](const Column& c) {
    return fmt::format("{:.0f} MB", static_cast<double>(c.written.bytes) * 1e-6);
  });
  line("writing, readings per second of CPU time", [&](const Column& c) {
    return fmt::format("{:.1f} million", static_cast<double>(readings) / c.written.cpu_s * 1e-6);
  });
  line("any window, file opened each time, p50",
       [](const Column& c) { return fmt::format("{:.2f} ms", percentile(c.ms, 0.5)); });
  line("the same, p99",
       [](const Column& c) { return fmt::format("{:.2f} ms", percentile(c.ms, 0.99)); });
  line("reading the whole file into memory",
       [](const Column& c) { return fmt::format("{:.2f} s", c.whole_s); });
  line("sum of all windows asked for (must agree)",
       [](const Column& c) { return fmt::format("{:.6f} J", c.sum.joules()); });
}

}  // namespace
}  // namespace gradwatt

int main(int count, char** arguments) {
  const std::int64_t readings = count > 1 ? std::atoll(arguments[1]) : 10'000'000;
  gradwatt::size_table();
  gradwatt::big_file_table(readings, 1000);
  return 0;
}
