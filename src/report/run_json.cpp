#include "report/run_json.h"

#include "units/show.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace gradwatt {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kRunSchema = 1;

Json joules_of(const std::optional<Energy>& energy) {
  return energy ? Json(energy->joules()) : Json(nullptr);
}

template <typename Value>
Json value_or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

/// JSON has no NaN or infinity: what is no number is null.
Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

void put_energy(Json& json, const std::optional<BoundedEnergy>& energy, const char* key) {
  json[key] = energy ? Json(energy->energy.joules()) : Json(nullptr);
  json["lo_j"] = energy ? Json(energy->lo.joules()) : Json(nullptr);
  json["hi_j"] = energy ? Json(energy->hi.joules()) : Json(nullptr);
}

void put_random(Json& json, const std::optional<BoundedEnergy>& energy) {
  json["random_lo_j"] = energy ? Json(energy->random_lo.joules()) : Json(nullptr);
  json["random_hi_j"] = energy ? Json(energy->random_hi.joules()) : Json(nullptr);
}

/// "NAME_j", "NAME_lo_j" and "NAME_hi_j".
void put_beside(Json& json, const std::optional<BoundedEnergy>& energy, const std::string& name) {
  json[name + "_j"] = energy ? Json(energy->energy.joules()) : Json(nullptr);
  json[name + "_lo_j"] = energy ? Json(energy->lo.joules()) : Json(nullptr);
  json[name + "_hi_j"] = energy ? Json(energy->hi.joules()) : Json(nullptr);
}

Json json_of(const ChannelAccount& channel) {
  Json json{{"channel", channel.info.channel},
            {"device", channel.info.device},
            {"source", channel.info.source},
            {"method", channel.info.method},
            {"scope", channel.info.scope},
            {"kind", name_of(channel.info.kind)}};
  put_energy(json, channel.energy, "energy_j");
  json["coverage"] = channel.coverage;
  json["in_total"] = channel.info.in_total;
  json["basis"] = channel.info.basis;
  put_random(json, channel.energy);
  json["terms"] = {{"gain_j", number(channel.terms.gain_j)},
                   {"edge_j", number(channel.terms.edge_j)},
                   {"aliasing_j", number(channel.terms.aliasing_j)},
                   {"gap_j", number(channel.terms.gap_j)}};
  json["estimated_s"] = channel.estimated_s;
  const auto& check = channel.cross_check;
  json["cross_check"] = check ? number(check->ratio) : Json(nullptr);
  json["cross_check_readings"] = check ? Json(check->readings) : Json(nullptr);
  json["cross_check_plausible"] = check ? Json(check->plausible) : Json(nullptr);
  json["idle"] = channel.idle ? Json{{"energy_share", number(channel.idle->energy)},
                                     {"time_share", number(channel.idle->time)}}
                              : Json(nullptr);
  json["note"] = channel.note.empty() ? Json(nullptr) : Json(channel.note);
  return json;
}

Json json_of(const std::vector<PhaseAccount>& phases) {
  Json json = Json::object();
  for (const PhaseAccount& phase : phases) {
    Json& told = json[phase.name];
    told = {{"energy_j", joules_of(phase.energy)},
            {"duration_s", seconds(phase.duration)},
            {"count", phase.count}};
    told["lo_j"] = phase.bounds ? Json(phase.bounds->lo.joules()) : Json(nullptr);
    told["hi_j"] = phase.bounds ? Json(phase.bounds->hi.joules()) : Json(nullptr);
    told["not_observable"] =
        phase.not_observable.empty() ? Json(nullptr) : Json(phase.not_observable);
  }
  return json;
}

Json json_of(const std::map<std::string, double>& metrics) {
  Json json = Json::object();
  for (const auto& [name, value] : metrics) {
    json[name] = number(value);
  }
  return json;
}

Json json_of(const EpochAccount& epoch) {
  Json json{{"epoch", epoch.epoch}};
  put_energy(json, epoch.energy, "energy_j");
  json["duration_s"] = seconds(epoch.end - epoch.begin);
  json["samples"] = value_or_null(epoch.samples);
  json["steps"] = value_or_null(epoch.steps);
  json["coverage"] = epoch.coverage;
  json["complete"] = epoch.complete;
  json["energy_eq1_j"] = joules_of(epoch.energy_eq1);
  json["metrics"] = json_of(epoch.metrics);
  json["phases"] = json_of(epoch.phases);
  return json;
}

Json json_of(const MonitorAccount& monitor, const std::vector<GapAccount>& gaps, Instant begin) {
  Json list = Json::array();
  for (const GapAccount& gap : gaps) {
    list.push_back({{"channel", gap.channel},
                    {"begin_s", seconds(gap.begin - begin)},
                    {"end_s", seconds(gap.end - begin)},
                    {"reason", gap.reason},
                    {"errno", gap.errno_value == 0 ? Json(nullptr) : Json(gap.errno_value)},
                    {"energy_lost", gap.energy_lost}});
  }
  return {{"cpu_s", value_or_null(monitor.cpu_s)},
          {"samples", value_or_null(monitor.readings)},
          {"late", value_or_null(monitor.late)},
          {"reading_s", value_or_null(monitor.reading_s)},
          {"marks_rejected", monitor.marks_rejected},
          {"marks_unmatched", monitor.marks_unmatched},
          {"marks_unknown", monitor.marks_unknown},
          {"gaps", std::move(list)}};
}

