#include "measure/row_stream.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <charconv>

namespace gradwatt {
namespace {

using Json = nlohmann::json;

Json json_of(const Finding& finding) {
  return {finding.what, static_cast<int>(finding.status), finding.detail, finding.fix};
}

Json json_of(const ChannelInfo& info) {
  return {{"channel", info.channel},
          {"device", info.device},
          {"source", info.source},
          {"method", info.method},
          {"scope", info.scope},
          {"kind", static_cast<int>(info.kind)},
          {"in_total", info.in_total},
          {"gain_lo", info.gain_lo},
          {"gain_hi", info.gain_hi},
          {"refresh", info.refresh.count()},
          {"power_max", info.power_max ? Json(info.power_max->watts) : Json(nullptr)},
          {"window", info.window.count()},
          {"lag", info.lag.count()},
          {"power_min", info.power_min.watts},
          {"quantum", info.quantum.microjoules},
          {"basis", info.basis}};
}

ChannelInfo channel_of(const Json& json) {
  ChannelInfo info;
  info.channel = json.at("channel");
  info.device = json.at("device");
  info.source = json.at("source");
  info.method = json.at("method");
  info.scope = json.at("scope");
  info.kind = static_cast<EnergyKind>(json.at("kind").get<int>());
  info.in_total = json.at("in_total");
  info.gain_lo = json.at("gain_lo");
  info.gain_hi = json.at("gain_hi");
  info.refresh = Duration(json.at("refresh").get<std::int64_t>());
  if (!json.at("power_max").is_null()) {
    info.power_max = Power{json.at("power_max").get<double>()};
  }
  info.window = Duration(json.at("window").get<std::int64_t>());
  info.lag = Duration(json.at("lag").get<std::int64_t>());
  info.power_min = Power{json.at("power_min").get<double>()};
  info.quantum = Energy{json.at("quantum").get<std::int64_t>()};
  info.basis = json.at("basis");
  return info;
}

std::string found_line(const HostFound& found) {
  Json json{{"findings", Json::array()}, {"columns", Json::array()}};
  for (const Finding& finding : found.findings) {
    json["findings"].push_back(json_of(finding));
  }
  for (const SourceColumns& source : found.columns) {
    Json channels = Json::array();
    for (const ChannelInfo& info : source.channels) {
      channels.push_back(json_of(info));
    }
    json["columns"].push_back({{"source", source.source}, {"channels", std::move(channels)}});
  }
  return "f " + json.dump(-1, ' ', true, Json::error_handler_t::replace) + "\n";
}

HostFound parse_found(const Json& json) {
  HostFound found;
  for (const Json& finding : json.at("findings")) {
    found.findings.push_back({finding.at(0),
                              static_cast<Finding::Status>(finding.at(1).get<int>()),
                              finding.at(2),
                              finding.at(3)});
  }
  for (const Json& source : json.at("columns")) {
    SourceColumns columns{source.at("source"), {}};
    for (const Json& channel : source.at("channels")) {
      columns.channels.push_back(channel_of(channel));
    }
    found.columns.push_back(std::move(columns));
  }
  return found;
}

/// Ten a second: plain numbers rather than JSON. "-" stands for what could not be read.
std::string sample_line(const SampleRow& row) {
  std::string line = fmt::format("s {} {}", row.source, row.time.ns);
  for (const auto& energy : row.channels) {
    line += energy ? fmt::format(" {}", energy->microjoules) : " -";
  }
  for (const auto& power : row.powers) {
    line += power ? fmt::format(" p{}", power->watts) : " p-";
  }
  return line + "\n";
}

/// Takes the words of a line one after the other.
class Words {
 public:
  explicit Words(std::string_view line) : rest_(line) {}

  [[nodiscard]] bool empty() const { return rest_.empty(); }
  std::string_view next() {
    const auto space = std::min(rest_.find(' '), rest_.size());
    const std::string_view word = rest_.substr(0, space);
    rest_.remove_prefix(std::min(space + 1, rest_.size()));
    return word;
  }
  template <typename Number>
  [[nodiscard]] static std::optional<Number> number(std::string_view word) {
    Number value{};
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    return error == std::errc{} && end == word.data() + word.size() && !word.empty()
               ? std::optional(value)
               : std::nullopt;
  }

