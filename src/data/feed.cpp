#include "data/feed.h"

#include "base/expects.h"

#include <algorithm>
#include <utility>

namespace gradwatt {
namespace {

constexpr std::int64_t kRowsAtOnce = 8;

}  // namespace

Feed::Feed(const RowSource& source,
           std::int64_t batch,
           FeedOptions options,
           const std::vector<std::span<std::uint8_t>>& slots,
           const Clock& clock)
    : source_(source), batch_(batch), options_(options), clock_(clock) {
  expects(batch > 0 && options.workers > 0, "a batch and a worker");
  expects(options.hold >= 0 && options.depth >= options.hold + 2, "a slot to prepare ahead");
  expects(slots.size() == static_cast<std::size_t>(options.depth), "a slot for each of the depth");
  for (const auto memory : slots) {
    expects(memory.size() >= static_cast<std::size_t>(batch) * source.row_bytes(),
            "room for a batch in each slot");
    slots_.push_back({.memory = memory});
  }
  try {
    for (int i = 0; i < options.workers; ++i) {
      threads_.emplace_back([this] { work(); });
    }
  } catch (...) {
    stop();
    throw;
  }
}

Feed::~Feed() { stop(); }

void Feed::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  claimable_.notify_all();
  for (std::thread& thread : threads_) {
    thread.join();
  }
}

void Feed::begin(std::vector<std::int64_t> order, std::optional<std::uint64_t> pass_seed) {
  const auto is_sample = [&](std::int64_t i) { return i >= 0 && i < source_.count(); };
  expects(std::all_of(order.begin(), order.end(), is_sample), "samples of the source");
  std::unique_lock lock(mutex_);
  end_epoch(lock);
  order_ = std::move(order);
  pass_seed_ = pass_seed;
  claimed_ = 0;
  starved_ = {};
  lock.unlock();
  claimable_.notify_all();
}

void Feed::end_epoch(std::unique_lock<std::mutex>& lock) {
  claimed_ = static_cast<std::int64_t>(order_.size());
  all_idle_.wait(lock, [&] { return busy_ == 0; });
  before_ += delivered_;
  delivered_ = 0;
  order_.clear();
  claimed_ = 0;
  for (Slot& slot : slots_) {
    slot.rows_done = 0;
    slot.failure = nullptr;
  }
}

std::optional<FeedBatch> Feed::next() {
  std::unique_lock lock(mutex_);
  const std::int64_t number = delivered_;
  if (number > 0) {
    // The batch before is given back; of its slot only the state, its memory is held.
    slots_[slot_of(number - 1)].rows_done = 0;
  }
  const std::int64_t rows = rows_in(number);
  if (rows == 0) {
    return std::nullopt;
  }
  ++delivered_;
  claimable_.notify_all();
  Slot& slot = slots_[slot_of(number)];
  if (slot.rows_done < rows) {
    const Instant since = clock_.now();
    batch_ready_.wait(lock, [&] { return slot.rows_done == rows; });
    starved_ += clock_.now() - since;
  }
  if (slot.failure) {
    const std::exception_ptr failure = slot.failure;
    end_epoch(lock);
    std::rethrow_exception(failure);
  }
  const auto count = static_cast<std::size_t>(rows);
  return FeedBatch{
      .rows = slot.memory.first(count * source_.row_bytes()),
      .indices = std::span(order_).subspan(static_cast<std::size_t>(number * batch_), count),
      .slot = slot_of(number)};
}

std::int64_t Feed::rows_in(std::int64_t batch_number) const {
  const auto total = static_cast<std::int64_t>(order_.size());
  return std::clamp<std::int64_t>(total - batch_number * batch_, 0, batch_);
}

std::size_t Feed::slot_of(std::int64_t batch_number) const {
  return static_cast<std::size_t>(before_ + batch_number) % slots_.size();
}

bool Feed::has_claim() const {
  if (claimed_ == static_cast<std::int64_t>(order_.size())) {
    return false;
  }
  // Of all batches ever, the one in use and `hold` before it keep their slots.
  const std::int64_t kept_from =
      std::max<std::int64_t>(0, before_ + delivered_ - 1 - options_.hold);
  return before_ + claimed_ / batch_ < kept_from + options_.depth;
}

Feed::Claim Feed::take_claim() {
  const std::int64_t batch_end = (claimed_ / batch_ + 1) * batch_;
  const auto total = static_cast<std::int64_t>(order_.size());
  const Claim claim{.first = claimed_,
                    .last = std::min({claimed_ + kRowsAtOnce, batch_end, total})};
  claimed_ = claim.last;
  return claim;
}

void Feed::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    claimable_.wait(lock, [&] { return stopping_ || has_claim(); });
    if (stopping_) {
      return;
    }
    const Claim claim = take_claim();
    const std::span<std::uint8_t> memory = slots_[slot_of(claim.first / batch_)].memory;
    ++busy_;
    lock.unlock();
    std::exception_ptr failure;
    std::int64_t row = claim.first;
    try {
      for (; row < claim.last; ++row) {
        write(row, memory);
      }
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    --busy_;
    finish(claim, failure, row);
  }
}

void Feed::write(std::int64_t row, std::span<std::uint8_t> memory) const {
  const std::size_t bytes = source_.row_bytes();
  const auto place = memory.subspan(static_cast<std::size_t>(row % batch_) * bytes, bytes);
  const std::int64_t sample = order_[static_cast<std::size_t>(row)];
  if (pass_seed_) {
    source_.write_drawn_row(sample, *pass_seed_, place);
  } else {
    source_.write_row(sample, place);
  }
}

void Feed::finish(Claim claim, std::exception_ptr failure, std::int64_t failed_row) {
  const std::int64_t number = claim.first / batch_;
  Slot& slot = slots_[slot_of(number)];
  if (failure && (!slot.failure || failed_row < slot.failed_row)) {
    slot.failure = std::move(failure);
    slot.failed_row = failed_row;
  }
  slot.rows_done += claim.last - claim.first;
  if (slot.rows_done == rows_in(number)) {
    batch_ready_.notify_one();
  }
  if (busy_ == 0) {
    all_idle_.notify_one();
  }
}

}  // namespace gradwatt
