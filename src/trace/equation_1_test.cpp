#include "trace/at_second_test.h"
#include "trace/energy_book.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace gradwatt {
namespace {

/// A counter read ten times a second for `length_s`: 100 W, and from 3 s on 400 W.
EnergyBook counted_book(double length_s) {
  ChannelInfo info{"gpu0", "GPU-1", "nvml", "counter", "gpu-board"};
  info.in_total = true;
  CumulativeSeries series(sensor_model(info));
  for (int i = 0; i <= 10 * length_s; ++i) {
    const double second = 0.1 * i;
    series.add(at(second), Energy::from_joules(100 * second + 300 * std::max(0.0, second - 3)));
  }
  EnergyBook book;
  book.add(info, series);
  return book;
}

double joules_of_equation(const EnergyBook& book, double begin_s, double end_s) {
  const auto energy = book.equation_1(at(begin_s), at(end_s));
  return energy ? energy->joules() : -1;
}

TEST(Equation1, DividesTheSumOfNPlusOneSamplesByN) {
  const EnergyBook book = counted_book(10);
  // From 1 s to 3 s: three samples at 100 W, n = 2. 300 W / 2 * 2 s instead of 200 J.
  EXPECT_NEAR(joules_of_equation(book, 1, 3), 300, 0.01);
  // From 2 s to 5 s: 100, 100, 400 and 400 W, n = 3. 1000 W / 3 * 3 s instead of 900 J.
  EXPECT_NEAR(joules_of_equation(book, 2, 5), 1000, 0.01);
  // 1.5 s hold two samples: twice the power.
  EXPECT_NEAR(joules_of_equation(book, 1, 2.5), 300, 0.01);
}

TEST(Equation1, IsUndefinedWithOneSample) {
  const EnergyBook book = counted_book(10);
  EXPECT_EQ(book.equation_1(at(1), at(1.9)), std::nullopt);
  // At 0 s nothing has been read yet, so there is no second sample either.
  EXPECT_EQ(book.equation_1(at(0), at(1.5)), std::nullopt);
}

}  // namespace
}  // namespace gradwatt
