#include "measure/cpu_power_table.h"

#include "base/error.h"
#include "base/file.h"
#include "trace/median.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <sstream>
#include <utility>

namespace gradwatt {

extern const char* const embedded_cpu_power_csv;  // sources/cpu_power.csv

namespace {

constexpr double kGenerationError = 0.5;
constexpr std::size_t kColumns = 8;

std::vector<int> integers(const std::string& text) {
  std::vector<int> values;
  std::istringstream words(text);
  for (int value = 0; words >> value;) {
    values.push_back(value);
  }
  return values;
}

CpuPowerRow parse_row(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream rest(line);
  for (std::string cell; std::getline(rest, cell, ',');) {
    cells.push_back(cell);
  }
  if (cells.size() != kColumns) {
    throw Error(fmt::format("{} columns instead of {}", cells.size(), kColumns), line);
  }
  CpuPowerRow row{cells[0],
                  std::stoi(cells[1]),
                  integers(cells[2]),
                  integers(cells[3]),
                  cells[4],
                  std::stod(cells[5]),
                  std::stod(cells[6]),
                  cells[7]};
  if (row.idle_w < 0 || row.full_w <= row.idle_w || row.models.empty()) {
    throw Error("needs models and 0 <= idle_w < full_w", line);
  }
  return row;
}

bool matches(const CpuPowerRow& row, const CpuIdentity& cpu) {
  const auto has = [](const std::vector<int>& values, std::optional<int> value) {
    return value && std::find(values.begin(), values.end(), *value) != values.end();
  };
  return row.vendor == cpu.vendor && cpu.family == row.family && has(row.models, cpu.model) &&
         (row.steppings.empty() || has(row.steppings, cpu.stepping));
}

ThreadPower middle_of(const std::vector<CpuPowerRow>& rows, const std::string& whose) {
  std::vector<double> idle;
  std::vector<double> full;
  for (const CpuPowerRow& row : rows) {
    idle.push_back(row.idle_w);
    full.push_back(row.full_w);
  }
  ThreadPower power{median_of(idle), median_of(full), 0, 0, ""};
  const auto ratio = [](double extreme, double middle) { return extreme / middle; };
  const double least = std::min(ratio(*std::min_element(idle.begin(), idle.end()), power.idle_w),
                                ratio(*std::min_element(full.begin(), full.end()), power.full_w));
  const double most = std::max(ratio(*std::max_element(idle.begin(), idle.end()), power.idle_w),
                               ratio(*std::max_element(full.begin(), full.end()), power.full_w));
  power.gain_lo = 1 - least * (1 - kGenerationError);
  power.gain_hi = most * (1 + kGenerationError) - 1;
  power.basis = fmt::format(
      "CPU not in the table of 2023-05-01: middle of {} {} servers", rows.size(), whose);
  return power;
}

}  // namespace

std::vector<CpuPowerRow> parse_cpu_power_table(std::string_view csv) {
  std::vector<CpuPowerRow> rows;
  std::istringstream lines{std::string(csv)};
  int number = 0;
  bool header = true;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (trimmed(line).empty() || line.front() == '#' || std::exchange(header, false)) {
      continue;
    }
    try {
      rows.push_back(parse_row(line));
    } catch (const std::exception& error) {
      throw Error(error.what(), fmt::format("CPU power table, line {}", number));
    }
  }
  return rows;
}

const std::vector<CpuPowerRow>& cpu_power_table() {
  static const std::vector<CpuPowerRow> kTable = parse_cpu_power_table(embedded_cpu_power_csv);
  return kTable;
}

ThreadPower thread_power(const CpuIdentity& cpu, const std::vector<CpuPowerRow>& table) {
  for (const CpuPowerRow& row : table) {
    if (matches(row, cpu)) {
      return {
          row.idle_w,
          row.full_w,
          kGenerationError,
          kGenerationError,
          fmt::format(
              "{}, server watts per thread, {} of 2023-05-01, ±50 %", row.generation, row.source)};
    }
  }
  std::vector<CpuPowerRow> same_vendor;
  std::copy_if(table.begin(), table.end(), std::back_inserter(same_vendor), [&](const auto& row) {
    return row.vendor == cpu.vendor;
  });
  const std::string whose = cpu.is_amd() ? "AMD" : "Intel";
  return same_vendor.empty() ? middle_of(table, "known") : middle_of(same_vendor, whose);
}

}  // namespace gradwatt
