#include "report/phases_text.h"

#include "report/columns.h"
#include "units/show.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

namespace gradwatt {
namespace {

/// A phase of one name over several epochs.
struct PhaseSum {
  std::string name;
  Duration duration{};
  std::optional<Energy> energy;  ///< Absent: of no occurrence it is known.
  std::int64_t count = 0;
  std::string not_observable;
};

class PhaseSums {
 public:
  void add(const std::vector<PhaseAccount>& phases) {
    for (const PhaseAccount& phase : phases) {
      PhaseSum& sum = of(phase.name);
      sum.duration += phase.duration;
      sum.count += phase.count;
      if (phase.energy) {
        sum.energy = sum.energy.value_or(Energy{}) + *phase.energy;
      }
      if (!phase.not_observable.empty()) {
        sum.not_observable = phase.not_observable;
      }
    }
  }

  /// By energy, the largest first; without energy, by time.
  [[nodiscard]] std::vector<PhaseSum> sorted() const {
    std::vector<PhaseSum> sums = sums_;
    std::stable_sort(sums.begin(), sums.end(), [](const PhaseSum& a, const PhaseSum& b) {
      const Energy none{};
      return a.energy.value_or(none) == b.energy.value_or(none)
                 ? a.duration > b.duration
                 : b.energy.value_or(none) < a.energy.value_or(none);
    });
    return sums;
  }

 private:
  PhaseSum& of(const std::string& name) {
    const auto found = std::find_if(
        sums_.begin(), sums_.end(), [&](const PhaseSum& sum) { return sum.name == name; });
    return found == sums_.end() ? sums_.emplace_back(PhaseSum{name, {}, {}, 0, {}}) : *found;
  }

  std::vector<PhaseSum> sums_;
};

std::vector<std::string> row_of(const PhaseSum& sum, double occasions) {
  const auto mean = [&](double value) { return value / occasions; };
  return {printable(sum.name),
          show_duration(from_seconds(mean(seconds(sum.duration)))),
          sum.energy ? show_energy(Energy::from_joules(mean(sum.energy->joules()))) : "?",
          fmt::format("{:.4g}", mean(static_cast<double>(sum.count)))};
}

/// Phases may lie within one another, and then count for both.
bool lie_within_one_another(const std::vector<PhaseSum>& sums, Duration whole) {
  Duration all{};
  for (const PhaseSum& sum : sums) {
    all += sum.duration;
  }
  return seconds(all) > 1.01 * seconds(whole);
}

std::string table_of(const std::string& title,
                     const std::vector<PhaseSum>& sums,
                     double occasions,
                     Duration whole) {
  if (sums.empty()) {
    return "";
  }
  std::vector<std::vector<std::string>> rows{{title, "time", "energy", "times"}};
  for (const PhaseSum& sum : sums) {
    rows.push_back(row_of(sum, occasions));
  }
  std::string text = "\n" + aligned(rows, {false, true, true, true});
  for (const PhaseSum& sum : sums) {
    if (!sum.not_observable.empty()) {
      text += wrapped("energy of " + printable(sum.name) + ": " + sum.not_observable);
    }
  }
  if (lie_within_one_another(sums, whole)) {
    text += "phases lie within one another: what an inner one took is part of the outer one, too\n";
  }
  return text;
}

}  // namespace

std::string phase_line(const RunAccount& account) {
  PhaseSums phases;
  for (const EpochAccount& epoch : account.epochs) {
    phases.add(epoch.phases);
  }
  phases.add(account.outside_phases);
  if (!account.total || account.total->energy <= Energy{}) {
    return "";
  }
  std::string text;
  for (const PhaseSum& sum : phases.sorted()) {
    if (sum.energy) {
      text += fmt::format("{}{} {:.0f} %",
                          text.empty() ? "" : " · ",
                          printable(sum.name),
                          100 * sum.energy->joules() / account.total->energy.joules());
    }
  }
  return text.empty() ? "" : "  phases      " + text + "   of the run's energy\n";
}

std::string phases_table(const RunAccount& account) {
  PhaseSums inside;
  Duration whole{};
  int epochs = 0;
  for (const EpochAccount& epoch : account.epochs) {
    if (epoch.complete) {
      inside.add(epoch.phases);
      whole += epoch.end - epoch.begin;
      ++epochs;
    }
  }
  PhaseSums outside;
  outside.add(account.outside_phases);
  return table_of("phase of an epoch, in the mean", inside.sorted(), std::max(epochs, 1), whole) +
         table_of("phase outside epochs", outside.sorted(), 1, account.outside_duration);
}

}  // namespace gradwatt
