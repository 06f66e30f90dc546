#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace gradwatt {

/// Energy as a function of time on some clock, in seconds and joules, for comparing series that
/// come from different instruments; the books are kept by CumulativeSeries.
///
/// Straight lines between the knots. Time inside a gap, before the first and behind the last knot
/// is unknown.
class EnergyCurve {
 public:
  /// Adds a knot; times must rise.
  void add(double t_s, double joules);
  /// Nothing is known between these times, whatever the knots around say.
  void add_gap(double begin_s, double end_s);
  /// Adds another curve's knots behind, `shift_s` later; what lies between the two is a gap.
  void append(const EnergyCurve& other, double shift_s);

  [[nodiscard]] bool empty() const { return t_s_.size() < 2; }
  [[nodiscard]] double begin_s() const { return t_s_.front(); }
  [[nodiscard]] double end_s() const { return t_s_.back(); }
  /// The middle distance between knots; 0 for an empty curve.
  [[nodiscard]] double median_step_s() const;
  [[nodiscard]] const std::vector<double>& times_s() const { return t_s_; }

  /// The mean power over [begin, end]; nullopt where a part of it is unknown.
  /// Example: 0 J at 0 s and 100 J at 10 s: 10 W over any part of these ten seconds.
  [[nodiscard]] std::optional<double> mean_w(double begin_s, double end_s) const;

  /// The sum of curves on the same clock, known where all of them are.
  [[nodiscard]] static EnergyCurve sum_of(std::span<const EnergyCurve> curves);
  /// From power samples: each pair adds the mean of both times its distance.
  [[nodiscard]] static EnergyCurve of_power(std::span<const double> t_s,
                                            std::span<const double> watts);

 private:
  struct Gap {
    double begin_s;
    double end_s;
  };
  [[nodiscard]] double at(double t_s) const;

  std::vector<double> t_s_;
  std::vector<double> joules_;
  std::vector<Gap> gaps_;  ///< In order of their begin.
};

/// The mean power in `count` cells of `width_s` from `begin_s` on; NaN where it is unknown.
[[nodiscard]] std::vector<double> cells_of(const EnergyCurve& curve,
                                           double begin_s,
                                           double width_s,
                                           std::size_t count);

}  // namespace gradwatt
