#include "report/study_figures.h"

#include "analyze/relative_to_worst.h"
#include "analyze/study_results.h"
#include "report/columns.h"
#include "report/study_words.h"
#include "units/show.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace gradwatt {
namespace {

constexpr double kBarWidth = 50;

/// A bar of so many columns, in eighths of a column. Any positive length is seen.
std::string bar(double columns) {
  constexpr const char* kEighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  constexpr int kParts = 8;
  const int eighths =
      std::max(columns > 0 ? 1 : 0, static_cast<int>(std::lround(columns * kParts)));
  std::string text;
  for (int i = 0; i < eighths / kParts; ++i) {
    text += "█";
  }
  return text + kEighths[eighths % kParts];
}

std::string repeated(const char* symbol, double columns) {
  std::string text;
  for (long i = 0; i < std::lround(columns); ++i) {
    text += symbol;
  }
  return text;
}

/// Whether a rule belongs before this setup: another value of the first axis begins.
bool begins_group(const StudySweep& sweep, std::size_t setup) {
  return setup > 0 && !sweep.setups[setup].place.empty() &&
         sweep.setups[setup].place[0] != sweep.setups[setup - 1].place[0];
}

std::string figure3_of(const StudySweep& sweep) {
  std::vector<std::optional<double>> totals;
  for (const StudySetup& setup : sweep.setups) {
    totals.push_back(setup.total_j ? std::optional(setup.total_j->value) : std::nullopt);
  }
  const auto shares = relative_to_worst(totals);
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < totals.size(); ++i) {
    const StudySetup& setup = sweep.setups[i];
    std::vector<std::string> row{begins_group(sweep, i) ? "┄" : "", std::to_string(i + 1)};
    row.insert(row.end(), setup.values.begin(), setup.values.end());
    constexpr double kPercent = 100;
    row.push_back(shares[i] ? fmt::format("{:.0f} %", kPercent * *shares[i])
                            : absence_words(setup.state));
    row.push_back(totals[i] ? show_energy(*totals[i]) : "");
    row.push_back(bar(kBarWidth * shares[i].value_or(0)));
    rows.push_back(std::move(row));
  }
  std::vector<bool> right(rows.empty() ? 0 : rows.front().size(), true);
  if (!right.empty()) {
    right.back() = false;
  }
  std::string text = sweep.name + "\n" + aligned(rows, right);
  if (const auto range = total_range(sweep, false)) {
    text += fmt::format("best {}: {} of the worst = {:.3f} (per epoch) × {:.3f} (epochs)\n",
                        study_setup_words(sweep, range->best),
                        percent_words(range->share),
                        range->epoch_energy,
                        range->epochs);
  }
  if (const auto range = total_range(sweep, true)) {
    text += fmt::format("best of those that reached the goal, {}: {} of the worst of those\n",
                        study_setup_words(sweep, range->best),
                        percent_words(range->share));
  }
  return text;
}

/// One of Figure 4's three pairs of lines.
struct ReuseLine {
  std::string name;
  EncoderReuse energies;
  std::optional<double> cycles;

  [[nodiscard]] double pretrained(double cycle) const {
    return energies.encoder_j.value + cycle * energies.classifier_j.value;
  }
  [[nodiscard]] double joint(double cycle) const { return cycle * energies.joint_j.value; }
};

std::vector<ReuseLine> lines_of(const ReuseResult& result) {
  std::vector<ReuseLine> lines;
  const auto add = [&](const char* name, const std::optional<std::size_t>& index) {
    if (index) {
      lines.push_back({name, result.energies[*index], result.summary.setups[*index].cycles});
    }
  };
  add("best", result.summary.best);
  lines.push_back({"average", result.mean, result.summary.ratio_of_means});
  add("worst", result.summary.worst);
  return lines;
}

/// Cycles to show: a few round numbers and where lines cross.
std::set<int> cycles_to_show(const std::vector<ReuseLine>& lines) {
  constexpr int kLargest = 100'000;
  std::set<int> cycles{0, 1, 2, 5, 10, 20};
  for (const ReuseLine& line : lines) {
    if (line.cycles && *line.cycles < kLargest) {
      cycles.insert(static_cast<int>(whole_cycles(*line.cycles)));
    }
  }
  return cycles;
}

std::string break_even_words(const ReuseResult& result, std::size_t index) {
  const BreakEven& one = result.summary.setups[index];
  std::string text =
      fmt::format("x = {} → {:.0f}", three_digits(*one.cycles), whole_cycles(*one.cycles));
  text += whole_cycles(*one.cycles) == 1 ? " training" : " trainings";
  if (one.lo) {
    text += one.may_never ? fmt::format(" [{}, never]", three_digits(*one.lo))
                          : fmt::format(" [{}, {}]", three_digits(*one.lo), three_digits(*one.hi));
  }
  return text;
}

