#include "analyze/search_bound.h"
#include "analyze/search_step.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace gradwatt {
namespace {

/// A piece that needs more than this times its share of a rung was foreseen badly.
constexpr double kForeseen = 1.25;
constexpr std::size_t kAliveLeast = 2;  // Of a race at equal joules: two can still change places.

using Setups = std::vector<std::size_t>;

bool is_at_end(const SearchRules& rules, const SearchCurve& curve) {
  return curve.is_out() ||
         (rules.epochs_max > 0 && static_cast<int>(curve.points.size()) >= rules.epochs_max);
}

/// Whether nothing more is to be had of a setup that has not reached the goal.
bool is_hopeless(const SearchRules& rules, const SearchCurve& curve, const GoalLine& goal) {
  if (joules_to(curve, goal)) {
    return false;
  }
  if (is_at_end(rules, curve)) {
    return true;
  }
  if (curve.points.empty()) {
    return false;
  }
  if (!curve.points.back().metric) {
    return true;  // Not a number any more: it diverged.
  }
  std::size_t best = 0;
  for (std::size_t i = 1; i < curve.points.size(); ++i) {
    const auto& metric = curve.points[i].metric;
    const auto& record = curve.points[best].metric;
    if (metric && (!record || score_of(*metric, goal) > score_of(*record, goal))) {
      best = i;
    }
  }
  return curve.points.size() - 1 - best >= static_cast<std::size_t>(rules.stalled_epochs);
}

/// Setups by a score, best first; equal ones keep their order.
template <typename Score>
Setups sorted_by(Setups setups, const Score& score_if_any) {
  const auto score = [&](std::size_t setup) {
    return score_if_any(setup).value_or(-std::numeric_limits<double>::infinity());
  };
  std::stable_sort(setups.begin(), setups.end(), [&](std::size_t a, std::size_t b) {
    return score(a) > score(b);
  });
  return setups;
}

void keep_best(Setups& sorted, double eta, std::size_t least) {
  const auto share = static_cast<std::size_t>(std::ceil(static_cast<double>(sorted.size()) / eta));
  sorted.resize(std::min(sorted.size(), std::max(least, share)));
}

bool was_in_later_rung(const SearchCurve& curve, int rung) {
  return std::any_of(curve.points.begin(), curve.points.end(), [&](const SearchPoint& point) {
    return point.rung > rung;
  });
}

/// How many epochs more of a setup fit below `limit`, with the start of another piece.
int epochs_that_fit(const SearchCurve& curve, double limit) {
  const double epoch_j = curve.epoch_j().value_or(0);
  const double room = limit - curve.joules - curve.start_up_j();
  if (room <= 0) {
    return 0;
  }
  if (epoch_j <= 0) {
    return 1;  // The sensor is too coarse for so short an epoch.
  }
  return static_cast<int>(std::min(std::floor(room / epoch_j), 1e6));
}

SearchStep piece(const SearchRules& rules, const SearchCurve& curve, std::size_t setup, int more) {
  SearchStep step;
  step.setup = setup;
  const int total = static_cast<int>(curve.points.size()) + more;
  step.epochs = rules.epochs_max > 0 ? std::min(total, rules.epochs_max) : total;
  return step;
}

class JouleRace {
 public:
  JouleRace(const SearchRules& rules, const GoalLine& goal, std::span<const SearchCurve> curves)
      : rules_(rules), goal_(goal), curves_(curves), leader_(leader_of(curves, goal)) {
    for (std::size_t setup = 0; setup < curves.size(); ++setup) {
      if (!is_baseline(setup)) {
        entrants_.push_back(setup);
      }
    }
    alive_ = entrants_;
  }

