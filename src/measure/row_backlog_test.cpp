#include "measure/row_backlog.h"

#include "trace/at_second_test.h"

#include <gtest/gtest.h>

#include <sstream>

namespace gradwatt {
namespace {

SampleRow row(double s) { return {0, at(s), {Energy::from_joules(s)}, {}}; }

/// All lines it holds, which it then forgets.
std::vector<HostMessage> taken(RowBacklog& backlog) {
  std::istringstream text{std::string(backlog.text())};
  backlog.sent(backlog.text().size());
  std::vector<HostMessage> messages;
  for (std::string line; std::getline(text, line);) {
    messages.push_back(parse_host_line(line).value());
  }
  return messages;
}

class RowBacklogTest : public testing::Test {
 protected:
  RowBacklogTest() {
    HostFound found;
    found.columns = {{"fake", {{"gpu0", "GPU-1", "fake", "counter", "gpu-board"}}}};
    backlog_.add(found);
    static_cast<void>(taken(backlog_));
  }
  RowBacklog backlog_{20};
};

TEST_F(RowBacklogTest, TellsAGapWhereRowsWereDropped) {
  for (int s = 1; s <= 9; ++s) {
    backlog_.add(row(s));
  }
  const auto first = taken(backlog_);
  const std::size_t kept = first.size();
  ASSERT_LT(kept, 9U);
  EXPECT_EQ(backlog_.dropped(), static_cast<std::int64_t>(9 - kept));
  backlog_.add(row(10));
  const auto later = taken(backlog_);
  ASSERT_EQ(later.size(), 2U);
  const GapAccount& gap = std::get<GapRow>(later[0]).gap;
  EXPECT_EQ(gap.channel, "gpu0");
  EXPECT_EQ(gap.reason, kRowsDropped);
  EXPECT_EQ(gap.begin, at(static_cast<double>(kept)));
  EXPECT_EQ(gap.end, at(10));
  EXPECT_FALSE(gap.energy_lost);
  EXPECT_EQ(std::get<SampleRow>(later[1]).time, at(10));
  backlog_.add(row(11));
  EXPECT_EQ(taken(backlog_).size(), 1U);  // It is told once.
}

TEST_F(RowBacklogTest, TellsItAtTheEndToo) {
  for (int s = 1; s <= 9; ++s) {
    backlog_.add(row(s));
  }
  backlog_.add(HostEnded{});
  const auto messages = taken(backlog_);
  ASSERT_GE(messages.size(), 3U);
  EXPECT_EQ(std::get<GapRow>(messages[messages.size() - 2]).gap.end, at(9));
  EXPECT_TRUE(std::holds_alternative<HostEnded>(messages.back()));
}

TEST_F(RowBacklogTest, NeverDropsWhatTellsOfLostEnergy) {
  backlog_.add(row(1));
  backlog_.add(row(2));
  backlog_.add(GapRow{0, {"gpu0", at(1), at(2), "the counter was reset", 0, true}});
  EXPECT_TRUE(std::holds_alternative<GapRow>(taken(backlog_).back()));
}

}  // namespace
}  // namespace gradwatt
