#include "record/node_part.h"

#include "base/error.h"
#include "base/file.h"
#include "record/database.h"
#include "record/node_tables.h"
#include "units/show.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>

namespace gradwatt {
namespace {

using PartJson = nlohmann::ordered_json;

constexpr int kPartSchema = 1;

template <typename Value>
PartJson known_or_null(const std::optional<Value>& value) {
  return value ? PartJson(*value) : PartJson(nullptr);
}

PartJson json_of(const ClockPair& pair) {
  return {{"monotonic_ns", pair.instant.ns},
          {"wall_ns", pair.wall_ns},
          {"spread_ns", pair.spread.count()},
          {"wall_error_ns", pair.wall_error ? PartJson(pair.wall_error->count()) : nullptr}};
}

ClockPair clock_pair_of(const PartJson& json) {
  ClockPair pair{Instant{json.at("monotonic_ns")},
                 json.at("wall_ns"),
                 Duration(json.at("spread_ns").get<std::int64_t>()),
                 std::nullopt};
  if (const PartJson& error = json.at("wall_error_ns"); !error.is_null()) {
    pair.wall_error = Duration(error.get<std::int64_t>());
  }
  return pair;
}

NodePart part_of(const PartJson& json) {
  if (json.at("schema").get<int>() > kPartSchema) {
    throw Error("written by a newer gradwatt", "", "update gradwatt to read this run");
  }
  NodePart part;
  part.node = json.at("node");
  if (!json.at("nodes").is_null()) {
    part.nodes = json.at("nodes").get<int>();
  }
  part.state = run_state_named(json.at("state").get<std::string>());
  const auto started = parse_utc(json.at("started_at").get<std::string>());
  if (!started) {
    throw Error("started_at is no time", "");
  }
  part.started_at = *started;
  if (!json.at("duration_s").is_null()) {
    part.duration = from_seconds(json.at("duration_s").get<double>());
  }
  part.boot = json.at("boot");
  for (const PartJson& pair : json.at("clocks")) {
    part.clocks.push_back(clock_pair_of(pair));
  }
  for (const PartJson& rank : json.at("ranks")) {
    const PartJson& status = rank.at("exit_status");
    part.ranks[rank.at("rank").get<int>()] =
        status.is_null() ? std::nullopt : std::optional(status.get<int>());
  }
  part.environment = json.at("environment").get<std::map<std::string, std::string>>();
  return part;
}

NodePart read_part(const std::filesystem::path& file) {
  const auto text = read_text(file);
  if (!text) {
    throw system_error("cannot read", file.string(), errno);
  }
  try {
    return part_of(PartJson::parse(*text));
  } catch (const PartJson::exception& error) {
    throw Error(std::string("damaged: ") + error.what(), file.string());
  } catch (const Error& error) {
    throw error.inside(file.string());
  }
}

/// Mean of wall - monotonic over a node's pairs, and how sure that is.
struct WallOffset {
  std::int64_t ns = 0;
  std::optional<Duration> uncertainty;
};

std::optional<WallOffset> wall_offset_of(const std::vector<ClockPair>& pairs) {
  if (pairs.empty()) {
    return std::nullopt;
  }
  const auto offset = [](const ClockPair& pair) { return pair.wall_ns - pair.instant.ns; };
  std::int64_t least = offset(pairs.front());
  std::int64_t most = least;
  Duration spread{};
  std::optional<Duration> error = Duration{};
  for (const ClockPair& pair : pairs) {
    least = std::min(least, offset(pair));
    most = std::max(most, offset(pair));
    spread = std::max(spread, pair.spread);
    error =
        error && pair.wall_error ? std::optional(std::max(*error, *pair.wall_error)) : std::nullopt;
  }
  const std::int64_t half = (most - least) / 2;
  WallOffset result{least + half, std::nullopt};
  if (error) {
    result.uncertainty = spread + *error + Duration(half);
  }
  return result;
}

}  // namespace

void save_node_part(const std::filesystem::path& folder, const NodePart& part) {
  PartJson json{{"schema", kPartSchema}, {"node", part.node}, {"nodes", known_or_null(part.nodes)}};
  json["state"] = name_of(part.state);
  json["started_at"] = show_utc(part.started_at);
  json["duration_s"] = part.duration ? PartJson(seconds(*part.duration)) : PartJson(nullptr);
  json["boot"] = part.boot;
  json["clocks"] = PartJson::array();
  for (const ClockPair& pair : part.clocks) {
    json["clocks"].push_back(json_of(pair));
  }
  json["ranks"] = PartJson::array();
  for (const auto& [rank, status] : part.ranks) {
    json["ranks"].push_back({{"rank", rank}, {"exit_status", known_or_null(status)}});
  }
  json["environment"] = part.environment;
  write_text_atomically(node_file_of(folder, part.node, ".json"),
                        json.dump(2, ' ', false, PartJson::error_handler_t::replace) + "\n",
                        WaitForDisk::no);
}

std::vector<NodePart> load_node_parts(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("node-") && name.ends_with(".json")) {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  std::vector<NodePart> parts;
  for (const auto& file : files) {
    parts.push_back(read_part(file));
    NodePart& part = parts.back();
    const auto held = node_file_of(folder, part.node, ".sqlite");
    if (part.state == RunState::running && !Database::is_locked(held)) {
      // It may have ended since the first look: how is written before the lock is let go.
      part = read_part(file);
      part.state = part.state == RunState::running ? RunState::interrupted : part.state;
    }
  }
  return parts;
}

NodeClock clock_between(const NodePart& from, const NodePart& to) {
  if (from.node == to.node || (!from.boot.empty() && from.boot == to.boot)) {
    return {Duration{}, Duration{}};
  }
  const auto here = wall_offset_of(from.clocks);
  const auto there = wall_offset_of(to.clocks);
  if (!here || !there) {
    return {};
  }
  NodeClock clock{Duration(here->ns - there->ns), std::nullopt};
  if (here->uncertainty && there->uncertainty) {
    clock.uncertainty = *here->uncertainty + *there->uncertainty;
  }
  return clock;
}

}  // namespace gradwatt