  std::optional<SearchStep> next() {
    if (auto first = first_epochs()) {
      return first;
    }
    double joules = dearest_first_epoch();
    for (int rung = 0; joules > 0 && std::isfinite(joules); ++rung) {
      const double limit = leader_ ? std::min(joules, leader_->joules) : joules;
      rank(rung - 1);
      for (const std::size_t setup : alive_) {
        if (auto step = continued(setup, rung, limit)) {
          step->ahead_j = left_of_rung(rung, limit);
          return step;
        }
      }
      if (leader_ && (leader_->joules <= joules || is_decided(rung))) {
        return std::nullopt;
      }
      drop_hopeless(rung);
      if (alive_.empty()) {  // Then those that were only behind are the hope that is left.
        alive_ = entrants_;
        drop_hopeless(rung);
      }
      if (alive_.empty()) {
        return std::nullopt;
      }
      rank(rung);
      keep_best(alive_, rules_.eta, kAliveLeast);
      joules *= rules_.eta;
    }
    return std::nullopt;
  }

 private:
  void rank(int rung) {
    alive_ = sorted_by(alive_,
                       [&](std::size_t setup) { return best_score(curves_[setup], goal_, rung); });
  }

  void drop_hopeless(int rung) {
    std::erase_if(alive_,
                  [&](std::size_t setup) { return is_hopeless(rules_, seen(setup, rung), goal_); });
  }

  /// It was trained alone before the race, to the goal or to its end.
  [[nodiscard]] bool is_baseline(std::size_t setup) const {
    return setup == rules_.default_setup && (rules_.baseline || rules_.goal.best_minus);
  }

  /// One epoch of each: part of the first rung, and what it takes to say how long that is.
  [[nodiscard]] std::optional<SearchStep> first_epochs() const {
    for (const std::size_t setup : alive_) {
      const SearchCurve& curve = curves_[setup];
      if (curve.points.empty() && !curve.is_out()) {
        SearchStep step = piece(rules_, curve, setup, 1);
        step.why = "first epoch";
        if (leader_) {
          step.cap_j = leader_->joules;
          step.ahead_j = left_of_first_epochs();
        }
        return step;
      }
    }
    return std::nullopt;
  }

  /// An epoch for each setup that has none yet; of unknown energy as that of the default.
  [[nodiscard]] double left_of_first_epochs() const {
    const double usual = curves_[rules_.default_setup].epoch_j().value_or(0);
    double joules = 0;
    for (const std::size_t setup : alive_) {
      if (curves_[setup].points.empty() && !curves_[setup].is_out()) {
        joules += expected_epoch_j(rules_, curves_, setup).value_or(usual);
      }
    }
    return joules;
  }

  [[nodiscard]] double left_of_rung(int rung, double limit) const {
    double joules = 0;
    for (const std::size_t setup : alive_) {
      joules += continued(setup, rung, limit) ? limit - curves_[setup].joules : 0;
    }
    return joules;
  }

  [[nodiscard]] double dearest_first_epoch() const {
    double joules = 0;
    for (const std::size_t setup : alive_) {
      const auto& points = curves_[setup].points;
      joules = points.empty() ? joules : std::max(joules, points.front().joules);
    }
    return joules;
  }

  [[nodiscard]] std::optional<SearchStep> continued(std::size_t setup,
                                                    int rung,
                                                    double limit) const {
    const SearchCurve& curve = curves_[setup];
    if (joules_to(curve, goal_) || is_hopeless(rules_, curve, goal_) ||
        was_in_later_rung(curve, rung)) {
      return std::nullopt;
    }
    const int more = epochs_that_fit(curve, limit);
    if (more == 0) {
      return std::nullopt;
    }
    SearchStep step = piece(rules_, curve, setup, more);
    step.rung = rung;
    step.why = "rung " + std::to_string(rung + 1);
    step.pause_j = kForeseen * (limit - curve.joules);
    if (leader_) {
      step.cap_j = leader_->joules - curve.joules;
    }
    return step;
  }

  /// The curve as it stood at the end of a rung.
  [[nodiscard]] SearchCurve seen(std::size_t setup, int rung) const {
    SearchCurve curve = curves_[setup];
    if (was_in_later_rung(curve, rung)) {
      std::erase_if(curve.points, [&](const SearchPoint& point) { return point.rung > rung; });
      curve.end = PieceEnd::paused;
    }
    return curve;
  }

