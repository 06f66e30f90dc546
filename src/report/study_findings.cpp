#include "report/study_findings.h"

#include "analyze/study_paper.h"
#include "analyze/study_results.h"
#include "report/study_words.h"

#include <fmt/format.h>

#include <algorithm>

namespace gradwatt {
namespace {

/// An axis with at least half of the variation drives it.
constexpr double kDrives = 0.5;
/// Below this an axis has "no recognizable influence".
constexpr double kNoInfluence = 0.1;
/// "The best model usually consuming only around 20 % of the worst": a quarter still counts.
constexpr double kAroundAFifth = 0.25;
/// Energies per epoch of three tasks are "almost identical" within this.
constexpr double kAlmostIdentical = 0.05;

/// Least and largest share that an axis has in the four parts of Table 2.
std::string paper_shares(std::size_t axis) {
  double least = 1;
  double most = 0;
  for (const char* dataset : {"pamap2", "celeba"}) {
    for (const PaperMachine machine : {&PaperPair::cuda, &PaperPair::mps}) {
      const auto runs = paper_table2_runs(dataset, machine);
      const StudySweep sweep = study_sweep(dataset, runs, {}, std::nullopt);
      least = std::min(least, sweep.epoch_energy_shares->at(axis));
      most = std::max(most, sweep.epoch_energy_shares->at(axis));
    }
  }
  return fmt::format("{} to {} in Table 2", percent_words(least), percent_words(most));
}

/// By how much the largest of Table 4's energies per epoch is above the least.
double paper_task_spread(PaperMachine machine) {
  const PaperTable4 table = paper_table4();
  const auto [least, most] = std::minmax({table.attributes.mwh_per_epoch.*machine,
                                          table.identity.mwh_per_epoch.*machine,
                                          table.both.mwh_per_epoch.*machine});
  return most / least - 1;
}

/// The first two claims, for one sweep. The batch size is the first axis, the rate the second.
void add_drivers(std::vector<StudyFinding>& findings, const StudySweep& sweep) {
  const auto share = [&](std::size_t axis) {
    return sweep.epoch_energy_shares && axis < sweep.epoch_energy_shares->size()
               ? std::optional((*sweep.epoch_energy_shares)[axis])
               : std::nullopt;
  };
  const auto add = [&](const char* claim, std::size_t axis, bool large) {
    StudyFinding finding;
    finding.claim = fmt::format("{}: {}", sweep.name, claim);
    finding.paper = paper_shares(axis);
    finding.value = share(axis);
    finding.quantity = fmt::format("share of the variance of energy per epoch, axis {}", axis + 1);
    if (finding.value) {
      finding.here = "explains " + percent_words(*finding.value);
      finding.holds = large ? *finding.value >= kDrives : *finding.value < kNoInfluence;
    }
    finding.criterion = large ? "at least 50 %" : "below 10 %";
    findings.push_back(std::move(finding));
  };
  add("batch size dominates the energy per epoch", 0, true);
  add("the learning rate has no recognizable influence", 1, false);
}

void add_range(std::vector<StudyFinding>& findings, const StudySweep& sweep) {
  StudyFinding finding;
  finding.claim = sweep.name + ": the best setup needs about a fifth of the worst";
  finding.paper = "around 20 %";
  finding.quantity = "total of the best over the worst setup";
  finding.criterion = "at most 25 %";
  if (const auto range = total_range(sweep, false)) {
    finding.value = range->share;
    finding.here = fmt::format("{} = {:.2f} (per epoch) × {:.2f} (epochs)",
                               percent_words(range->share),
                               range->epoch_energy,
                               range->epochs);
    finding.holds = range->share <= kAroundAFifth;
  }
  findings.push_back(std::move(finding));
}

StudyFinding freezing_finding(const StudyView& view) {
  const PaperTable3 table = paper_table3();
  StudyFinding finding;
  finding.claim = "a frozen encoder saves energy";
  finding.paper = fmt::format(
      "{:.1f} % on CUDA, {:.1f} % on MPS", table.savings_percent.cuda, table.savings_percent.mps);
  finding.quantity = "saving of frozen against unfrozen";
  finding.criterion = "above 0";
  if (const auto result = freezing_result(view.part("unfrozen"), view.part("frozen"))) {
    finding.value = result->saving();
    finding.here = percent_words(result->saving());
    if (result->frozen.best_metric && result->unfrozen.best_metric) {
      finding.here += fmt::format(", accuracy {} instead of {}",
                                  three_digits(*result->frozen.best_metric),
                                  three_digits(*result->unfrozen.best_metric));
    }
    finding.holds = result->saving() > 0;
  }
  return finding;
}

StudyFinding reuse_finding(const StudyView& view) {
  StudyFinding finding;
  finding.claim = "pretraining pays off after some reuse";
  finding.paper = "10 to 13 trainings on average, 1 at best, 43 or 23 at worst";
  finding.quantity = "break-even of the mean energies";
  finding.criterion = "on average at all";
  if (const auto result =
          reuse_result(view.part("pretrain"), view.part("joint"), view.part("frozen"))) {
    const BreakEvenSummary& summary = result->summary;
    finding.value = summary.ratio_of_means;
    finding.holds = summary.ratio_of_means.has_value();
    const auto cycles = [&](const std::optional<std::size_t>& index) {
      return index ? fmt::format("{:.0f}", whole_cycles(*summary.setups[*index].cycles)) : "never";
    };
    finding.here = fmt::format("{} on average, {} at best, {} at worst; {} of {} setups never",
                               summary.ratio_of_means
                                   ? fmt::format("{:.0f}", whole_cycles(*summary.ratio_of_means))
                                   : "never",
                               cycles(summary.best),
                               cycles(summary.worst),
                               summary.never,
                               summary.setups.size());
  }
  return finding;
}

void add_multitask(std::vector<StudyFinding>& findings, const StudyView& view) {
  const auto result =
      tasks_result(view.part("attributes"), view.part("identity"), view.part("multitask"));
  const PaperTable4 table = paper_table4();
  const auto paper = [&](PaperMachine machine) {
    const auto cost = [&](const PaperTask& task) {
      return TaskCost{task.total_wh().*machine, task.epochs.*machine};
    };
    return multitask_split(cost(table.attributes), cost(table.identity), cost(table.both));
  };
  const auto percents = [&](double MultitaskSplit::*which) {
    return fmt::format("{} on CUDA, {} on MPS",
                       percent_words(paper(&PaperPair::cuda).*which),
                       percent_words(paper(&PaperPair::mps).*which));
  };
  StudyFinding sum{"one training of both tasks needs less than two trainings",
                   percents(&MultitaskSplit::to_sum),
                   "",
                   "both over the sum",
                   {},
                   {},
                   "below 100 %"};
  StudyFinding single{"it needs less than the cheaper task alone",
                      percents(&MultitaskSplit::to_best_single),
                      "",
                      "both over the cheaper task",
                      {},
                      {},
                      "below 100 %"};
  StudyFinding same{"the energy per epoch is the same for all three",
                    fmt::format("within {} on CUDA, {} on MPS",
                                percent_words(paper_task_spread(&PaperPair::cuda)),
                                percent_words(paper_task_spread(&PaperPair::mps))),
                    "",
                    "spread of the energy per epoch",
                    {},
                    {},
                    "within 5 %"};
  if (result) {
    const std::size_t setups = result->setups.size();
    sum.value = result->split.to_sum;
    sum.here =
        fmt::format("{}, in {} of {} setups", percent_words(*sum.value), result->below_sum, setups);
    sum.holds = *sum.value < 1;
    single.value = result->split.to_best_single;
    single.here = fmt::format(
        "{}, in {} of {} setups", percent_words(*single.value), result->below_single, setups);
    single.holds = *single.value < 1;
    const auto [least, most] =
        std::minmax({result->attributes.epoch_j, result->identity.epoch_j, result->both.epoch_j});
    same.value = most / least - 1;
    same.here = "within " + percent_words(*same.value);
    same.holds = *same.value <= kAlmostIdentical;
  }
  findings.push_back(std::move(sum));
  findings.push_back(std::move(single));
  findings.push_back(std::move(same));
}

}  // namespace

std::vector<StudyFinding> study_findings(const StudyView& view) {
  std::vector<StudyFinding> findings;
  for (const char* part : {"joint", "identity"}) {
    if (const StudySweep* sweep = view.part(part)) {
      add_drivers(findings, *sweep);
      add_range(findings, *sweep);
    }
  }
  findings.push_back(freezing_finding(view));
  findings.push_back(reuse_finding(view));
  add_multitask(findings, view);
  return findings;
}

std::string study_findings_text(const StudyView& view) {
  return "Does the study's claim hold here?\n" +
         findings_lines(study_findings(view), {"yes", "no", "cannot say"});
}

}  // namespace gradwatt
