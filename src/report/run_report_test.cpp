#include "report/columns.h"
#include "report/run_json.h"
#include "report/run_text.h"
#include "report/run_view_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <limits>

namespace gradwatt {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(RunSummaryText, TellsARunInAFewLines) {
  EXPECT_EQ(run_summary_text(two_epochs()),
            "resnet  exit 0 · 10.0 s · 2 epochs\n"
            "  energy      1.00 kJ [950 J, 1.05 kJ]   measured: pkg0 1.00 kJ\n"
            "  CPU time    18 s  (1.8 CPUs busy on average)\n"
            "  per epoch   400 J   first epoch +10 %, not in the mean\n"
            "  phases      train 60 %   of the run's energy\n");
}

TEST(RunDetailText, TellsTimeAndEnergyOfPhases) {
  RunView run = two_epochs();
  for (EpochAccount& epoch : run.account->epochs) {
    epoch.phases.push_back({"forward", std::nullopt, from_seconds(2), 10, {}, "shorter than 1 s"});
  }
  run.account->outside_phases = {{"save", Energy::from_joules(20), from_seconds(0.5), 1}};
  EXPECT_THAT(run_detail_text(run),
              HasSubstr("phase of an epoch, in the mean   time  energy  times\n"
                        "train                           3.0 s   300 J      1\n"
                        "forward                         2.0 s       ?     10\n"
                        "  energy of forward: shorter than 1 s\n"
                        "phases lie within one another: what an inner one took is part of the "
                        "outer one, too\n"
                        "\n"
                        "phase outside epochs    time  energy  times\n"
                        "save                  500 ms  20.0 J      1\n"));
}

TEST(RunSummaryText, CallsAnEstimateOneAndSaysWhatItRestsOn) {
  RunView run = two_epochs();
  run.account->kind = EnergyKind::estimated;
  run.account->channels[0].info.kind = EnergyKind::estimated;
  run.account->channels[0].info.basis = "EPYC, ±50 %";
  EXPECT_THAT(run_summary_text(run), HasSubstr("   estimated\n              EPYC, ±50 %\n"));
}

TEST(RunSummaryText, SaysThatNothingWasMeasuredInsteadOfZero) {
  RunView run = two_epochs();
  run.account = RunAccount{};
  const std::string text = run_summary_text(run);
  EXPECT_THAT(text, HasSubstr("not measured"));
  EXPECT_THAT(text, Not(HasSubstr("0 J")));
}

TEST(RunSummaryText, SaysThatACounterStandsStillInsteadOfZero) {
  RunView run = two_epochs();
  run.account->total.reset();
  run.account->channels[0].energy.reset();
  run.account->channels[0].note = kStandsStill;
  EXPECT_THAT(run_detail_text(run),
              AllOf(HasSubstr("energy      unknown: pkg0: the counter stands still\n"),
                    HasSubstr("  unknown: the counter stands still  rapl")));
}

TEST(RunSummaryText, NamesTheSignalAndTheInterruption) {
  RunView run = two_epochs();
  run.state = "failed";
  run.signal = 9;
  run.exit_status = 137;
  EXPECT_THAT(run_summary_text(run), HasSubstr("failed by signal 9 (exit 137)"));
}

TEST(RunDetailText, KeepsATerminalSafeFromNames) {
  RunView run = two_epochs();
  run.name = "a\x1b[31mb";
  run.command = {"x\x1b]0;evil\x07"};
  EXPECT_THAT(run_detail_text(run), Not(HasSubstr("\x1b")));
}

RunView on_two_nodes() {
  RunView run = two_epochs();
  NodeAccount node;
  node.node = "n1";
  node.finished = true;
  node.energy =
      BoundedEnergy{Energy::from_joules(600), Energy::from_joules(570), Energy::from_joules(630)};
  node.coverage = 1;
  node.duration = from_seconds(10);
  node.clock_offset = Duration{};
  node.clock_uncertainty = Duration{};
  node.ranks = {{0, 0}, {1, 0}, {2, 0}};
  run.account->nodes = {node, node};
  run.account->nodes[1].node = "n2";
  run.account->nodes[1].finished = false;
  run.account->nodes[1].clock_uncertainty = std::chrono::microseconds(2500);
  run.account->nodes[1].ranks = {{3, 0}, {5, 7}};
  run.account->nodes_expected = 2;
  return run;
}

TEST(RunDetailText, TellsTheNodesOfAJobApart) {
  RunView run = on_two_nodes();
  const std::string text = run_detail_text(run);
  EXPECT_THAT(text, HasSubstr("  nodes       2: n1 600 J · n2 600 J until its monitor died\n"));
  EXPECT_THAT(text, HasSubstr("the same  0-2\n"));
  EXPECT_THAT(text, HasSubstr("± 2.5 ms  3, 5 · 5: exit 7\n"));
  run.account->nodes[1].clock_uncertainty.reset();
  EXPECT_THAT(run_detail_text(run), HasSubstr("not known to agree"));
  run.account->nodes_expected = 3;
  run.account->total.reset();
  run.account->why_no_total = "2 of 3 nodes are in this run";
  EXPECT_THAT(run_summary_text(run), HasSubstr("unknown: 2 of 3 nodes are in this run\n"));
  EXPECT_THAT(run_summary_text(run), HasSubstr("nodes       2 of 3: n1"));
  EXPECT_THAT(run_detail_text(two_epochs()), Not(HasSubstr("nodes")));
  run.account->nodes.resize(20, run.account->nodes[0]);
  run.account->nodes[7].energy->energy = Energy::from_joules(500);
  run.account->nodes[7].node = "n8";
  run.account->nodes_expected = 20;
  EXPECT_THAT(run_summary_text(run), HasSubstr("  nodes       20: n8 500 J to n1 600 J\n"));
}

TEST(RunToJson, ListsTheNodesOfAJobAndOfNothingElse) {
  const auto json = nlohmann::json::parse(run_to_json(on_two_nodes()));
  EXPECT_EQ(json.at("nodes_expected"), 2);
  EXPECT_EQ(json.at("nodes").at(1).at("node"), "n2");
  EXPECT_EQ(json.at("nodes").at(1).at("energy_j"), 600.0);
  EXPECT_EQ(json.at("nodes").at(1).at("clock_uncertainty_s"), 0.0025);
  EXPECT_EQ(json.at("nodes").at(1).at("ranks").at(1).at("exit_status"), 7);
  EXPECT_FALSE(nlohmann::json::parse(run_to_json(two_epochs())).contains("nodes"));
}

TEST(RunListText, ShowsUnknownEnergyAsUnknown) {
  RunView run = two_epochs();
  run.account.reset();
  const std::string text = run_list_text({run, two_epochs()});
  EXPECT_THAT(text, HasSubstr("?"));
  EXPECT_THAT(text, HasSubstr("1.00 kJ"));
}

TEST(RunToJson, GivesWhatTheInterfacePromises) {
  const auto json = nlohmann::json::parse(run_to_json(two_epochs()));
  EXPECT_EQ(json.at("schema"), 1);
  EXPECT_EQ(json.at("state"), "done");
  EXPECT_EQ(json.at("energy").at("total_j"), 1000.0);
  EXPECT_EQ(json.at("energy").at("kind"), "measured");
  EXPECT_EQ(json.at("energy").at("channels").at(0).at("in_total"), true);
  EXPECT_TRUE(json.at("energy").at("channels").at(1).at("energy_j").is_null());
  EXPECT_TRUE(json.at("idle_power_w").is_null());
  const auto& epoch = json.at("epochs").at(1);
  EXPECT_EQ(epoch.at("metrics").at("val_acc"), 0.75);
  EXPECT_EQ(epoch.at("phases").at("train").at("energy_j"), 300.0);
  EXPECT_TRUE(epoch.at("steps").is_null());
  EXPECT_TRUE(epoch.at("energy_eq1_j").is_null());
  EXPECT_EQ(json.at("outside_epochs").at("energy_j"), 160.0);
  EXPECT_EQ(json.at("monitor").at("samples"), 102);
}

TEST(RunToJson, WritesNoNumberForWhatIsNone) {
  RunView run = two_epochs();
  run.account->epochs[0].metrics["loss"] = std::numeric_limits<double>::quiet_NaN();
  run.account->total.reset();
  const auto json = nlohmann::json::parse(run_to_json(run));
  EXPECT_TRUE(json.at("epochs").at(0).at("metrics").at("loss").is_null());
  EXPECT_TRUE(json.at("energy").at("total_j").is_null());
}

TEST(RunToJson, SurvivesBytesThatAreNoText) {
  RunView run = two_epochs();
  run.command = {"\xff\xfe"};
  EXPECT_TRUE(nlohmann::json::accept(run_to_json(run)));
}

TEST(Aligned, CountsCharactersAndNotBytes) {
  EXPECT_EQ(aligned({{"µJ", "1"}, {"kilo", "10"}}, {false, true}), "µJ     1\nkilo  10\n");
}

}  // namespace
}  // namespace gradwatt
