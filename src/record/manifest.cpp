#include "record/manifest.h"

#include "base/error.h"
#include "base/file.h"
#include "record/database.h"
#include "record/node_file.h"
#include "record/node_part.h"
#include "trace/calibration_json.h"
#include "units/show.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cerrno>

namespace gradwatt {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kSchema = 1;

Json json_of(const SweepPoint& point) {
  Json factors = Json::array();
  for (const Factor& factor : point.factors) {
    factors.push_back(Json::array({factor.name, factor.value}));
  }
  return {{"sweep", point.sweep},
          {"key", point.key},
          {"repeat", point.repeat},
          {"factors", std::move(factors)}};
}

SweepPoint point_of(const Json& json) {
  SweepPoint point{json.at("sweep"), json.at("key"), {}, json.at("repeat")};
  for (const Json& factor : json.at("factors")) {
    point.factors.push_back({factor.at(0), factor.at(1)});
  }
  return point;
}

template <typename Value>
std::optional<Value> optional_at(const Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end() || found->is_null()) {
    return std::nullopt;
  }
  return found->get<Value>();
}

Manifest manifest_of(const Json& json) {
  if (json.at("schema").get<int>() > kSchema) {
    throw Error("written by a newer gradwatt", "", "update gradwatt to read this run");
  }
  Manifest manifest;
  manifest.run_id = json.at("run_id");
  manifest.name = optional_at<std::string>(json, "name").value_or("");
  manifest.command = json.at("command").get<std::vector<std::string>>();
  manifest.directory = json.at("directory");
  const auto started = parse_utc(json.at("started_at").get<std::string>());
  if (!started) {
    throw Error("started_at is no time", "");
  }
  manifest.started_at = *started;
  if (const auto s = optional_at<double>(json, "duration_s")) {
    manifest.duration = from_seconds(*s);
  }
  manifest.state = run_state_named(json.at("state"));
  manifest.exit_status = optional_at<int>(json, "exit_status");
  manifest.signal = optional_at<int>(json, "signal");
  manifest.stopped_by = optional_at<std::string>(json, "stopped_by");
  manifest.tags = json.at("tags").get<std::map<std::string, std::string>>();
  if (json.contains("point")) {
    manifest.point = point_of(json.at("point"));
  }
  manifest.environment = json.at("environment").get<std::map<std::string, std::string>>();
  if (json.contains("calibration")) {
    manifest.calibration = calibration_from_json(json.at("calibration"));
  }
  return manifest;
}

Manifest read_manifest(const std::filesystem::path& file) {
  const auto text = read_text(file);
  if (!text) {
    throw system_error("cannot read", file.string(), errno);
  }
  try {
    return manifest_of(Json::parse(*text));
  } catch (const Json::exception& error) {
    throw Error(std::string("damaged: ") + error.what(), file.string());
  } catch (const Error& error) {
    throw error.inside(file.string());
  }
}

/// Running while one node is, else interrupted if one is, else failed if one is.
void join_parts(Manifest& manifest, const std::vector<NodePart>& parts) {
  constexpr std::array kWorstFirst{
      RunState::running, RunState::interrupted, RunState::failed, RunState::done};
  for (const RunState state : kWorstFirst) {
    if (std::any_of(parts.begin(), parts.end(), [&](const auto& p) { return p.state == state; })) {
      manifest.state = state;
      break;
    }
  }
  manifest.exit_status.reset();
  std::int64_t end_ms = 0;
  bool all_ended = true;
  for (const NodePart& part : parts) {
    manifest.started_at = std::min(manifest.started_at, part.started_at);
    all_ended = all_ended && part.duration;
    end_ms = std::max(end_ms,
                      part.started_at.ms + part.duration.value_or(Duration{}).count() / 1'000'000);
    for (const auto& [rank, status] : part.ranks) {
      if (status && (!manifest.exit_status || *manifest.exit_status == 0)) {
        manifest.exit_status = status;
      }
    }
  }
  if (parts.size() > 1) {
    manifest.duration.reset();
    if (all_ended) {
      manifest.duration = std::chrono::milliseconds(end_ms - manifest.started_at.ms);
    }
  }
}

}  // namespace

const char* name_of(RunState state) {
  switch (state) {
    case RunState::running:
      return "running";
    case RunState::done:
      return "done";
    case RunState::failed:
      return "failed";
    case RunState::interrupted:
      return "interrupted";
  }
  return "";
}

RunState run_state_named(const std::string& name) {
  for (const RunState state :
       {RunState::running, RunState::done, RunState::failed, RunState::interrupted}) {
    if (name == name_of(state)) {
      return state;
    }
  }
  throw Error("unknown run state '" + name + "'", "run.json");
}

void save_manifest(const std::filesystem::path& folder, const Manifest& manifest) {
  Json json{{"schema", kSchema}, {"run_id", manifest.run_id}};
  json["name"] = manifest.name.empty() ? Json(nullptr) : Json(manifest.name);
  json["command"] = manifest.command;
  json["directory"] = manifest.directory;
  json["started_at"] = show_utc(manifest.started_at);
  json["duration_s"] = manifest.duration ? Json(seconds(*manifest.duration)) : Json(nullptr);
  json["state"] = name_of(manifest.state);
  json["exit_status"] = manifest.exit_status ? Json(*manifest.exit_status) : Json(nullptr);
  json["signal"] = manifest.signal ? Json(*manifest.signal) : Json(nullptr);
  if (manifest.stopped_by) {
    json["stopped_by"] = *manifest.stopped_by;
  }
  json["tags"] = manifest.tags;
  if (manifest.point) {
    json["point"] = json_of(*manifest.point);
  }
  json["environment"] = manifest.environment;
  if (manifest.calibration) {
    json["calibration"] = Json::object();
    put_calibration(json["calibration"], manifest.calibration->idle, manifest.calibration->wall);
  }
  // Arguments are bytes, not text: what is no UTF-8 is shown as U+FFFD.
  // The energies are in the node file; what a loss of power could cost here is how the run ended.
  write_text_atomically(folder / "run.json",
                        json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n",
                        WaitForDisk::no);
}

Manifest load_manifest(const std::filesystem::path& folder) {
  Manifest manifest = read_manifest(folder / "run.json");
  if (manifest.state == RunState::running && !is_being_written(folder)) {
    // It may have ended since the first look: the monitor writes how before it lets the lock go.
    manifest = read_manifest(folder / "run.json");
    if (manifest.state == RunState::running) {
      manifest.state = RunState::interrupted;
    }
  }
  const auto parts = load_node_parts(folder);
  if (!parts.empty()) {
    join_parts(manifest, parts);
  }
  return manifest;
}

std::string point_to_json(const SweepPoint& point) { return json_of(point).dump(); }

SweepPoint point_from_json(std::string_view text) {
  try {
    return point_of(Json::parse(text));
  } catch (const Json::exception& error) {
    throw UsageError(
        error.what(), "--point", "gradwatt sweep sets this flag; it is not for people");
  }
}

}  // namespace gradwatt
