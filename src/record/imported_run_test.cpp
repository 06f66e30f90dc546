#include "record/imported_run.h"

#include "base/error.h"
#include "base/file.h"
#include "record/account.h"
#include "record/imported_meter.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

namespace gradwatt {
namespace {

using testing::HasSubstr;

class ImportTest : public testing::Test {
 protected:
  ImportTest() {
    std::string pattern = testing::TempDir() + "gradwatt-import-XXXXXX";
    root_ = ::mkdtemp(pattern.data());
  }
  ~ImportTest() override { std::filesystem::remove_all(root_); }

  StoredRun import(const std::string& text, ImportedRun options = {}) {
    options.now = WallTime{1'700'000'000'000};
    return import_run(Store(root_), parse_power_table(text, "m.csv"), options);
  }

  std::filesystem::path root_;
};

TEST_F(ImportTest, IntegratesPowersIntoARun) {
  const StoredRun run = import("t_s,power_w\n0,100\n1,100\n2,300\n");
  const RunAccount account = account_of(run.folder);
  EXPECT_EQ(account.total->energy, Energy::from_joules(300));  // 100 J and 200 J
  EXPECT_EQ(account.kind, EnergyKind::measured);
  EXPECT_EQ(account.channels.at(0).info.method, "power");
  EXPECT_LE(account.total->lo, Energy::from_joules(285));  // ±5 % are assumed.
  EXPECT_THAT(account.channels.at(0).info.basis, HasSubstr("assumed"));
  const StoredRun found = Store(root_).find("@last");
  EXPECT_EQ(found.manifest.run_id, run.manifest.run_id);
  EXPECT_EQ(found.manifest.duration, from_seconds(2));
  EXPECT_EQ(found.manifest.tags.at("imported"), "m.csv");
}

TEST_F(ImportTest, TakesACountersEnergyAsItIs) {
  ImportedRun options;
  options.meter.gain = 0.01;
  const StoredRun run = import("t_s,energy_j\n0,5000\n10,5600\n20,6000\n", options);
  const RunAccount account = account_of(run.folder);
  EXPECT_EQ(account.total->energy, Energy::from_joules(1000));
  EXPECT_EQ(account.channels.at(0).info.method, "counter");
  EXPECT_DOUBLE_EQ(account.channels.at(0).info.gain_hi, 0.01);
}

TEST_F(ImportTest, DividesByMarksAndAddsUp) {
  ImportedRun options;
  options.marks =
      parse_mark_table("t_s,mark\n101,EPOCH=0\n103,EPOCH=1\n104,EPOCH_END=1\n", "k.csv");
  const StoredRun run = import("t_s,power_w\n100,50\n105,50\n", options);
  const RunAccount account = account_of(run.folder);
  ASSERT_EQ(account.epochs.size(), 2U);
  EXPECT_EQ(account.epochs[0].energy->energy, Energy::from_joules(100));
  EXPECT_EQ(
      account.epochs[0].energy->energy + account.epochs[1].energy->energy + *account.outside_epochs,
      account.total->energy);
}

TEST_F(ImportTest, TellsGapsOfPowersAsLostEnergy) {
  const StoredRun run = import("t_s,power_w\n0,10\n1,10\n2,10\n3,10\n43,10\n44,10\n");
  const RunAccount account = account_of(run.folder);
  ASSERT_EQ(account.gaps.size(), 1U);
  EXPECT_TRUE(account.gaps[0].energy_lost);
  EXPECT_EQ(account.gaps[0].begin - account.begin, from_seconds(3));
  EXPECT_EQ(account.gaps[0].end - account.begin, from_seconds(43));
  const StoredRun counter = import("t_s,energy_j\n0,0\n1,10\n2,20\n3,30\n43,430\n44,440\n");
  EXPECT_FALSE(account_of(counter.folder).gaps.at(0).energy_lost);
}

TEST_F(ImportTest, AddsPartsAndShowsTheirContainerBeside) {
  const StoredRun run = import(
      "t_s,power_w,channel\n0,100,cpu\n0,50,gpu\n0,200,wall\n10,100,cpu\n10,50,gpu\n10,200,wall\n");
  const RunAccount account = account_of(run.folder);
  EXPECT_EQ(account.total->energy, Energy::from_joules(1500));
  EXPECT_FALSE(account.channels.at(2).info.in_total);
  EXPECT_EQ(account.channels.at(2).energy->energy, Energy::from_joules(2000));
}

TEST_F(ImportTest, TakesUnixTimesForTheStart) {
  const StoredRun run = import("t_s,power_w\n1767268800.5,100\n1767268801.5,100\n");
  EXPECT_EQ(run.manifest.started_at, WallTime{1'767'268'800'500});
}

TEST_F(ImportTest, LeavesNothingHalfWritten) {
  ImportedRun options;
  options.marks = {{99, "EPOCH", "0"}};
  EXPECT_THROW(import("t_s,power_w\n0,100\n1,100\n", options), Error);
  EXPECT_TRUE(Store(root_).list().runs.empty());
  EXPECT_FALSE(std::filesystem::exists(root_ / "runs"));
  std::filesystem::create_directories(root_ / "runs");
  const StoredRun run = import("t_s,power_w\n0,100\n1,100\n");
  std::size_t entries = 0;
  for (const auto& entry : std::filesystem::directory_iterator(root_ / "runs")) {
    EXPECT_EQ(entry.path(), run.folder);
    ++entries;
  }
  EXPECT_EQ(entries, 1U);
}

/// Blocks that never repeat, in watts.
double load_at(double t_s) {
  if (t_s < 3 || t_s > 57) {
    return 60;
  }
  const int block = static_cast<int>(t_s / 3.7);
  return 120 + 37 * ((block * block * 7 + 3 * block) % 11);
}

std::string table_of(double begin, double end, double step, double shift, double gain) {
  std::string text = "t_s,power_w\n";
  for (int i = 0; begin + i * step <= end; ++i) {
    const double t = begin + i * step;
    text += fmt::format("{:.3f},{:.4f}\n", t, 30 + gain * load_at(t - shift));
  }
  return text;
}

TEST_F(ImportTest, KeepsAMeterBesideARunWithoutTouchingWhatWasRecorded) {
  const StoredRun run = import(table_of(0, 60, 0.1, 0, 1));
  const auto node_file = run.folder / "node-imported.sqlite";
  const auto before = read_text(node_file);
  const PowerTable meter = parse_power_table(table_of(480, 600, 1, 512.4, 1.3), "wall.csv");
  const MeterAlignment alignment = import_meter(run, meter, {"", 0.01});
  EXPECT_NEAR(alignment.offset_s, 512.4, 0.25);
  EXPECT_EQ(read_text(node_file), before);

  const auto meters = imported_meters(run.folder);
  ASSERT_EQ(meters.size(), 1U);
  const ChannelAccount& wall = meters[0].account;
  EXPECT_EQ(wall.info.channel, "wall");
  EXPECT_EQ(wall.info.scope, "wall");
  EXPECT_FALSE(wall.info.in_total);
  EXPECT_THAT(wall.note, HasSubstr("512."));
  const RunAccount account = account_of(run.folder);
  // 30 W more than 1.3 times what lies above the 30 W of the run's own offset.
  const double expected = 60 * 30 + 1.3 * (account.total->energy.joules() - 60 * 30);
  EXPECT_NEAR(wall.energy->energy.joules(), expected, 0.02 * expected);
  EXPECT_NEAR(wall.coverage, 1, 0.05);

  import_meter(run, meter, {});
  EXPECT_EQ(imported_meters(run.folder).at(1).account.info.channel, "wall2");
}

TEST_F(ImportTest, LooksForAMeterWithUnixTimesNearThemOnly) {
  constexpr double kBegan = 1'767'268'800;
  const auto shifted = [&](double begin, double end, double step, double shift) {
    std::string text = "t_s,power_w\n";
    for (int i = 0; begin + i * step <= end; ++i) {
      const double t = begin + i * step;
      text += fmt::format("{:.3f},{:.4f}\n", kBegan + t, 30 + load_at(t - shift));
    }
    return text;
  };
  const StoredRun run = import(shifted(0, 60, 0.1, 0));
  const PowerTable near = parse_power_table(shifted(-100, 190, 1, 50), "near.csv");
  EXPECT_NEAR(import_meter(run, near, {}).offset_s, kBegan + 50, 0.5);
  const PowerTable far = parse_power_table(shifted(-200, 190, 1, -80), "far.csv");
  EXPECT_THROW(import_meter(run, far, {}), Error);
  EXPECT_NEAR(import_meter(run, far, {}, 100).offset_s, kBegan - 80, 0.5);
}

TEST_F(ImportTest, RefusesAMeterThatCannotBeAligned) {
  const StoredRun run = import(table_of(0, 60, 0.1, 0, 1));
  std::string constant = "t_s,power_w\n";
  for (int i = 0; i < 100; ++i) {
    constant += fmt::format("{},200\n", i);
  }
  try {
    import_meter(run, parse_power_table(constant, "flat.csv"), {});
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("flat.csv: cannot align: the load does not vary"));
  }
  EXPECT_TRUE(imported_meters(run.folder).empty());
}

}  // namespace
}  // namespace gradwatt
