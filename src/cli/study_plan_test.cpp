#include "cli/study_plan.h"

#include "base/error.h"
#include "experiment/sweep_overlay.h"
#include "experiment/sweep_plan.h"
#include "experiment/toml_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace gradwatt {
namespace {

using testing::Contains;
using testing::HasSubstr;

std::vector<std::string> names_of_study(const std::vector<StudyStep>& steps) {
  std::vector<std::string> names;
  for (const StudyStep& step : steps) {
    names.push_back(step.name);
  }
  return names;
}

TEST(StudyPlan, HasSevenSweepsOfTheGridAndPretrainingFirst) {
  const StudyPlan plan = plan_study({});
  EXPECT_THAT(names_of_study(plan.run),
              testing::ElementsAre("pamap2-joint",
                                   "pamap2-pretrain",
                                   "pamap2-frozen",
                                   "pamap2-unfrozen",
                                   "celeba-identity",
                                   "celeba-attributes",
                                   "celeba-multitask"));
  for (const StudyStep& step : plan.run) {
    EXPECT_EQ(plan_sweep(step.sweep, 1, "gradwatt-train").size(), 16U) << step.name;
    EXPECT_EQ(step.sweep.name, "pot-small-" + step.name);
    EXPECT_TRUE(step.sweep.goal.has_value());
  }
  ASSERT_EQ(plan.to_make.size(), 2U);
  EXPECT_EQ(plan.to_make[0].name, "pamap2");
}

TEST(StudyPlan, GivesTheEncoderOfTheSamePointToTheClassifier) {
  const StudyPlan plan = plan_study({"small", "fashion", "", {"pretrain", "frozen"}, 2, "cpu"});
  ASSERT_EQ(plan.run.size(), 2U);
  const auto written = plan_sweep(plan.run[0].sweep, 1, "t");
  const auto read = plan_sweep(plan.run[1].sweep, 1, "t");
  for (const PlannedPoint& point : written) {
    const auto& factors = point.point.factors;
    const std::string file =
        "encoders/fashion-" + factors[0].value + "-" + factors[1].value + "-1.safetensors";
    EXPECT_THAT(point.command, Contains("--save-encoder=" + file));
    EXPECT_THAT(point.command, Contains("--threads=2"));
    EXPECT_THAT(point.command, Contains("--device=cpu"));
    const bool found = std::any_of(read.begin(), read.end(), [&](const PlannedPoint& other) {
      return other.point.factors == factors &&
             testing::Matches(Contains("--encoder=" + file))(other.command);
    });
    EXPECT_TRUE(found) << file;
  }
}

TEST(StudyPlan, AsksForTheDataSetsAtThePapersScale) {
  try {
    static_cast<void>(plan_study({"paper", "study", "", {}, {}, ""}));
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("Protocol/subject101.dat"));
    EXPECT_THAT(error.what(), HasSubstr("img_align_celeba"));
  }
}

TEST(StudyPlan, RefusesASweepThatIsNotOfTheStudy) {
  EXPECT_THROW(static_cast<void>(plan_study({"small", "study", "", {"jiont"}, {}, ""})),
               UsageError);
}

TEST(StudyPlan, NamesWithoutDataForAReport) {
  const StudyPlan plan = name_study({"paper", "study", "", {}, {}, ""});
  EXPECT_EQ(plan.all.size(), 7U);
  EXPECT_EQ(plan.all[0].sweep.name, "pot-paper-pamap2-joint");
  EXPECT_EQ(plan.all[0].sweep.repeat, 2);
  EXPECT_TRUE(plan.run.empty());
}

TEST(StudyOverlays, HaveNoTableThatNothingReads) {
  std::set<std::string> known{"all", "data"};
  for (const StudySource& sweep : study_sweep_sources()) {
    known.insert(sweep.name);
    known.insert(sweep.name.substr(0, sweep.name.find('-')));
  }
  for (const StudySource& overlay : study_overlay_sources()) {
    const TomlSource source(overlay.text, overlay.name);
    for (auto&& [table, node] : source.root()) {
      EXPECT_TRUE(known.contains(std::string(table.str()))) << overlay.name << ' ' << table.str();
    }
  }
}

}  // namespace
}  // namespace gradwatt
