#include "report/columns.h"
#include "report/study_csv.h"
#include "report/study_findings.h"
#include "report/study_inconsistencies.h"
#include "report/study_tables.h"
#include "report/study_text.h"
#include "report/study_view_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <sstream>

namespace gradwatt {
namespace {

using testing::HasSubstr;

std::string golden_study() {
  const std::ifstream file(GRADWATT_SOURCE_DIR "/src/report/fixtures/study_report.txt");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(StudyText, IsTheGoldenReport) { EXPECT_EQ(study_text(made_up_study()), golden_study()); }

TEST(StudyText, FitsAHundredColumns) {
  std::istringstream lines(study_text(made_up_study()));
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(width_of(line), 100U) << line;
  }
}

TEST(StudyText, ShowsWhatIsThere) {
  StudyView view = made_up_study();
  view.sweeps.erase(view.sweeps.begin() + 2, view.sweeps.end());
  const std::string text = study_text(view);
  EXPECT_THAT(text, HasSubstr("Table 2"));
  EXPECT_THAT(text, testing::Not(HasSubstr("Table 4 ·")));
  EXPECT_THAT(text, HasSubstr("cannot say  a frozen encoder saves energy"));
  view.sweeps.clear();
  EXPECT_THAT(study_text(view), HasSubstr("energies: unknown"));
}

TEST(StudyText, TakesJoulesWhereMilliwattHoursAreTiny) {
  StudyView view{"small", "study", {}, {}};
  view.sweeps = {made_up_part("pamap2-joint", [](int, int) { return MadeUpPart{0.05, 3, 0.9}; })};
  EXPECT_THAT(study_table2_text(view), HasSubstr("pamap2-joint, J per epoch"));
  EXPECT_THAT(study_table2_text(made_up_study()), HasSubstr("pamap2-joint, mWh per epoch"));
}

std::vector<std::string> lines_of_file(const StudyView& view, const std::string& name) {
  std::vector<std::string> lines;
  for (const StudyFile& file : study_csv_files(view)) {
    if (file.name == name) {
      std::istringstream text(file.text);
      for (std::string line; std::getline(text, line);) {
        lines.push_back(line);
      }
    }
  }
  return lines;
}

TEST(StudyCsv, WritesOneRowPerSetupAndSweep) {
  const auto lines = lines_of_file(made_up_study(), "table2.csv");
  ASSERT_EQ(lines.size(), 1U + 7 * 16);
  EXPECT_EQ(lines[0],
            "sweep,setup,batch,lr,state,runs,energy_per_epoch_j,epochs,total_j,total_lo_j,"
            "total_hi_j,metric,metric_best,paper_cuda_mwh,paper_mps_mwh");
  EXPECT_EQ(lines[1], "pamap2-joint,1,64,1e-1,measured,1,16,16,256,,,val_acc,0.9,109.63,15.4");
  EXPECT_EQ(lines[1 + 6 * 16], "celeba-multitask,1,64,1e-1,failed,0,,,,,,val_acc,,,");
}

TEST(StudyCsv, WritesTheLinesOfFigure4) {
  const auto lines = lines_of_file(made_up_study(), "figure4.csv");
  ASSERT_EQ(lines.size(), 1U + 3 * 51);
  EXPECT_EQ(lines[0], "case,setup,break_even,cycle,reuse_j,scratch_j");
  // Setup 1: 384 J once and 64 J a cycle, against 256 J a cycle.
  EXPECT_EQ(lines[3], "best,1,2,2,512,512");
}

TEST(StudyCsv, HasHeadingsWithoutAnyRun) { EXPECT_EQ(lines_of_file({}, "figure5.csv").size(), 1U); }

TEST(StudyJson, SaysWhatTheTextSays) {
  const auto json = nlohmann::json::parse(study_to_json(made_up_study()));
  EXPECT_EQ(json["schema"], 1);
  EXPECT_EQ(json["energy"], "estimated");
  EXPECT_EQ(json["sweeps"].size(), 7U);
  EXPECT_NEAR(json["sweeps"][0]["setups"][0]["total_j"], 256, 1e-9);
  EXPECT_TRUE(json["sweeps"][0]["setups"][0]["total_lo_j"].is_null());
  EXPECT_NEAR(json["freezing"]["saving"], 0.5, 1e-9);
  EXPECT_NEAR(json["break_even"]["ratio_of_means"], 8104.0 / 1581.0, 1e-9);
  EXPECT_NEAR(json["multitask"]["both_to_sum"], 0.3, 1e-9);
  EXPECT_EQ(json["inconsistencies"].size(), study_inconsistencies().size());
}

TEST(StudyFindings, JudgeEveryClaim) {
  for (const StudyFinding& finding : study_findings(made_up_study())) {
    EXPECT_TRUE(finding.holds.has_value()) << finding.claim;
    EXPECT_FALSE(finding.here.empty()) << finding.claim;
  }
}

TEST(StudyInconsistencies, AreComputedFromTheTables) {
  const auto all = study_inconsistencies();
  const auto value = [&](const std::string& about) {
    for (const StudyInconsistency& one : all) {
      if (one.about == about) {
        return one.value;
      }
    }
    ADD_FAILURE() << about;
    return 0.0;
  };
  EXPECT_EQ(value("Equation 1"), 1);
  EXPECT_NEAR(value("Table 2c"), 0.50, 0.01);
  EXPECT_NEAR(value("Table 4"), 0, 0.005);
  EXPECT_NEAR(value("Table 3"), 0.4648, 0.0001);
  EXPECT_LT(value("Sampling"), 1);
  EXPECT_EQ(value("Encoder and decoder"), 0);
}

}  // namespace
}  // namespace gradwatt
