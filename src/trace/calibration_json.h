#pragma once

#include "trace/run_calibration.h"

#include <map>
#include <optional>
#include <string>

namespace gradwatt {

// How calibration facts are written and read as JSON, in the one place that both the machine's file
// and a run's manifest use. Templates over the JSON type: this layer needs no JSON library.
// Times are milliseconds since 1970, powers watts; absent means not known.

template <typename Json>
[[nodiscard]] Json idle_to_json(const IdlePower& idle) {
  Json json{{"mean_w", idle.mean.watts},
            {"spread_w", idle.spread.watts},
            {"duration_s", idle.duration_s},
            {"found_at_ms", idle.found_at.ms}};
  if (idle.with_context) {
    json["with_context_w"] = idle.with_context->watts;
  }
  return json;
}

template <typename Json>
[[nodiscard]] IdlePower idle_from_json(const Json& json) {
  IdlePower idle;
  idle.mean.watts = json.at("mean_w").template get<double>();
  idle.spread.watts = json.at("spread_w").template get<double>();
  idle.duration_s = json.at("duration_s").template get<double>();
  idle.found_at.ms = json.at("found_at_ms").template get<std::int64_t>();
  if (json.contains("with_context_w")) {
    idle.with_context = Power{json.at("with_context_w").template get<double>()};
  }
  return idle;
}

template <typename Json>
[[nodiscard]] Json wall_to_json(const WallFit& fit) {
  return {{"offset_w", fit.offset.watts},
          {"gain", fit.gain},
          {"residual_w", fit.residual.watts},
          {"duration_s", fit.duration_s},
          {"lag_s", fit.lag_s},
          {"found_at_ms", fit.found_at.ms},
          {"least_w", fit.least.watts},
          {"most_w", fit.most.watts},
          {"channels", fit.channels}};
}

template <typename Json>
[[nodiscard]] WallFit wall_from_json(const Json& json) {
  WallFit fit;
  fit.offset.watts = json.at("offset_w").template get<double>();
  fit.gain = json.at("gain").template get<double>();
  fit.residual.watts = json.at("residual_w").template get<double>();
  fit.duration_s = json.at("duration_s").template get<double>();
  fit.lag_s = json.at("lag_s").template get<double>();
  fit.found_at.ms = json.at("found_at_ms").template get<std::int64_t>();
  fit.least.watts = json.at("least_w").template get<double>();
  fit.most.watts = json.at("most_w").template get<double>();
  fit.channels = json.at("channels").template get<std::vector<std::string>>();
  return fit;
}

/// Puts "idle" and, where there is one, "wall" into `json`.
template <typename Json>
void put_calibration(Json& json,
                     const std::map<std::string, IdlePower>& idle,
                     const std::optional<WallFit>& wall) {
  json["idle"] = Json::object();
  for (const auto& [key, power] : idle) {
    json["idle"][key] = idle_to_json<Json>(power);
  }
  if (wall) {
    json["wall"] = wall_to_json<Json>(*wall);
  }
}

/// Reads what put_calibration wrote.
template <typename Json>
[[nodiscard]] RunCalibration calibration_from_json(const Json& json) {
  RunCalibration calibration;
  for (const auto& [key, value] : json.at("idle").items()) {
    calibration.idle[key] = idle_from_json(value);
  }
  if (json.contains("wall")) {
    calibration.wall = wall_from_json(json.at("wall"));
  }
  return calibration;
}

}  // namespace gradwatt
