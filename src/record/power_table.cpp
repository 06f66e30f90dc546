#include "record/power_table.h"

#include "base/error.h"
#include "base/file.h"
#include "marks/timeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>

namespace gradwatt {
namespace {

constexpr double kTimeMax_s = 1e11;
constexpr double kPowerMax_w = 1e9;
constexpr double kEnergyMax_j = 9e12;
/// Stored times are whole microseconds.
constexpr double kStepMin_s = 2e-6;
constexpr double kGapSteps = 10;
constexpr const char* kDecimalPoint =
    "write numbers with a decimal point and separate columns with commas";

/// CSV text, line by line, with the names of its columns.
class CsvReader {
 public:
  CsvReader(std::string_view text, std::string file) : rest_(text), file_(std::move(file)) {
    if (rest_.starts_with("\xef\xbb\xbf")) {
      rest_.remove_prefix(3);
    }
    if (!next()) {
      fail("empty", "the first line names the columns: t_s,power_w");
    }
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      columns_.emplace(fields_[i], i);
    }
    width_ = fields_.size();
  }

  /// Goes to the next line that says something.
  bool next() {
    while (!rest_.empty()) {
      const auto end = std::min(rest_.find('\n'), rest_.size());
      const std::string_view text = trimmed(rest_.substr(0, end));
      rest_.remove_prefix(std::min(end + 1, rest_.size()));
      ++line_;
      if (!text.empty() && text.front() != '#') {
        split(text);
        return true;
      }
    }
    return false;
  }

  [[nodiscard]] std::optional<std::size_t> find(const std::string& name) const {
    const auto found = columns_.find(name);
    return found == columns_.end() ? std::nullopt : std::optional(found->second);
  }

  [[nodiscard]] std::size_t column(const std::string& name) const {
    if (const auto found = find(name)) {
      return *found;
    }
    const bool semicolons = width_ == 1 && columns_.begin()->first.find(';') != std::string::npos;
    fail("no column '" + name + "'",
         semicolons ? kDecimalPoint : "the first line names the columns: t_s,power_w");
  }

  /// Throws for a row with more or fewer fields than there are columns.
  void check_width() const {
    if (fields_.size() > width_) {
      fail(fmt::format("{} fields in {} columns", fields_.size(), width_), kDecimalPoint);
    }
    if (fields_.size() < width_) {
      fail(fmt::format("{} fields in {} columns", fields_.size(), width_),
           "was the file cut off? remove the line");
    }
  }

  [[nodiscard]] const std::string& text(std::size_t column) const { return fields_[column]; }

  [[nodiscard]] double number(std::size_t column) const {
    const std::string& text = fields_[column];
    double value = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stop != end || !std::isfinite(value)) {
      fail("'" + text + "' is no number",
           text.find(',') != std::string::npos ? kDecimalPoint : "remove or mend the line");
    }
    return value;
  }

  [[noreturn]] void fail(const std::string& what, const std::string& remedy) const {
    throw Error(what, place(), remedy);
  }

  [[nodiscard]] std::string place() const { return fmt::format("{}:{}", file_, line_); }

 private:
  void split(std::string_view line) {
    fields_.clear();
    std::string field;
    bool quoted = false;
    for (const char c : line) {
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        fields_.emplace_back(trimmed(field));
        field.clear();
      } else {
        field += c;
      }
    }
    fields_.emplace_back(trimmed(field));
  }

  std::string_view rest_;
  std::string file_;
  int line_ = 0;
  std::vector<std::string> fields_;
  std::map<std::string, std::size_t> columns_;
  std::size_t width_ = 0;
};

std::string text_of(const std::filesystem::path& file) {
  auto text = read_text(file);
  if (!text) {
    throw system_error("cannot read", file.string(), errno);
  }
  return std::move(*text);
}

double time_of(const CsvReader& csv, std::size_t column) {
  const double t_s = csv.number(column);
  if (std::abs(t_s) > kTimeMax_s) {
    csv.fail(fmt::format("{} s is no time", csv.text(column)), "t_s counts seconds");
  }
  return t_s;
}

