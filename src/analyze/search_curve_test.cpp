#include "analyze/search_curve.h"

#include "analyze/recorded_training_test.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

const Goal kAccuracy{"val_acc", 0.9, std::nullopt, false};

SearchPiece piece_of(int first_epoch, int epochs, PieceEnd end) {
  SearchPiece piece;
  piece.end = end;
  piece.outside_j = 5;
  piece.epochs = recorded_training(10, rising(0.8, epochs, epochs)).epochs;
  for (EpochRow& epoch : piece.epochs) {
    epoch.epoch += first_epoch;
  }
  piece.total_j = 5 + 10.0 * epochs;
  return piece;
}

TEST(SearchCurve, AddsPiecesWithTheirStarts) {
  const std::vector<SearchPiece> pieces{piece_of(0, 2, PieceEnd::paused),
                                        piece_of(2, 1, PieceEnd::paused)};
  const SearchCurve curve = curve_of(pieces, kAccuracy, true);
  ASSERT_EQ(curve.points.size(), 3U);
  EXPECT_DOUBLE_EQ(curve.points[0].joules, 15);
  EXPECT_DOUBLE_EQ(curve.points[1].joules, 25);
  EXPECT_DOUBLE_EQ(curve.points[2].joules, 40);
  EXPECT_DOUBLE_EQ(curve.spent_j, 40);
  EXPECT_DOUBLE_EQ(curve.start_up_j(), 5);
  EXPECT_DOUBLE_EQ(*curve.epoch_j(), 10);
}

TEST(SearchCurve, DoesNotHoldAnInterruptionAgainstASetup) {
  SearchPiece cut = piece_of(2, 2, PieceEnd::interrupted);
  cut.epochs.back().complete = false;
  const std::vector<SearchPiece> pieces{
      piece_of(0, 2, PieceEnd::paused), cut, piece_of(3, 1, PieceEnd::paused)};
  const SearchCurve curve = curve_of(pieces, kAccuracy, true);
  EXPECT_EQ(curve.points.size(), 4U);
  EXPECT_DOUBLE_EQ(curve.joules, 25 + 15 + 15) << "without the epoch that was cut";
  EXPECT_DOUBLE_EQ(curve.spent_j, 25 + 25 + 15);
  SearchPiece lost = piece_of(2, 1, PieceEnd::interrupted);
  lost.epochs.back().complete = false;
  const std::vector<SearchPiece> nothing{lost};
  EXPECT_DOUBLE_EQ(curve_of(nothing, kAccuracy, true).joules, 0);
  EXPECT_FALSE(curve_of(nothing, kAccuracy, true).end);
}

TEST(SearchCurve, ReplacesEpochsThatAnOlderCheckpointTrainsAgain) {
  const std::vector<SearchPiece> pieces{piece_of(0, 3, PieceEnd::interrupted),
                                        piece_of(2, 2, PieceEnd::paused)};
  const SearchCurve curve = curve_of(pieces, kAccuracy, true);
  EXPECT_EQ(curve.points.size(), 4U);
  EXPECT_DOUBLE_EQ(curve.joules, 35 - 10 + 25);
  EXPECT_DOUBLE_EQ(curve.spent_j, 35 + 25);
}

TEST(SearchCurve, BeginsAnewWhereNothingContinues) {
  const std::vector<SearchPiece> pieces{piece_of(0, 3, PieceEnd::interrupted),
                                        piece_of(0, 2, PieceEnd::finished)};
  const SearchCurve curve = curve_of(pieces, kAccuracy, false);
  EXPECT_EQ(curve.points.size(), 2U);
  EXPECT_DOUBLE_EQ(curve.joules, 25);
  EXPECT_DOUBLE_EQ(curve.spent_j, 60);
}

TEST(SearchCurve, FindsTheGoalInWhateverDirectionIsBetter) {
  SearchCurve curve;
  curve.points = {{0, 10, 0.7, 0}, {1, 20, 0.4, 0}, {2, 30, 0.5, 1}};
  EXPECT_DOUBLE_EQ(*joules_to(curve, {"val_loss", 0.5, true}), 20);
  EXPECT_FALSE(joules_to(curve, {"val_acc", 0.8, false}));
  EXPECT_DOUBLE_EQ(*best_score(curve, {"val_loss", 0.5, true}), -0.4);
  EXPECT_DOUBLE_EQ(*best_score(curve, {"val_acc", 0.5, false}, 0), 0.7);
}

}  // namespace
}  // namespace gradwatt
