#include "report/recommendation_table.h"

#include "report/columns.h"
#include "units/show.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <vector>

namespace gradwatt {
namespace {

struct Unit {
  double factor = 1;
  std::string name;
  int decimals = 0;
};

/// The unit in which the least number has three digits, so that all of them can be read.
Unit unit_for(double least_j, Minimise what) {
  if (what == Minimise::time) {
    return {1, "s", least_j >= 99.95 ? 0 : least_j >= 9.995 ? 1 : 2};
  }
  constexpr std::array<std::pair<double, const char*>, 6> kUnits{
      {{1e-6, "µJ"}, {1e-3, "mJ"}, {1, "J"}, {1e3, "kJ"}, {1e6, "MJ"}, {1e9, "GJ"}}};
  Unit unit{kUnits.front().first, kUnits.front().second, 0};
  for (const auto& [factor, name] : kUnits) {
    if (least_j >= 0.9995 * factor) {
      unit = {factor, name, 0};
    }
  }
  const double shown = least_j / unit.factor;
  unit.decimals = shown >= 99.95 ? 0 : shown >= 9.995 ? 1 : 2;
  unit.name += what == Minimise::edp ? " s" : "";
  return unit;
}

struct Cell {
  std::string number;
  std::string marks;
  bool best = false;
};

const char* sign_of(SetupState state) {
  switch (state) {
    case SetupState::not_reached:
      return "✗";
    case SetupState::failed:
      return "–";
    case SetupState::stopped:
      return "↓";
    case SetupState::unfinished:
      return "…";
    case SetupState::not_run:
      return "·";
    case SetupState::no_energy:
    case SetupState::measured:
    case SetupState::partly_reached:
      break;
  }
  return "?";
}

class Tables {
 public:
  Tables(const RecommendationView& view, TableOf what) : view_(view), what_(what) {
    std::vector<double> values;
    for (const SetupResult& setup : view.grid.setups) {
      if (const auto value = value_of(setup)) {
        values.push_back(*value);
      }
    }
    if (what == TableOf::epochs_to_goal) {
      const bool whole = std::all_of(values.begin(), values.end(), [](double v) {
        return std::abs(v - std::round(v)) < 0.05;
      });
      unit_.decimals = whole ? 0 : 1;
    } else {
      unit_ = unit_for(values.empty() ? 1 : *std::min_element(values.begin(), values.end()),
                       what == TableOf::objective ? view.grid.minimise : Minimise::energy);
    }
  }

  [[nodiscard]] const std::string& unit() const { return unit_.name; }

  [[nodiscard]] std::string all() const {
    const auto& axes = view_.grid.axes;
    std::map<std::vector<std::size_t>, bool> rests;
    for (const SetupResult& setup : view_.grid.setups) {
      const auto skip = static_cast<std::ptrdiff_t>(std::min<std::size_t>(2, setup.place.size()));
      rests[{setup.place.begin() + skip, setup.place.end()}] = true;
    }
    std::string text;
    for (const auto& [rest, unused] : rests) {
      for (std::size_t i = 0; i < rest.size(); ++i) {
        text += fmt::format("{}{} {}",
                            i == 0 ? "" : ", ",
                            printable(axes[i + 2].name),
                            printable(axes[i + 2].values[rest[i]]));
      }
      text += (rest.empty() ? "" : "\n") + one(rest);
    }
    return text;
  }

 private:
  [[nodiscard]] std::optional<double> value_of(const SetupResult& setup) const {
    const auto& estimate = what_ == TableOf::energy_per_epoch ? setup.energy_per_epoch_j
                           : what_ == TableOf::epochs_to_goal
                               ? setup.epochs_needed
                               : objective_of(setup, view_.recommendation.objective);
    return estimate ? std::optional(estimate->value) : std::nullopt;
  }