  /// Whether somebody else than a baseline had reached the goal by the end of a rung.
  [[nodiscard]] bool is_decided(int rung) const {
    for (std::size_t setup = 0; setup < curves_.size(); ++setup) {
      if (!is_baseline(setup) && joules_to(curves_[setup], goal_, rung)) {
        return true;
      }
    }
    return false;
  }

  const SearchRules& rules_;
  const GoalLine& goal_;
  std::span<const SearchCurve> curves_;
  std::optional<SearchLeader> leader_;
  Setups entrants_;
  Setups alive_;
};

/// Who is left at the end of each rung of a race at equal epochs, and what is still to be trained.
class EpochRace {
 public:
  EpochRace(const SearchRules& rules, const GoalLine& goal, std::span<const SearchCurve> curves)
      : rules_(rules), goal_(goal), curves_(curves) {
    for (std::size_t setup = 0; setup < curves.size(); ++setup) {
      alive_.push_back(setup);
    }
  }

  /// Sets alive() to the last one when there is nothing more to train.
  std::optional<SearchStep> next() {
    double epochs = rules_.rung_epochs;
    for (int rung = 0; alive_.size() > 1; ++rung, epochs *= rules_.eta) {
      for (const std::size_t setup : alive_) {
        if (auto step = continued(setup, rung, static_cast<int>(epochs))) {
          return step;
        }
      }
      const auto score = [&](std::size_t setup) {
        return best_score(within(curves_[setup], static_cast<int>(epochs)), goal_);
      };
      std::erase_if(alive_, [&](std::size_t setup) { return !score(setup); });  // Failed.
      alive_ = sorted_by(alive_, score);
      keep_best(alive_, rules_.eta, 1);
    }
    if (alive_.empty()) {
      return std::nullopt;
    }
    const SearchCurve& last = curves_[alive_.front()];
    if (joules_to(last, goal_) || is_at_end(rules_, last)) {
      return std::nullopt;
    }
    SearchStep step = piece(rules_, last, alive_.front(), 1'000'000);
    step.rung = kLastRung;
    step.why = "the last one";
    return step;
  }

  [[nodiscard]] const Setups& alive() const { return alive_; }

 private:
  static constexpr int kLastRung = 1000;

  /// The first epochs of a curve.
  [[nodiscard]] static SearchCurve within(SearchCurve curve, int epochs) {
    curve.points.resize(std::min(curve.points.size(), static_cast<std::size_t>(epochs)));
    return curve;
  }

  [[nodiscard]] std::optional<SearchStep> continued(std::size_t setup, int rung, int epochs) const {
    const SearchCurve& curve = curves_[setup];
    const int more = epochs - static_cast<int>(curve.points.size());
    if (is_at_end(rules_, curve) || more <= 0) {
      return std::nullopt;
    }
    SearchStep step = piece(rules_, curve, setup, more);
    step.rung = rung;
    step.why = "rung " + std::to_string(rung + 1);
    step.stops_at_goal = false;  // It compares at equal epochs, whatever was reached.
    return step;
  }

  const SearchRules& rules_;
  const GoalLine& goal_;
  std::span<const SearchCurve> curves_;
  Setups alive_;
};

}  // namespace

std::optional<SearchStep> joule_halving_step(const SearchRules& rules,
                                             const GoalLine& goal,
                                             std::span<const SearchCurve> curves) {
  return JouleRace(rules, goal, curves).next();
}

std::optional<SearchStep> successive_halving_step(const SearchRules& rules,
                                                  const GoalLine& goal,
                                                  std::span<const SearchCurve> curves) {
  return EpochRace(rules, goal, curves).next();
}

std::optional<SearchLeader> chosen_by(const SearchRules& rules,
                                      const GoalLine& goal,
                                      std::span<const SearchCurve> curves) {
  if (rules.strategy != SearchStrategy::successive_halving) {
    return leader_of(curves, goal);
  }
  EpochRace race(rules, goal, curves);
  if (race.next() || race.alive().size() != 1) {
    return leader_of(curves, goal);  // Not over yet.
  }
  const std::size_t last = race.alive().front();
  const auto joules = joules_to(curves[last], goal);
  return joules ? std::optional(SearchLeader{last, *joules}) : std::nullopt;
}

}  // namespace gradwatt
