#include "supervise/node_seat.h"

#include "base/error.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <poll.h>
#include <sys/stat.h>

namespace gradwatt {
namespace {

/// Takes seats in a runtime folder of its own.
class NodeSeatTest : public testing::Test {
 protected:
  NodeSeatTest() {
    std::string pattern = "/tmp/gradwatt-seat-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    ::setenv("XDG_RUNTIME_DIR", folder_.c_str(), 1);
  }
  ~NodeSeatTest() override {
    ::unsetenv("XDG_RUNTIME_DIR");
    std::filesystem::remove_all(folder_);
  }

  static JobIdentity rank(int rank, const std::string& node = "n1") {
    JobIdentity job;
    job.job = "slurm-7.0-with-a-name-that-is-longer-than-a-socket-may-be-" + std::string(100, 'x');
    job.node = node;
    job.rank = rank;
    job.ranks_here = 3;
    return job;
  }
  static std::unique_ptr<NodeLead> lead(int of, const std::string& node = "n1") {
    NodeSeat seat = take_seat(rank(of, node));
    auto* lead = std::get_if<std::unique_ptr<NodeLead>>(&seat);
    return lead != nullptr ? std::move(*lead) : nullptr;
  }
  static void wait_for_change(NodeLead& lead) {
    pollfd changed{lead.changed_fd(), POLLIN, 0};
    ASSERT_EQ(::poll(&changed, 1, 10'000), 1);
  }

  std::filesystem::path folder_;
};

TEST_F(NodeSeatTest, HasOneLeadPerNodeWhichHearsHowTheOthersEnd) {
  const auto first = lead(0);
  ASSERT_TRUE(first);
  EXPECT_TRUE(lead(2, "n2"));
  first->announce("RUN", "/marks");
  EXPECT_EQ(first->standing().missing, 2);
  {
    NodeSeat seat = take_seat(rank(1));
    auto& follower = std::get<NodeFollower>(seat);
    EXPECT_EQ(follower.run_id(), "RUN");
    EXPECT_EQ(follower.marks(), "/marks");
    EXPECT_EQ(first->standing().connected, 1);
    EXPECT_TRUE(follower.tell_end(7, 1.5));
  }
  while (first->standing().connected > 0) {
    wait_for_change(*first);
  }
  EXPECT_EQ(first->standing().missing, 1);
  EXPECT_EQ(first->ranks(), (std::map<int, std::optional<int>>{{1, 7}}));
  EXPECT_EQ(first->cpu_s(), 1.5);
}

TEST_F(NodeSeatTest, DoesNotKnowHowAProcessEndedThatWentWithoutAWord) {
  const auto first = lead(0);
  first->announce("RUN", "/marks");
  { const NodeSeat seat = take_seat(rank(1)); }
  while (first->standing().connected > 0) {
    wait_for_change(*first);
  }
  EXPECT_EQ(first->ranks(), (std::map<int, std::optional<int>>{{1, std::nullopt}}));
}

TEST_F(NodeSeatTest, TellsAFollowerThatItsLeadIsGone) {
  auto first = lead(0);
  first->announce("RUN", "/marks");
  NodeSeat seat = take_seat(rank(1));
  first.reset();
  EXPECT_FALSE(std::get<NodeFollower>(seat).tell_end(0, 0));
  EXPECT_TRUE(lead(1));
}

TEST_F(NodeSeatTest, IsNotTakenInAFolderOfOthers) {
  std::filesystem::create_directory(folder_ / "gradwatt-jobs");
  ::chmod((folder_ / "gradwatt-jobs").c_str(), 0777);
  EXPECT_THROW(static_cast<void>(take_seat(rank(0))), Error);
}

}  // namespace
}  // namespace gradwatt
