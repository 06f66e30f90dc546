#pragma once

#include "analyze/search_rules.h"
#include "units/energy.h"
#include "units/instant.h"

#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

/// The table [search] of a sweep file.
struct SearchSettings {
  SearchStrategy strategy = SearchStrategy::grid;
  double eta = 2;
  double cap = 1;
  double gamma = 2;  ///< 0: whatever lags behind goes on until its cap.
  int rung_epochs = 1;
  Duration grace = std::chrono::seconds(10);
  std::optional<Energy> budget;
  int confirm = 0;
  std::optional<int>
      trainings;  ///< Of the setup found, later: what it saves has to pay the search.
  bool baseline = false;
  /// The user says: the command, started again with more {epochs} and the same {checkpoint}, goes
  /// on as if it had never stopped.
  bool continues = false;
  std::optional<std::vector<std::string>> profile;  ///< Axes; absent: cost_axes().
};

}  // namespace gradwatt
