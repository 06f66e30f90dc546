// What is read here is described in the manual page powermetrics(1) of macOS; the names of lines
// and keys are those that macOS 10.10 to 26 print, as quoted in public logs.
#include "measure/powermetrics.h"

#include "base/error.h"
#include "base/file.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <ctime>
#include <set>
#include <utility>

namespace gradwatt {
namespace {

/// No Mac draws more, and no interval is longer: beyond them a number is damaged.
constexpr double kMostWatts = 10'000;
constexpr double kLongestSeconds = 86'400;
constexpr std::string_view kHeader = "*** Sampled system activity";
constexpr const char* kRemedy =
    "record with: sudo powermetrics --samplers cpu_power,gpu_power,ane_power -i 1000 -o FILE";

/// The input and how far it is read, for errors with a line.
class Input {
 public:
  Input(std::string_view text, std::string_view where) : text_(text), where_(where) {}

  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] Error error_at(std::string_view what, const char* place) const {
    const auto line = 1 + std::count(text_.data(), place, '\n');
    return {what, fmt::format("{}:{}", where_, line), kRemedy};
  }
  /// A number that can be a power, an energy or a time; `part` lies in the text.
  [[nodiscard]] double number(std::string_view part, double most) const {
    double value = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    if (error != std::errc() || end != part.data() + part.size() || !std::isfinite(value)) {
      throw error_at(fmt::format("'{}' is no number", part.substr(0, 40)), part.data());
    }
    if (value < 0 || value > most) {
      throw error_at(fmt::format("{} cannot be: it is not in 0 to {}", part.substr(0, 40), most),
                     part.data());
    }
    return value;
  }

 private:
  std::string_view text_;
  std::string_view where_;
};

/// What one record says, before it is decided which numbers are parts of others.
class Record {
 public:
  /// The first of several equal names counts: the GPU's power is told in two sections.
  void add(const std::string& name, double joules) { joules_.emplace(name, joules); }
  void add_cluster(const std::string& name, double joules) {
    if (clusters_.insert(name).second) {
      cluster_joules_ += joules;
    }
  }
  [[nodiscard]] std::map<std::string, Energy> energies() const {
    std::map<std::string, Energy> energies;
    for (const auto& [name, joules] : joules_) {
      energies.emplace(name, Energy::from_joules(joules));
    }
    if (!clusters_.empty()) {
      energies.emplace("cpu", Energy::from_joules(cluster_joules_));
    }
    if (energies.contains("cpu")) {
      energies.erase("package");
    } else if (energies.contains("package")) {
      energies = {{"package", energies.at("package")}};
    }
    return energies;
  }

 private:
  std::map<std::string, double> joules_;
  std::set<std::string> clusters_;
  double cluster_joules_ = 0;
};

std::optional<WallTime> parse_date(std::string_view text, const char* format) {
  std::tm parts{};
  const std::string copy(text);
  const char* end = ::strptime(copy.c_str(), format, &parts);
  if (end == nullptr || *end != '\0') {
    return std::nullopt;
  }
  const auto east_s = parts.tm_gmtoff;  // timegm takes the fields for UTC and resets this one.
  return WallTime{(std::int64_t{::timegm(&parts)} - east_s) * 1000};
}

/// The channel that a line's name stands for: "cpu", ..., "cluster" for a part of the CPU, empty
/// for what is no power.
std::string_view channel_of_line(std::string_view name) {
  for (const auto& [line, channel] :
       {std::pair<std::string_view, std::string_view>{"CPU Power", "cpu"},
        {"GPU Power", "gpu"},
        {"ANE Power", "ane"},
        {"DRAM Power", "dram"},
        {"Package Power", "package"}}) {
    if (name == line) {
      return channel;
    }
  }
  if (name.starts_with("Combined Power") ||
      name.starts_with("Intel energy model derived package power")) {
    return "package";
  }
  return name.ends_with("-Cluster Power") ? "cluster" : "";
}

class TextLog {
 public:
  explicit TextLog(const Input& input) : input_(input) {}

