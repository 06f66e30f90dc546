#pragma once

#include <span>
#include <vector>

namespace gradwatt {

/// Probabilities of several comparisons, raised so that judging each of them at 5 % is wrong
/// somewhere in at most 5 % of all tables without a difference. In ascending order, the i-th of m
/// (from 0) becomes max over j <= i of min(1, (m - j) p_j); the order of the input is kept.
///
/// Source   Holm, A simple sequentially rejective multiple test procedure,
///          Scandinavian Journal of Statistics 6(2):65, 1979.
/// Example  0.01, 0.04, 0.03 become 0.03, 0.06, 0.06.
[[nodiscard]] std::vector<double> holm_adjusted(std::span<const double> p_values);

}  // namespace gradwatt
