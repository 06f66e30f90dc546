#pragma once

#include "data/row_source.h"
#include "units/clock.h"

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <vector>

namespace gradwatt {

struct FeedOptions {
  int workers = 2;
  int depth = 4;  ///< Batches in memory: the one in use, those held, those prepared ahead.
  int hold = 1;   ///< Further batches for which a slot stays untouched after it was given back,
                  ///< for copies that still read from it. Less than depth - 1.
};

struct FeedBatch {
  std::span<const std::uint8_t> rows;     ///< [indices.size(), row_bytes].
  std::span<const std::int64_t> indices;  ///< Samples of the source, as begin() ordered them.
  std::size_t slot = 0;                   ///< Whose memory `rows` is.
};

/// Prepares the next batches on threads of its own while the present one is used.
///
/// Batches come in the order of begin() and with the same bytes for any number of workers: these
/// fill the slots of a ring, a few rows at a time. A row that fails fails its batch: next() throws
/// the error of the earliest such row when that batch's turn comes.
/// begin(), next() and starved() belong to one thread; RowSource's rows are written by several.
class Feed {
 public:
  /// Takes     `slots`: memory for options.depth batches of `batch` rows each, which must outlive
  ///           this (pinned where a GPU copies from it), as must `source` and `clock`.
  Feed(const RowSource& source,
       std::int64_t batch,
       FeedOptions options,
       const std::vector<std::span<std::uint8_t>>& slots,
       const Clock& clock);
  ~Feed();
  Feed(const Feed&) = delete;
  Feed& operator=(const Feed&) = delete;

  /// Starts an epoch: batches of `batch` rows in this order, the last one what is left. An epoch
  /// that is going on ends; slots that are held stay held.
  /// Takes     `pass_seed`: rows are those of RowSource::write_drawn_row(); none: of write_row().
  void begin(std::vector<std::int64_t> order, std::optional<std::uint64_t> pass_seed = {});

  /// The next batch, valid until the next call of begin() or next(). Waits for it; nullopt at the
  /// end. Throws what a worker's write_row threw; the epoch has then ended.
  [[nodiscard]] std::optional<FeedBatch> next();

  /// How long next() has waited since begin().
  [[nodiscard]] Duration starved() const { return starved_; }

 private:
  struct Slot {
    std::span<std::uint8_t> memory;
    std::int64_t rows_done = 0;
    std::int64_t failed_row = 0;  ///< Of the order; where `failure` is set.
    std::exception_ptr failure;
  };
  /// Rows of the order that one worker makes, all in one batch.
  struct Claim {
    std::int64_t first = 0;
    std::int64_t last = 0;
  };

  void work();
  void write(std::int64_t row, std::span<std::uint8_t> memory) const;
  [[nodiscard]] bool has_claim() const;
  [[nodiscard]] Claim take_claim();
  void finish(Claim claim, std::exception_ptr failure, std::int64_t failed_row);
  void end_epoch(std::unique_lock<std::mutex>& lock);
  void stop();
  [[nodiscard]] std::int64_t rows_in(std::int64_t batch_number) const;
  [[nodiscard]] std::size_t slot_of(std::int64_t batch_number) const;

  const RowSource& source_;
  const std::int64_t batch_;
  const FeedOptions options_;
  const Clock& clock_;

  std::mutex mutex_;  ///< Guards all below; `order_` and `pass_seed_` are constant while there
                      ///< are claims.
  std::condition_variable claimable_;
  std::condition_variable batch_ready_;
  std::condition_variable all_idle_;
  std::vector<Slot> slots_;
  std::vector<std::int64_t> order_;
  std::optional<std::uint64_t> pass_seed_;
  std::int64_t claimed_ = 0;    ///< Rows of the order that a worker has taken.
  std::int64_t delivered_ = 0;  ///< Batches of this epoch that next() returned.
  std::int64_t before_ = 0;  ///< Batches delivered in earlier epochs: slots go round across them.
  int busy_ = 0;             ///< Workers inside write_row.
  bool stopping_ = false;
  Duration starved_{};
  std::vector<std::thread> threads_;
};

}  // namespace gradwatt