  PowermetricsLog parse() {
    std::string_view rest = input_.text();
    while (!rest.empty()) {
      const auto end = rest.find('\n');
      if (end == std::string_view::npos && !trimmed(rest).empty()) {
        log_.last_was_cut = true;  // Of a number, part of the digits may be missing.
        break;
      }
      line(trimmed(rest.substr(0, end)));
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    close();
    drop_cut_record();
    return std::move(log_);
  }

 private:
  void line(std::string_view text) {
    if (text.starts_with(kHeader)) {
      close();
      open(text);
      return;
    }
    const auto colon = text.find(':');
    const auto channel = channel_of_line(text.substr(0, colon));
    if (colon == std::string_view::npos || channel.empty()) {
      return;
    }
    if (!is_open_) {
      throw input_.error_at("a power before the first record", text.data());
    }
    const double joules = watts(trimmed(text.substr(colon + 1))) * seconds(sample_.elapsed);
    if (channel == "cluster") {
      record_.add_cluster(std::string(text.substr(0, colon)), joules);
    } else {
      record_.add(std::string(channel), joules);
    }
  }

  /// "*** Sampled system activity (Fri Sep 11 13:41:46 2026 -0700) (1002.90ms elapsed) ***"
  void open(std::string_view text) {
    const auto close = text.rfind("ms elapsed)");
    const auto begin = close == std::string_view::npos ? close : text.rfind('(', close);
    if (begin == std::string_view::npos) {
      throw input_.error_at("a record that does not say how long it is", text.data());
    }
    const double ms =
        input_.number(text.substr(begin + 1, close - begin - 1), kLongestSeconds * 1e3);
    if (ms <= 0) {
      throw input_.error_at("a record of no length", text.data());
    }
    sample_ = {from_seconds(ms * 1e-3), std::nullopt, {}};
    const auto date = text.find('(');
    if (date < begin) {
      sample_.end = parse_date(text.substr(date + 1, text.find(')', date) - date - 1),
                               "%a %b %d %H:%M:%S %Y %z");
    }
    record_ = {};
    is_open_ = true;
  }

  double watts(std::string_view text) {
    for (const auto& [unit, scale] :
         {std::pair<std::string_view, double>{"uW", 1e-6}, {"mW", 1e-3}, {"W", 1}}) {
      if (text.ends_with(unit)) {
        return scale * input_.number(trimmed(text.substr(0, text.size() - unit.size())),
                                     kMostWatts / scale);
      }
    }
    throw input_.error_at(fmt::format("'{}' is no power: mW or W is missing", text.substr(0, 40)),
                          text.data());
  }

  void close() {
    if (is_open_) {
      sample_.energies = record_.energies();
      log_.samples.push_back(sample_);
      is_open_ = false;
    }
  }

  /// Output that was stopped ends anywhere: the last record then lacks what the one before has.
  void drop_cut_record() {
    auto& samples = log_.samples;
    if (samples.empty()) {
      return;
    }
    const auto& last = samples.back().energies;
    const bool lacks =
        samples.size() > 1 &&
        std::any_of(samples[samples.size() - 2].energies.begin(),
                    samples[samples.size() - 2].energies.end(),
                    [&](const auto& channel) { return !last.contains(channel.first); });
    if (last.empty() || lacks) {
      log_.last_was_cut = true;
      samples.pop_back();
    }
  }

  const Input& input_;
  PowermetricsLog log_;
  PowermetricsSample sample_;
  Record record_;
  bool is_open_ = false;
};

/// The numbers and texts of one property list, each with the keys that lead to it:
/// "processor/cpu_power". Only what Apple's XML writer writes is understood.
class PropertyList {
 public:
  PropertyList(const Input& input, std::string_view document) : input_(input) {
    for (std::size_t at = 0; (at = document.find('<', at)) != std::string_view::npos;) {
      const auto end = document.find('>', at);
      if (end == std::string_view::npos) {
        break;
      }
      const std::string_view tag = document.substr(at + 1, end - at - 1);
      const auto next = std::min(document.find('<', end), document.size());
      element(tag, document.substr(end + 1, next - end - 1));
      at = end + 1;
    }
    if (!path_.empty() || roots_ != 1) {
      throw input.error_at("a property list that is not whole", document.data());
    }
  }

