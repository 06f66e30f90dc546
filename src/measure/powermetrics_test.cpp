#include "measure/powermetrics.h"

#include "base/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gradwatt {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

constexpr const char* kFirstSample =
    "Machine model: Mac14,2\nOS version: 25C56\n\n"
    "*** Sampled system activity (Fri Sep 11 13:41:46 2026 -0700) (2000.00ms elapsed) ***\n\n"
    "**** Processor usage ****\n\n"
    "E-Cluster HW active residency:  77.43% (600 MHz:   0% 912 MHz:  54%)\n"
    "CPU 0 frequency: 1359 MHz\n\n"
    "CPU Power: 823 mW\nGPU Power: 26 mW\nANE Power: 323 mW\n"
    "Combined Power (CPU + GPU + ANE): 1172 mW\n\n";

std::string plist(const std::string& processor, const std::string& root = "") {
  return R"(<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/x.dtd">
<plist version="1.0">
<dict>
<key>is_delta</key><true/>
<key>hw_model</key><string>Mac14,2</string>
<key>timestamp</key><date>2026-09-11T20:41:46Z</date>
<key>elapsed_ns</key><integer>2000000000</integer>
)" + root +
         "<key>processor</key>\n<dict>\n" + processor + "</dict>\n</dict>\n</plist>\n";
}
std::string entry(const std::string& key, const std::string& value) {
  return "<key>" + key + "</key><real>" + value + "</real>\n";
}

