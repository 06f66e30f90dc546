#pragma once

#include <boost/container/flat_map.hpp>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gradwatt {

/// Metrics by name. As a std::map to its users, and half as large: there may be a million.
using MetricValues = boost::container::flat_map<std::string, double>;

/// One epoch of a run, as numbers to compute with.
struct EpochRow {
  int epoch = 0;
  std::optional<double> energy_j;  ///< Absent: no sensor covered it.
  double duration_s = 0;
  MetricValues metrics;
  bool complete = true;  ///< false: cut short. Its energy was spent, but it is no whole epoch.
  /// By study 1's Equation 1 taken literally, for comparison only.
  std::optional<double> energy_eq1_j;
  std::optional<double> samples;  ///< Trained on, by all ranks together.
  std::optional<double> steps;    ///< Of the optimizer.
  /// Part of its energy that went into evaluating. Absent: not told apart.
  std::optional<double> eval_j = {};
};

/// How a run ended, as far as an analysis needs to know.
enum class RunOutcome { finished, failed, unfinished };

/// One run, of a sweep or of a table from elsewhere: the unit every comparison starts from.
struct RunRow {
  std::string run;                                           ///< Id, to trace advice back.
  std::vector<std::pair<std::string, std::string>> factors;  ///< Name and literal value.
  int repeat = 0;
  RunOutcome outcome = RunOutcome::finished;
  std::vector<EpochRow> epochs;            ///< In the order in which they ran.
  std::optional<double> outside_epochs_j;  ///< Start-up, evaluation between epochs, saving.
  std::optional<double> total_j;
  std::optional<double> duration_s;
  std::optional<double> coverage = {};    ///< Share of its epochs' time that sensors covered, 0..1.
  std::optional<double> idle_share = {};  ///< Of its energy, used by devices that did nothing.
  bool stopped_by_search = false;         ///< It had lost; what it used is known, its end is not.
  bool estimated = false;                 ///< Some of its energy comes from a model.
  std::map<std::string, std::string> params = {};  ///< What the training said of itself (PARAM).
  std::optional<int> nodes = {};                   ///< Machines that it ran on.

  // What tables from elsewhere say of a run as a whole.
  MetricValues metrics = {};         ///< Where no epoch has them.
  std::optional<bool> reached = {};  ///< Whether it reached what it was meant to.
  std::optional<double> gpus = {};
  std::optional<double> global_batch = {};
  std::optional<double> local_batch = {};
  std::optional<double> samples = {};  ///< Trained on, over all its epochs.
  std::optional<double> updates = {};  ///< Steps of the optimizer, over all its epochs.
  std::optional<double> gpu_hours = {};
  std::optional<double> power_limit_w = {};  ///< Of each device.

  // What a stored run says of itself.
  std::string name = {};
  std::map<std::string, std::string> tags = {};
  std::map<std::string, std::string> environment = {};  ///< Host, CPU, versions: manifest.h.
};

/// The accuracy a training has to reach. Exactly one of `reach` and `best_minus` is set.
struct Goal {
  std::string metric;
  std::optional<double> reach;       ///< metric >= reach (or <= when smaller is better).
  std::optional<double> best_minus;  ///< Within this of the best value any run reached.
  bool smaller_is_better = false;    ///< For losses and errors.
};

}  // namespace gradwatt
