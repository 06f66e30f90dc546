#include "experiment/sweep_file.h"

#include "base/error.h"
#include "base/file.h"
#include "experiment/command_template.h"

#include <algorithm>
#include <cerrno>
#include <set>

namespace gradwatt {

const char* name_of(SweepOrder order) {
  switch (order) {
    case SweepOrder::interleaved:
      return "interleaved";
    case SweepOrder::sequential:
      return "sequential";
    case SweepOrder::random:
      return "random";
  }
  return "interleaved";
}

SweepFile load_sweep_file(const std::filesystem::path& file) {
  auto text = read_text(file);
  if (!text) {
    const Error reason = system_error("cannot read the sweep file", file.string(), errno);
    throw UsageError(reason.what(), "", "gradwatt sweep FILE.toml; docs/sweeps.md has the format");
  }
  return parse_sweep_file(std::move(*text), file.string());
}

std::map<std::string, std::string> values_of(const SweepFile& file,
                                             const std::vector<Factor>& cell,
                                             int repeat) {
  std::map<std::string, std::string> values{{"repeat", std::to_string(repeat)},
                                            {"seed", std::to_string(repeat + 1)}};
  for (const Factor& factor : cell) {
    values[factor.name] = factor.value;
  }
  for (const FixedValue& fixed : file.fixed) {
    if (!fixed.follows.empty()) {
      values[fixed.name] = fixed.by_value.at(values.at(fixed.follows));
    } else if (!fixed.is_template) {
      values[fixed.name] = fixed.in_repeat(repeat);
    }
  }
  const std::map<std::string, std::string> plain = values;
  for (const FixedValue& fixed : file.fixed) {
    if (fixed.is_template) {
      values[fixed.name] = substituted(fixed.per_repeat.front(), plain);
    }
  }
  return values;
}

std::vector<std::string> unused_fixed(const SweepFile& file) {
  std::vector<std::string> unused;
  if (!file.workload.empty()) {
    return unused;
  }
  std::set<std::string> used;
  for (const std::string& element : file.command) {
    for (std::string& name : names_in(element)) {
      used.insert(std::move(name));
    }
  }
  for (const FixedValue& fixed : file.fixed) {
    if (!used.contains(fixed.name)) {
      unused.push_back(fixed.name);
    }
  }
  return unused;
}

}  // namespace gradwatt
