#include "measure/rapl_perf.h"

#include "measure/perf_fake_test.h"

#include <gmock/gmock.h>

#include <array>
#include <unistd.h>

namespace gradwatt {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr double kScale = 1.0 / 4294967296.0;
constexpr std::uint64_t kJoule = std::uint64_t{1} << 32;

TEST(CpusOf, UnderstandsTheKernelsLists) {
  EXPECT_THAT(cpus_of("0"), ElementsAre(0));
  EXPECT_THAT(cpus_of("0,18-20,40"), ElementsAre(0, 18, 19, 20, 40));
  for (const char* text : {"", "a", "3-1", "-1", "1,,2", "0-9999999"}) {
    EXPECT_THAT(cpus_of(text), IsEmpty()) << text;
  }
}

class PowerUnitTest : public testing::Test {
 protected:
  PowerUnit find(bool is_amd = false) { return find_power_unit(tree_.root(), is_amd).value(); }
  /// "pkg0 cpu0" of each event.
  std::vector<std::string> events(bool is_amd = false) {
    std::vector<std::string> names;
    for (const PowerEvent& event : find(is_amd).events) {
      names.push_back(channel_name(event.domain) + " cpu" + std::to_string(event.cpu));
    }
    return names;
  }
  FakeTree tree_;
  PowerTree power_{tree_};
};

TEST_F(PowerUnitTest, IsAbsentWithoutItsFolder) {
  EXPECT_FALSE(find_power_unit(tree_.root(), false));
}

TEST_F(PowerUnitTest, SaysWhichEventsThereAreAndWhatACountIsWorth) {
  power_.unit("0").cpu(0, 0).package_and_memory().event("energy-cores", "event=0x01");
  const PowerUnit unit = find();
  EXPECT_EQ(unit.type, 25U);
  EXPECT_THAT(events(), ElementsAre("pkg0 cpu0", "dram0 cpu0", "core0 cpu0"));
  EXPECT_EQ(unit.events[0].config, 2U);
  EXPECT_EQ(unit.events[0].joules_per_count, kScale);
  EXPECT_THAT(unit.unknown, IsEmpty());
}

TEST_F(PowerUnitTest, ListsEventsThatItDoesNotUnderstand) {
  power_.unit("0")
      .cpu(0, 0)
      .event("energy-pkg", "event=0x02,umask=0x1")
      .event("energy-ram", "event=0x03", "0")
      .event("energy-cores", "event=0x01", "2.3e-10 J")
      .event("energy-gpu", "event=0x04", "2.3283064365386962890625e-10", "mJ")
      .event("energy-psys", "event=0x05");
  EXPECT_THAT(events(), ElementsAre("psys cpu0"));
  EXPECT_THAT(find().unknown,
              ElementsAre(HasSubstr("energy-pkg"),
                          HasSubstr("energy-ram"),
                          HasSubstr("energy-cores"),
                          HasSubstr("energy-gpu")));
}

TEST_F(PowerUnitTest, TakesPackagesFromTheTopologyAndNotFromTheOrderOfCpus) {
  power_.unit("0,18").cpu(0, 1).cpu(18, 0).package_and_memory();
  EXPECT_THAT(events(), ElementsAre("pkg0 cpu18", "dram0 cpu18", "pkg1 cpu0", "dram1 cpu0"));
}

TEST_F(PowerUnitTest, NamesDiesWhereAPackageHasSeveral) {
  power_.unit("0,24,48").cpu(0, 0, 0).cpu(24, 0, 1).cpu(48, 1, 0).event("energy-pkg", "event=0x02");
  EXPECT_THAT(events(), ElementsAre("pkg0-die-0 cpu0", "pkg0-die-1 cpu24", "pkg1 cpu48"));
}

TEST_F(PowerUnitTest, GivesThePlatformNoDies) {
  power_.unit("0,24").cpu(0, 0, 0).cpu(24, 0, 1).event("energy-psys", "event=0x05");
  const auto found = find().events;
  ASSERT_EQ(found.size(), 2U);
  EXPECT_TRUE(overlap(found[0].domain, found[1].domain)) << "they would be added up";
}

TEST_F(PowerUnitTest, TakesOneCpuForEachPackageOfAmds) {
  power_.unit("0,8,16,24").event("energy-pkg", "event=0x02");
  power_.cpu(0, 0, 0).cpu(8, 0, 1).cpu(16, 1, 2).cpu(24, 1, 3);
  EXPECT_THAT(events(true), ElementsAre("pkg0 cpu0", "pkg1 cpu16"));
}

TEST_F(PowerUnitTest, LeavesOutACpuThatIsNowhere) {
  power_.unit("0,1").cpu(1, 0).event("energy-pkg", "event=0x02");
  EXPECT_THAT(events(), ElementsAre("pkg0 cpu1"));
}

class RaplPerfTest : public testing::Test {
 protected:
  static constexpr double kUnitUj = 61.03515625;  ///< A range of 262 kJ.
  int add(int cpu, std::uint64_t config, RaplPart part = RaplPart::package) {
    const PowerEvent event{{part, cpu}, "", cpu, config, kScale};
    return rapl_.add({25, {}, {}}, event, {channel_name(event.domain)}, kUnitUj);
  }
  const std::vector<ChannelReading>& read() {
    readings_.assign(rapl_.channels().size(), ReadFailure{"not written"});
    rapl_.read(readings_);
    return readings_;
  }
  Energy energy(std::size_t channel = 0) { return std::get<Energy>(read().at(channel)); }

