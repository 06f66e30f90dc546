#include "plant/signal.h"

#include "base/expects.h"
#include "plant/random_stream.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace gradwatt {
namespace {

/// Prime, so that the random levels' period is no multiple of a sensor's.
constexpr int kRandomLevels = 1021;

struct Range {
  double least = 0;
  double most = 0;
};

Range range_of(const Constant& c) { return {c.watts, c.watts}; }
Range range_of(const Square& s) {
  return {std::min(s.low_w, s.high_w), std::max(s.low_w, s.high_w)};
}
Range range_of(const Ramp& r) { return {std::min(r.from_w, r.to_w), std::max(r.from_w, r.to_w)}; }
Range range_of(const Pulse& p) {
  return {std::min(p.low_w, p.high_w), std::max(p.low_w, p.high_w)};
}
Range range_of(const Levels& l) {
  const auto [least, most] = std::minmax_element(l.watts.begin(), l.watts.end());
  return {*least, *most};
}

double power_of(const Constant& c, double) { return c.watts; }
double power_of(const Square& s, double t) {
  const double turns = (t - s.phase_s) / s.period_s;
  return turns - std::floor(turns) < s.duty ? s.high_w : s.low_w;
}
double power_of(const Ramp& r, double t) {
  return r.from_w + (r.to_w - r.from_w) * std::clamp(t / r.over_s, 0.0, 1.0);
}
double power_of(const Pulse& p, double t) {
  return t >= p.begin_s && t < p.begin_s + p.length_s ? p.high_w : p.low_w;
}
double power_of(const Levels& l, double t) {
  const double round_s = l.step_s * static_cast<double>(l.watts.size());
  const double inside = t - round_s * std::floor(t / round_s);
  return l.watts[std::min(static_cast<std::size_t>(inside / l.step_s), l.watts.size() - 1)];
}

// Each antiderivative is taken from time 0 or from the shape's own origin: only differences count.
double integral(const Constant& c, const std::vector<double>&, double t) { return c.watts * t; }
double integral(const Square& s, const std::vector<double>&, double t) {
  const double high_s = s.duty * s.period_s;
  const double since = t - s.phase_s;
  const double whole = std::floor(since / s.period_s);
  const double rest = since - whole * s.period_s;
  return s.low_w * since + (s.high_w - s.low_w) * (whole * high_s + std::min(rest, high_s));
}
double integral(const Ramp& r, const std::vector<double>&, double t) {
  const double rising = std::clamp(t, 0.0, r.over_s);
  const double slope = (r.to_w - r.from_w) / r.over_s;
  return r.from_w * t + slope * rising * rising / 2 +
         (r.to_w - r.from_w) * std::max(0.0, t - r.over_s);
}
double integral(const Pulse& p, const std::vector<double>&, double t) {
  return p.low_w * t + (p.high_w - p.low_w) * std::clamp(t - p.begin_s, 0.0, p.length_s);
}
double integral(const Levels& l, const std::vector<double>& sums, double t) {
  const double round_s = l.step_s * static_cast<double>(l.watts.size());
  const double rounds = std::floor(t / round_s);
  const double inside = t - round_s * rounds;
  const auto level = std::min(static_cast<std::size_t>(inside / l.step_s), l.watts.size() - 1);
  const double rest = inside - l.step_s * static_cast<double>(level);
  return rounds * sums.back() + sums[level] + l.watts[level] * rest;
}

}  // namespace

Signal::Signal(std::vector<Shape> sum) {
  expects(!sum.empty(), "a signal of at least one shape");
  for (Shape& shape : sum) {
    Term term{std::move(shape), {}};
    if (const auto* levels = std::get_if<Levels>(&term.shape)) {
      expects(!levels->watts.empty(), "at least one level");
      term.sums.push_back(0);
      for (const double watts : levels->watts) {
        term.sums.push_back(term.sums.back() + watts * levels->step_s);
      }
    }
    const Range range = std::visit([](const auto& s) { return range_of(s); }, term.shape);
    least_ = least_ + Power{range.least};
    most_ = most_ + Power{range.most};
    terms_.push_back(std::move(term));
  }
}

Power Signal::power(Duration time) const {
  const double t = seconds(time);
  double watts = 0;
  for (const Term& term : terms_) {
    watts += std::visit([&](const auto& shape) { return power_of(shape, t); }, term.shape);
  }
  return {watts};
}

double Signal::until(Duration time) const {
  const double t = seconds(time);
  double joules = 0;
  for (const Term& term : terms_) {
    const auto part = [&](const auto& shape) { return integral(shape, term.sums, t); };
    joules += std::visit(part, term.shape);
  }
  return joules;
}

Levels random_levels(double low_w, double high_w, double step_s, std::uint64_t seed) {
  RandomStream random(seed);
  Levels levels{{}, step_s};
  for (int i = 0; i < kRandomLevels; ++i) {
    levels.watts.push_back(random.between(low_w, high_w));
  }
  return levels;
}

}  // namespace gradwatt
