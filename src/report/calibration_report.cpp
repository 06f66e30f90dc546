#include "report/calibration_report.h"

#include "report/columns.h"
#include "units/show.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <vector>

namespace gradwatt {
namespace {

using Json = nlohmann::ordered_json;

std::string show_time(const std::optional<Duration>& time) {
  return time ? fmt::format("{:.3g} ms", 1000 * seconds(*time)) : "?";
}

Json seconds_or_null(const std::optional<Duration>& time) {
  return time ? Json(seconds(*time)) : Json(nullptr);
}

}  // namespace

std::string calibration_text(const CalibrationView& view) {
  if (view.channels.empty() && !view.wall) {
    return "nothing is known of this machine's sensors yet: gradwatt calibrate\n";
  }
  std::vector<std::vector<std::string>> rows{
      {"sensor", "idle", "±", "with context", "update", "window", "lag", "found"}};
  for (const auto& [key, channel] : view.channels) {
    const auto& idle = channel.idle;
    rows.push_back({printable(key),
                    idle ? show_power(idle->mean) : "?",
                    idle ? show_power(idle->spread) : "?",
                    idle && idle->with_context ? show_power(*idle->with_context) : "",
                    show_time(channel.refresh),
                    channel.window ? show_time(channel.window) : "",
                    channel.lag ? show_time(channel.lag) : "",
                    idle ? show_utc(idle->found_at).substr(0, 16) : ""});
  }
  std::string text = view.channels.empty()
                         ? ""
                         : aligned(rows, {false, true, true, true, true, true, true, false});
  if (view.wall) {
    text += fmt::format(
        "wall = {} + {:.3f} x sum of channels, ± {}, fitted between {} and {} over {}\n",
        show_power(view.wall->offset),
        view.wall->gain,
        show_power(view.wall->residual),
        show_power(view.wall->least),
        show_power(view.wall->most),
        show_duration(from_seconds(view.wall->duration_s)));
  }
  return text;
}

std::string calibration_to_json(const CalibrationView& view) {
  Json json{{"schema", 1}, {"channels", Json::array()}};
  for (const auto& [key, channel] : view.channels) {
    const auto& idle = channel.idle;
    json["channels"].push_back(
        {{"sensor", key},
         {"idle_w", idle ? Json(idle->mean.watts) : Json(nullptr)},
         {"idle_spread_w", idle ? Json(idle->spread.watts) : Json(nullptr)},
         {"idle_duration_s", idle ? Json(idle->duration_s) : Json(nullptr)},
         {"idle_with_context_w",
          idle && idle->with_context ? Json(idle->with_context->watts) : Json(nullptr)},
         {"found_at", idle ? Json(show_utc(idle->found_at)) : Json(nullptr)},
         {"refresh_s", seconds_or_null(channel.refresh)},
         {"window_s", seconds_or_null(channel.window)},
         {"lag_s", seconds_or_null(channel.lag)}});
  }
  json["wall"] = nullptr;
  if (view.wall) {
    json["wall"] = {{"offset_w", view.wall->offset.watts},
                    {"gain", view.wall->gain},
                    {"residual_w", view.wall->residual.watts},
                    {"duration_s", view.wall->duration_s},
                    {"lag_s", view.wall->lag_s},
                    {"least_w", view.wall->least.watts},
                    {"most_w", view.wall->most.watts},
                    {"channels", view.wall->channels},
                    {"found_at", show_utc(view.wall->found_at)}};
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace gradwatt
