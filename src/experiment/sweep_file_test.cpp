#include "experiment/sweep_file.h"

#include "base/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gradwatt {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr const char* kFull = R"([sweep]
name = "pamap2-regime"
command = ["python", "train.py", "--bs={batch}", "--lr={lr}", "--seed={seed}"]
repeat = 2
order = "interleaved"
cooldown = "30s"
on_failure = "continue"
default = { lr = 1e-1, batch = 64 }
[axes]
batch = [64, 256, 1024, 4096]
lr = [1e-1, 1e-2, 1e-3, 1e-4]
[fixed]
max_epochs = 100
[[exclude]]
batch = 4096
lr = 1e-1
[goal]
metric = "val_acc"
reach = 0.92
[search]
strategy = "grid"
[limit]
max_energy = "500 Wh"
[launcher]
kind = "local"
)";

/// A small sweep with `more` lines in [sweep] and `tail` after [axes].
std::string small(const std::string& more, const std::string& tail = "") {
  return "[sweep]\nname = 's'\ncommand = ['t', '{lr}']\n" + more + "\n[axes]\nlr = [1e-1, 3e-4]\n" +
         tail;
}

std::string message_of(const std::string& text) {
  try {
    (void)parse_sweep_file(text, "f.toml");
  } catch (const UsageError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(SweepFile, ReadsEveryTable) {
  const SweepFile file = parse_sweep_file(kFull, "f.toml");
  EXPECT_EQ(file.name, "pamap2-regime");
  EXPECT_EQ(file.repeat, 2);
  EXPECT_EQ(file.cooldown, std::chrono::seconds(30));
  EXPECT_FALSE(file.seed);
  ASSERT_EQ(file.axes.size(), 2U);
  EXPECT_EQ(file.axes[0].name, "batch");
  EXPECT_THAT(file.axes[1].values, ElementsAre("1e-1", "1e-2", "1e-3", "1e-4"));
  EXPECT_THAT(file.default_cell, ElementsAre(Factor{"batch", "64"}, Factor{"lr", "1e-1"}));
  EXPECT_EQ(file.excluded.size(), 1U);
  EXPECT_EQ(file.goal->reach, 0.92);
  EXPECT_EQ(file.energy_max, Energy::from_joules(1.8e6));
  EXPECT_THAT(unused_fixed(file), ElementsAre("max_epochs"));
}

TEST(SweepFile, HasSensibleRulesWhenNoneAreGiven) {
  const SweepFile file = parse_sweep_file(small(""), "f.toml");
  EXPECT_EQ(file.repeat, 1);
  EXPECT_EQ(file.order, SweepOrder::interleaved);
  EXPECT_EQ(file.cooldown, Duration{});
  EXPECT_FALSE(file.stop_on_failure);
  EXPECT_FALSE(file.goal);
  EXPECT_FALSE(file.energy_max);
  EXPECT_THAT(file.default_cell, IsEmpty());
}

TEST(SweepFile, TakesAWorkloadInsteadOfACommand) {
  const SweepFile file = parse_sweep_file(
      "[sweep]\nname='q'\nworkload='fashion-classify'\n[axes]\nbatch=[64]\n[fixed]\nmax_epochs=8\n",
      "f.toml");
  EXPECT_EQ(file.workload, "fashion-classify");
  EXPECT_THAT(unused_fixed(file), IsEmpty());
}

TEST(SweepFile, GivesEachRepeatItsOwnFixedValue) {
  const SweepFile file =
      parse_sweep_file(small("repeat = 2", "[fixed]\nseed = { per_repeat = [11, 22, 33] }\n"), "f");
  EXPECT_EQ(values_of(file, {{"lr", "1e-1"}}, 0).at("seed"), "11");
  EXPECT_EQ(values_of(file, {{"lr", "1e-1"}}, 1).at("seed"), "22");
}

TEST(SweepFile, CountsSeedsFromOneWhenTheFileGivesNone) {
  const SweepFile file = parse_sweep_file(small("repeat = 2"), "f.toml");
  EXPECT_EQ(values_of(file, {{"lr", "3e-4"}}, 1),
            (std::map<std::string, std::string>{{"lr", "3e-4"}, {"repeat", "1"}, {"seed", "2"}}));
}

TEST(SweepFile, TakesLossesAsSmallerIsBetterUnlessTold) {
  const auto goal = [](const std::string& lines) {
    return parse_sweep_file(small("", "[goal]\n" + lines), "f.toml").goal.value();
  };
  EXPECT_FALSE(goal("metric='val_acc'\nreach=0.9").smaller_is_better);
  EXPECT_TRUE(goal("metric='val_loss'\nreach=0.3").smaller_is_better);
  EXPECT_FALSE(goal("metric='val_loss'\nreach=3\nsmaller_is_better=false").smaller_is_better);
  EXPECT_EQ(goal("metric='val_acc'\nbest_minus=0.01").best_minus, 0.01);
}

TEST(SweepFile, SaysWhatAnUnknownKeyOrTableMayHaveMeant) {
  EXPECT_THAT(message_of(small("repaet = 2")),
              StartsWith("f.toml:4:1: unknown key 'repaet'\n  → did you mean 'repeat'?"));
  EXPECT_THAT(message_of(small("", "[axis]\n")), HasSubstr("did you mean 'axes'?"));
}

TEST(SweepFile, RefusesNamesThatTheCommandCannotKnow) {
  EXPECT_THAT(message_of("[sweep]\nname='s'\ncommand=['t', '{rl}']\n[axes]\nrl2=[1]\nlr=[2]\n"),
              HasSubstr("f.toml:3:15: nothing is called {rl}"));
  EXPECT_THAT(message_of("[sweep]\nname='s'\ncommand=['t', '{lr']\n[axes]\nlr=[2]\n"),
              HasSubstr("a single '{'"));
}

TEST(SweepFile, RefusesAnAxisThatChangesNothing) {
  EXPECT_THAT(message_of(small("", "batch = [1, 2]\n")), HasSubstr("axis batch changes nothing"));
}

TEST(SweepFile, RefusesTheSameValueTwice) {
  const std::string head = "[sweep]\nname='s'\ncommand=['{a}']\n[axes]\n";
  EXPECT_THAT(message_of(head + "a = [1, 1]"),
              HasSubstr("f.toml:5:9: axis a has the value 1 twice"));
  EXPECT_THAT(message_of(head + "a = [0.1, 1e-1]"), HasSubstr("the value 1e-1 twice"));
  EXPECT_THAT(message_of(head + "a = [1, '1']"), HasSubstr("the value 1 twice"));
  EXPECT_EQ(message_of(head + "a = ['x', 'y', true]"), "accepted");
}

TEST(SweepFile, RefusesEmptyAndNestedAxes) {
  const std::string head = "[sweep]\nname='s'\ncommand=['{a}']\n";
  EXPECT_THAT(message_of(head), HasSubstr("the sweep varies nothing"));
  EXPECT_THAT(message_of(head + "[axes]\n"), HasSubstr("the sweep varies nothing"));
  EXPECT_THAT(message_of(head + "[axes]\na=[]"), HasSubstr("axis a has to be a list"));
  EXPECT_THAT(message_of(head + "[axes]\na=3"), HasSubstr("axis a has to be a list"));
  EXPECT_THAT(message_of(head + "[axes]\na=[[1]]"), HasSubstr("a single value is needed"));
  EXPECT_THAT(message_of(head + "[axes]\n'a b'=[1]"), HasSubstr("cannot be the name of a value"));
  EXPECT_THAT(message_of(head + "[axes]\nrepeat=[1]"), HasSubstr("the repeat's number"));
}

TEST(SweepFile, NamesWhatIsAvailableForChoicesThatAreNot) {
  EXPECT_THAT(message_of(small("order = 'zigzag'")), HasSubstr("known: interleaved, sequential"));
  EXPECT_THAT(message_of(small("", "[search]\nstrategy='joule-halfing'")),
              HasSubstr("no strategy \"joule-halfing\"\n  → did you mean 'joule-halving'?"));
  EXPECT_THAT(message_of(small("", "[launcher]\nkind='pbs'")),
              HasSubstr("available: \"local\", \"slurm\""));
  EXPECT_THAT(message_of(small("on_failure = 'retry'")), HasSubstr("known: continue, stop"));
}

TEST(SweepFile, RefusesWrongRules) {
  EXPECT_THAT(message_of(small("repeat = 0")),
              HasSubstr("'repeat' has to be a whole number from 1"));
  EXPECT_THAT(message_of(small("seed = -1")), HasSubstr("'seed' has to be a whole number from 0"));
  EXPECT_THAT(message_of(small("cooldown = 30")), HasSubstr("'cooldown' has to be a string"));
  EXPECT_THAT(message_of(small("cooldown = '30'")), HasSubstr("'cooldown' is not a time"));
  EXPECT_THAT(message_of(small("workload = 'w'")), HasSubstr("two things to run"));
  EXPECT_THAT(message_of(small("", "[limit]\nmax_energy='500'")), HasSubstr("not an energy"));
  EXPECT_THAT(message_of(small("", "[fixed]\nlr=1")), HasSubstr("cannot be fixed as well"));
  EXPECT_THAT(message_of(small("repeat=3", "[fixed]\nseed={per_repeat=[1,2]}")),
              HasSubstr("seed needs a value for each of 3 repeats"));
}

TEST(SweepFile, RefusesAGoalWithoutExactlyOneThreshold) {
  EXPECT_THAT(message_of(small("", "[goal]\nmetric='a'")), HasSubstr("has no threshold"));
  EXPECT_THAT(message_of(small("", "[goal]\nmetric='a'\nreach=1\nbest_minus=1")),
              HasSubstr("has two thresholds"));
  EXPECT_THAT(message_of(small("", "[goal]\nreach=1")), HasSubstr("names no metric"));
}

TEST(SweepFile, RefusesCellsThatAreNotInTheGrid) {
  EXPECT_THAT(message_of(small("", "[[exclude]]\nlr = 0.1")),
              HasSubstr("axis lr has no value written '0.1'\n  → write one of: 1e-1, 3e-4"));
  EXPECT_THAT(message_of(small("", "[[exclude]]\nbatch = 1")), HasSubstr("no axis 'batch'"));
  EXPECT_THAT(message_of(small("default = {}")), HasSubstr("does not say which lr"));
}

TEST(SweepFile, RefusesNamesThatAreNoFileNames) {
  for (const char* name : {"", "../x", ".x", "a b", "a/b"}) {
    EXPECT_THAT(
        message_of("[sweep]\nname='" + std::string(name) + "'\ncommand=['{a}']\n[axes]\na=[1]"),
        HasSubstr("a sweep's name is also a file's name"))
        << name;
  }
}

}  // namespace
}  // namespace gradwatt