 private:
  std::string_view rest_;
};

std::optional<HostMessage> parse_sample(Words words) {
  SampleRow row;
  const auto source = Words::number<int>(words.next());
  const auto time = Words::number<std::int64_t>(words.next());
  if (!source || !time) {
    return std::nullopt;
  }
  row.source = *source;
  row.time = {*time};
  while (!words.empty()) {
    std::string_view word = words.next();
    if (word.starts_with('p')) {
      word.remove_prefix(1);
      const auto watts = Words::number<double>(word);
      if (!watts && word != "-") {
        return std::nullopt;
      }
      row.powers.push_back(watts ? std::optional(Power{*watts}) : std::nullopt);
      continue;
    }
    const auto energy = Words::number<std::int64_t>(word);
    if (!energy && word != "-") {
      return std::nullopt;
    }
    row.channels.push_back(energy ? std::optional(Energy{*energy}) : std::nullopt);
  }
  return row;
}

std::string gap_line(const GapRow& row) {
  const GapAccount& gap = row.gap;
  const Json json{row.source,
                  gap.channel,
                  gap.begin.ns,
                  gap.end.ns,
                  gap.reason,
                  gap.errno_value,
                  gap.energy_lost,
                  gap.least.microjoules,
                  gap.assumed.microjoules,
                  gap.most ? Json(gap.most->microjoules) : Json(nullptr)};
  return "g " + json.dump(-1, ' ', true, Json::error_handler_t::replace) + "\n";
}

GapRow parse_gap(const Json& json) {
  GapRow row{json.at(0),
             {json.at(1),
              {json.at(2).get<std::int64_t>()},
              {json.at(3).get<std::int64_t>()},
              json.at(4),
              json.at(5),
              json.at(6)}};
  row.gap.least = {json.at(7).get<std::int64_t>()};
  row.gap.assumed = {json.at(8).get<std::int64_t>()};
  if (!json.at(9).is_null()) {
    row.gap.most = Energy{json.at(9).get<std::int64_t>()};
  }
  return row;
}

std::string ended_line(const HostEnded& ended) {
  return fmt::format("e {} {} {} {} {}\n",
                     ended.cpu_time.count(),
                     ended.reading_time.count(),
                     ended.readings,
                     ended.late,
                     ended.dropped);
}

std::optional<HostMessage> parse_ended(Words words) {
  std::vector<std::int64_t> numbers;
  while (!words.empty()) {
    const auto number = Words::number<std::int64_t>(words.next());
    if (!number) {
      return std::nullopt;
    }
    numbers.push_back(*number);
  }
  constexpr std::size_t kNumbers = 5;
  if (numbers.size() != kNumbers) {
    return std::nullopt;
  }
  return HostEnded{Duration(numbers[0]), Duration(numbers[1]), numbers[2], numbers[3], numbers[4]};
}

template <typename... Cases>
struct Match : Cases... {
  using Cases::operator()...;
};
// Not all compilers deduce an aggregate's arguments by themselves yet.
template <typename... Cases>
Match(Cases...) -> Match<Cases...>;

std::optional<HostMessage> parse_state(Words words) {
  const auto source = Words::number<int>(words.next());
  const auto time = Words::number<std::int64_t>(words.next());
  const auto value = Words::number<double>(words.next());
  const std::string name(words.next());
  std::string device;
  while (!words.empty()) {
    device += (device.empty() ? "" : " ") + std::string(words.next());
  }
  if (!source || !time || !value || name.empty()) {
    return std::nullopt;
  }
  return StateRow{*source, {*time}, device, name, *value};
}

}  // namespace

std::string line_of(const HostMessage& message) {
  return std::visit(
      Match{[](const HostFound& found) { return found_line(found); },
            [](const HostStarted&) { return std::string("b\n"); },
            [](const SampleRow& row) { return sample_line(row); },
            [](const GapRow& row) { return gap_line(row); },
            [](const StateRow& row) {
              return fmt::format(
                  "t {} {} {} {} {}\n", row.source, row.time.ns, row.value, row.name, row.device);
            },
            [](const HostEnded& ended) { return ended_line(ended); }},
      message);
}

std::optional<HostMessage> parse_host_line(std::string_view line) {
  if (line == "b") {
    return HostStarted{};
  }
  if (line.size() < 2 || line[1] != ' ') {
    return std::nullopt;
  }
  const std::string_view rest = line.substr(2);
  try {
    switch (line[0]) {
      case 'f':
        return parse_found(Json::parse(rest));
      case 's':
        return parse_sample(Words(rest));
      case 'g':
        return parse_gap(Json::parse(rest));
      case 'e':
        return parse_ended(Words(rest));
      case 't':
        return parse_state(Words(rest));
      default:
        return std::nullopt;
    }
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace gradwatt
