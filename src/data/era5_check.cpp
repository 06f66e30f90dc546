#include "data/era5_check.h"

#include "base/error.h"
#include "data/era5_layout.h"
#include "data/era5_statistics.h"
#include "data/era5_years.h"
#include "data/side_by_side.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

namespace gradwatt {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kTargetsAtMost = 2;

/// "FILE: what is wrong\n  → what to do" without the file, which is shown by itself, and remedy.
std::string complaint_about(const fs::path& file, const Error& error) {
  std::string text = error.what();
  text.resize(std::min(text.find('\n'), text.size()));
  const std::string named = file.string() + ": ";
  return text.starts_with(named) ? text.substr(named.size()) : text;
}

struct YearCheck {
  std::optional<FieldShape> shape;
  std::string fact;
  ProblemList problems;
};

/// Adds the first value of each grid that is not finite.
void check_values(const Hdf5File& file,
                  std::int64_t time,
                  const std::vector<float>& grids,
                  ProblemList& problems) {
  const FieldShape& shape = file.shape();
  const auto grid = static_cast<std::size_t>(shape.height * shape.width);
  for (std::size_t begin = 0; begin < grids.size(); begin += grid) {
    const auto first = grids.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto last = first + static_cast<std::ptrdiff_t>(grid);
    const auto found = std::find_if(first, last, [](float v) { return !std::isfinite(v); });
    if (found == last) {
      continue;
    }
    const std::int64_t point = found - first;
    problems.add("value",
                 {file.path().string(),
                  fmt::format("fields[{}, {}, {}, {}] is {}; {} of this grid's {} are not finite",
                              time,
                              begin / grid,
                              point / shape.width,
                              point % shape.width,
                              *found,
                              std::count_if(found, last, [](float v) { return !std::isfinite(v); }),
                              grid),
                  false});
  }
}

YearCheck check_year(const fs::path& path) {
  YearCheck result;
  try {
    const Hdf5File file(path);
    const FieldShape& shape = file.shape();
    result.shape = shape;
    result.fact = fmt::format("{}/{}  {} times of {} channels on {} x {} points, {}",
                              path.parent_path().filename().string(),
                              path.filename().string(),
                              shape.times,
                              shape.channels,
                              shape.height,
                              shape.width,
                              file.layout_text());
    if (shape.times <= kTargetsAtMost) {
      result.problems.add("times",
                          {path.string(), fmt::format("has {} times only", shape.times), false});
    }
    FieldSelection all{std::vector<int>(static_cast<std::size_t>(shape.channels)), shape.height};
    std::iota(all.channels.begin(), all.channels.end(), 0);
    std::vector<float> grids(static_cast<std::size_t>(all.size(shape)));
    for (std::int64_t time = 0; time < shape.times; ++time) {
      file.read(time, 1, all, grids);
      check_values(file, time, grids, result.problems);
    }
  } catch (const Error& error) {
    result.problems.add("year", {path.string(), complaint_about(path, error), false});
  }
  return result;
}

bool same_grid(const FieldShape& a, const FieldShape& b) {
  return a.channels == b.channels && a.height == b.height && a.width == b.width;
}

void check_statistics(const fs::path& root, const FieldShape& shape, DataCheck& check) {
  FieldSelection all{std::vector<int>(static_cast<std::size_t>(shape.channels)), shape.height};
  std::iota(all.channels.begin(), all.channels.end(), 0);
  try {
    (void)read_era5_statistics(root, shape, all);
    check.facts.emplace_back("stats  means, deviations and the mean of each point");
  } catch (const Error& error) {
    check.problems.push_back({(root / "stats").string(), error.what(), false});
  }
}

}  // namespace

DataCheck check_era5(const fs::path& folder) {
  const Era5Files files = require_era5(folder);
  std::vector<fs::path> years = files.train;
  years.insert(years.end(), files.validation.begin(), files.validation.end());
  years.insert(years.end(), files.test.begin(), files.test.end());
  std::vector<YearCheck> checks(years.size());
  side_by_side(years.size(), [&](std::size_t i) { checks[i] = check_year(years[i]); });

  DataCheck check;
  ProblemList problems;
  std::optional<FieldShape> shape;
  for (std::size_t i = 0; i < years.size(); ++i) {
    problems.add(checks[i].problems);
    if (!checks[i].shape) {
      continue;
    }
    check.facts.push_back(checks[i].fact);
    shape = shape ? shape : checks[i].shape;
    if (!same_grid(*shape, *checks[i].shape)) {
      problems.add("grid",
                   {years[i].string(), "has other channels or points than the first year", false});
    }
  }
  if (shape) {
    check_statistics(files.root, *shape, check);
  }
  problems.write_to(check);
  return check;
}

}  // namespace gradwatt