std::string break_evens_text(const StudySweep& sweep, const ReuseResult& result) {
  const BreakEvenSummary& summary = result.summary;
  std::string text;
  for (const auto& [name, index] :
       {std::pair("best", summary.best), std::pair("worst", summary.worst)}) {
    if (index) {
      text += fmt::format("{}: {}, {}\n",
                          name,
                          study_setup_words(sweep, result.setups[*index]),
                          break_even_words(result, *index));
    }
  }
  if (summary.mean_of_ratios) {
    text += fmt::format("mean of the ratios of the {} setups that break even: {}\n",
                        summary.setups.size() - static_cast<std::size_t>(summary.never),
                        three_digits(*summary.mean_of_ratios));
  }
  text += fmt::format("ratio of the means of all {} setups: {}\n",
                      summary.setups.size(),
                      summary.ratio_of_means ? three_digits(*summary.ratio_of_means) : "never");
  return text + fmt::format("setups that never break even: {}\n", summary.never);
}

std::string figure5_rows(const StudyView& view, const TasksResult& result) {
  const StudySweep& attributes = *view.part("attributes");
  const StudySweep& identity = *view.part("identity");
  const StudySweep& both = *view.part("multitask");
  const auto total = [](const StudySweep& sweep, std::size_t i) {
    return sweep.setups[i].total_j->value;
  };
  double largest = 0;
  for (const std::size_t i : result.setups) {
    largest = std::max({largest, total(attributes, i) + total(identity, i), total(both, i)});
  }
  std::vector<std::vector<std::string>> rows;
  for (const std::size_t i : result.setups) {
    const double a = total(attributes, i);
    const double b = total(identity, i);
    rows.push_back(
        {std::to_string(i + 1),
         "apart",
         show_energy(a + b),
         repeated("▒", kBarWidth * a / largest) + repeated("░", kBarWidth * b / largest)});
    rows.push_back(
        {"", "both", show_energy(total(both, i)), bar(kBarWidth * total(both, i) / largest)});
  }
  return aligned(rows, {true, false, true, false});
}

}  // namespace

std::string study_figure3_text(const StudyView& view) {
  std::string text;
  for (const char* part : {"joint", "identity"}) {
    const StudySweep* sweep = view.part(part);
    if (sweep != nullptr && sweep->energy_known) {
      text += (text.empty() ? "" : "\n") + figure3_of(*sweep);
    }
  }
  return text.empty() ? ""
                      : "Figure 3 · energy until the early stop, the worst setup is 100 %, " +
                            energy_kind_words(view) + "\n" + indented(text) + "\n";
}

std::string study_figure4_text(const StudyView& view) {
  const auto result = reuse_result(view.part("pretrain"), view.part("joint"), view.part("frozen"));
  if (!result) {
    return "";
  }
  const auto lines = lines_of(*result);
  std::vector<std::vector<std::string>> rows{{"cycles"}};
  for (const ReuseLine& line : lines) {
    rows[0].push_back(line.name + ": reuse");
    rows[0].emplace_back("scratch");
    rows[0].emplace_back("");
  }
  for (const int cycle : cycles_to_show(lines)) {
    rows.push_back({std::to_string(cycle)});
    for (const ReuseLine& line : lines) {
      const bool crossed = line.cycles && cycle >= whole_cycles(*line.cycles);
      rows.back().push_back(show_energy(line.pretrained(cycle)));
      rows.back().push_back(show_energy(line.joint(cycle)));
      rows.back().emplace_back(crossed ? "✓" : "");
    }
  }
  return fmt::format(
             "Figure 4 · cumulative energy: encoder pretrained once and reused frozen, against "
             "from scratch each\n  time, {}; ✓ where reuse has paid off\n",
             energy_kind_words(view)) +
         indented(aligned(rows, all_right(rows.front().size())) +
                  break_evens_text(*view.part("joint"), *result)) +
         "\n";
}

std::string study_figure5_text(const StudyView& view) {
  const auto result =
      tasks_result(view.part("attributes"), view.part("identity"), view.part("multitask"));
  if (!result) {
    return "";
  }
  return "Figure 5 · attributes ▒ and identity ░ apart, and both in one training █, " +
         energy_kind_words(view) + "\n" + indented(figure5_rows(view, *result)) + "\n";
}

}  // namespace gradwatt
