#include "report/reuse_view.h"
#include "report/saving_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace gradwatt {
namespace {

using testing::HasSubstr;
using testing::Not;

std::vector<RunRow> spent_runs(const std::vector<double>& energies) {
  std::vector<RunRow> runs;
  for (const double energy : energies) {
    RunRow run;
    run.run = "run-" + std::to_string(runs.size());
    run.total_j = energy;
    runs.push_back(run);
  }
  return runs;
}

ReuseView reuse_of_runs(const std::vector<double>& encoder,
                        const std::vector<double>& joint,
                        const std::vector<double>& classifier,
                        std::optional<double> cycles = std::nullopt) {
  const std::vector<std::vector<RunRow>> kinds{
      spent_runs(encoder), spent_runs(joint), spent_runs(classifier)};
  return reuse_view(kinds, {cycles, "", {}});
}

TEST(ReuseText, SaysWhenItPaysOffAndHowSureThatIs) {
  EXPECT_EQ(reuse_text(reuse_of_runs({290, 300, 310}, {59, 60, 61}, {29, 30, 31}, 20)),
            R"(energy of pretraining an encoder once and using it, against training from scratch
  pretraining        300 J  3 runs  once
  from scratch      60.0 J  3 runs  each time
  with the encoder  30.0 J  3 runs  each time: 30.0 J less

  Pretraining has paid off after 10 trainings with the encoder (exactly 10).
  Very likely (95 %) between 9.23 and 10.9 trainings.
  trainings 0 ░░░░░░░░░░░░░░░░░░▒▒▒▒██████████████████ 20   ░ costs more  ▒ can be either  █ saves
  After 20 trainings: 300 J less than from scratch (95 %: 255 J to 345 J): pretrain.
)");
}

TEST(ReuseText, IsOpenWhenNothingIsEstablished) {
  const std::string text = reuse_text(reuse_of_runs({29, 30, 31}, {3, 5, 7}, {1, 2, 3}));
  EXPECT_THAT(text, HasSubstr("not established"));
  EXPECT_THAT(text, HasSubstr("not before"));
  EXPECT_THAT(text, Not(HasSubstr("█")));
}

TEST(ReuseText, SaysNeverWithoutAPicture) {
  const std::string text = reuse_text(reuse_of_runs({30}, {4}, {5}));
  EXPECT_THAT(text, HasSubstr("never pays off"));
  EXPECT_THAT(text, Not(HasSubstr("░")));
}

TEST(ReuseText, HasNothingToCompareWithoutACommonSetup) {
  const ReuseView view = reuse_of_runs({30}, {}, {5});
  EXPECT_THAT(reuse_text(view), HasSubstr("nothing to compare"));
  const auto json = nlohmann::json::parse(reuse_to_json(view));
  EXPECT_TRUE(json["answer"].is_null());
  EXPECT_TRUE(json["average"].is_null());
}

SavingView saving_of_runs(const std::vector<double>& one, const std::vector<double>& other) {
  const std::vector<std::vector<RunRow>> kinds{spent_runs(one), spent_runs(other)};
  return saving_view(kinds, {"freeze", {"frozen", "free"}, "", {}});
}

TEST(SavingText, SaysHowMuchLessAndWhetherThatIsSure) {
  const std::string sure = saving_text(saving_of_runs({50, 51, 52}, {100, 101, 102}));
  EXPECT_THAT(sure, HasSubstr("frozen needs 49.5 % less energy (95 %: "));
  EXPECT_THAT(sure, HasSubstr("Each training saves 50.0 J."));
  const std::string once = saving_text(saving_of_runs({50}, {100}));
  EXPECT_THAT(once, HasSubstr("It was so once"));
  const std::string unsure = saving_text(saving_of_runs({50, 150}, {60, 160}));
  EXPECT_THAT(unsure, HasSubstr("not ruled out"));
  EXPECT_THAT(saving_text(saving_of_runs({120}, {100})), HasSubstr("20.0 % more energy"));
}

TEST(SavingText, HasNothingToCompareWithoutRuns) {
  const SavingView view = saving_of_runs({}, {5});
  EXPECT_THAT(saving_text(view), HasSubstr("nothing to compare"));
  EXPECT_TRUE(nlohmann::json::parse(saving_to_json(view))["saving"].is_null());
}

}  // namespace
}  // namespace gradwatt
