#include "units/show.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <ctime>

namespace gradwatt {
namespace {

struct Prefix {
  double factor;
  const char* letter;
};
constexpr std::array<Prefix, 7> kPrefixes{
    {{1e-6, "µ"}, {1e-3, "m"}, {1, ""}, {1e3, "k"}, {1e6, "M"}, {1e9, "G"}, {1e12, "T"}}};

std::string three_digits(double value) {
  const double size = std::abs(value);
  const int decimals = size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
  return fmt::format("{:.{}f}", value, decimals);
}

std::string with_prefix(double value, const char* unit) {
  if (value == 0) {
    return fmt::format("0 {}", unit);
  }
  const Prefix* chosen = kPrefixes.data();
  for (const Prefix& prefix : kPrefixes) {
    // 999.5 would be printed as 1000 of the smaller unit.
    if (std::abs(value) >= 0.9995 * prefix.factor) {
      chosen = &prefix;
    }
  }
  return fmt::format("{} {}{}", three_digits(value / chosen->factor), chosen->letter, unit);
}

}  // namespace

std::string show_energy(double joules) { return with_prefix(joules, "J"); }
std::string show_power(Power power) { return with_prefix(power.watts, "W"); }

std::string show_duration(Duration time) {
  const double s = seconds(time);
  if (s < 0.9995) {
    return fmt::format("{:.0f} ms", s * 1e3);
  }
  if (s < 99.95) {
    return fmt::format("{:.1f} s", s);
  }
  const auto whole = std::llround(s);
  if (whole < 3600) {
    return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  }
  return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

std::string show_utc(WallTime time) {
  const std::time_t whole = static_cast<std::time_t>(time.ms / 1000);
  std::tm parts{};
  ::gmtime_r(&whole, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
                     parts.tm_year + 1900,
                     parts.tm_mon + 1,
                     parts.tm_mday,
                     parts.tm_hour,
                     parts.tm_min,
                     parts.tm_sec,
                     time.ms % 1000);
}

std::optional<WallTime> parse_utc(std::string_view text) {
  std::tm parts{};
  int ms = 0;
  int length = 0;
  const std::string copy(text);
  const int fields = std::sscanf(copy.c_str(),
                                 "%4d-%2d-%2dT%2d:%2d:%2d.%3dZ%n",
                                 &parts.tm_year,
                                 &parts.tm_mon,
                                 &parts.tm_mday,
                                 &parts.tm_hour,
                                 &parts.tm_min,
                                 &parts.tm_sec,
                                 &ms,
                                 &length);
  if (fields != 7 || static_cast<std::size_t>(length) != text.size()) {
    return std::nullopt;
  }
  parts.tm_year -= 1900;
  parts.tm_mon -= 1;
  return WallTime{std::int64_t{::timegm(&parts)} * 1000 + ms};
}

std::string printable(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = [&](std::size_t ahead) {
      return i + ahead < text.size() ? static_cast<unsigned char>(text[i + ahead]) : 0U;
    };
    if (byte < 0x20 || byte == 0x7f) {
      continue;
    }
    if (byte == 0xc2 && next(1) >= 0x80 && next(1) <= 0x9f) {  // C1 controls in UTF-8
      i += 1;
      continue;
    }
    if (byte == 0xe2 && ((next(1) == 0x80 && next(2) >= 0xaa && next(2) <= 0xae) ||
                         (next(1) == 0x81 && next(2) >= 0xa6 && next(2) <= 0xa9))) {
      i += 2;  // U+202A..202E and U+2066..2069: direction overrides
      continue;
    }
    clean.push_back(text[i]);
  }
  return clean;
}

}  // namespace gradwatt
