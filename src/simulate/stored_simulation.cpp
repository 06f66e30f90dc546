#include "simulate/stored_simulation.h"

#include "record/ulid.h"
#include "units/clock.h"

#include <cstdint>

namespace gradwatt {
namespace {

constexpr auto kFlushEvery = std::chrono::seconds(1);

/// The rows up to `until` that are not yet written.
template <typename Row, typename TimeOf>
std::vector<Row> rows_until(const std::vector<Row>& rows,
                            std::size_t& next,
                            Instant until,
                            TimeOf time_of) {
  std::vector<Row> due;
  for (; next < rows.size() && time_of(rows[next]) < until; ++next) {
    due.push_back(rows[next]);
  }
  return due;
}

}  // namespace

StoredRun store_simulation(const SimulatedRun& run, const std::string& name, const Store& store) {
  const NodeRecord& record = run.record;
  StoredRun stored;
  Manifest& manifest = stored.manifest;
  manifest.started_at = SystemClock().wall();
  manifest.run_id = new_ulid(manifest.started_at);
  manifest.name = name;
  manifest.command = {"gradwatt", "simulate"};
  manifest.tags = {{"simulated", "yes"}};
  manifest.environment = {{"host", record.host}};
  store.prepare();
  stored.folder = store.create_run(manifest.run_id);
  save_manifest(stored.folder, manifest);
  {
    NodeFileWriter writer(stored.folder, record.host, record.begin, record.sources);
    std::size_t sample = 0;
    std::size_t gap = 0;
    std::size_t mark = 0;
    const auto batch_until = [&](Instant until) {
      NodeFileWriter::Batch batch;
      const auto sample_time = [](const SampleRow& row) { return row.time; };
      const auto gap_end = [](const GapRow& row) { return row.gap.end; };
      const auto arrival = [](const Mark& row) { return row.received; };
      batch.samples = rows_until(record.samples, sample, until, sample_time);
      batch.gaps = rows_until(record.gaps, gap, until, gap_end);
      batch.marks = rows_until(record.marks, mark, until, arrival);
      return batch;
    };
    for (Instant time = record.begin + kFlushEvery; time < record.end; time = time + kFlushEvery) {
      writer.append(batch_until(time), WaitForDisk::no);
    }
    writer.finish(batch_until({INT64_MAX}), record.end, record.monitor, WaitForDisk::no);
  }
  manifest.duration = record.end - record.begin;
  manifest.exit_status = 0;
  manifest.state = RunState::done;
  save_manifest(stored.folder, manifest);
  return stored;
}

}  // namespace gradwatt
