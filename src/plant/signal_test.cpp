#include "plant/signal.h"

#include "base/error.h"
#include "plant/signal_text.h"

#include <gmock/gmock.h>

namespace gradwatt {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

/// Joules summed over many short slices, each at the power in its middle.
double summed(const Signal& signal, Duration begin, Duration end) {
  constexpr int kSlices = 200'000;
  const double step = seconds(end - begin) / kSlices;
  double joules = 0;
  for (int i = 0; i < kSlices; ++i) {
    joules += signal.power(begin + from_seconds((i + 0.5) * step)).watts * step;
  }
  return joules;
}

TEST(Signal, HasTheEnergiesComputedByHand) {
  const auto joules = [](const char* text, int from_ms, int to_ms) {
    return parse_signal(text).joules(milliseconds(from_ms), milliseconds(to_ms));
  };
  EXPECT_DOUBLE_EQ(joules("constant power=300", 0, 60'000), 18'000);
  EXPECT_NEAR(joules("square low=50 high=300 period=0.1", 0, 1000), 175, 1e-9);
  EXPECT_NEAR(joules("square low=50 high=300 period=0.1 duty=0.2", 0, 1000), 100, 1e-9);
  EXPECT_NEAR(joules("square low=0 high=100 period=1 phase=0.25", 0, 500), 25, 1e-9);
  EXPECT_NEAR(joules("spikes low=100 high=700 period=1 width=0.005", 0, 10'000), 1030, 1e-9);
  EXPECT_NEAR(joules("epochs low=150 high=350 busy=18 pause=2", 0, 20'000), 6600, 1e-9);
  EXPECT_NEAR(joules("ramp from=60 to=700 over=60", 0, 60'000), 22'800, 1e-9);
  EXPECT_NEAR(joules("ramp from=60 to=700 over=60", 60'000, 61'000), 700, 1e-9);
  EXPECT_NEAR(joules("load low=50 high=500 length=10", 0, 60'000), 7500, 1e-9);
  EXPECT_NEAR(joules("burst low=60 high=300 begin=1 length=0.08", 0, 2000), 139.2, 1e-9);
  EXPECT_NEAR(joules("steps levels=100,250,175 each=1", 500, 3500), 525, 1e-9);
  EXPECT_NEAR(joules("constant power=10 + square low=0 high=20 period=1", 0, 1000), 20, 1e-9);
}

TEST(Signal, IntegratesItsPowerExactlyAlsoBeforeTimeZero) {
  for (const NamedSignal& named : named_signals()) {
    const Signal signal = parse_signal(named.text);
    const Duration begin = milliseconds(-1234);
    const Duration end = milliseconds(7'890);
    const double exact = signal.joules(begin, end);
    EXPECT_NEAR(summed(signal, begin, end), exact, 1e-4 * exact) << named.name;
  }
}

TEST(Signal, AddsUpOverWindowsThatMeet) {
  const Signal signal = parse_signal("random low=60 high=400 step=0.3 seed=9");
  double sum = 0;
  for (int i = 0; i < 1000; ++i) {
    sum += signal.joules(milliseconds(777 * i), milliseconds(777 * (i + 1)));
  }
  EXPECT_NEAR(sum, signal.joules({}, milliseconds(777'000)), 1e-6);
}

TEST(Signal, KnowsItsLimits) {
  const Signal signal = parse_signal("constant power=10 + burst low=60 high=300 length=1");
  EXPECT_EQ(signal.least().watts, 70);
  EXPECT_EQ(signal.most().watts, 310);
  const Signal random = parse_signal("random low=60 high=400 step=0.3");
  for (int ms = 0; ms < 100'000; ms += 77) {
    const double watts = random.power(milliseconds(ms)).watts;
    EXPECT_TRUE(random.least().watts <= watts && watts <= random.most().watts);
  }
}

TEST(Signal, IsTheSameForASeed) {
  const char* text = "random low=0 high=1000 step=1 seed=5";
  EXPECT_EQ(parse_signal(text).power({}).watts, parse_signal(text).power({}).watts);
  EXPECT_NE(parse_signal(text).power({}).watts,
            parse_signal("random low=0 high=1000 step=1 seed=6").power({}).watts);
}

TEST(SignalText, SaysWhatIsWrongAndWhatToDo) {
  const auto complaint = [](const char* text) -> std::string {
    try {
      static_cast<void>(parse_signal(text));
    } catch (const UsageError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(complaint(""), HasSubstr("for example: constant power=300"));
  EXPECT_THAT(complaint("sqare low=1 high=2 period=1"), HasSubstr("did you mean 'square'?"));
  EXPECT_THAT(complaint("square low=1 high=2"), HasSubstr("period= is missing"));
  EXPECT_THAT(complaint("square low=1 high=2 period=0"), HasSubstr("greater than 0"));
  EXPECT_THAT(complaint("square low=1 high=2 period=100ms"), HasSubstr("without a unit"));
  EXPECT_THAT(complaint("constant power=-1"), HasSubstr("no number between"));
  EXPECT_THAT(complaint("constant power=nan"), HasSubstr("no number between"));
  EXPECT_THAT(complaint("constant powr=1 power=2"), HasSubstr("no setting 'powr'"));
  EXPECT_THAT(complaint("constant 300"), HasSubstr("write NAME=NUMBER"));
  EXPECT_THAT(complaint("constant power=1 +"), HasSubstr("a shape is missing"));
  EXPECT_THAT(complaint("steps levels=1,,2 each=1"), HasSubstr("levels="));
}

TEST(SignalText, HasThirteenNamesThatStandForTheirText) {
  EXPECT_EQ(named_signals().size(), 13);
  for (const NamedSignal& named : named_signals()) {
    EXPECT_EQ(parse_signal(named.name).until(milliseconds(12'345)),
              parse_signal(named.text).until(milliseconds(12'345)));
  }
}

}  // namespace
}  // namespace gradwatt
