#pragma once

#include "analyze/goal.h"
#include "analyze/search_rules.h"
#include "analyze/table.h"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace gradwatt {

/// How a piece of a training ended.
enum class PieceEnd {
  paused,       ///< After the epochs that it was asked for; it can go on.
  finished,     ///< By itself, at its last epoch, or by the search because it reached the goal.
  stopped,      ///< By a rule of the search: it lost.
  interrupted,  ///< By somebody, or by the budget: it says nothing about its setup.
  failed,
};

/// What a piece of a training was run for.
enum class PieceRole { race, profile, confirm };

/// One measured run of a search: a training from its start or its checkpoint to where it ended.
struct SearchPiece {
  PieceRole role = PieceRole::race;
  int rung = 0;
  PieceEnd end = PieceEnd::paused;
  std::vector<EpochRow> epochs;
  double outside_j = 0;  ///< Energy outside its epochs: start-up, saving.
  double total_j = 0;
};

/// An epoch of a setup and what the setup had used when it ended.
struct SearchPoint {
  int epoch = 0;
  double joules = 0;             ///< Of all its pieces until then, their start-ups included.
  std::optional<double> metric;  ///< Absent: not reported, or no finite number.
  int rung = 0;                  ///< In which it was trained.
  int pieces = 1;                ///< Of the setup until then.
};

/// What a search knows of a setup: its learning curve over joules.
struct SearchCurve {
  std::vector<SearchPoint> points;
  double joules = 0;     ///< What counts in the race.
  double spent_j = 0;    ///< All of it: also what interruptions lost, profiles, confirmations.
  double outside_j = 0;  ///< Energy outside epochs of the pieces that count.
  int pieces = 0;
  std::optional<double> profile_j;     ///< Energy of an epoch, from a run made only for that.
  std::optional<PieceEnd> end;         ///< Of the last piece that counts.
  std::vector<SearchCurve> confirmed;  ///< Of each fresh run.

  [[nodiscard]] bool is_out() const {
    return end == PieceEnd::finished || end == PieceEnd::stopped || end == PieceEnd::failed;
  }
  /// Energy outside epochs to expect of another piece.
  [[nodiscard]] double start_up_j() const { return pieces == 0 ? 0 : outside_j / pieces; }
  /// Energy to expect of another epoch: the mean without the first, or that of the only one, or
  /// what a profile says. nullopt when none is known.
  [[nodiscard]] std::optional<double> epoch_j() const;
};

/// A setup's curve from its pieces, in the order in which they ran.
///
/// Joules of a setup are those of all its pieces. Of an interrupted piece only the complete epochs
/// count in the race, because who interrupts says nothing about the setup; its other energy was
/// spent all the same. A piece that begins with an epoch that an earlier one already had, since its
/// checkpoint was older, replaces that epoch and all behind it.
///
/// Takes    continues: whether pieces go on from each other; else each begins anew, and only the
///          last that was not interrupted counts.
/// Example  Pieces of epochs 0, 1 (10 J each, 5 J outside) and 2 (10 J, 5 J outside): points at 15,
///          25 and 40 J.
[[nodiscard]] SearchCurve curve_of(std::span<const SearchPiece> pieces,
                                   const Goal& goal,
                                   bool continues);

/// `metric` so that larger is better.
[[nodiscard]] double score_of(double metric, const GoalLine& goal);

/// Joules at which a curve first reaches the goal, among points of rungs up to `rung`.
[[nodiscard]] std::optional<double> joules_to(const SearchCurve& curve,
                                              const GoalLine& goal,
                                              std::optional<int> rung = std::nullopt);

/// The best score among points of rungs up to `rung`; nullopt without any.
[[nodiscard]] std::optional<double> best_score(const SearchCurve& curve,
                                               const GoalLine& goal,
                                               std::optional<int> rung = std::nullopt);

/// The goal as a threshold; nullopt while the default that fixes it has not been trained.
[[nodiscard]] std::optional<GoalLine> search_goal(const SearchRules& rules,
                                                  std::span<const SearchCurve> curves);

/// The setup that reached the goal for the fewest joules.
struct SearchLeader {
  std::size_t setup = 0;
  double joules = 0;
};
[[nodiscard]] std::optional<SearchLeader> leader_of(std::span<const SearchCurve> curves,
                                                    const GoalLine& goal);

}  // namespace gradwatt