  [[nodiscard]] std::optional<std::string_view> find(const std::string& path) const {
    const auto found = values_.find(path);
    return found == values_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  void element(std::string_view tag, std::string_view text) {
    if (tag == "dict" || tag == "array") {
      roots_ += path_.empty() ? 1 : 0;
      path_.push_back(std::exchange(key_, ""));
    } else if (tag == "/dict" || tag == "/array") {
      if (path_.empty()) {
        throw input_.error_at("a property list that is not whole", tag.data());
      }
      path_.pop_back();
    } else if (tag == "key") {
      key_ = std::string(trimmed(text));
    } else if (tag == "integer" || tag == "real" || tag == "date" || tag == "string") {
      std::string path;
      for (const std::string& key : path_) {
        path += key.empty() ? "" : key + "/";
      }
      values_.emplace(path + std::exchange(key_, ""), trimmed(text));
    } else if (tag.ends_with("/")) {
      key_.clear();
    }
  }

  const Input& input_;
  std::vector<std::string> path_;
  std::string key_;
  int roots_ = 0;
  std::map<std::string, std::string_view> values_;
};

/// Powers come first: the energies beside them are cut to whole mJ.
struct PlistKey {
  const char* channel;
  const char* key;
  double unit;  ///< In W or J.
  bool is_power;
};
constexpr PlistKey kPlistKeys[] = {
    {"cpu", "processor/cpu_power", 1e-3, true},
    {"cpu", "processor/cpu_energy", 1e-3, false},
    {"gpu", "processor/gpu_power", 1e-3, true},
    {"gpu", "processor/gpu_energy", 1e-3, false},
    {"ane", "processor/ane_power", 1e-3, true},
    {"ane", "processor/ane_energy", 1e-3, false},
    {"dram", "processor/dram_power", 1e-3, true},
    {"dram", "processor/dram_energy", 1e-3, false},
    {"package", "processor/combined_power", 1e-3, true},
    {"package", "processor/package_power", 1e-3, true},
    {"package", "processor/package_energy", 1e-3, false},
    {"package", "processor/package_joules", 1, false},
    {"package", "processor/package_watts", 1, true},
};

PowermetricsSample sample_of(const Input& input, std::string_view document) {
  const PropertyList list(input, document);
  const auto elapsed = list.find("elapsed_ns");
  if (!elapsed) {
    throw input.error_at("a record that does not say how long it is", document.data());
  }
  const double s = input.number(*elapsed, kLongestSeconds * 1e9) * 1e-9;
  if (s <= 0) {
    throw input.error_at("a record of no length", elapsed->data());
  }
  PowermetricsSample sample{from_seconds(s), std::nullopt, {}};
  if (const auto date = list.find("timestamp")) {
    sample.end = parse_date(*date, "%Y-%m-%dT%H:%M:%SZ");
  }
  Record record;
  for (const PlistKey& key : kPlistKeys) {
    if (const auto text = list.find(key.key)) {
      const double most = kMostWatts * (key.is_power ? 1 : s) / key.unit;
      record.add(key.channel, input.number(*text, most) * key.unit * (key.is_power ? s : 1));
    }
  }
  sample.energies = record.energies();
  return sample;
}

PowermetricsLog parse_plists(const Input& input) {
  constexpr std::string_view kSeparators{"\0 \t\r\n", 5};
  constexpr std::string_view kEnd = "</plist>";
  PowermetricsLog log;
  std::string_view rest = input.text();
  while (true) {
    rest.remove_prefix(std::min(rest.find_first_not_of(kSeparators), rest.size()));
    if (rest.empty()) {
      return log;
    }
    if (rest.front() != '<') {
      throw input.error_at("neither a property list nor its end", rest.data());
    }
    const auto end = rest.find(kEnd);
    if (end == std::string_view::npos) {
      log.last_was_cut = true;
      return log;
    }
    log.samples.push_back(sample_of(input, rest.substr(0, end + kEnd.size())));
    rest.remove_prefix(end + kEnd.size());
  }
}

}  // namespace

PowermetricsLog parse_powermetrics(std::string_view text, std::string_view where) {
  const Input input(text, where);
  const auto first =
      std::min(text.find_first_not_of(std::string_view{"\0 \t\r\n", 5}), text.size());
  const bool is_plist = text.substr(first).starts_with('<');
  if (!is_plist && text.find(kHeader) == std::string_view::npos) {
    throw input.error_at("not an output of powermetrics", text.data() + first);
  }
  PowermetricsLog log = is_plist ? parse_plists(input) : TextLog(input).parse();
  const bool tells_power = std::any_of(
      log.samples.begin(), log.samples.end(), [](const auto& s) { return !s.energies.empty(); });
  if (!tells_power) {
    throw input.error_at("no record holds a power", text.data() + text.size());
  }
  return log;
}

std::vector<ChannelInfo> powermetrics_channels(const std::vector<PowermetricsSample>& samples) {
  std::map<std::string, Duration> longest;
  for (const PowermetricsSample& sample : samples) {
    for (const auto& [name, energy] : sample.energies) {
      longest[name] = std::max(longest[name], sample.elapsed);
    }
  }
  std::vector<ChannelInfo> channels;
  for (const auto& [name, elapsed] : longest) {
    ChannelInfo info{name, "mac", "powermetrics", "model", "cpu-package"};
    if (name == "gpu" || name == "ane") {
      info.scope = "gpu-board";
    } else if (name == "dram") {
      info.scope = "dram";
    }
    info.kind = EnergyKind::estimated;
    info.in_total = true;
    info.gain_lo = info.gain_hi = 0.30;
    info.refresh = elapsed;
    info.basis = "powermetrics: the chip's own model, which Apple calls an estimate, ±30 %";
    channels.push_back(std::move(info));
  }
  return channels;
}

}  // namespace gradwatt
