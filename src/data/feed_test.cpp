#include "data/feed.h"

#include "data/numbered_rows_test.h"
#include "data/random_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

namespace gradwatt {
namespace {

using testing::HasSubstr;

/// A second passes whenever somebody looks.
class LookedAtClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override { return {.ns = ++looks_ * 1'000'000'000}; }
  [[nodiscard]] WallTime wall() const override { return {}; }

 private:
  mutable std::atomic<std::int64_t> looks_{0};
};

class FeedTest : public testing::Test {
 protected:
  std::vector<std::span<std::uint8_t>> slots(const RowSource& source,
                                             std::int64_t batch,
                                             int depth) {
    memory_.assign(static_cast<std::size_t>(depth),
                   std::vector<std::uint8_t>(static_cast<std::size_t>(batch) * source.row_bytes()));
    return {memory_.begin(), memory_.end()};
  }

  static void expect_rows(const FeedBatch& batch, std::size_t row_bytes) {
    ASSERT_EQ(batch.rows.size(), batch.indices.size() * row_bytes);
    for (std::size_t i = 0; i < batch.rows.size(); ++i) {
      ASSERT_EQ(batch.rows[i], NumberedRows::byte_of(batch.indices[i / row_bytes], i % row_bytes));
    }
  }

  /// The samples that came until the end, or until an error, whose text is put behind `error`.
  static std::vector<std::int64_t> drained(Feed& feed,
                                           std::size_t row_bytes,
                                           std::string* error = nullptr) {
    std::vector<std::int64_t> seen;
    try {
      while (const auto batch = feed.next()) {
        expect_rows(*batch, row_bytes);
        seen.insert(seen.end(), batch->indices.begin(), batch->indices.end());
      }
    } catch (const Error& failure) {
      EXPECT_NE(error, nullptr) << failure.what();
      if (error != nullptr) {
        *error = failure.what();
      }
    }
    return seen;
  }

  LookedAtClock clock_;
  std::vector<std::vector<std::uint8_t>> memory_;
};

TEST_F(FeedTest, GivesTheSameBatchesForAnyNumberOfWorkers) {
  const NumberedRows source(103, 24);
  for (const int workers : {1, 2, 3, 8, 16}) {
    for (const std::int64_t batch : {1, 7, 10, 64, 103, 500}) {
      Feed feed(source, batch, {.workers = workers}, slots(source, batch, 4), clock_);
      for (const std::uint64_t epoch : {0U, 1U, 2U}) {
        const auto order = random_order(103, 5, epoch);
        feed.begin(order);
        EXPECT_EQ(drained(feed, 24), order) << workers << " workers, batch " << batch;
        EXPECT_FALSE(feed.next());
      }
    }
  }
}

TEST_F(FeedTest, SaysWhichSlotABatchIsIn) {
  const NumberedRows source(10, 3);
  Feed feed(source, 4, {.workers = 2, .depth = 3}, slots(source, 4, 3), clock_);
  EXPECT_FALSE(feed.next());
  feed.begin({9, 8, 7, 6, 5});
  const auto first = feed.next();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->rows.data(), memory_[first->slot].data());
  EXPECT_EQ(first->indices.size(), 4U);
  const auto last = feed.next();
  ASSERT_TRUE(last);
  EXPECT_EQ(last->indices.size(), 1U);
  EXPECT_EQ(last->indices[0], 5);
  EXPECT_EQ(last->slot, (first->slot + 1) % 3);
  EXPECT_FALSE(feed.next());
}

TEST_F(FeedTest, LeavesASlotAloneWhileItIsHeld) {
  const NumberedRows source(100, 5);
  Feed feed(source, 10, {.workers = 3, .depth = 5, .hold = 2}, slots(source, 10, 5), clock_);
  feed.begin(random_order(100, 1, 0));
  source.wait_until_written(50);
  std::vector<FeedBatch> seen;
  for (std::int64_t number = 0; number < 10; ++number) {
    seen.push_back(feed.next().value());
    // So far it may go: the one in use and two before it keep their slots.
    const std::int64_t allowed =
        std::min<std::int64_t>(10, std::max<std::int64_t>(number - 2, 0) + 5);
    source.wait_until_written(allowed * 10);
    EXPECT_EQ(source.written(), allowed * 10);
    for (std::int64_t held = std::max<std::int64_t>(0, number - 2); held <= number; ++held) {
      expect_rows(seen[static_cast<std::size_t>(held)], 5);
    }
  }
}

TEST_F(FeedTest, HoldsSlotsIntoTheNextEpoch) {
  const NumberedRows source(30, 5);
  Feed feed(source, 10, {.workers = 2, .depth = 4, .hold = 1}, slots(source, 10, 4), clock_);
  feed.begin(random_order(30, 1, 0));
  std::vector<std::vector<std::uint8_t>> copies;
  std::vector<std::size_t> places;
  while (const auto batch = feed.next()) {
    copies.emplace_back(batch->rows.begin(), batch->rows.end());
    places.push_back(batch->slot);
  }
  feed.begin(random_order(30, 1, 1));
  source.wait_until_written(30 + 20);
  EXPECT_EQ(memory_[places[1]], copies[1]);
  EXPECT_EQ(memory_[places[2]], copies[2]);
}

TEST_F(FeedTest, ThrowsAtTheBatchOfTheFirstRowThatFails) {
  const NumberedRows source(100, 8, {41, 47, 90});
  std::vector<std::int64_t> order(100);
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = static_cast<std::int64_t>(i);
  }
  for (const int workers : {1, 2, 8}) {
    Feed feed(source, 10, {.workers = workers}, slots(source, 10, 4), clock_);
    for (int epoch = 0; epoch < 20; ++epoch) {
      std::string error;
      feed.begin(order);
      EXPECT_EQ(drained(feed, 8, &error).size(), 40U);
      EXPECT_THAT(error, HasSubstr("row 41: is damaged"));
      EXPECT_FALSE(feed.next());
      // What follows is not spoilt by it.
      feed.begin({1, 2, 3});
      EXPECT_EQ(drained(feed, 8).size(), 3U);
    }
  }
}

TEST_F(FeedTest, MayBeLeftOrBegunAgainInMidEpoch) {
  const NumberedRows source(1000, 64, {999});
  for (int trial = 0; trial < 30; ++trial) {
    Feed feed(source, 16, {.workers = 4, .depth = 6}, slots(source, 16, 6), clock_);
    feed.begin(random_order(1000, 1, 0));
    for (int i = 0; i < trial % 5; ++i) {
      expect_rows(feed.next().value(), 64);
    }
    const std::vector<std::int64_t> order{5, 4, 3};
    feed.begin(order);
    EXPECT_EQ(drained(feed, 64), order);
    feed.begin(random_order(999, 1, 0));
    expect_rows(feed.next().value(), 64);
  }
}

TEST_F(FeedTest, CountsOnlyTheTimeItWaits) {
  const NumberedRows source(40, 8);
  Feed feed(source, 10, {.workers = 1}, slots(source, 10, 4), clock_);
  feed.begin({0, 1, 2});
  (void)feed.next();
  const Duration waited = feed.starved();
  EXPECT_TRUE(waited == Duration{} || waited == from_seconds(1));
  feed.begin(random_order(40, 1, 0));
  EXPECT_EQ(feed.starved(), Duration{});
}

TEST_F(FeedTest, GoesThroughAnEpochWithoutSamples) {
  const NumberedRows source(0, 8);
  Feed feed(source, 10, {}, slots(source, 10, 4), clock_);
  feed.begin({});
  EXPECT_FALSE(feed.next());
}

}  // namespace
}  // namespace gradwatt
