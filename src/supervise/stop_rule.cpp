#include "supervise/stop_rule.h"

#include "base/error.h"
#include "base/file.h"
#include "units/quantity_text.h"

#include <charconv>
#include <cmath>

namespace gradwatt {
namespace {

constexpr std::string_view kBlank = " \t";

[[noreturn]] void refuse(std::string_view text) {
  throw UsageError(
      "'" + std::string(text) + "' does not say when to stop",
      "--stop-when",
      "write 'energy>120J', 'epochs>=5', 'val_acc>=0.85' or 'energy>60J unless val_acc>=0.7'");
}

std::optional<double> finite_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_whole = error == std::errc{} && end == text.data() + text.size();
  return is_whole && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

/// "NAME>=VALUE" in its three parts; a sign of one character is taken as well.
struct Comparison {
  std::string_view name;
  bool is_greater = true;
  std::string_view value;
};

std::optional<Comparison> comparison_in(std::string_view text) {
  const auto sign = text.find_first_of("<>");
  if (sign == std::string_view::npos || sign == 0 || sign + 1 == text.size()) {
    return std::nullopt;
  }
  const std::size_t width = text[sign + 1] == '=' ? 2 : 1;
  return Comparison{
      trimmed(text.substr(0, sign)), text[sign] == '>', trimmed(text.substr(sign + width))};
}

std::optional<MetricBound> bound_in(std::string_view text) {
  const auto comparison = comparison_in(text);
  const auto value = comparison ? finite_number(comparison->value) : std::nullopt;
  if (!value || comparison->name.empty() ||
      comparison->name.find_first_of(kBlank) != std::string_view::npos) {
    return std::nullopt;
  }
  return MetricBound{std::string(comparison->name), comparison->is_greater, *value};
}

void read_what(std::string_view what, StopRule& rule) {
  const auto comparison = comparison_in(what);
  if (comparison && comparison->name == "energy") {
    rule.energy = comparison->is_greater ? parse_energy(comparison->value) : std::nullopt;
  } else if (comparison && comparison->name == "epochs") {
    const auto count = finite_number(comparison->value);
    if (comparison->is_greater && count && *count >= 1 && *count <= 1e9) {
      rule.epochs = static_cast<int>(*count);
    }
  } else {
    rule.reaches = bound_in(what);
  }
}

bool is_met(const MetricBound& bound, const RunProgress& progress) {
  const auto range = progress.metrics.find(bound.metric);
  if (range == progress.metrics.end()) {
    return false;
  }
  return bound.is_at_least ? range->second.most >= bound.value : range->second.least <= bound.value;
}

}  // namespace

StopRule parse_stop_rule(std::string_view text) {
  StopRule rule;
  rule.text = text;
  std::string_view rest = text;
  if (const auto colon = rest.find(':'); colon != std::string_view::npos) {
    rule.label = trimmed(rest.substr(0, colon));
    rest.remove_prefix(colon + 1);
  }
  constexpr std::string_view kUnless = " unless ";
  if (const auto unless = rest.find(kUnless); unless != std::string_view::npos) {
    rule.unless = bound_in(trimmed(rest.substr(unless + kUnless.size())));
    rest = rest.substr(0, unless);
    if (!rule.unless) {
      refuse(text);
    }
  }
  read_what(trimmed(rest), rule);
  if (!rule.energy && !rule.epochs && !rule.reaches) {
    refuse(text);
  }
  return rule;
}

bool says_stop(const StopRule& rule, const RunProgress& progress) {
  if (rule.unless && is_met(*rule.unless, progress)) {
    return false;
  }
  return (rule.energy && progress.energy && *progress.energy > *rule.energy) ||
         (rule.epochs && progress.epochs >= *rule.epochs) ||
         (rule.reaches && is_met(*rule.reaches, progress));
}

}  // namespace gradwatt
