#include "units/show.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

TEST(ShowEnergy, KeepsThreeDigitsAndAPrefix) {
  EXPECT_EQ(show_energy(84'213.0), "84.2 kJ");
  EXPECT_EQ(show_energy(999.6), "1.00 kJ");
  EXPECT_EQ(show_energy(9.999), "10.0 J");
  EXPECT_EQ(show_energy(-0.5), "-500 mJ");
  EXPECT_EQ(show_energy(Energy{0}), "0 J");
  EXPECT_EQ(show_energy(Energy{3}), "3.00 µJ");
}

TEST(ShowDuration, ChoosesTheUnitsPeopleRead) {
  EXPECT_EQ(show_duration(from_seconds(0.0123)), "12 ms");
  EXPECT_EQ(show_duration(from_seconds(12.34)), "12.3 s");
  EXPECT_EQ(show_duration(from_seconds(186.2)), "3 min 06 s");
  EXPECT_EQ(show_duration(from_seconds(7500)), "2 h 05 min");
}

TEST(ShowUtc, ReadsBackWhatItWrites) {
  const WallTime time{1'767'268'800'123};
  EXPECT_EQ(show_utc(time), "2026-01-01T12:00:00.123Z");
  EXPECT_EQ(parse_utc(show_utc(time)), time);
  EXPECT_EQ(parse_utc("yesterday"), std::nullopt);
  EXPECT_EQ(parse_utc("2026-01-01T12:00:00.123Z and more"), std::nullopt);
}

TEST(Printable, RemovesWhatCouldSteerATerminal) {
  EXPECT_EQ(printable("a\x1b[2Jb\r\n"), "a[2Jb");
  EXPECT_EQ(printable("caf\xc3\xa9 \xe2\x80\xae"
                      "x\xc2\x9b"),
            "caf\xc3\xa9 x");
}

TEST(EnergyArithmetic, TurnsWattsTimesSecondsIntoJoules) {
  EXPECT_EQ(Power{100} * from_seconds(2), Energy::from_joules(200));
  EXPECT_EQ(Energy{5} - Energy{7} + Energy{2}, Energy{0});
}

}  // namespace
}  // namespace gradwatt
