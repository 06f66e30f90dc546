#include "measure/calibration.h"

#include "base/error.h"
#include "base/file.h"
#include "trace/calibration_json.h"

#include <nlohmann/json.hpp>

#include <cerrno>
#include <cmath>

namespace gradwatt {
namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr int kSchema = 1;
constexpr const char* kCalibrateAgain = "remove the file and run gradwatt calibrate";

OrderedJson json_of(const SensorFacts& facts) {
  OrderedJson json = OrderedJson::object();
  const auto put = [&](const char* key, const std::optional<Duration>& time) {
    if (time) {
      json[key] = seconds(*time);
    }
  };
  put("refresh_s", facts.refresh);
  put("window_s", facts.window);
  put("lag_s", facts.lag);
  json["found_at_ms"] = facts.found_at.ms;
  return json;
}

SensorFacts facts_of(const OrderedJson& json) {
  const auto time = [&](const char* key) -> std::optional<Duration> {
    if (!json.contains(key)) {
      return std::nullopt;
    }
    const auto s = json.at(key).get<double>();
    if (!(s >= 0 && s < 3600)) {
      throw Error(std::string(key) + " is no time of a sensor", "");
    }
    return from_seconds(s);
  };
  SensorFacts facts{time("refresh_s"), time("window_s"), time("lag_s"), {}};
  facts.found_at.ms = json.at("found_at_ms").get<std::int64_t>();
  return facts;
}

}  // namespace

Calibration Calibration::load(const std::filesystem::path& file) {
  const auto text = read_text(file);
  if (!text) {
    if (errno == ENOENT || errno == ENOTDIR) {
      return {};
    }
    throw system_error("cannot read", file.string(), errno);
  }
  try {
    const OrderedJson json = OrderedJson::parse(*text);
    if (json.at("schema").get<int>() > kSchema) {
      throw Error("written by a newer gradwatt", "", "update gradwatt");
    }
    Calibration calibration;
    const RunCalibration known = calibration_from_json(json);
    calibration.idle = known.idle;
    calibration.wall = known.wall;
    for (const auto& [key, value] : json.at("sensors").items()) {
      calibration.sensors[key] = facts_of(value);
    }
    return calibration;
  } catch (const OrderedJson::exception& error) {
    throw Error(std::string("damaged: ") + error.what(), file.string(), kCalibrateAgain);
  } catch (const Error& error) {
    throw error.inside(file.string());
  }
}

void Calibration::save(const std::filesystem::path& file) const {
  OrderedJson json{{"schema", kSchema}, {"sensors", OrderedJson::object()}};
  for (const auto& [key, facts] : sensors) {
    json["sensors"][key] = json_of(facts);
  }
  put_calibration(json, idle, wall);
  write_text_atomically(file,
                        json.dump(2, ' ', false, OrderedJson::error_handler_t::replace) + "\n");
}

}  // namespace gradwatt
