#include "report/parallel_findings.h"
#include "report/parallel_text.h"
#include "report/study_claims_json.h"

namespace gradwatt {
namespace {

using ParallelJson = nlohmann::ordered_json;

constexpr int kParallelSchema = 1;

ParallelJson training_json(const ParallelPoint& point) {
  const ParallelTraining& training = *point.training;
  const ScalingRates rates = rates_of(training);
  const auto interval = point.energy_j->interval;
  return {{"devices", training.devices},
          {"nodes", training.nodes},
          {"samples", training.samples},
          {"updates", training.updates},
          {"energy_j", training.energy_j},
          {"energy_lo_j", interval ? ParallelJson(interval->lo) : ParallelJson(nullptr)},
          {"energy_hi_j", interval ? ParallelJson(interval->hi) : ParallelJson(nullptr)},
          {"time_s", training.time_s},
          {"device_hours", rates.device_hours},
          {"power_per_device_w", rates.power_per_device_w},
          {"samples_per_device_hour", rates.samples_per_device_hour},
          {"updates_per_device_hour", rates.updates_per_device_hour},
          {"energy_per_sample_j", rates.energy_per_sample_j},
          {"speed_up", or_null(point.speed_up)},
          {"efficiency", or_null(point.efficiency)}};
}

ParallelJson series_json(const ParallelSeries& series) {
  ParallelJson json{{"series", series.name},
                    {"workload", series.workload},
                    {"estimated", series.estimated},
                    {"metric", series.metric}};
  json["points"] = ParallelJson::array();
  for (const ParallelPoint& point : series.points) {
    ParallelJson factors = ParallelJson::object();
    for (std::size_t axis = 0; axis < point.values.size(); ++axis) {
      factors[series.axes[axis].name] = point.values[axis];
    }
    ParallelJson one{{"factors", factors},
                     {"status", name_of(point.state)},
                     {"n", point.runs},
                     {"n_failed", point.failed},
                     {"local_batch", or_null(point.local_batch)},
                     {"global_batch", or_null(point.global_batch)},
                     {"metric_last", or_null(point.metric)},
                     {"metric_standard_error", or_null(point.metric_error)}};
    one["training"] = point.training ? training_json(point) : ParallelJson(nullptr);
    json["points"].push_back(std::move(one));
  }
  return json;
}

ParallelJson line_json(const std::optional<GpuHourLine>& line) {
  if (!line) {
    return nullptr;
  }
  return {{"power_w", line->power_w},
          {"r2", line->r2},
          {"mean_error", line->mean_error},
          {"largest_error", line->error_max},
          {"exponent", line->slope},
          {"exponent_lo", line->slope_interval.lo},
          {"exponent_hi", line->slope_interval.hi},
          {"trainings", line->rows}};
}

ParallelJson model_json(const WorkloadEnergy& energy) {
  if (!energy.model) {
    return nullptr;
  }
  const EnergyModel& model = *energy.model;
  ParallelJson terms = ParallelJson::array();
  for (std::size_t i = 0; i < model.coefficients.size(); ++i) {
    const EnergyCoefficient& one = model.coefficients[i];
    const bool is_power = one.term == EnergyTerm::device || one.term == EnergyTerm::node;
    ParallelJson term{{"term", name_of(one.term)}, {is_power ? "value_w" : "value_j", one.value}};
    term["lo"] = one.interval ? ParallelJson(one.interval->lo) : ParallelJson(nullptr);
    term["hi"] = one.interval ? ParallelJson(one.interval->hi) : ParallelJson(nullptr);
    term["inflation"] = or_null(one.inflation);
    term["mean_error_up_to"] = energy.nested[i].mean_error;
    terms.push_back(std::move(term));
  }
  ParallelJson left_out = ParallelJson::array();
  for (const TermLeftOut& one : model.left_out) {
    left_out.push_back({{"term", name_of(one.term)}, {"why", one.why}});
  }
  return {{"terms", terms},
          {"left_out", left_out},
          {"trainings", model.rows},
          {"r2", or_null(model.r2)},
          {"mean_error", model.mean_error},
          {"left_out_error", or_null(model.left_out_error)},
          {"left_out_error_largest", or_null(model.left_out_error_max)}};
}

ParallelJson energy_json(const WorkloadEnergy& energy) {
  return {{"workload", energy.workload},
          {"line", line_json(energy.line)},
          {"model", model_json(energy)}};
}

}  // namespace

std::string parallel_to_json(const ParallelView& view) {
  ParallelJson json{{"schema", kParallelSchema},
                    {"study", "parallel-training"},
                    {"scale", view.scale},
                    {"energy", parallel_energy_words(view)}};
  json["series"] = ParallelJson::array();
  for (const ParallelSeries& series : view.series) {
    json["series"].push_back(series_json(series));
  }
  json["workloads"] = ParallelJson::array();
  for (const WorkloadEnergy& energy : workload_energies(view)) {
    json["workloads"].push_back(energy_json(energy));
  }
  json["published"] = energy_json(paper_energy());
  json["published"]["series"] = ParallelJson::array();
  for (const char* part : {"local", "global", "large"}) {
    json["published"]["series"].push_back(series_json(paper_series(part)));
  }
  json["findings"] = findings_json(parallel_findings(view));
  json["deviations"] = inconsistencies_json(parallel_deviations());
  json["notes"] = view.notes;
  return json.dump(2, ' ', false, ParallelJson::error_handler_t::replace) + "\n";
}

}  // namespace gradwatt
