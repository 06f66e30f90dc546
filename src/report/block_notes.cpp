#include "report/block_notes.h"

#include "report/columns.h"
#include "units/show.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace gradwatt {
namespace {

std::string runs_of_kind(int runs, const std::string& kind) {
  return fmt::format("{} {} of '{}'", runs, runs == 1 ? "run" : "runs", printable(kind));
}

/// The largest value in any epoch, or that of the whole run.
std::optional<double> best_metric(const RunRow& run, const std::string& metric) {
  std::optional<double> best;
  for (const EpochRow& epoch : run.epochs) {
    const auto found = epoch.metrics.find(metric);
    if (found != epoch.metrics.end() && std::isfinite(found->second)) {
      best = std::max(best.value_or(found->second), found->second);
    }
  }
  if (const auto whole = run.metrics.find(metric); !best && whole != run.metrics.end()) {
    return whole->second;
  }
  return best;
}

std::optional<double> mean_metric(const SetupBlocks& blocks,
                                  std::size_t kind,
                                  const std::string& metric) {
  double sum = 0;
  for (const SetupBlock& block : blocks.blocks) {
    const auto& runs = block.kinds[kind];
    for (const RunRow* run : runs) {
      const auto best = best_metric(*run, metric);
      if (!best) {
        return std::nullopt;
      }
      sum += *best / static_cast<double>(runs.size() * blocks.blocks.size());
    }
  }
  return blocks.blocks.empty() ? std::nullopt : std::optional(sum);
}

}  // namespace

std::string block_words(const SetupBlock& block) {
  std::string words;
  for (const auto& [name, value] : block.factors) {
    words += (words.empty() ? "" : ", ") + printable(name) + " " + printable(value);
  }
  return words;
}

std::vector<std::string> block_notes(const SetupBlocks& blocks,
                                     std::span<const std::string> kinds) {
  std::vector<std::string> notes;
  if (blocks.blocks.size() > 1) {
    notes.push_back(fmt::format("runs are compared only with runs of equal {}",
                                fmt::join(blocks.matched_by, " and ")));
  }
  for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
    if (blocks.unusable[kind] > 0) {
      notes.push_back(runs_of_kind(blocks.unusable[kind], kinds[kind]) +
                      " left out: not finished, or of unknown energy");
    }
    if (blocks.unmatched[kind] > 0) {
      notes.push_back(runs_of_kind(blocks.unmatched[kind], kinds[kind]) +
                      " left out: the others have no run with these settings");
    }
  }
  return notes;
}

bool some_are_estimated(const SetupBlocks& blocks) {
  const auto is_estimated = [](const std::vector<const RunRow*>& runs) {
    return std::any_of(runs.begin(), runs.end(), [](auto* run) { return run->estimated; });
  };
  return std::any_of(blocks.blocks.begin(), blocks.blocks.end(), [&](const SetupBlock& block) {
    return std::any_of(block.kinds.begin(), block.kinds.end(), is_estimated);
  });
}

std::optional<MetricPair> metric_pair(const SetupBlocks& blocks,
                                      std::size_t one,
                                      std::size_t other,
                                      const std::string& metric) {
  std::vector<std::string> names{metric};
  if (metric.empty()) {
    names = {"val_acc", "test_acc", "acc", "accuracy"};
  }
  for (const std::string& name : names) {
    const auto first = mean_metric(blocks, one, name);
    const auto second = mean_metric(blocks, other, name);
    if (first && second) {
      return MetricPair{name, *first, *second};
    }
  }
  return std::nullopt;
}

std::string metric_pair_text(const MetricPair& pair,
                             const std::string& one,
                             const std::string& other) {
  constexpr double kPoint = 0.01;
  const double difference = pair.one - pair.other;
  std::string sentence = fmt::format("Best {}: {:.3f} {}, {:.3f} {}",
                                     printable(pair.metric),
                                     pair.one,
                                     printable(one),
                                     pair.other,
                                     printable(other));
  if (difference < -kPoint) {
    sentence += fmt::format(
        ". That is {:.3f} less, so the saving is paid for in accuracy: decide whether that is "
        "good enough first.",
        -difference);
  }
  return wrapped(sentence);
}

}  // namespace gradwatt
