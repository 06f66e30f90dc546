#include "cli/run_window.h"

#include "base/error.h"
#include "record/node_file.h"
#include "record/ulid.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>

namespace gradwatt {
namespace {

using testing::HasSubstr;

TEST(ParseWindow, TakesBothEndsOrOne) {
  EXPECT_EQ(parse_window("12s..15s").begin, std::chrono::seconds(12));
  EXPECT_EQ(parse_window("12s..15s").end, std::chrono::seconds(15));
  EXPECT_EQ(parse_window("..500ms").begin, Duration{});
  EXPECT_EQ(parse_window("..500ms").end, std::chrono::milliseconds(500));
  EXPECT_EQ(parse_window("1 min..").begin, std::chrono::minutes(1));
  EXPECT_EQ(parse_window("1 min..").end, std::nullopt);
}

TEST(ParseWindow, RefusesWhatIsNone) {
  for (const char* text : {"", "..", "12s", "12..15", "15s..12s", "3s..3s", "a..b", "1s...2s"}) {
    EXPECT_THROW(static_cast<void>(parse_window(text)), UsageError) << text;
  }
}

/// 20 seconds at 100 W, of which the ten readings between 5 s and 6 s are missing.
class RunWindowTest : public testing::Test {
 protected:
  RunWindowTest() {
    std::string pattern = testing::TempDir() + "gradwatt-window-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    run_.folder = folder_;
    run_.manifest.run_id = new_ulid(WallTime{1});
    run_.manifest.name = "steady";
    run_.manifest.state = RunState::done;
    ChannelInfo info{"pkg0", "package-0", "rapl", "counter", "cpu-package"};
    info.in_total = true;
    NodeFileWriter writer(folder_, "h", Instant{}, {{"rapl", {info}}});
    NodeFileWriter::Batch batch;
    for (std::int64_t i = 0; i <= 200; ++i) {
      if (i < 50 || i > 60) {
        batch.samples.push_back({0, Instant{i * 100'000'000}, {Energy{i * 10'000'000}}, {}});
      }
    }
    const Instant five = Instant{} + std::chrono::seconds(5);
    batch.gaps = {{0, {"pkg0", five, five + std::chrono::seconds(1), "unreadable"}}};
    writer.finish(batch, Instant{} + std::chrono::seconds(20), {}, WaitForDisk::no);
  }
  ~RunWindowTest() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_;
  StoredRun run_;
};

TEST_F(RunWindowTest, GivesTheEnergyOfThePart) {
  RunWindow window = parse_window("1s..2500ms");
  const RunView view = window_view_of(run_, window);
  EXPECT_EQ(view.account->total->energy, Energy{150'000'000});
  const auto json = nlohmann::json::parse(window_to_json(view, window));
  EXPECT_EQ(json["run_id"], run_.manifest.run_id);
  EXPECT_EQ(json["window"]["begin_s"], 1.0);
  EXPECT_EQ(json["window"]["end_s"], 2.5);
  EXPECT_EQ(json["energy"]["total_j"], 150.0);
  EXPECT_LE(json["energy"]["lo_j"], 150.0);
  EXPECT_GE(json["energy"]["hi_j"], 150.0);
  EXPECT_EQ(json["energy"]["channels"][0]["channel"], "pkg0");
  EXPECT_TRUE(json["gaps"].empty());
  const std::string text = window_text(view, window);
  EXPECT_THAT(text, HasSubstr("since the run began"));
  EXPECT_THAT(text, HasSubstr("150 J"));
}

TEST_F(RunWindowTest, TellsItsGapsInTheTimeOfTheRun) {
  RunWindow window = parse_window("4s..");
  const RunView view = window_view_of(run_, window);
  const auto json = nlohmann::json::parse(window_to_json(view, window));
  EXPECT_EQ(json["window"]["end_s"], 20.0);
  ASSERT_EQ(json["gaps"].size(), 1U);
  EXPECT_EQ(json["gaps"][0]["begin_s"], 5.0);
  EXPECT_EQ(json["gaps"][0]["end_s"], 6.0);
}

TEST_F(RunWindowTest, AddsUpWithItsNeighbours) {
  Energy sum;
  for (const char* text : {"..3137ms", "3137ms..5513ms", "5513ms..11s", "11s.."}) {
    RunWindow window = parse_window(text);
    sum += window_view_of(run_, window).account->total->energy;
  }
  EXPECT_EQ(sum, Energy{2'000'000'000});
}

TEST_F(RunWindowTest, DoesNotLeaveTheRun) {
  for (const char* text : {"19s..21s", "20s..", "1h..2h"}) {
    RunWindow window = parse_window(text);
    EXPECT_THROW(static_cast<void>(window_view_of(run_, window)), UsageError) << text;
  }
}

}  // namespace
}  // namespace gradwatt
