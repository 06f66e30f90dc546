#include "experiment/conduct_search.h"

#include "base/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <utility>

namespace gradwatt {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Two setups in memory: 10 J and 2 J an epoch; both reach the goal in epoch 4 (from 0).
class SearchedWorld final : public PointRunner, public SearchWatcher {
 public:
  End run(const PlannedPoint& point) override {
    started.push_back(point.position);
    if (stores_nothing) {
      return {125, std::nullopt};
    }
    auto& own = stored[static_cast<std::size_t>(point.position)];
    int epoch = 0;
    for (const SearchPiece& piece : own) {
      epoch = begins_anew || piece.epochs.empty() ? 0 : piece.epochs.back().epoch + 1;
    }
    SearchPiece piece;
    piece.rung = step_.rung;
    piece.end = step_.epochs && *step_.epochs < 50 ? PieceEnd::paused : PieceEnd::finished;
    for (; epoch < step_.epochs.value_or(50) && epoch < 5; ++epoch) {
      EpochRow row;
      row.epoch = epoch;
      row.energy_j = point.position == 0 ? 10 : 2;
      row.metrics["val_acc"] = 0.2 * (epoch + 1);
      piece.total_j += *row.energy_j;
      piece.epochs.push_back(row);
    }
    if (is_interrupted) {
      piece.end = PieceEnd::interrupted;
    }
    own.push_back(piece);
    return {0, signal_while_running};
  }
  std::optional<int> pause(Duration time) override {
    pauses.push_back(time);
    return signal_in_pause;
  }
  void waiting_for(const Attempt& leftover) override { waited_for = leftover.run_id; }
  void starting(const SearchStep& step, const PlannedPoint& /*point*/) override { step_ = step; }
  void ended(const SearchStep& /*step*/,
             const PlannedPoint& /*point*/,
             const std::vector<std::vector<SearchPiece>>& pieces) override {
    shown = pieces.size();
  }

  std::optional<int> search() {
    SearchRules rules;
    rules.goal = {"val_acc", 0.95, std::nullopt, false};
    rules.epochs_max = 50;
    SearchWorld world{[this] { return stored; },
                      [this] { return std::exchange(leftovers, {}); },
                      [](const SearchStep& step) {
                        PlannedPoint point;
                        point.position = static_cast<int>(step.setup);
                        return point;
                      },
                      *this,
                      *this,
                      std::chrono::seconds(3)};
    return conduct_search(rules, world);
  }

  std::vector<std::vector<SearchPiece>> stored{2};
  std::vector<Attempt> leftovers;
  std::vector<int> started;
  std::vector<Duration> pauses;
  std::string waited_for;
  std::size_t shown = 0;
  bool stores_nothing = false;
  bool begins_anew = false;
  bool is_interrupted = false;
  std::optional<int> signal_in_pause;
  std::optional<int> signal_while_running;

 private:
  SearchStep step_;
};

TEST(ConductSearch, RacesUntilTheCheapestIsFound) {
  SearchedWorld world;
  EXPECT_FALSE(world.search());
  EXPECT_THAT(world.started, ElementsAre(0, 1, 1)) << "the first epochs, then up to 10 J";
  EXPECT_EQ(world.stored[1].back().epochs.size(), 4U);
  EXPECT_EQ(world.pauses[0], Duration{});
  EXPECT_EQ(world.pauses[1], std::chrono::seconds(3));
  EXPECT_EQ(world.shown, 2U);
}

TEST(ConductSearch, DoesNothingAgainThatIsStored) {
  SearchedWorld world;
  (void)world.search();
  world.started.clear();
  EXPECT_FALSE(world.search());
  EXPECT_THAT(world.started, IsEmpty());
}

TEST(ConductSearch, GoesOnFromAnyMomentAsIfThereHadBeenNoEnd) {
  SearchedWorld whole;
  (void)whole.search();
  for (std::size_t ends_after = 1; ends_after < whole.started.size(); ++ends_after) {
    SearchedWorld world;
    world.signal_while_running = SIGTERM;
    for (std::size_t i = 0; i < ends_after; ++i) {
      EXPECT_EQ(world.search(), SIGTERM);
    }
    world.signal_while_running.reset();
    EXPECT_FALSE(world.search());
    EXPECT_EQ(world.started, whole.started);
  }
}

TEST(ConductSearch, StopsBetweenPiecesWhenASignalComes) {
  SearchedWorld world;
  world.signal_in_pause = SIGINT;
  EXPECT_EQ(world.search(), SIGINT);
  EXPECT_THAT(world.started, IsEmpty());
}

TEST(ConductSearch, WaitsForWhatAKilledSearchLeftBehind) {
  SearchedWorld world;
  Attempt leftover;
  leftover.run_id = "old";
  world.leftovers = {leftover};
  EXPECT_FALSE(world.search());
  EXPECT_EQ(world.waited_for, "old");
}

TEST(ConductSearch, FailsWhenATrainingCannotBeTrusted) {
  SearchedWorld nothing;
  nothing.stores_nothing = true;
  EXPECT_THROW((void)nothing.search(), Error);
  SearchedWorld anew;
  anew.begins_anew = true;
  EXPECT_THROW((void)anew.search(), Error);
  SearchedWorld ended;
  ended.is_interrupted = true;
  EXPECT_THROW((void)ended.search(), Error);
  EXPECT_EQ(ended.started.size(), 1U) << "not again and again";
}

}  // namespace
}  // namespace gradwatt
