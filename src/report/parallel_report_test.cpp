#include "analyze/parallel_paper.h"
#include "report/batch_findings.h"
#include "report/columns.h"
#include "report/parallel_findings.h"
#include "report/parallel_tables.h"
#include "report/parallel_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>
#include <sstream>

namespace gradwatt {
namespace {

using testing::HasSubstr;
using testing::Not;

ParallelPoint made_up_point(const ParallelTraining& training,
                            double global_batch,
                            std::optional<double> metric = std::nullopt) {
  ParallelPoint point;
  point.values = {std::to_string(static_cast<int>(training.devices))};
  point.state = SetupState::measured;
  point.finished = 2;
  point.runs = 2;
  point.training = training;
  point.energy_j =
      Estimate{training.energy_j, Interval{0.98 * training.energy_j, 1.02 * training.energy_j}, 2};
  point.global_batch = global_batch;
  point.local_batch = global_batch / training.devices;
  point.speed_up = 1;
  point.efficiency = 1;
  point.metric = metric;
  if (metric) {
    point.metric_error = 0.001;
  }
  return point;
}

/// The published series as if they had been run here, and a series of ERA5 that scales badly.
ParallelView as_published() {
  ParallelView view{"paper", {}, {"a made-up study"}};
  for (const char* part : {"local", "global", "large"}) {
    ParallelSeries series = paper_series(part);
    series.axes = {{"ranks", {}}};
    for (ParallelPoint& point : series.points) {
      point.values = {std::to_string(static_cast<int>(point.training->devices))};
    }
    view.series.push_back(std::move(series));
  }
  ParallelSeries era5{
      "era5-local", "era5", {{"ranks", {"4", "8", "32"}}}, "val_loss", true, {}, false};
  era5.points = {made_up_point({4, 1, 1000, 250, 100, 200'000}, 4, 0.2),
                 made_up_point({8, 2, 1000, 125, 60, 240'000}, 8, 0.2),
                 made_up_point({32, 8, 1000, 31, 40, 640'000}, 32, 0.3)};
  for (ParallelPoint& point : era5.points) {
    point.speed_up = speed_up(*point.training, *era5.points.front().training);
    point.efficiency = parallel_efficiency(*point.training, *era5.points.front().training);
  }
  view.series.push_back(std::move(era5));
  return view;
}

StudyFinding finding_about(const std::vector<StudyFinding>& findings, const std::string& claim) {
  for (const StudyFinding& finding : findings) {
    if (finding.claim.starts_with(claim)) {
      return finding;
    }
  }
  ADD_FAILURE() << claim;
  return {};
}

TEST(ParallelText, FitsAHundredColumns) {
  std::istringstream lines(parallel_text(as_published()));
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(width_of(line), 100U) << line;
  }
}

TEST(ParallelText, FitsWhereTrainingsAreSmall) {
  ParallelSeries series{
      "imagenet-growing-local", "imagenet", {{"ranks", {"1", "4"}}}, "val_acc", false, {}, true};
  series.points = {made_up_point({1, 1, 480, 30, 2.345, 123.4}, 16, 0.1234),
                   made_up_point({4, 1, 1920, 30, 9.876, 12'345}, 64, 0.2345)};
  series.points[1].energy_j->interval = Interval{5'000, 25'000};
  std::istringstream lines(parallel_text({"small", {series}, {}}));
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(width_of(line), 100U) << line;
  }
}

TEST(ParallelText, ShowsThePublishedNumbersOnceHereAndOnceAsPublished) {
  const std::string text = parallel_series_text(as_published());
  const auto first = text.find("30.2");
  ASSERT_NE(first, std::string::npos) << "kWh of 256 GPUs";
  EXPECT_NE(text.find("30.2", first + 1), std::string::npos);
  EXPECT_THAT(text, HasSubstr("±2 %"));
}

TEST(ParallelText, SaysWhatIsMissing) {
  ParallelView view = as_published();
  view.series.erase(view.series.begin() + 1, view.series.end());
  view.series[0].points[1].training.reset();
  view.series[0].points[1].state = SetupState::failed;
  const std::string text = parallel_text(view);
  EXPECT_THAT(text, HasSubstr("failed"));
  EXPECT_THAT(text, HasSubstr("'per device step' is left out: it varies together with"));
  EXPECT_THAT(text, HasSubstr("not decidable: one workload only"));
  EXPECT_THAT(parallel_text({"small", {}, {}}), HasSubstr("energies: unknown"));
}

TEST(ParallelFindings, AreThoseOfTheStudyOnItsOwnRows) {
  const auto findings = parallel_findings(as_published());
  EXPECT_EQ(finding_about(findings, "(a) imagenet").holds, true);
  EXPECT_NEAR(*finding_about(findings, "(a) imagenet").value, 0.950, 0.0005);
  EXPECT_EQ(finding_about(findings, "(b)").holds, true);
  EXPECT_EQ(finding_about(findings, "(c) imagenet").holds, true);
  EXPECT_NEAR(*finding_about(findings, "(c) imagenet").value, 0.449, 0.0005);
  EXPECT_EQ(finding_about(findings, "(d) imagenet").holds, std::nullopt) << "not run";
  EXPECT_EQ(finding_about(findings, "(d) era5").holds, true);
  EXPECT_EQ(finding_about(findings, "(e) imagenet").holds, std::nullopt);
  EXPECT_EQ(finding_about(findings, "(e) era5, pretraining").holds, true);
  EXPECT_EQ(finding_about(findings, "(e) era5, fine-tuning").holds, std::nullopt);
  EXPECT_EQ(finding_about(findings, "(f)").holds, true);
  std::set<std::string> claims;
  for (const StudyFinding& finding : findings) {
    EXPECT_TRUE(claims.insert(finding.claim).second) << finding.claim;
    EXPECT_FALSE(finding.here.empty()) << finding.claim;
    EXPECT_FALSE(finding.paper.empty()) << finding.claim;
  }
}

TEST(ParallelFindings, AreNotConfirmedByOtherNumbers) {
  ParallelView view = as_published();
  for (ParallelPoint& point : view.series[0].points) {
    point.training->energy_j *= point.training->devices;
    point.training->time_s *= 1 + point.training->devices / 256;
  }
  const auto findings = parallel_findings(view);
  EXPECT_EQ(finding_about(findings, "(a) imagenet").holds, false);
  EXPECT_EQ(finding_about(findings, "(f)").holds, false);
}

TEST(ParallelFindings, LeaveEnergyOpenWhereAModelMadeIt) {
  ParallelView view = as_published();
  view.series[0].estimated = true;
  const StudyFinding linear = finding_about(parallel_findings(view), "(a) imagenet");
  EXPECT_EQ(linear.holds, std::nullopt);
  EXPECT_THAT(linear.here, HasSubstr("a model's, not a sensor's"));
  EXPECT_EQ(finding_about(parallel_findings(view), "(f)").holds, true);
  view.scale = "simulated";
  EXPECT_EQ(finding_about(parallel_findings(view), "(a) imagenet").holds, true);
}

TEST(ParallelFindings, LeaveTimeOpenWhereRanksShareCores) {
  ParallelView view = as_published();
  view.scale = "small";
  const auto findings = parallel_findings(view);
  EXPECT_EQ(finding_about(findings, "(d) era5").holds, std::nullopt);
  EXPECT_THAT(finding_about(findings, "(f)").here, HasSubstr("share one machine's cores"));
}

ParallelView imagenet_with_accuracies(double at_256, double at_8192, double at_65536) {
  ParallelSeries series{"imagenet-constant-local", "imagenet", {}, "val_acc", false, {}, false};
  series.points = {made_up_point({1, 1, 1000, 100, 100, 1000}, 256, at_256),
                   made_up_point({32, 8, 1000, 100, 10, 1000}, 8192, at_8192),
                   made_up_point({256, 64, 1000, 100, 10, 1000}, 65536, at_65536)};
  return {"paper", {series}, {}};
}

TEST(BatchFindings, AskForALossBeyond8192) {
  const auto judged = [](double at_256, double at_8192, double at_65536) {
    return batch_findings(imagenet_with_accuracies(at_256, at_8192, at_65536)).front();
  };
  const StudyFinding finding = judged(0.76, 0.76, 0.66);
  EXPECT_EQ(finding.holds, true);
  EXPECT_NEAR(*finding.value, 0.1, 1e-9);
  EXPECT_THAT(finding.here, HasSubstr("-10.0 % at batch 65536 against 256; within 1 % up to 8192"));
  EXPECT_EQ(judged(0.76, 0.70, 0.66).holds, false) << "lost earlier";
  EXPECT_EQ(judged(0.76, 0.76, 0.76).holds, false);
  EXPECT_EQ(judged(0.76, 0.76, 0.749).holds, std::nullopt) << "within two standard errors";
}

TEST(BatchFindings, NeedRepeats) {
  ParallelView view = imagenet_with_accuracies(0.76, 0.76, 0.5);
  for (ParallelPoint& point : view.series[0].points) {
    point.metric_error.reset();
  }
  EXPECT_EQ(batch_findings(view).front().holds, std::nullopt);
  EXPECT_THAT(batch_findings(view).front().here, HasSubstr("one run per batch"));
}

TEST(ParallelDeviations, AreComputedFromThePublishedRows) {
  for (const StudyInconsistency& one : parallel_deviations()) {
    if (one.about == "Nodes") {
      EXPECT_NEAR(one.value, 442.7 / 268.2, 0.001);
    } else if (one.about == "Energy per GPU hour") {
      EXPECT_NEAR(one.value, 0.1016, 0.0005);
    } else if (one.about == "Repeats") {
      EXPECT_EQ(one.value, 1);
    }
  }
  EXPECT_THAT(parallel_deviations_text(), HasSubstr("443 W per GPU on one,"));
}

TEST(ParallelCsv, HasARowPerTrainingHereAndPublished) {
  const auto files = parallel_csv_files(as_published());
  ASSERT_EQ(files.size(), 3U);
  std::istringstream lines(files[0].text);
  int here = 0;
  int published = 0;
  for (std::string line; std::getline(lines, line);) {
    here += line.starts_with("here,") ? 1 : 0;
    published += line.starts_with("published,") ? 1 : 0;
    EXPECT_EQ(std::count(line.begin(), line.end(), ','), 22) << line;
  }
  EXPECT_EQ(here, 18 + 3);
  EXPECT_EQ(published, 18);
  EXPECT_THAT(files[1].text, HasSubstr("published,imagenet,per node,216."));
  EXPECT_THAT(files[2].text, HasSubstr("era5-local,32,32,0.3,0.001"));
}

TEST(ParallelJson, SaysWhatTheTextSays) {
  const auto json = nlohmann::json::parse(parallel_to_json(as_published()));
  EXPECT_EQ(json["schema"], 1);
  EXPECT_EQ(json["energy"], "measured");
  EXPECT_EQ(json["series"].size(), 4U);
  EXPECT_NEAR(json["series"][0]["points"][0]["training"]["device_hours"], 0.4108, 1e-4);
  EXPECT_TRUE(json["series"][0]["points"][0]["training"]["energy_lo_j"].is_null());
  EXPECT_NEAR(json["workloads"][0]["model"]["terms"][1]["value_w"], 216, 0.5);
  EXPECT_NEAR(json["published"]["model"]["mean_error"], 0.0088, 0.00005);
  EXPECT_EQ(json["findings"].size(), parallel_findings(as_published()).size());
  EXPECT_EQ(json["deviations"].size(), parallel_deviations().size());
}

}  // namespace
}  // namespace gradwatt