  [[nodiscard]] Cell cell(const SetupResult* setup) const {
    if (setup == nullptr) {
      return {"·", "", false};
    }
    const auto value = value_of(*setup);
    if (!value) {
      return {sign_of(setup->state), "", false};
    }
    const auto index = static_cast<std::size_t>(setup - view_.grid.setups.data());
    const Recommendation& recommendation = view_.recommendation;
    Cell cell{fmt::format("{:.{}f}", *value / unit_.factor, unit_.decimals), "", false};
    if (what_ == TableOf::objective) {
      cell.best = recommendation.best == index;
      const auto is_it = [&](const TiedSetup& tied) { return tied.setup == index; };
      if (std::any_of(recommendation.tied.begin(), recommendation.tied.end(), is_it)) {
        cell.marks += "≈";
      }
    }
    if (what_ != TableOf::energy_per_epoch && setup->state == SetupState::partly_reached) {
      cell.marks += "✗";
    }
    const bool energy_per_epoch =
        what_ == TableOf::energy_per_epoch ||
        (what_ == TableOf::objective && recommendation.objective != Objective::to_goal);
    const auto is_it = [&](const SuspiciousSetup& odd) { return odd.setup == index; };
    if (energy_per_epoch &&
        std::any_of(recommendation.suspicious.begin(), recommendation.suspicious.end(), is_it)) {
      cell.marks += "!";
    }
    return cell;
  }

  /// One table: its cells, their common widths, then lines.
  [[nodiscard]] std::string one(const std::vector<std::size_t>& rest) const {
    const auto& axes = view_.grid.axes;
    const bool two_axes = axes.size() >= 2;
    const std::size_t rows = two_axes ? axes[0].values.size() : 1;
    const std::size_t across = two_axes ? 1 : 0;
    const std::size_t columns = axes.empty() ? 1 : axes[across].values.size();
    std::vector<std::vector<Cell>> cells(rows);
    std::size_t mark_width = 1;
    for (std::size_t row = 0; row < rows; ++row) {
      for (std::size_t column = 0; column < columns; ++column) {
        std::vector<std::size_t> place;
        if (two_axes) {
          place = {row, column};
        } else if (!axes.empty()) {
          place = {column};
        }
        place.insert(place.end(), rest.begin(), rest.end());
        cells[row].push_back(cell(view_.grid.at(place)));
        mark_width = std::max(mark_width, width_of(cells[row].back().marks));
      }
    }
    std::vector<std::vector<std::string>> lines{{axes.empty() ? "" : printable(axes[across].name)}};
    for (std::size_t column = 0; column < columns && !axes.empty(); ++column) {
      lines[0].push_back(printable(axes[across].values[column]) + std::string(mark_width, ' '));
    }
    for (std::size_t row = 0; row < rows; ++row) {
      lines.push_back({two_axes ? row_label(row) : ""});
      for (const Cell& cell : cells[row]) {
        const std::string marks = (cell.best ? "▌" : "") + cell.marks;
        lines.back().push_back((cell.best ? "▐" : "") + cell.number + padded(marks, mark_width));
      }
    }
    return without_trailing_spaces(aligned(lines, std::vector<bool>(columns + 1, true)));
  }

  /// "batch    64" in the first row, then values alone.
  [[nodiscard]] std::string row_label(std::size_t row) const {
    const GridAxis& axis = view_.grid.axes[0];
    std::size_t width = 0;
    for (const std::string& value : axis.values) {
      width = std::max(width, width_of(printable(value)));
    }
    const std::string value = padded_left(printable(axis.values[row]), width);
    return row == 0 ? printable(axis.name) + "  " + value : value;
  }

  static std::string without_trailing_spaces(const std::string& lines) {
    std::string text;
    for (const char c : lines) {
      if (c == '\n') {
        text.erase(text.find_last_not_of(' ') + 1);
      }
      text += c;
    }
    return text;
  }

  const RecommendationView& view_;
  TableOf what_;
  Unit unit_;
};

}  // namespace

GridTables grid_tables(const RecommendationView& view, TableOf what) {
  const Tables tables(view, what);
  return {tables.unit(), tables.all()};
}

std::string legend_for(const std::string& tables) {
  constexpr std::array<std::pair<const char*, const char*>, 9> kMarks{
      {{"▐", "▐ ▌ best"},
       {"≈", "≈ tied with it"},
       {"✗", "✗ goal not reached (after a number: not in every repeat)"},
       {"–", "– failed"},
       {"↓", "↓ stopped by the search"},
       {"…", "… unfinished"},
       {"·", "· not run"},
       {"?", "? energy not known"},
       {"!", "! suspicious"}}};
  std::string legend;
  for (const auto& [mark, meaning] : kMarks) {
    if (tables.find(mark) != std::string::npos) {
      legend += (legend.empty() ? "" : "   ") + std::string(meaning);
    }
  }
  return legend;
}

}  // namespace gradwatt
