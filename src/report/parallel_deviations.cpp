#include "analyze/parallel_paper.h"
#include "report/parallel_findings.h"
#include "report/study_words.h"

#include <fmt/format.h>

#include <algorithm>

namespace gradwatt {
namespace {

/// Watts per GPU of the published training on that many GPUs of the local series.
double published_watts(double devices) {
  for (const ParallelPoint& point : paper_series("local").points) {
    if (point.training->devices == devices) {
      return rates_of(*point.training).power_per_device_w;
    }
  }
  return 0;
}

StudyInconsistency exclusive_nodes() {
  constexpr double kFullNode = 4;
  const double alone = published_watts(1);
  const double full = published_watts(kFullNode);
  return {"Nodes",
          fmt::format("trainings on 1 or 2 GPUs pay for the processors of a whole node of 4: {} W "
                      "per GPU on one, {} W on four; a node is counted once here as well, and the "
                      "model has a term for it",
                      three_digits(alone),
                      three_digits(full)),
          alone / full,
          "watts per GPU on 1 over 4 GPUs"};
}

/// Energy of full ImageNet with small local batches over that with large ones, in the same hours.
StudyInconsistency one_factor() {
  const auto full = [](const char* part) { return *paper_series(part).points.back().training; };
  const ParallelTraining small = full("global");
  const ParallelTraining large = full("local");
  return {
      "Energy per GPU hour",
      fmt::format("all of ImageNet takes {} GPU hours with local batches of 16 and {} with 256, "
                  "and {} more energy: a single factor hides that, a term per device step has it",
                  three_digits(rates_of(small).device_hours),
                  three_digits(rates_of(large).device_hours),
                  percent_words(small.energy_j / large.energy_j - 1)),
      small.energy_j / large.energy_j - 1,
      "energy of local batch 16 over 256, less 1"};
}

StudyInconsistency shared_training() {
  const auto all = static_cast<double>(paper_trainings().size());
  const auto distinct = static_cast<double>(distinct_paper_trainings().size());
  return {
      "Repeats",
      "32 GPUs with a local batch of 256 stand in two series and are the same runs, and one run "
      "of 4 GPUs with 256 is listed twice, so that point has four repeats and not five",
      all - distinct,
      "published points that are no trainings of their own"};
}

}  // namespace

std::vector<StudyInconsistency> parallel_deviations() {
  return {
      {"Evaluation",
       "after each epoch the training part is evaluated as well, and its energy and time are in "
       "all numbers; the sweeps here do the same (eval_train), in a phase of its own",
       1,
       "evaluations of the training part per epoch"},
      {"Validation",
       "errors are of random crops with the training's augmentation, of the last epoch and not "
       "of the best",
       1,
       "epochs that count"},
      exclusive_nodes(),
      one_factor(),
      shared_training(),
      {"Whole jobs",
       "published energies are of whole jobs; here start-up and loading are left out, which "
       "would be most of a short run",
       kPaperEpochs,
       "epochs over which start-up is spread there"}};
}

std::string parallel_deviations_text() {
  return "What the published numbers are\n" + inconsistency_lines(parallel_deviations());
}

}  // namespace gradwatt
