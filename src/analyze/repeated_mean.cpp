#include "analyze/repeated_mean.h"

#include "analyze/log_interval.h"
#include "analyze/statistics.h"

#include <boost/math/distributions/students_t.hpp>

namespace gradwatt {

RepeatedMean repeated_mean(std::span<const double> values) {
  const Spread spread = spread_of(values);
  RepeatedMean mean{spread.mean, std::nullopt, spread.n};
  if (spread.variance) {
    mean.variance = *spread.variance / spread.n;
  }
  return mean;
}

double satterthwaite_df(std::span<const VarianceTerm> terms) {
  double sum = 0;
  double squares = 0;
  for (const VarianceTerm& term : terms) {
    sum += term.variance;
    squares += term.variance * term.variance / term.df;
  }
  return sum * sum / squares;
}

double student_t(double df) {
  const boost::math::students_t distribution(df);
  return boost::math::quantile(boost::math::complement(distribution, kUpperTail));
}

}  // namespace gradwatt
