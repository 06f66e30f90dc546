#include "data/parallel_rows.h"

#include "base/expects.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace gradwatt {
namespace {

constexpr std::int64_t kPiece = 16;

/// Joins also when starting the next thread fails.
struct JoinedThreads {
  std::vector<std::thread> threads;

  JoinedThreads() = default;
  JoinedThreads(const JoinedThreads&) = delete;
  JoinedThreads& operator=(const JoinedThreads&) = delete;
  ~JoinedThreads() {
    for (std::thread& thread : threads) {
      thread.join();
    }
  }
};

}  // namespace

void for_pieces(std::int64_t count,
                int workers,
                const std::function<void(std::int64_t first, std::int64_t last)>& work) {
  expects(count >= 0 && workers >= 1, "at least one worker");
  std::atomic<std::int64_t> next{0};
  std::mutex mutex;
  std::exception_ptr failure;
  const auto worker = [&] {
    try {
      for (std::int64_t first = next.fetch_add(kPiece); first < count;
           first = next.fetch_add(kPiece)) {
        work(first, std::min(first + kPiece, count));
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      next = count;
      if (!failure) {
        failure = std::current_exception();
      }
    }
  };
  {
    JoinedThreads joined;
    const auto useful = std::min<std::int64_t>(workers, (count + kPiece - 1) / kPiece);
    for (std::int64_t i = 0; i < useful; ++i) {
      joined.threads.emplace_back(worker);
    }
  }
  if (failure) {
    std::rethrow_exception(failure);
  }
}

}  // namespace gradwatt
