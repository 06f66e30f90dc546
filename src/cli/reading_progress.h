#pragma once

#include "record/run_index.h"

#include <cstddef>

namespace gradwatt {

/// Says on a terminal why the first analysis of many runs takes long, and once afterwards if the
/// next one will, too.
class ReadingProgress {
 public:
  /// Takes  runs: how many will be asked of the index.
  ReadingProgress(const RunIndex& index, std::size_t runs);
  ~ReadingProgress();
  ReadingProgress(const ReadingProgress&) = delete;
  ReadingProgress& operator=(const ReadingProgress&) = delete;

  /// One more has been asked of it.
  void show();

 private:
  const RunIndex& index_;
  std::size_t runs_;
  std::size_t asked_ = 0;
  bool on_terminal_ = false;
  bool has_shown_ = false;
};

}  // namespace gradwatt
