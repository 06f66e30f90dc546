#include "cli/reading_progress.h"

#include <fmt/format.h>

#include <cstdio>
#include <unistd.h>

namespace gradwatt {
namespace {

/// Fewer runs are read before anybody wonders.
constexpr std::size_t kManyRuns = 200;
constexpr std::size_t kRunsBetweenLines = 100;

}  // namespace

ReadingProgress::ReadingProgress(const RunIndex& index, std::size_t runs)
    : index_(index), runs_(runs), on_terminal_(::isatty(STDERR_FILENO) != 0) {}

ReadingProgress::~ReadingProgress() {
  if (has_shown_) {
    std::fputs("\r\x1b[K", stderr);
  }
  if (index_.runs_read() >= kManyRuns && !index_.why_unused().empty()) {
    fmt::print(stderr,
               "gradwatt: note: {} runs were read one by one, as they will be next time: their "
               "index cannot be used ({})\n"
               "  → GRADWATT_INDEX names a folder for it\n",
               index_.runs_read(),
               index_.why_unused());
  }
}

void ReadingProgress::show() {
  ++asked_;
  const std::size_t read = index_.runs_read();
  if (on_terminal_ && read >= kManyRuns && asked_ % kRunsBetweenLines == 0) {
    fmt::print(stderr,
               "\r\x1b[Kreading runs one by one: {} of {}{}",
               asked_,
               runs_,
               index_.is_used() ? ", the next time from their index" : "");
    std::fflush(stderr);
    has_shown_ = true;
  }
}

}  // namespace gradwatt