Json json_of(const StateSummaries& devices) {
  Json json = Json::object();
  for (const auto& [device, states] : devices) {
    for (const auto& [name, summary] : states) {
      json[device][name] = {{"mean", number(summary.mean)},
                            {"least", number(summary.least)},
                            {"most", number(summary.most)},
                            {"last", number(summary.last)}};
    }
  }
  return json;
}

Json json_of(const NodeAccount& node) {
  const auto seconds_of = [](const std::optional<Duration>& time) {
    return time ? Json(seconds(*time)) : Json(nullptr);
  };
  Json json{{"node", node.node}, {"finished", node.finished}};
  put_energy(json, node.energy, "energy_j");
  json["kind"] = name_of(node.kind);
  json["coverage"] = node.coverage;
  json["duration_s"] = seconds_of(node.duration);
  json["clock_offset_s"] = seconds_of(node.clock_offset);
  json["clock_uncertainty_s"] = seconds_of(node.clock_uncertainty);
  json["ranks"] = Json::array();
  for (const auto& [rank, status] : node.ranks) {
    json["ranks"].push_back({{"rank", rank}, {"exit_status", value_or_null(status)}});
  }
  return json;
}

/// Only of a job: an ordinary run has no nodes to tell apart.
void put_nodes(Json& json, const RunAccount& account) {
  if (account.nodes.empty()) {
    return;
  }
  json["nodes"] = Json::array();
  for (const NodeAccount& node : account.nodes) {
    json["nodes"].push_back(json_of(node));
  }
  json["nodes_expected"] = value_or_null(account.nodes_expected);
}

void put_account(Json& json, const RunView& run) {
  const RunAccount& account = *run.account;
  const RunCalibration calibration = run.calibration.value_or(RunCalibration{});
  Json energy;
  put_energy(energy, account.total, "total_j");
  put_random(energy, account.total);
  put_beside(energy, above_idle(account, calibration), "above_idle");
  put_beside(energy, wall_energy(account, calibration).energy, "wall");
  energy["idle_share"] = value_or_null(account.idle_share);
  energy["kind"] = name_of(account.kind);
  energy["channels"] = Json::array();
  for (const ChannelAccount& channel : account.channels) {
    energy["channels"].push_back(json_of(channel));
  }
  if (!account.why_no_total.empty()) {
    energy["why"] = account.why_no_total;
  }
  json["energy"] = std::move(energy);
  put_nodes(json, account);
  const auto idle = idle_power(account, calibration);
  json["idle_power_w"] = idle ? Json(idle->watts) : Json(nullptr);
  json["child_cpu_s"] = value_or_null(account.monitor.child_cpu_s);
  json["epochs"] = Json::array();
  for (const EpochAccount& epoch : account.epochs) {
    json["epochs"].push_back(json_of(epoch));
  }
  json["epochs_total"] = value_or_null(account.epochs_total);
  json["outside_epochs"] = {{"energy_j", joules_of(account.outside_epochs)},
                            {"duration_s", seconds(account.outside_duration)},
                            {"metrics", json_of(account.metrics)},
                            {"phases", json_of(account.outside_phases)}};
  json["params"] = account.params;
  json["notes"] = account.notes;
  json["monitor"] = json_of(account.monitor, account.gaps, account.begin);
}

}  // namespace

std::string run_to_json(const RunView& run) {
  Json json{{"schema", kRunSchema}, {"run_id", run.run_id}};
  json["name"] = run.name.empty() ? Json(nullptr) : Json(run.name);
  json["command"] = run.command;
  json["directory"] = run.directory;
  json["exit_status"] = value_or_null(run.exit_status);
  json["signal"] = value_or_null(run.signal);
  json["state"] = run.state;
  json["stopped_by"] = run.stopped_by ? Json(*run.stopped_by) : Json(nullptr);
  json["started_at"] = show_utc(run.started_at);
  json["duration_s"] = value_or_null(run.duration_s);
  if (run.account) {
    put_account(json, run);
    json["devices"] = json_of(run.devices);
  } else {
    json["energy"] = {{"total_j", nullptr},
                      {"lo_j", nullptr},
                      {"hi_j", nullptr},
                      {"kind", "missing"},
                      {"channels", Json::array()},
                      {"why", run.why_no_account}};
    json["epochs"] = Json::array();
  }
  // What the program says of itself joins what its user said; the user's word wins.
  std::map<std::string, std::string> tags = run.tags;
  if (run.account) {
    tags.insert(run.account->tags.begin(), run.account->tags.end());
  }
  json["tags"] = tags;
  if (!run.sweep.empty()) {
    Json factors = Json::object();
    for (const auto& [name, value] : run.factors) {
      factors[name] = value;
    }
    json["point"] = {{"sweep", run.sweep},
                     {"factors", std::move(factors)},
                     {"repeat", value_or_null(run.repeat)}};
  }
  json["environment"] = run.environment;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace gradwatt
