#include "analyze/run_table.h"

#include "analyze/csv_lines.h"
#include "analyze/varied_numbers.h"
#include "base/closest_name.h"
#include "base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>
#include <unordered_map>

namespace gradwatt {
namespace {

using OptionalNumber = std::optional<double>;

/// A column that holds one number, and what it means: of a run, of a row, or of both.
struct NumberColumn {
  const char* name;
  OptionalNumber RunRow::*of_run;
  bool adds_up;  ///< Over the rows of a run. Else it is the same in all of them.
};

constexpr std::array<NumberColumn, 8> kNumbers{{{"energy_j", &RunRow::total_j, true},
                                                {"duration_s", &RunRow::duration_s, true},
                                                {"samples", &RunRow::samples, true},
                                                {"updates", &RunRow::updates, true},
                                                {"gpu_hours", &RunRow::gpu_hours, true},
                                                {"gpus", &RunRow::gpus, false},
                                                {"global_batch", &RunRow::global_batch, false},
                                                {"local_batch", &RunRow::local_batch, false}}};
constexpr const char* kPowerLimit = "device_power_limit_w";

/// What a column of this file is.
struct Column {
  enum class Kind { unused, run, factor, repeat, epoch, number, nodes, reached, limit, metric };
  Kind kind = Kind::unused;
  std::string name;
  const NumberColumn* number = nullptr;
};

struct RowNumbers {
  std::array<OptionalNumber, kNumbers.size()> values;
  std::optional<int> epoch;
};

class TableReader {
 public:
  TableReader(std::string_view csv, std::string file) : lines_(csv), file_(std::move(file)) {}

  RunTable read() {
    read_heading();
    while (const auto* fields = lines_.next()) {
      read_row(*fields);
    }
    if (table_.runs.empty()) {
      fail("the table has a heading and no rows", "add a row for each run, or for each epoch");
    }
    for (std::size_t run = 0; run < table_.runs.size(); ++run) {
      finish(table_.runs[run], sums_[run]);
    }
    note_doubts();
    add_varied_numbers(table_.runs);
    return std::move(table_);
  }

 private:
  using Fields = std::vector<std::string_view>;

  [[noreturn]] void fail(const std::string& what, const std::string& remedy = "") const {
    throw UsageError(what, fmt::format("{}:{}", file_, std::max(lines_.line(), 1)), remedy);
  }

  void read_heading();
  [[nodiscard]] Column column_named(const std::string& name);
  void read_row(const Fields& fields);
  RunRow& run_of(const Fields& fields);
  void check_same_factors(const RunRow& run, const Fields& fields) const;
  void read_reached(RunRow& run, OptionalNumber value) const;
  void read_run_fields(RunRow& run, const Fields& fields) const;
  void read_epoch(RunRow& run, int epoch, const RowNumbers& numbers, const Fields& fields) const;
  [[nodiscard]] OptionalNumber number(const Fields& fields, std::size_t column) const;
  [[nodiscard]] std::optional<int> count(const Fields& fields, std::size_t column) const;
  template <typename Value>
  void set_once(std::optional<Value>& into, std::optional<Value> value, const char* name) const;

  /// What the rows of a run add up to, and what a row without an epoch says instead.
  struct Sums {
    RowNumbers of_epochs;
    RowNumbers of_run;
    std::array<bool, kNumbers.size()> has_unknown{};
    int epochs = 0;
  };
  [[nodiscard]] RowNumbers read_numbers(RunRow& run, const Fields& fields) const;
  void add_to(Sums& sums, const RunRow& run, const RowNumbers& numbers) const;
  static void finish(RunRow& run, const Sums& sums);
  void note_doubts();

