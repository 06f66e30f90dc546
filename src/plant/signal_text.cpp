#include "plant/signal_text.h"

#include "base/closest_name.h"
#include "base/error.h"
#include "base/file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gradwatt {
namespace {

using std::chrono::milliseconds;

constexpr std::array<NamedSignal, 13> kNamed{{
    {"constant", "constant power=300", milliseconds(60'000), "equal readings must count"},
    {"square-100ms",
     "square low=60 high=300 period=0.1",
     milliseconds(60'000),
     "in step with sensors renewed every 100 ms"},
    {"square-97ms", "square low=60 high=300 period=0.097", milliseconds(60'000), "nearly in step"},
    {"square-1s",
     "square low=60 high=300 period=1",
     milliseconds(60'000),
     "in step with 1 s means"},
    {"square-2s",
     "square low=60 high=300 period=2",
     milliseconds(60'000),
     "in step with 2 s polls"},
    {"square-15s",
     "square low=60 high=300 period=15",
     milliseconds(120'000),
     "slower than most polls"},
    {"ramp", "ramp from=60 to=700 over=60", milliseconds(60'000), "never steady"},
    {"spikes",
     "spikes low=100 high=700 period=1 width=0.005",
     milliseconds(60'000),
     "energy between a sensor's looks"},
    {"tail",
     "load low=50 high=500 length=10",
     milliseconds(60'000),
     "what lags gives the tail the load's energy"},
    {"epochs",
     "epochs low=150 high=350 busy=18 pause=2",
     milliseconds(100'000),
     "as trainings are"},
    {"random",
     "random low=60 high=400 step=0.3 seed=1",
     milliseconds(60'000),
     "no pattern to learn"},
    {"short-900ms",
     "burst low=60 high=300 length=0.9",
     milliseconds(900),
     "shorter than many polls"},
    {"short-80ms", "burst low=60 high=300 length=0.08", milliseconds(80), "shorter than a refresh"},
}};

/// The settings of one shape, taken out one by one so that what is left over is a mistake.
class Settings {
 public:
  Settings(std::string_view shape, std::span<const std::string> words) : shape_(shape) {
    for (const std::string& word : words) {
      const auto equals = word.find('=');
      if (equals == std::string::npos) {
        throw UsageError(fmt::format("'{}' is no setting", word), where(), "write NAME=NUMBER");
      }
      values_[word.substr(0, equals)] = word.substr(equals + 1);
    }
  }

  double positive(const std::string& name) {
    const double value = not_negative(name);
    if (value == 0) {
      throw UsageError(fmt::format("{} must be greater than 0", name), where());
    }
    return value;
  }
  double not_negative(const std::string& name, std::optional<double> otherwise = std::nullopt) {
    known_.push_back(name);
    const auto found = values_.find(name);
    if (found == values_.end()) {
      if (!otherwise) {
        throw UsageError(
            fmt::format("{}= is missing", name), where(), "see gradwatt simulate --list");
      }
      return *otherwise;
    }
    const double value = number(name, found->second);
    values_.erase(found);
    return value;
  }
  std::vector<double> list(const std::string& name) {
    known_.push_back(name);
    std::vector<double> numbers;
    std::string_view rest = values_[name];
    while (true) {
      const auto comma = rest.find(',');
      numbers.push_back(number(name, rest.substr(0, comma)));
      if (comma == std::string_view::npos) {
        break;
      }
      rest.remove_prefix(comma + 1);
    }
    values_.erase(name);
    return numbers;
  }
  /// Throws for a setting that the shape does not have.
  void finish() const {
    if (!values_.empty()) {
      const std::string& name = values_.begin()->first;
      throw UsageError(
          fmt::format("there is no setting '{}'", name), where(), known_names(name, known_));
    }
  }

 private:
  [[nodiscard]] std::string where() const { return fmt::format("signal '{}'", shape_); }
  [[nodiscard]] double number(const std::string& name, std::string_view text) const {
    double value = 0;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool is_whole = error == std::errc{} && rest == text.data() + text.size();
    constexpr double kLargest = 1e9;
    if (!is_whole || !std::isfinite(value) || value < 0 || value > kLargest) {
      throw UsageError(fmt::format("{}={} is no number between 0 and 1e9", name, text),
                       where(),
                       "powers are watts, times are seconds, without a unit");
    }
    return value;
  }

  std::string shape_;
  std::map<std::string, std::string> values_;
  std::vector<std::string> known_;
};

Square square(Settings& settings) {
  const double low = settings.not_negative("low");
  const double high = settings.not_negative("high");
  const double period = settings.positive("period");
  const double duty = settings.not_negative("duty", 0.5);
  if (duty > 1) {
    throw UsageError("duty is a share of the period, at most 1", "signal 'square'");
  }
  return {period, duty, low, high, settings.not_negative("phase", 0)};
}

Square spikes(Settings& settings) {
  const double low = settings.not_negative("low");
  const double high = settings.not_negative("high");
  const double period = settings.positive("period");
  const double width = settings.positive("width");
  if (width > period) {
    throw UsageError("width is longer than the period", "signal 'spikes'");
  }
  return {period, width / period, low, high, settings.not_negative("phase", 0)};
}

Square epochs(Settings& settings) {
  const double low = settings.not_negative("low");
  const double high = settings.not_negative("high");
  const double busy = settings.positive("busy");
  const double period = busy + settings.not_negative("pause");
  return {period, busy / period, low, high, settings.not_negative("phase", 0)};
}

Pulse burst(Settings& settings) {
  const double low = settings.not_negative("low");
  const double high = settings.not_negative("high");
  const double length = settings.positive("length");
  return {settings.not_negative("begin", 0), length, low, high};
}

Ramp ramp(Settings& settings) {
  const double from = settings.not_negative("from");
  const double to = settings.not_negative("to");
  return {from, to, settings.positive("over")};
}

Levels random_steps(Settings& settings) {
  const double low = settings.not_negative("low");
  const double high = settings.not_negative("high");
  const double step = settings.positive("step");
  const auto seed = static_cast<std::uint64_t>(settings.not_negative("seed", 1));
  return random_levels(low, high, step, seed);
}

Signal::Shape shape_of(const std::string& name, Settings& settings) {
  if (name == "constant") {
    return Constant{settings.not_negative("power")};
  }
  if (name == "square") {
    return square(settings);
  }
  if (name == "spikes") {
    return spikes(settings);
  }
  if (name == "epochs") {
    return epochs(settings);
  }
  if (name == "ramp") {
    return ramp(settings);
  }
  if (name == "burst" || name == "load") {
    return burst(settings);
  }
  if (name == "steps") {
    std::vector<double> levels = settings.list("levels");
    return Levels{std::move(levels), settings.positive("each")};
  }
  if (name == "random") {
    return random_steps(settings);
  }
  std::vector<std::string> known{
      "constant", "square", "spikes", "epochs", "ramp", "burst", "load", "steps", "random"};
  for (const NamedSignal& signal : kNamed) {
    known.emplace_back(signal.name);
  }
  throw UsageError(
      fmt::format("there is no signal '{}'", name), "signal", known_names(name, known));
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (text = trimmed(text); !text.empty(); text = trimmed(text)) {
    const auto end = std::min(text.find_first_of(" \t"), text.size());
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return words;
}

void add_shapes(std::string_view text, std::vector<Signal::Shape>& shapes) {
  while (true) {
    const auto plus = text.find('+');
    const std::vector<std::string> words = words_of(text.substr(0, plus));
    if (words.empty()) {
      throw UsageError("a shape is missing", "signal", "for example: constant power=300");
    }
    const auto* named = std::find_if(kNamed.begin(), kNamed.end(), [&](const NamedSignal& signal) {
      return words.size() == 1 && words.front() == signal.name;
    });
    if (named != kNamed.end()) {
      add_shapes(named->text, shapes);
    } else {
      Settings settings(words.front(), std::span(words).subspan(1));
      shapes.push_back(shape_of(words.front(), settings));
      settings.finish();
    }
    if (plus == std::string_view::npos) {
      return;
    }
    text.remove_prefix(plus + 1);
  }
}

}  // namespace

Signal parse_signal(std::string_view text) {
  std::vector<Signal::Shape> shapes;
  add_shapes(text, shapes);
  return Signal(std::move(shapes));
}

std::span<const NamedSignal> named_signals() { return kNamed; }

}  // namespace gradwatt
