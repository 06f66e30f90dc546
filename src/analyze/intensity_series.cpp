#include "analyze/intensity_series.h"

#include "analyze/csv_lines.h"
#include "base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>

namespace gradwatt {
namespace {

constexpr const char* kSeriesForm =
    "columns t,g_per_kwh; t in seconds since 1970 or as 2026-01-31T12:00Z";

std::optional<double> plain_number(std::string_view text) {
  double value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && rest == text.data() + text.size();
  return whole && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

/// Takes digits of a fixed count from the front of `text`; nullopt and `text` as it was otherwise.
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
  int value = 0;
  if (text.size() < count) {
    return std::nullopt;
  }
  const auto [rest, error] = std::from_chars(text.data(), text.data() + count, value);
  if (error != std::errc{} || rest != text.data() + count || text.front() == '-') {
    return std::nullopt;
  }
  text.remove_prefix(count);
  return value;
}

bool take_sign(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) {
    return false;
  }
  text.remove_prefix(1);
  return true;
}

/// "Z", "+01:00", "-0530" or nothing, as seconds east of UTC.
std::optional<double> zone_of(std::string_view text) {
  if (text.empty() || text == "Z" || text == "z") {
    return 0.0;
  }
  const double sign = text.front() == '-' ? -1 : 1;
  if (!take_sign(text, "+-")) {
    return std::nullopt;
  }
  const auto hours = take_digits(text, 2);
  take_sign(text, ":");
  const auto minutes = text.empty() ? std::optional(0) : take_digits(text, 2);
  if (!hours || !minutes || !text.empty() || *hours > 14 || *minutes > 59) {
    return std::nullopt;
  }
  return sign * (*hours * 3600.0 + *minutes * 60.0);
}

std::optional<double> iso_time(std::string_view text) {
  namespace chrono = std::chrono;
  const auto year = take_digits(text, 4);
  const bool first = take_sign(text, "-");
  const auto month = take_digits(text, 2);
  const bool second = take_sign(text, "-");
  const auto day = take_digits(text, 2);
  if (!year || !month || !day || !first || !second) {
    return std::nullopt;
  }
  const chrono::year_month_day date{chrono::year(*year),
                                    chrono::month(static_cast<unsigned>(*month)),
                                    chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) {
    return std::nullopt;
  }
  double time_s = static_cast<double>(chrono::sys_days(date).time_since_epoch().count()) * 86400.0;
  if (text.empty()) {
    return time_s;
  }
  const bool third = take_sign(text, "Tt ");
  const auto hour = take_digits(text, 2);
  const bool fourth = take_sign(text, ":");
  const auto minute = take_digits(text, 2);
  if (!third || !fourth || !hour || !minute || *hour > 24 || *minute > 59) {
    return std::nullopt;
  }
  time_s += *hour * 3600.0 + *minute * 60.0;
  if (take_sign(text, ":")) {
    const auto whole = take_digits(text, 2);
    if (!whole || *whole > 60) {
      return std::nullopt;
    }
    time_s += *whole;
    if (take_sign(text, ".")) {
      text.remove_prefix(std::min(text.find_first_not_of("0123456789"), text.size()));
    }
  }
  const auto zone = zone_of(text);
  return zone ? std::optional(time_s - *zone) : std::nullopt;
}

std::size_t series_column(const std::vector<std::string_view>& names,
                          std::string_view name,
                          const std::string& where) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    throw UsageError(fmt::format("no column '{}'", name), where, kSeriesForm);
  }
  return static_cast<std::size_t>(found - names.begin());
}

/// A row as a point; `before` is the one above it.
IntensityPoint series_point(std::string_view time,
                            std::string_view value,
                            const IntensityPoint* before,
                            const std::string& where) {
  const auto seconds = plain_number(time);
  const auto unix_s = seconds ? seconds : iso_time(time);
  if (!unix_s) {
    throw UsageError(fmt::format("'{}' is no time", time), where, kSeriesForm);
  }
  const auto intensity = plain_number(value);
  if (!intensity || *intensity < 0) {
    throw UsageError(fmt::format("'{}' is no intensity in g/kWh", value),
                     where,
                     "a number from 0 on, with a decimal point; leave unknown rows out");
  }
  if (before != nullptr && *unix_s <= before->unix_s) {
    throw UsageError(
        fmt::format("the time {} is not after the one before", time), where, "sort the rows");
  }
  return {*unix_s, *intensity};
}

/// The length of the part of [begin, end] that the step from `i` on covers.
double overlap_s(const IntensitySeries& series, std::size_t i, double begin_s, double end_s) {
  const double step_end =
      i + 1 < series.points.size() ? series.points[i + 1].unix_s : series.end_s();
  return std::max(0.0, std::min(end_s, step_end) - std::max(begin_s, series.points[i].unix_s));
}

/// Time mean of the series over [begin, end]; the value at `begin` when both are equal.
double mean_intensity(const IntensitySeries& series, double begin_s, double end_s) {
  const auto& points = series.points;
  auto next = std::upper_bound(
      points.begin(), points.end(), begin_s, [](double t, const IntensityPoint& point) {
        return t < point.unix_s;
      });
  auto i = static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, next - points.begin() - 1));
  if (end_s <= begin_s) {
    return points[i].g_per_kwh;
  }
  double sum = 0;
  for (; i < points.size() && points[i].unix_s < end_s; ++i) {
    sum += points[i].g_per_kwh * overlap_s(series, i, begin_s, end_s);
  }
  return sum / (end_s - begin_s);
}

}  // namespace

IntensitySeries parse_intensity_series(std::string_view csv, const std::string& file) {
  IntensitySeries series;
  series.file = file;
  CsvLines lines(csv);
  const auto place = [&] { return fmt::format("{}:{}", file, lines.line()); };
  std::size_t time = 0;
  std::size_t value = 0;
  if (const auto* names = lines.next()) {
    time = series_column(*names, "t", place());
    value = series_column(*names, "g_per_kwh", place());
  }
  while (const auto* fields = lines.next()) {
    if (fields->size() <= std::max(time, value)) {
      throw UsageError("fields are missing", place(), kSeriesForm);
    }
    const IntensityPoint* before = series.points.empty() ? nullptr : &series.points.back();
    series.points.push_back(series_point((*fields)[time], (*fields)[value], before, place()));
  }
  if (series.points.size() < 2) {
    throw UsageError("an intensity series needs at least two rows", file, kSeriesForm);
  }
  return series;
}

std::optional<double> weighted_intensity(const IntensitySeries& series,
                                         std::span<const EnergyPiece> pieces,
                                         double shift_s) {
  double energy = 0;
  double time = 0;
  double by_energy = 0;
  double by_time = 0;
  for (const EnergyPiece& piece : pieces) {
    const double begin_s = piece.begin_s + shift_s;
    const double end_s = piece.end_s + shift_s;
    if (begin_s < series.begin_s() || end_s > series.end_s()) {
      return std::nullopt;
    }
    const double intensity = mean_intensity(series, begin_s, end_s);
    energy += piece.energy_j;
    time += end_s - begin_s;
    by_energy += piece.energy_j * intensity;
    by_time += (end_s - begin_s) * intensity;
  }
  if (energy > 0) {
    return by_energy / energy;
  }
  return time > 0 ? std::optional(by_time / time) : std::nullopt;
}

}  // namespace gradwatt