  FakePerfEvents events_;
  ManualClock clock_;
  RaplPerf rapl_{events_, clock_};
  std::vector<ChannelReading> readings_;
};

TEST_F(RaplPerfTest, ReadsAllDomainsOfAPackageAtOnce) {
  ASSERT_EQ(add(0, 2), 0);
  ASSERT_EQ(add(0, 3, RaplPart::dram), 0);
  ASSERT_EQ(add(1, 2), 0);
  read();
  EXPECT_EQ(events_.reads, 2);
  clock_.pass(1);
  events_.counts = {{{0, 2}, 30 * kJoule}, {{0, 3}, 4 * kJoule}, {{1, 2}, 50 * kJoule}};
  std::vector<Energy> energies;
  for (const ChannelReading& reading : read()) {
    energies.push_back(std::get<Energy>(reading));
  }
  EXPECT_THAT(energies, ElementsAre(Energy{30'000'000}, Energy{4'000'000}, Energy{50'000'000}));
}

TEST_F(RaplPerfTest, NeverDriftsHoweverOftenItRounds) {
  // From about 2 MJ on, a double no longer holds every count.
  constexpr std::uint64_t kStart = std::uint64_t{1} << 54;
  constexpr std::uint64_t kStep = kJoule / 3;
  constexpr std::uint64_t kSteps = 30'000;
  ASSERT_EQ(add(0, 2), 0);
  events_.counts[{0, 2}] = kStart;
  EXPECT_EQ(energy(), Energy{});
  for (std::uint64_t i = 1; i <= kSteps; ++i) {
    clock_.pass(0.01);
    events_.counts[{0, 2}] += kStep;
    const double expected_uj = static_cast<double>(i * kStep) * kScale * 1e6;
    ASSERT_NEAR(static_cast<double>(energy().microjoules), expected_uj, 1);
  }
}

TEST_F(RaplPerfTest, HasAGapWithItsReasonWhereADescriptorFails) {
  ASSERT_EQ(add(0, 2), 0);
  ASSERT_EQ(add(1, 2), 0);
  read();
  clock_.pass(0.1);
  events_.rise = kJoule;
  events_.read_errors[0] = ENODEV;
  const auto& failed = read();
  EXPECT_EQ(std::get<ReadFailure>(failed[0]).errno_value, ENODEV);
  EXPECT_EQ(std::get<Energy>(failed[1]), Energy{1'000'000});
  events_.read_errors.clear();
  events_.counts[{0, 2}] += kJoule;
  clock_.pass(0.1);
  EXPECT_EQ(energy(0), Energy{2'000'000});
}

TEST_F(RaplPerfTest, TellsWhyAnEventCannotBeOpenedAndReadsTheOthers) {
  events_.open_errors[{0, 2}] = EACCES;
  EXPECT_EQ(add(0, 2), EACCES);
  ASSERT_EQ(add(0, 3, RaplPart::dram), 0);
  events_.open_errors[{0, 1}] = EINVAL;
  EXPECT_EQ(add(0, 1, RaplPart::core), EINVAL);
  EXPECT_EQ(rapl_.channels().size(), 1U);
  EXPECT_EQ(energy(), Energy{});
}

TEST_F(RaplPerfTest, DoubtsAWaitInWhichTheKernelMayHaveLostARange) {
  ASSERT_EQ(add(0, 2), 0);
  read();
  clock_.pass(2);
  events_.counts[{0, 2}] += 200 * kJoule;
  EXPECT_EQ(energy(), Energy{200'000'000});
  // 1000 W fill half of the range in 131 s.
  clock_.pass(140);
  events_.counts[{0, 2}] += 14'000 * kJoule;
  const auto doubted = std::get<Uncertain>(read()[0]);
  EXPECT_EQ(doubted.since_first, Energy{14'200'000'000});
  EXPECT_EQ(doubted.least, Energy{14'000'000'000});
}

TEST_F(RaplPerfTest, AddsTheRangeWhereTheKernelTookALongRiseForAFall) {
  ASSERT_EQ(add(0, 2), 0);
  read();
  clock_.pass(2);
  events_.counts[{0, 2}] += 1000 * kJoule;
  read();
  // 160 kJ are more than half of 262 144 J: folded, they count as 102 144 J less.
  clock_.pass(320);
  events_.counts[{0, 2}] -= 102'144 * kJoule;
  const auto doubted = std::get<Uncertain>(read()[0]);
  EXPECT_EQ(doubted.since_first, Energy::from_joules(161'000));
}

TEST_F(RaplPerfTest, CountsNothingAcrossWhatItForgets) {
  ASSERT_EQ(add(0, 2), 0);
  read();
  rapl_.forget_last();
  clock_.pass(1);
  events_.counts[{0, 2}] += 100 * kJoule;
  EXPECT_EQ(energy(), Energy{});
}

TEST(KernelPerfEvents, OpensNoUnitThatDoesNotExist) {
  const auto opened = kernel_perf_events().open(0x7fffffff, 0, 0, -1);
  EXPECT_FALSE(opened.fd);
  EXPECT_NE(opened.errno_value, 0);
}

TEST(KernelPerfEvents, TakesAShortAnswerForAFailure) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const UniqueFd reader(ends[0]);
  const UniqueFd writer(ends[1]);
  const std::array<std::uint64_t, 3> answer{1, 42, 7};
  ASSERT_EQ(::write(writer.get(), answer.data(), sizeof answer), ssize_t{sizeof answer});
  std::array<std::uint64_t, 2> block{};
  EXPECT_EQ(kernel_perf_events().read(reader.get(), block), 0);
  EXPECT_THAT(block, ElementsAre(1, 42));
  EXPECT_EQ(kernel_perf_events().read(reader.get(), block), EIO);
  EXPECT_EQ(kernel_perf_events().read(-1, block), EBADF);
}

}  // namespace
}  // namespace gradwatt
