#include "measure/power_channel.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <utility>

namespace gradwatt {
namespace {

constexpr Duration kSteadyAtLeast = std::chrono::seconds(10);
/// Below zero by more than this share of the greatest power it is no offset any more.
constexpr double kOffsetShare = 0.05;

}  // namespace

ChannelReading PowerChannel::take(Instant time, Power power) {
  if (!std::isfinite(power.watts) || power > power_max_ || power < -kOffsetShare * power_max_) {
    return fail("the sensor's value makes no sense", EINVAL);
  }
  power = std::max(power, Power{});
  if (!last_good_ || power != power_) {
    changed_ = time;
  }
  power_ = power;
  const Energy before = std::exchange(since_first_, meter_.read(time, power));
  const std::optional<Instant> last_good = std::exchange(last_good_, time);
  const std::optional<ReadFailure> failure = std::exchange(failure_, std::nullopt);
  if (failure && last_good) {
    const Energy assumed = since_first_ - before;
    return Uncertain{since_first_,
                     failure->reason,
                     {},
                     assumed,
                     std::max(assumed, power_max_ * (time - *last_good))};
  }
  return Powered{since_first_, power};
}

ChannelReading PowerChannel::fail(std::string reason, int errno_value) {
  failure_ = ReadFailure{std::move(reason), errno_value};
  return *failure_;
}

ChannelReading PowerChannel::hold(Instant time) {
  if (failure_) {
    return *failure_;
  }
  if (!last_good_) {
    return fail("not read yet", EAGAIN);
  }
  // The energy alone: nobody saw what the sensor shows now.
  take(time, power_);
  return since_first_;
}

void PowerChannel::forget_last() {
  meter_.forget_last();
  last_good_.reset();
}

std::optional<Power> PowerChannel::power() const {
  return last_good_ && !failure_ ? std::optional(power_) : std::nullopt;
}

bool PowerChannel::stands_still(Instant now) const {
  return last_good_ && !failure_ && now - changed_ > std::max(10 * refresh_, kSteadyAtLeast);
}

}  // namespace gradwatt
