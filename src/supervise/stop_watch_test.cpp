#include "supervise/stop_watch.h"

#include "base/error.h"

#include <gtest/gtest.h>

#include <csignal>
#include <future>

namespace gradwatt {
namespace {

Mark mark_of(const std::string& key, const std::string& value) {
  Mark mark;
  mark.key = key;
  mark.value = value;
  return mark;
}

std::vector<SourceColumns> two_channels() {
  ChannelInfo counted;
  counted.in_total = true;
  ChannelInfo beside;
  beside.in_total = false;
  return {{"fake", {counted, beside}}};
}

SampleRow reading(double joules) {
  SampleRow row;
  row.channels = {Energy::from_joules(joules), Energy::from_joules(1000)};
  return row;
}

TEST(StopRule, ReadsItsThreeForms) {
  const StopRule energy = parse_stop_rule("budget: energy>1.5kJ");
  EXPECT_EQ(energy.label, "budget");
  EXPECT_EQ(energy.energy, Energy::from_joules(1500));
  EXPECT_EQ(parse_stop_rule("epochs>=5").epochs, 5);
  const StopRule lag = parse_stop_rule("lag: energy>60J unless val_acc>=0.7");
  EXPECT_EQ(lag.energy, Energy::from_joules(60));
  EXPECT_EQ(lag.unless->metric, "val_acc");
  EXPECT_FALSE(parse_stop_rule("val_loss <= 0.3").reaches->is_at_least);
  for (const char* wrong : {"",
                            "energy",
                            "energy<5J",
                            "energy>fast",
                            "epochs>=0",
                            "a b>=1",
                            "val_acc>=",
                            "energy>5J unless soon"}) {
    EXPECT_THROW((void)parse_stop_rule(wrong), UsageError) << wrong;
  }
}

TEST(StopRule, StopsNothingByWhatIsNotKnown) {
  RunProgress progress;
  EXPECT_FALSE(says_stop(parse_stop_rule("energy>1J"), progress));
  EXPECT_FALSE(says_stop(parse_stop_rule("val_acc>=0.1"), progress));
  progress.energy = Energy::from_joules(61);
  const StopRule lag = parse_stop_rule("energy>60J unless val_acc>=0.7");
  EXPECT_TRUE(says_stop(lag, progress));
  progress.metrics["val_acc"] = {0.2, 0.75};
  EXPECT_FALSE(says_stop(lag, progress)) << "it had 0.75 once, though less since";
}

TEST(StopWatch, AsksAtTheEndOfTheEpochThatReaches) {
  std::promise<int> sent;
  StopWatch watch({{parse_stop_rule("goal: val_acc>=0.8")}, std::chrono::hours(1)},
                  two_channels(),
                  [&](int signal) { sent.set_value(signal); });
  watch.see(mark_of("EPOCH", "0"));
  watch.see(mark_of("METRIC", "val_acc:0.85"));
  auto future = sent.get_future();
  EXPECT_EQ(future.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  watch.see(mark_of("EPOCH_END", "0"));
  EXPECT_EQ(future.get(), SIGTERM);
  EXPECT_EQ(watch.command_ended(), "goal: val_acc>=0.8");
}

TEST(StopWatch, CountsOnlyChannelsOfTheTotalAndKillsAfterTheGrace) {
  std::vector<int> signals;
  std::promise<void> killed;
  StopWatch watch(
      {{parse_stop_rule("cap: energy>100J")}, Duration{}}, two_channels(), [&](int signal) {
        signals.push_back(signal);
        if (signal == SIGKILL) {
          killed.set_value();
        }
      });
  watch.see(reading(99));
  watch.see(reading(101));
  killed.get_future().wait();
  EXPECT_EQ(watch.command_ended(), "cap: energy>100J");
  EXPECT_EQ(signals, (std::vector<int>{SIGTERM, SIGKILL}));
}

TEST(StopWatch, SaysNothingWhenTheCommandEndsByItself) {
  StopWatch watch({{parse_stop_rule("energy>100J")}, Duration{}}, two_channels(), [](int) {
    FAIL() << "nothing is to be stopped";
  });
  watch.see(reading(50));
  EXPECT_FALSE(watch.command_ended());
}

}  // namespace
}  // namespace gradwatt