  CsvLines lines_;
  std::string file_;
  std::vector<Column> columns_;
  std::optional<std::size_t> run_column_;
  std::optional<std::size_t> epoch_column_;
  RunTable table_;
  std::vector<Sums> sums_;
  std::unordered_map<std::string, std::size_t> by_id_;
  std::size_t last_run_ = 0;
  std::string last_id_;
};

Column TableReader::column_named(const std::string& name) {
  using Kind = Column::Kind;
  constexpr std::string_view kFactor = "factor.";
  constexpr std::string_view kMetric = "metric.";
  if (name.starts_with(kFactor) && name.size() > kFactor.size()) {
    return {Kind::factor, name.substr(kFactor.size())};
  }
  if (name.starts_with(kMetric) && name.size() > kMetric.size()) {
    return {Kind::metric, name.substr(kMetric.size())};
  }
  const std::array<std::pair<const char*, Kind>, 6> others{{{"run", Kind::run},
                                                            {"repeat", Kind::repeat},
                                                            {"epoch", Kind::epoch},
                                                            {"nodes", Kind::nodes},
                                                            {"reached", Kind::reached},
                                                            {kPowerLimit, Kind::limit}}};
  for (const auto& [known, kind] : others) {
    if (name == known) {
      return {kind, name};
    }
  }
  for (const NumberColumn& known : kNumbers) {
    if (name == known.name) {
      return {Kind::number, name, &known};
    }
  }
  table_.notes.push_back(
      fmt::format("{}: column '{}' is not used; what was varied is called factor.{}, what was "
                  "reached metric.{}",
                  file_,
                  name,
                  name,
                  name));
  return {Kind::unused, name};
}

void TableReader::read_heading() {
  const Fields* heading = lines_.next();
  if (heading == nullptr) {
    fail("the table is empty", "the first line names the columns: run,factor.batch,energy_j");
  }
  for (const std::string_view field : *heading) {
    const std::string name(field);
    for (const Column& other : columns_) {
      if (other.name == name && other.kind != Column::Kind::unused) {
        fail(fmt::format("column '{}' comes twice", name));
      }
    }
    Column column = column_named(name);
    if (column.kind == Column::Kind::run) {
      run_column_ = columns_.size();
    } else if (column.kind == Column::Kind::epoch) {
      epoch_column_ = columns_.size();
    }
    columns_.push_back(std::move(column));
  }
  const auto is_number = [](const Column& column) {
    return column.kind == Column::Kind::number || column.kind == Column::Kind::metric;
  };
  const bool is_one = columns_.size() == 1;
  if (is_one && columns_.front().name.find_first_of(";\t") != std::string::npos) {
    fail("the columns are not separated by commas", "write run,factor.batch,energy_j");
  }
  if (std::none_of(columns_.begin(), columns_.end(), is_number)) {
    fail("no column is one that gradwatt knows",
         "name them run, factor.NAME, epoch, energy_j, duration_s, metric.NAME, as docs/tables.md "
         "has it");
  }
}

OptionalNumber TableReader::number(const Fields& fields, std::size_t column) const {
  std::string_view text = fields[column];
  if (text.empty() || text == "nan" || text == "NaN" || text == "NA") {
    return std::nullopt;
  }
  text.remove_prefix(text.front() == '+' ? 1 : 0);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) {
    fail(fmt::format("{} is '{}', which is no number", columns_[column].name, fields[column]),
         "write a number with a point, or leave the field empty where it is not known");
  }
  return value;
}

std::optional<int> TableReader::count(const Fields& fields, std::size_t column) const {
  const OptionalNumber value = number(fields, column);
  if (value && (*value < 0 || *value != std::floor(*value) || *value > 1e9)) {
    fail(fmt::format("{} is '{}', which is no count", columns_[column].name, fields[column]),
         "write a whole number from 0");
  }
  return value ? std::optional(static_cast<int>(*value)) : std::nullopt;
}

template <typename Value>
void TableReader::set_once(std::optional<Value>& into,
                           std::optional<Value> value,
                           const char* name) const {
  if (into && value && *into != *value) {
    fail(fmt::format("this run has {} {} here and {} above", name, *value, *into),
         "rows of one run have the same; give other runs another name in the column 'run'");
  }
  if (value) {
    into = value;
  }
}

void TableReader::check_same_factors(const RunRow& run, const Fields& fields) const {
  std::size_t factor = 0;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].kind != Column::Kind::factor) {
      continue;
    }
    const std::string& known = run.factors[factor++].second;
    if (known != fields[i]) {
      fail(fmt::format("run {} has factor.{} '{}' here and '{}' above",
                       run.run,
                       columns_[i].name,
                       fields[i],
                       known),
           "rows of one run have the same; give other runs another name in the column 'run'");
    }
  }
}

