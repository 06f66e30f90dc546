#pragma once

#include "measure/source.h"
#include "trace/counter.h"

namespace gradwatt {

/// What one reading of a counter means, as a source hands it on.
[[nodiscard]] inline ChannelReading metered(CounterMeter& meter, Instant time, Energy value) {
  const CounterMeter::Step step = meter.read(time, value);
  const auto uncertain = [&](const char* reason) {
    return Uncertain{step.since_first, reason, step.least, step.assumed, step.most};
  };
  switch (step.kind) {
    case CounterMeter::Step::Kind::suspect:
      return ReadFailure{"the counter's value makes no sense"};
    case CounterMeter::Step::Kind::reset:
      return uncertain("the counter was reset");
    case CounterMeter::Step::Kind::ambiguous:
      return uncertain("waited longer than the counter takes to wrap");
    case CounterMeter::Step::Kind::good:
      break;
  }
  return step.since_first;
}

}  // namespace gradwatt
