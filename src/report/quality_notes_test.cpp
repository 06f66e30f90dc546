#include "report/quality_notes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gradwatt {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

RunRow run_on(const std::string& host) {
  RunRow run;
  run.total_j = 100;
  run.environment = {{"host", host}, {"git_commit", host}, {"SLURM_JOB_ID", host}};
  run.coverage = 1;
  return run;
}

TEST(QualityNotes, AreSilentWhereRunsAreAlike) {
  EXPECT_THAT(quality_notes(std::vector{run_on("n1"), run_on("n1")}), IsEmpty());
}

TEST(QualityNotes, NameTheMachinesAndWhatIsEstimated) {
  std::vector<RunRow> runs{run_on("n1"), run_on("n2"), run_on("n1")};
  EXPECT_THAT(quality_notes(runs), ElementsAre(HasSubstr("host is n1 or n2")));
  runs[0].estimated = true;
  EXPECT_THAT(quality_notes(runs),
              ElementsAre(HasSubstr("energy is estimated by a model or measured"),
                          HasSubstr("host is n1 or n2")));
}

TEST(QualityNotes, CountRunsThatSensorsHardlyCovered) {
  std::vector<RunRow> runs{run_on("n1"), run_on("n1"), run_on("n1")};
  runs[0].coverage = 0.94;
  runs[1].coverage = 0.5;
  runs[1].outcome = RunOutcome::failed;
  EXPECT_THAT(quality_notes(runs), ElementsAre(HasSubstr("in 1 run the sensors covered")));
}

}  // namespace
}  // namespace gradwatt