RunRow& TableReader::run_of(const Fields& fields) {
  std::string id;
  if (run_column_) {
    id = fields[*run_column_];
    if (id.empty()) {
      fail("the run has no name", "fill in the column 'run'");
    }
  } else if (epoch_column_) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const Column& column = columns_[i];
      if (column.kind == Column::Kind::factor || column.kind == Column::Kind::repeat) {
        id += fmt::format("{}{}={}", id.empty() ? "" : " ", column.name, fields[i]);
      }
    }
  } else {
    id = fmt::format("row {}", table_.runs.size() + 1);
  }
  if (!table_.runs.empty() && id == last_id_) {
    check_same_factors(table_.runs[last_run_], fields);
    return table_.runs[last_run_];
  }
  const auto [known, is_new] = by_id_.emplace(id, table_.runs.size());
  last_id_ = id;
  last_run_ = known->second;
  if (!is_new) {
    check_same_factors(table_.runs[last_run_], fields);
    return table_.runs[last_run_];
  }
  RunRow run;
  run.run = id;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].kind == Column::Kind::factor) {
      run.factors.emplace_back(columns_[i].name, fields[i]);
    }
  }
  sums_.emplace_back();
  return table_.runs.emplace_back(std::move(run));
}

void TableReader::read_reached(RunRow& run, OptionalNumber value) const {
  if (!value) {
    return;
  }
  if (*value != 0 && *value != 1) {
    fail(fmt::format("reached is {}", *value), "write 1 for yes and 0 for no");
  }
  run.reached = run.reached.value_or(false) || *value == 1;
}

void TableReader::read_run_fields(RunRow& run, const Fields& fields) const {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    switch (columns_[i].kind) {
      case Column::Kind::repeat:
        run.repeat = count(fields, i).value_or(0);
        break;
      case Column::Kind::nodes:
        set_once(run.nodes, count(fields, i), "nodes");
        break;
      case Column::Kind::limit:
        set_once(run.power_limit_w, number(fields, i), kPowerLimit);
        break;
      case Column::Kind::reached:
        read_reached(run, number(fields, i));
        break;
      default:
        break;
    }
  }
}

void TableReader::read_epoch(RunRow& run,
                             int epoch,
                             const RowNumbers& numbers,
                             const Fields& fields) const {
  EpochRow row;
  row.epoch = epoch;
  row.energy_j = numbers.values[0];
  row.duration_s = numbers.values[1].value_or(0);
  row.samples = numbers.values[2];
  row.steps = numbers.values[3];
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    // Whether it was reached by then is a metric, too.
    if (columns_[i].kind == Column::Kind::metric || columns_[i].kind == Column::Kind::reached) {
      if (const OptionalNumber value = number(fields, i)) {
        row.metrics.emplace_hint(row.metrics.end(), columns_[i].name, *value);
      }
    }
  }
  const auto after =
      std::upper_bound(run.epochs.begin(), run.epochs.end(), epoch, [](int e, const EpochRow& r) {
        return e < r.epoch;
      });
  if (after != run.epochs.begin() && (after - 1)->epoch == epoch) {
    fail(fmt::format("epoch {} of run {} comes twice", epoch, run.run),
         "repeats of a run need names of their own in the column 'run', or a column 'repeat'");
  }
  run.epochs.insert(after, std::move(row));
}

