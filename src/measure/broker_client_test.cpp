#include "measure/broker_client.h"

#include "measure/broker_fake_test.h"
#include "measure/fake_tree_test.h"
#include "measure/sysfs_number.h"
#include "measure/without_rights_test.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gradwatt {
namespace {

using testing::HasSubstr;
using Kind = BrokerAnswer::Kind;

class BrokerClientTest : public testing::Test {
 protected:
  /// What the client makes of such an answer.
  template <typename Said>
  BrokerAnswer hear(const Said& said, std::vector<UniqueFd> descriptors = {}) {
    std::filesystem::remove(socket_);
    FakeBroker broker(socket_);
    broker.say(said, std::move(descriptors));
    return ask_broker(socket_);
  }
  std::vector<UniqueFd> files(int count) {
    tree_.file("energy_uj", "17\n");
    std::vector<UniqueFd> files;
    for (int i = 0; i < count; ++i) {
      files.emplace_back(::open((tree_.root() / "energy_uj").c_str(), O_RDONLY | O_CLOEXEC));
    }
    return files;
  }
  static auto open_descriptors() {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
  }

  FakeTree tree_;
  std::filesystem::path socket_ = tree_.root() / "broker.sock";
};

TEST_F(BrokerClientTest, IsAnsweredWithFilesThatItCouldNotOpen) {
  auto passed = files(2);
  ASSERT_EQ(::chmod((tree_.root() / "energy_uj").c_str(), 0), 0);
  const WithoutRights ordinary;
  BrokerAnswer answer = hear(serving({"intel-rapl:0", "intel-rapl:0:1"}), std::move(passed));
  EXPECT_EQ(answer.kind, Kind::served);
  ASSERT_EQ(answer.files.size(), 2U);
  EXPECT_EQ(answer.files[0].zone, "intel-rapl:0");
  EXPECT_EQ(answer.files[1].zone, "intel-rapl:0:1");
  EXPECT_EQ(SysfsNumber(tree_.root() / "energy_uj", std::move(answer.files[1].energy)).read(), 17);
}

TEST_F(BrokerClientTest, FindsNobody) {
  EXPECT_EQ(ask_broker(socket_).kind, Kind::absent);
  { const FakeBroker gone(socket_); }
  EXPECT_EQ(ask_broker(socket_).kind, Kind::absent) << "a socket that nobody listens on";
}

TEST_F(BrokerClientTest, IsRefusedByTheSocketOrByTheBroker) {
  BrokerMessage message;
  message.status = BrokerMessage::Status::refused;
  EXPECT_EQ(hear(message).kind, Kind::refused);
  std::filesystem::remove(socket_);
  const FakeBroker broker(socket_);
  ASSERT_EQ(::chmod(socket_.c_str(), 0), 0);
  const WithoutRights ordinary;
  EXPECT_EQ(ask_broker(socket_).kind, Kind::refused);
}

TEST_F(BrokerClientTest, SaysWhereTheBrokerHasNothing) {
  BrokerMessage message;
  message.status = BrokerMessage::Status::nothing;
  const BrokerAnswer answer = hear(message);
  EXPECT_EQ(answer.kind, Kind::failed);
  EXPECT_THAT(answer.detail, HasSubstr("no counter"));
}

TEST_F(BrokerClientTest, BelievesNoOtherProgram) {
  BrokerMessage foreign;
  foreign.magic[7] = '2';
  EXPECT_EQ(hear(foreign).kind, Kind::failed);
  EXPECT_EQ(hear(std::string()).kind, Kind::failed);
  EXPECT_EQ(hear(std::string("hello")).kind, Kind::failed);
  EXPECT_EQ(hear(std::string(sizeof(BrokerMessage) + 1, '\0')).kind, Kind::failed);
}

TEST_F(BrokerClientTest, KeepsNoDescriptorOfAnAnswerThatItDoesNotBelieve) {
  const auto before = open_descriptors();
  EXPECT_EQ(hear(serving({"intel-rapl:0"}), files(3)).kind, Kind::failed);
  EXPECT_EQ(hear(serving({"intel-rapl:0", "intel-rapl:1"}), files(1)).kind, Kind::failed);
  EXPECT_EQ(hear(serving({"intel-rapl:0"})).kind, Kind::failed);
  EXPECT_EQ(hear(serving(std::vector<std::string>(64, "intel-rapl:0")), files(65)).kind,
            Kind::failed);
  EXPECT_EQ(open_descriptors(), before);
}

TEST_F(BrokerClientTest, TakesAsManyFilesAsAnAnswerHolds) {
  EXPECT_EQ(hear(serving(std::vector<std::string>(64, "intel-rapl:0")), files(64)).files.size(),
            64U);
}

TEST_F(BrokerClientTest, DropsDescriptorsWhoseReadsMightNeverReturn) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  auto passed = files(1);
  passed.emplace_back(ends[0]);
  const UniqueFd writer(ends[1]);
  const BrokerAnswer answer = hear(serving({"intel-rapl:0", "intel-rapl:1"}), std::move(passed));
  EXPECT_EQ(answer.kind, Kind::served);
  ASSERT_EQ(answer.files.size(), 1U);
  EXPECT_EQ(answer.files[0].zone, "intel-rapl:0");
}

TEST_F(BrokerClientTest, ReadsAZoneWithoutAnEndUpToItsPlaces) {
  const BrokerAnswer answer = hear(serving({std::string(40, 'x')}), files(1));
  ASSERT_EQ(answer.files.size(), 1U);
  EXPECT_EQ(answer.files[0].zone, std::string(32, 'x'));
}

TEST_F(BrokerClientTest, CannotReachASocketWithTooLongAName) {
  EXPECT_EQ(ask_broker(tree_.root() / std::string(200, 'x')).kind, Kind::failed);
}

TEST_F(BrokerClientTest, LooksWhereTheUserSaysOrInTheUsualPlace) {
  const char* const set = std::getenv("GRADWATT_BROKER");
  const std::string before = set != nullptr ? set : "";
  ::setenv("GRADWATT_BROKER", "/elsewhere", 1);
  EXPECT_EQ(broker_socket("/host"), "/elsewhere");
  ::setenv("GRADWATT_BROKER", "", 1);
  EXPECT_EQ(broker_socket("/host"), "/host/run/gradwatt-broker.sock");
  ::setenv("GRADWATT_BROKER", before.c_str(), 1);
}

}  // namespace
}  // namespace gradwatt