void add_reading(const CsvReader& csv, PowerTable::Channel& channel, double t_s, double value) {
  if (!channel.t_s.empty() && t_s < channel.t_s.back() + kStepMin_s) {
    csv.fail(t_s < channel.t_s.back() ? "the time is before the one above"
                                      : "the time repeats the one above",
             "sort the rows by t_s and keep one for each time");
  }
  if (!channel.is_energy && (value < 0 || value > kPowerMax_w)) {
    csv.fail(fmt::format("a power of {} W", value), "is the meter's sign inverted?");
  }
  if (channel.is_energy && !channel.value.empty() &&
      (value < channel.value.back() || value - channel.value.front() > kEnergyMax_j)) {
    csv.fail(fmt::format("the counter goes from {} to {} J", channel.value.back(), value),
             "a counter rises; cut the file where the meter was reset and import the parts");
  }
  channel.t_s.push_back(t_s);
  channel.value.push_back(value);
}

}  // namespace

PowerTable parse_power_table(std::string_view text, const std::string& file) {
  CsvReader csv(text, file);
  const std::size_t t_column = csv.column("t_s");
  const auto energy_column = csv.find("energy_j");
  const auto name_column = csv.find("channel");
  if (energy_column && csv.find("power_w")) {
    csv.fail("both energy_j and power_w", "keep the column that the meter measured");
  }
  const std::size_t value_column = energy_column ? *energy_column : csv.column("power_w");
  PowerTable table;
  table.file = file;
  while (csv.next()) {
    csv.check_width();
    const double t_s = time_of(csv, t_column);
    const double value = csv.number(value_column);
    const std::string name = name_column ? csv.text(*name_column) : "";
    auto channel = std::find_if(table.channels.begin(),
                                table.channels.end(),
                                [&](const auto& known) { return known.name == name; });
    if (channel == table.channels.end()) {
      table.channels.push_back({name, energy_column.has_value(), {}, {}, {}});
      channel = table.channels.end() - 1;
    }
    add_reading(csv, *channel, t_s, value);
  }
  for (const PowerTable::Channel& channel : table.channels) {
    if (channel.t_s.size() < 2) {
      csv.fail("one reading of channel '" + channel.name + "'", "an energy needs two readings");
    }
  }
  if (table.channels.empty()) {
    csv.fail("no readings", "an energy needs two readings");
  }
  return table;
}

PowerTable read_power_table(const std::filesystem::path& file) {
  return parse_power_table(text_of(file), file.string());
}

std::vector<TimedMark> parse_mark_table(std::string_view text, const std::string& file) {
  CsvReader csv(text, file);
  const std::size_t t_column = csv.column("t_s");
  const std::size_t mark_column = csv.column("mark");
  std::vector<TimedMark> marks;
  while (csv.next()) {
    csv.check_width();
    const double t_s = time_of(csv, t_column);
    ParsedMarks parsed = parse_marks(csv.text(mark_column), Instant{});
    if (parsed.rejected > 0 || parsed.marks.size() != 1) {
      csv.fail("'" + csv.text(mark_column) + "' is no mark", "write KEY=VALUE, such as EPOCH=3");
    }
    if (!marks.empty() && t_s < marks.back().t_s) {
      csv.fail("the time is before the one above", "sort the rows by t_s");
    }
    const Mark& mark = parsed.marks.front();
    const MarkSense sense = sense_of(mark.key, mark.value);
    if (sense == MarkSense::unparsable) {
      csv.fail(fmt::format("'{}' is no value of {}", mark.value, mark.key),
               "write EPOCH=3, SAMPLES=64, METRIC=name:0.5, PARAM=name:text");
    }
    marks.push_back({t_s, mark.key, mark.value, ""});
    if (sense == MarkSense::unknown_key) {
      marks.back().note = csv.place() + ": nothing knows the key " + mark.key;
    }
  }
  return marks;
}

std::vector<TimedMark> read_mark_table(const std::filesystem::path& file) {
  return parse_mark_table(text_of(file), file.string());
}

EnergyCurve curve_of(const PowerTable::Channel& channel) {
  EnergyCurve curve;
  if (channel.is_energy) {
    for (std::size_t i = 0; i < channel.t_s.size(); ++i) {
      curve.add(channel.t_s[i], channel.value[i] - channel.value.front());
    }
  } else {
    curve = EnergyCurve::of_power(channel.t_s, channel.value);
  }
  const double longest = longest_usual_step_s(curve);
  for (std::size_t i = 1; i < channel.t_s.size(); ++i) {
    if (channel.t_s[i] - channel.t_s[i - 1] > longest) {
      curve.add_gap(channel.t_s[i - 1], channel.t_s[i]);
    }
  }
  return curve;
}

double longest_usual_step_s(const EnergyCurve& curve) { return kGapSteps * curve.median_step_s(); }

}  // namespace gradwatt