RowNumbers TableReader::read_numbers(RunRow& run, const Fields& fields) const {
  RowNumbers numbers;
  if (epoch_column_) {
    numbers.epoch = count(fields, *epoch_column_);
  }
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const Column& column = columns_[i];
    if (column.kind == Column::Kind::metric && !numbers.epoch) {
      if (const OptionalNumber value = number(fields, i)) {
        run.metrics[column.name] = *value;
      }
    }
    if (column.kind != Column::Kind::number) {
      continue;
    }
    const OptionalNumber value = number(fields, i);
    if (value && *value < 0) {
      fail(fmt::format("{} is {}", column.name, fields[i]), "it cannot be negative");
    }
    if (column.number->adds_up) {
      numbers.values[static_cast<std::size_t>(column.number - kNumbers.data())] = value;
    } else {
      set_once(run.*column.number->of_run, value, column.number->name);
    }
  }
  return numbers;
}

void TableReader::add_to(Sums& sums, const RunRow& run, const RowNumbers& numbers) const {
  sums.epochs += numbers.epoch ? 1 : 0;
  for (std::size_t i = 0; i < kNumbers.size(); ++i) {
    const OptionalNumber& value = numbers.values[i];
    if (!numbers.epoch && value && sums.of_run.values[i]) {
      fail(fmt::format("run {} has two rows of its own", run.run),
           "give each repeat its own name in the column 'run', or number the column 'epoch'");
    }
    if (!value) {
      sums.has_unknown[i] = sums.has_unknown[i] || numbers.epoch.has_value();
    } else if (numbers.epoch) {
      sums.of_epochs.values[i] = sums.of_epochs.values[i].value_or(0) + *value;
    } else {
      sums.of_run.values[i] = value;
    }
  }
}

void TableReader::read_row(const Fields& fields) {
  if (fields.size() != columns_.size()) {
    fail(fmt::format("{} fields, and the heading has {}", fields.size(), columns_.size()));
  }
  RunRow& run = run_of(fields);
  read_run_fields(run, fields);
  const RowNumbers numbers = read_numbers(run, fields);
  add_to(sums_[last_run_], run, numbers);
  if (numbers.epoch) {
    read_epoch(run, *numbers.epoch, numbers, fields);
  }
}

/// What is possible, and more often a slip.
void TableReader::note_doubts() {
  std::set<std::pair<std::vector<std::pair<std::string, std::string>>, int>> repeats;
  const bool has_repeats = std::any_of(columns_.begin(), columns_.end(), [](const Column& column) {
    return column.kind == Column::Kind::repeat;
  });
  int doubled = 0;
  int gaps = 0;
  std::string with_gap;
  for (const RunRow& run : table_.runs) {
    doubled += has_repeats && !repeats.emplace(run.factors, run.repeat).second ? 1 : 0;
    const auto epochs = static_cast<int>(run.epochs.size());
    if (epochs > 0 && run.epochs.back().epoch - run.epochs.front().epoch >= epochs) {
      with_gap = gaps++ == 0 ? run.run : with_gap;
    }
  }
  if (doubled > 0) {
    table_.notes.push_back(
        fmt::format("{}: {} runs have the factors and the repeat of another: are rows there twice?",
                    file_,
                    doubled));
  }
  if (gaps > 0) {
    table_.notes.push_back(
        fmt::format("{}: epochs are missing in {} runs ({}, ...): what they took is not counted",
                    file_,
                    gaps,
                    with_gap));
  }
}

void TableReader::finish(RunRow& run, const Sums& sums) {
  for (std::size_t i = 0; i < kNumbers.size(); ++i) {
    if (!kNumbers[i].adds_up) {
      continue;
    }
    OptionalNumber& into = run.*kNumbers[i].of_run;
    into = sums.of_run.values[i];
    if (!into && sums.epochs > 0 && !sums.has_unknown[i]) {
      into = sums.of_epochs.values[i];
    }
  }
  const OptionalNumber& whole = sums.of_run.values[0];
  if (whole && sums.of_epochs.values[0] && !sums.has_unknown[0]) {
    run.outside_epochs_j = std::max(0.0, *whole - *sums.of_epochs.values[0]);
  }
}

}  // namespace

RunTable parse_run_table(std::string_view csv, const std::string& file) {
  return TableReader(csv, file).read();
}

}  // namespace gradwatt
