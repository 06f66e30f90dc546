#include "analyze/setup_blocks.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

RunRow block_run(std::vector<std::pair<std::string, std::string>> factors, double total_j = 10) {
  RunRow run;
  run.factors = std::move(factors);
  run.total_j = total_j;
  return run;
}

TEST(SetupBlocks, AreOneWhenNothingVaries) {
  const std::vector<std::vector<RunRow>> kinds{
      {block_run({{"paradigm", "pretrain"}}), block_run({{"paradigm", "pretrain"}})},
      {block_run({{"paradigm", "frozen"}})}};
  const SetupBlocks blocks = setup_blocks(kinds);
  ASSERT_EQ(blocks.blocks.size(), 1U);
  EXPECT_TRUE(blocks.matched_by.empty());
  EXPECT_EQ(blocks.blocks[0].kinds[0].size(), 2U);
  EXPECT_EQ(blocks.blocks[0].kinds[1].size(), 1U);
}

TEST(SetupBlocks, MatchRunsByTheSettingsThatVary) {
  const std::vector<std::vector<RunRow>> kinds{
      {block_run({{"lr", "1e-2"}}), block_run({{"lr", "1e-3"}})},
      {block_run({{"lr", "1e-3"}}), block_run({{"lr", "1e-4"}})}};
  const SetupBlocks blocks = setup_blocks(kinds);
  ASSERT_EQ(blocks.blocks.size(), 1U);
  EXPECT_EQ(blocks.blocks[0].factors[0].second, "1e-3");
  EXPECT_EQ(blocks.unmatched, (std::vector{1, 1}));
}

TEST(SetupBlocks, PutTogetherWhatOnlyOneKindVaries) {
  const std::vector<std::vector<RunRow>> kinds{
      {block_run({})}, {block_run({{"head", "a"}}), block_run({{"head", "b"}})}};
  const SetupBlocks blocks = setup_blocks(kinds);
  ASSERT_EQ(blocks.blocks.size(), 1U);
  EXPECT_EQ(blocks.blocks[0].kinds[1].size(), 2U);
}

TEST(SetupBlocks, CountWhatDidNotFinishOrHasNoEnergy) {
  RunRow failed = block_run({});
  failed.outcome = RunOutcome::failed;
  RunRow unknown;
  const std::vector<std::vector<RunRow>> kinds{{block_run({}), failed}, {unknown, block_run({})}};
  const SetupBlocks blocks = setup_blocks(kinds);
  EXPECT_EQ(blocks.blocks.size(), 1U);
  EXPECT_EQ(blocks.unusable, (std::vector{1, 1}));
}

}  // namespace
}  // namespace gradwatt
