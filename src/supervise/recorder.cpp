#include "supervise/recorder.h"

#include "base/error.h"

#include <iterator>
#include <utility>

namespace gradwatt {
namespace {

constexpr auto kFlushEvery = std::chrono::seconds(1);
/// Waiting for the disk at each flush would be most of what measuring costs.
constexpr int kFlushesPerWait = 5;
/// Rows kept while nothing can be written: about 64 MiB.
constexpr std::size_t kPendingMax = 500'000;

template <typename Row>
void put_back(std::vector<Row>& pending, std::vector<Row>&& failed) {
  failed.insert(failed.end(),
                std::make_move_iterator(pending.begin()),
                std::make_move_iterator(pending.end()));
  pending = std::move(failed);
}

/// Rows are cumulative: without every second one all energies stay right, only coarser in time.
void thin_out(std::vector<SampleRow>& rows) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i % 2 == 0 || i + 16 > rows.size()) {
      rows[kept++] = std::move(rows[i]);
    }
  }
  rows.resize(kept);
}

}  // namespace

Recorder::Recorder(NodeFileWriter writer, std::function<void()> before_writing)
    : writer_(std::move(writer)),
      before_writing_(std::move(before_writing)),
      thread_([this] { run(); }) {}

Recorder::~Recorder() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) {
    thread_.join();
  }
}

void Recorder::begin(Instant begin) {
  const std::lock_guard lock(mutex_);
  pending_.begin = begin;
}

void Recorder::take(SampleRow row) {
  const std::lock_guard lock(mutex_);
  pending_.samples.push_back(std::move(row));
  if (pending_.samples.size() > kPendingMax) {
    thin_out(pending_.samples);
  }
}

void Recorder::take(GapRow row) {
  const std::lock_guard lock(mutex_);
  pending_.gaps.push_back(std::move(row));
}

void Recorder::take(Mark mark) {
  const std::lock_guard lock(mutex_);
  pending_.marks.push_back(std::move(mark));
}

void Recorder::take(StateRow row) {
  const std::lock_guard lock(mutex_);
  // While nothing can be written the newest are the ones that can be spared: they explain, the
  // energies do not depend on them.
  if (pending_.states.size() < kPendingMax) {
    pending_.states.push_back(std::move(row));
  }
}

void Recorder::run() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, kFlushEvery, [this] { return stopping_; })) {
    lock.unlock();
    if (before_writing_) {
      before_writing_();
    }
    flush(++flushes_ % kFlushesPerWait == 0 ? WaitForDisk::yes : WaitForDisk::no);
    lock.lock();
  }
}

NodeFileWriter::Batch Recorder::take_pending() {
  const std::lock_guard lock(mutex_);
  return std::exchange(pending_, {});
}

void Recorder::flush(WaitForDisk wait) {
  NodeFileWriter::Batch batch = take_pending();
  try {
    writer_.append(batch, wait);
    failure_.reset();
  } catch (const Error& error) {
    failure_ = error.what();
    const std::lock_guard lock(mutex_);
    pending_.begin = batch.begin ? batch.begin : pending_.begin;
    put_back(pending_.samples, std::move(batch.samples));
    put_back(pending_.gaps, std::move(batch.gaps));
    put_back(pending_.marks, std::move(batch.marks));
    put_back(pending_.states, std::move(batch.states));
  }
}

std::optional<std::string> Recorder::finish(Instant end, const MonitorAccount& monitor) {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
  try {
    // A run shorter than a flush has nothing that is worth waiting for the disk.
    writer_.finish(take_pending(), end, monitor, flushes_ > 0 ? WaitForDisk::yes : WaitForDisk::no);
    return std::nullopt;
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace gradwatt