std::string message_of(const std::string& text) {
  try {
    static_cast<void>(parse_powermetrics(text, "log.txt"));
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Powermetrics, MultipliesPowerByTheIntervalThatWasReported) {
  const auto log = parse_powermetrics(kFirstSample, "log");
  ASSERT_EQ(log.samples.size(), 1U);
  EXPECT_EQ(seconds(log.samples[0].elapsed), 2.0);
  // 0.823 W, 0.026 W and 0.323 W for 2 s; their sum is not a fourth channel.
  EXPECT_THAT(log.samples[0].energies,
              ElementsAre(Pair("ane", Energy{646'000}),
                          Pair("cpu", Energy{1'646'000}),
                          Pair("gpu", Energy{52'000})));
  EXPECT_FALSE(log.last_was_cut);
}

TEST(Powermetrics, UnderstandsTheDateWithItsTimeZone) {
  const auto text = parse_powermetrics(kFirstSample, "log");
  const auto list = parse_powermetrics(plist(entry("cpu_power", "1")), "log");
  ASSERT_TRUE(text.samples[0].end && list.samples[0].end);
  EXPECT_EQ(text.samples[0].end->ms, list.samples[0].end->ms);
}

TEST(Powermetrics, CountsAPowerOnceThatIsToldInTwoSections) {
  const auto log = parse_powermetrics(
      std::string(kFirstSample) + "**** GPU usage ****\n\nGPU Power: 26 mW\n", "log");
  EXPECT_EQ(log.samples[0].energies.at("gpu"), Energy{52'000});
}

TEST(Powermetrics, AddsClustersOnlyWhereTheCpuIsNotTold) {
  const std::string head = "*** Sampled system activity (x) (1000.00ms elapsed) ***\n";
  const std::string clusters =
      "E-Cluster Power: 100 mW\nP0-Cluster Power: 200 mW\nP1-Cluster Power: 300 mW\n";
  const std::string rest = "DRAM Power: 50 mW\nGPU Power: 7 mW\nPackage Power: 999 mW\n";
  const auto old = parse_powermetrics(head + clusters + rest, "log");
  EXPECT_THAT(
      old.samples[0].energies,
      ElementsAre(
          Pair("cpu", Energy{600'000}), Pair("dram", Energy{50'000}), Pair("gpu", Energy{7'000})));
  const auto both = parse_powermetrics(head + clusters + "CPU Power: 640 mW\n" + rest, "log");
  EXPECT_EQ(both.samples[0].energies.at("cpu"), Energy{640'000});
}

TEST(Powermetrics, TakesTheSumWhereNothingElseIsTold) {
  const auto intel = parse_powermetrics(
      "*** Sampled system activity (Fri Sep  4 17:15:14 2015 +1000) (5009.63ms elapsed) ***\n"
      "Intel energy model derived package power (CPUs+GT+SA): 0.58W\n",
      "log");
  // 0.58 W for 5.00963 s.
  EXPECT_THAT(intel.samples[0].energies, ElementsAre(Pair("package", Energy{2'905'585})));
  EXPECT_TRUE(intel.samples[0].end);
}

TEST(Powermetrics, ReadsPropertyListsWithNulBytesBetween) {
  const std::string first = plist(entry("cpu_power", "383.5") + entry("gpu_power", "1000") +
                                  entry("ane_power", "0") + entry("combined_power", "1383.5"));
  const std::string second = plist(entry("cpu_power", "100"));
  const auto log = parse_powermetrics(first + std::string(1, '\0') + second, "log");
  ASSERT_EQ(log.samples.size(), 2U);
  EXPECT_THAT(
      log.samples[0].energies,
      ElementsAre(
          Pair("ane", Energy{}), Pair("cpu", Energy{767'000}), Pair("gpu", Energy{2'000'000})));
  EXPECT_THAT(log.samples[1].energies, ElementsAre(Pair("cpu", Energy{200'000})));
}

TEST(Powermetrics, TakesEnergiesInMillijoulesWhereNoPowerIsTold) {
  const auto log = parse_powermetrics(
      plist(entry("cpu_energy", "1923") + entry("package_energy", "2000")), "log");
  EXPECT_THAT(log.samples[0].energies, ElementsAre(Pair("cpu", Energy{1'923'000})));
}

TEST(Powermetrics, PrefersThePowerToAnEnergyCutToWholeMillijoules) {
  const auto log =
      parse_powermetrics(plist(entry("ane_energy", "0") + entry("ane_power", "0.45")), "log");
  EXPECT_EQ(log.samples[0].energies.at("ane"), Energy{900});
}

TEST(Powermetrics, TakesJoulesAndWattsOfIntelPackages) {
  const auto log = parse_powermetrics(plist(entry("package_watts", "1.25")), "log");
  EXPECT_THAT(log.samples[0].energies, ElementsAre(Pair("package", Energy{2'500'000})));
  const auto joules = parse_powermetrics(plist(entry("package_joules", "2.5")), "log");
  EXPECT_THAT(joules.samples[0].energies, ElementsAre(Pair("package", Energy{2'500'000})));
}

TEST(Powermetrics, DoesNotMistakeAProcessForTheChip) {
  const auto log =
      parse_powermetrics(plist(entry("cpu_power", "100"),
                               "<key>tasks</key><array><dict>" + entry("ane_energy", "5") +
                                   entry("cpu_power", "7") + "</dict></array>\n"),
                         "log");
  EXPECT_THAT(log.samples[0].energies, ElementsAre(Pair("cpu", Energy{200'000})));
}

TEST(Powermetrics, LeavesOutALastRecordThatIsCutOff) {
  const std::string head = "*** Sampled system activity (x) (1000.00ms elapsed) ***\n";
  for (const std::string tail : {"", "CPU Power: 823 mW\n", "CPU Power: 82", "CPU Power: 823 mW"}) {
    const auto log = parse_powermetrics(kFirstSample + head + tail, "log");
    EXPECT_EQ(log.samples.size(), 1U) << tail;
    EXPECT_TRUE(log.last_was_cut) << tail;
  }
  const std::string whole = plist(entry("cpu_power", "100"));
  for (const std::size_t length : {std::size_t{3}, whole.size() / 2, whole.size() - 4}) {
    const auto log =
        parse_powermetrics(whole + std::string(1, '\0') + whole.substr(0, length), "log");
    EXPECT_EQ(log.samples.size(), 1U) << length;
    EXPECT_TRUE(log.last_was_cut) << length;
  }
}

TEST(Powermetrics, NamesTheLineOfWhatItDoesNotUnderstand) {
  const std::string head = "*** Sampled system activity (x) (1000.00ms elapsed) ***\n";
  EXPECT_THAT(message_of("t_s,power_w\n0,1\n"), HasSubstr("log.txt:1"));
  EXPECT_THAT(message_of(""), HasSubstr("not an output of powermetrics"));
  EXPECT_THAT(message_of(head + "CPU Power: abc mW\n"), HasSubstr("log.txt:2"));
  EXPECT_THAT(message_of(head + "\nCPU Power: -5 mW\n"), HasSubstr("log.txt:3"));
  EXPECT_THAT(message_of(head + "CPU Power: nan mW\n"), HasSubstr("no number"));
  EXPECT_THAT(message_of(head + "CPU Power: 1e30 W\n"), HasSubstr("cannot be"));
  EXPECT_THAT(message_of(head + "CPU Power: 12\n"), HasSubstr("mW or W is missing"));
  EXPECT_THAT(message_of("CPU Power: 12 mW\n" + head), HasSubstr("before the first record"));
  EXPECT_THAT(message_of("*** Sampled system activity (x) ***\n"), HasSubstr("how long"));
  EXPECT_THAT(message_of("*** Sampled system activity (x) (0.00ms elapsed) ***\n"),
              HasSubstr("of no length"));
  EXPECT_THAT(message_of(head + "Current pressure level: Nominal\n"),
              HasSubstr("no record holds a power"));
}

TEST(Powermetrics, NamesTheLineInPropertyListsToo) {
  const std::string whole = plist(entry("cpu_power", "1"));
  EXPECT_THAT(message_of(whole + "error: out of memory\n"), HasSubstr("log.txt:15"));
  EXPECT_THAT(message_of(plist(entry("cpu_power", "x"))), HasSubstr("log.txt:11"));
  EXPECT_THAT(message_of("<html><body>no</body></html>"), HasSubstr("no record holds"));
  // A record that stops in the middle, with another one behind it.
  EXPECT_THAT(message_of(whole.substr(0, whole.size() / 2) + whole), HasSubstr("not whole"));
  EXPECT_THAT(message_of("<plist><dict></dict></plist>"), HasSubstr("how long"));
}

TEST(PowermetricsChannels, AreAModelThatCanBeThirtyPercentOff) {
  const auto channels = powermetrics_channels(parse_powermetrics(kFirstSample, "log").samples);
  ASSERT_EQ(channels.size(), 3U);
  for (const ChannelInfo& channel : channels) {
    EXPECT_EQ(channel.gain_lo, 0.30);
    EXPECT_EQ(channel.kind, EnergyKind::estimated);
    EXPECT_THAT(channel.basis, HasSubstr("model"));
    EXPECT_EQ(seconds(channel.refresh), 2.0);
  }
  EXPECT_THAT(powermetrics_channels({}), IsEmpty());
}

}  // namespace
}  // namespace gradwatt
