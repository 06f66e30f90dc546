#include "analyze/study_paper.h"
#include "analyze/study_results.h"
#include "report/study_claims_json.h"
#include "report/study_findings.h"
#include "report/study_inconsistencies.h"
#include "report/study_text.h"

#include <nlohmann/json.hpp>

namespace gradwatt {
namespace {

using StudyJson = nlohmann::ordered_json;

constexpr int kStudySchema = 1;

StudyJson study_setup_json(const StudySweep& sweep, std::size_t index) {
  const StudySetup& setup = sweep.setups[index];
  StudyJson factors = StudyJson::object();
  for (std::size_t axis = 0; axis < setup.values.size(); ++axis) {
    factors[sweep.axes[axis].name] = setup.values[axis];
  }
  StudyJson json{{"setup", index + 1},
                 {"factors", factors},
                 {"status", name_of(setup.state)},
                 {"n", setup.finished},
                 {"n_failed", setup.failed}};
  json["total_j"] = nullptr;
  json["total_lo_j"] = nullptr;
  json["total_hi_j"] = nullptr;
  if (setup.total_j) {
    json["total_j"] = setup.total_j->value;
    if (setup.total_j->interval) {
      json["total_lo_j"] = setup.total_j->interval->lo;
      json["total_hi_j"] = setup.total_j->interval->hi;
    }
  }
  json["energy_per_epoch_j"] = or_null(setup.epoch_j);
  json["epochs"] = or_null(setup.epochs);
  json["metric_best"] = or_null(setup.best_metric);
  json["equation1_ratio"] = or_null(setup.eq1_ratio);
  return json;
}

StudyJson axis_shares_json(const StudySweep& sweep,
                           const std::optional<std::vector<double>>& shares) {
  if (!shares) {
    return nullptr;
  }
  StudyJson json = StudyJson::object();
  for (std::size_t axis = 0; axis < shares->size(); ++axis) {
    json[sweep.axes[axis].name] = (*shares)[axis];
  }
  return json;
}

StudyJson range_json(const StudySweep& sweep) {
  const auto range = total_range(sweep, false);
  if (!range) {
    return nullptr;
  }
  return {{"best_setup", range->best + 1},
          {"worst_setup", range->worst + 1},
          {"ratio", range->share},
          {"energy_per_epoch", range->epoch_energy},
          {"epochs", range->epochs}};
}

StudyJson study_sweep_json(const StudySweep& sweep) {
  StudyJson json{{"sweep", sweep.name},
                 {"estimated", sweep.estimated},
                 {"metric", sweep.goal ? StudyJson(sweep.goal->metric) : StudyJson(nullptr)},
                 {"threshold", sweep.line ? StudyJson(sweep.line->threshold) : StudyJson(nullptr)}};
  json["best_to_worst"] = range_json(sweep);
  json["variance_shares"] = {
      {"energy_per_epoch", axis_shares_json(sweep, sweep.epoch_energy_shares)},
      {"epochs", axis_shares_json(sweep, sweep.epochs_shares)}};
  json["setups"] = StudyJson::array();
  for (std::size_t i = 0; i < sweep.setups.size(); ++i) {
    json["setups"].push_back(study_setup_json(sweep, i));
  }
  return json;
}

StudyJson total_json(const ParadigmTotal& total) {
  return {{"setups", total.setups},
          {"energy_per_epoch_j", total.epoch_j},
          {"epochs", total.epochs},
          {"total_j", total.total_j},
          {"metric_best", or_null(total.best_metric)}};
}

StudyJson freezing_json(const StudyView& view) {
  const auto result = freezing_result(view.part("unfrozen"), view.part("frozen"));
  if (!result) {
    return nullptr;
  }
  return {{"unfrozen", total_json(result->unfrozen)},
          {"frozen", total_json(result->frozen)},
          {"saving", result->saving()}};
}

StudyJson tasks_json(const StudyView& view) {
  const auto result =
      tasks_result(view.part("attributes"), view.part("identity"), view.part("multitask"));
  if (!result) {
    return nullptr;
  }
  return {{"attributes", total_json(result->attributes)},
          {"identity", total_json(result->identity)},
          {"both", total_json(result->both)},
          {"both_to_sum", result->split.to_sum},
          {"both_to_cheaper", result->split.to_best_single},
          {"factor_epochs", result->split.epochs},
          {"factor_energy_per_epoch", result->split.epoch_energy},
          {"setups_below_sum", result->below_sum},
          {"setups_below_cheaper", result->below_single}};
}

StudyJson break_even_json(const StudyView& view) {
  const auto result = reuse_result(view.part("pretrain"), view.part("joint"), view.part("frozen"));
  if (!result) {
    return nullptr;
  }
  const BreakEvenSummary& summary = result->summary;
  const auto setup = [&](const std::optional<std::size_t>& index) {
    return index ? StudyJson(result->setups[*index] + 1) : StudyJson(nullptr);
  };
  StudyJson json{{"best_setup", setup(summary.best)},
                 {"worst_setup", setup(summary.worst)},
                 {"mean_of_ratios", or_null(summary.mean_of_ratios)},
                 {"ratio_of_means", or_null(summary.ratio_of_means)},
                 {"never", summary.never}};
  json["setups"] = StudyJson::array();
  for (std::size_t i = 0; i < result->setups.size(); ++i) {
    const BreakEven& one = summary.setups[i];
    json["setups"].push_back({{"setup", result->setups[i] + 1},
                              {"cycles", or_null(one.cycles)},
                              {"lo", or_null(one.lo)},
                              {"hi", or_null(one.hi)},
                              {"may_never", one.may_never}});
  }
  return json;
}

}  // namespace

std::string study_to_json(const StudyView& view) {
  StudyJson json{{"schema", kStudySchema},
                 {"study", "power-of-training"},
                 {"scale", view.scale},
                 {"on", view.on},
                 {"energy", energy_kind_words(view)}};
  json["sweeps"] = StudyJson::array();
  for (const StudySweep& sweep : view.sweeps) {
    json["sweeps"].push_back(study_sweep_json(sweep));
  }
  json["freezing"] = freezing_json(view);
  json["break_even"] = break_even_json(view);
  json["multitask"] = tasks_json(view);
  json["findings"] = findings_json(study_findings(view));
  json["inconsistencies"] = inconsistencies_json(study_inconsistencies());
  json["notes"] = view.notes;
  return json.dump(2, ' ', false, StudyJson::error_handler_t::replace) + "\n";
}

}  // namespace gradwatt
