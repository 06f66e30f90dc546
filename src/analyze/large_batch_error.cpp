#include "analyze/large_batch_error.h"

#include "base/expects.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace gradwatt {
namespace {

struct BatchError {
  double batch;
  double error;
};

constexpr std::array<BatchError, 5> kErrors{
    {{256, 0.2360}, {8192, 0.2374}, {16384, 0.2479}, {32768, 0.2755}, {65536, 0.3396}}};

}  // namespace

double large_batch_error(double global_batch) {
  expects(global_batch >= 1, "a batch");
  const double place = std::clamp(global_batch, kErrors.front().batch, kErrors.back().batch);
  const auto behind = std::find_if(
      kErrors.begin() + 1, kErrors.end() - 1, [&](const auto& one) { return place <= one.batch; });
  const BatchError& low = *(behind - 1);
  const double share = std::log(place / low.batch) / std::log(behind->batch / low.batch);
  return low.error + share * (behind->error - low.error);
}

}  // namespace gradwatt
