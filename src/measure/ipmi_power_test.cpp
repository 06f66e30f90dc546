#include "measure/ipmi_power.h"

#include "measure/dcmi.h"
#include "measure/dcmi_answer_test.h"
#include "measure/fake_tree_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <deque>

namespace gradwatt {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using Bytes = std::vector<std::uint8_t>;

/// A management controller that says what it is told to. It shares its clock with the test.
class ScriptedPort final : public IpmiPort {
 public:
  struct Script {
    /// What arrives, in order: an answer to the request sent last, another message, or errno.
    std::deque<std::variant<Bytes, IpmiMessage, int>> arrivals;
    int send_error = 0;
    std::vector<Bytes> requests;
    std::vector<long> ids;
    Duration waited{};
  };
  ScriptedPort(Script& script, ManualClock& clock) : script_(script), clock_(clock) {}

  int send(long id,
           std::uint8_t network_function,
           std::uint8_t command,
           std::span<const std::uint8_t> data) override {
    Bytes request{network_function, command};
    request.insert(request.end(), data.begin(), data.end());
    script_.requests.push_back(request);
    script_.ids.push_back(id);
    return script_.send_error;
  }
  std::variant<IpmiMessage, int> receive(Duration patience) override {
    if (script_.arrivals.empty()) {
      clock_.pass(seconds(patience));
      script_.waited += patience;
      return ETIMEDOUT;
    }
    const auto arrival = script_.arrivals.front();
    script_.arrivals.pop_front();
    if (const auto* bytes = std::get_if<Bytes>(&arrival)) {
      return IpmiMessage{true, script_.ids.back(), *bytes};
    }
    if (const auto* message = std::get_if<IpmiMessage>(&arrival)) {
      return *message;
    }
    return std::get<int>(arrival);
  }

 private:
  Script& script_;
  ManualClock& clock_;
};

class IpmiPowerTest : public testing::Test {
 protected:
  IpmiPowerTest() : power_(std::make_unique<ScriptedPort>(script_, clock_), clock_) {}

  ChannelReading read() {
    std::vector<ChannelReading> readings(1);
    power_.read(readings);
    return readings[0];
  }
  ScriptedPort::Script script_;
  ManualClock clock_;
  IpmiPower power_;
};

TEST_F(IpmiPowerTest, AsksForTheSystemsPowerInTheFormOfDcmi) {
  script_.arrivals = {dcmi_answer(250)};
  EXPECT_EQ(std::get<Powered>(read()).power, Power{250});
  EXPECT_THAT(script_.requests, ElementsAre(Bytes{0x2c, 0x02, 0xdc, 0x01, 0x00, 0x00}));
}

TEST_F(IpmiPowerTest, IsOneChannelForTheNodeThatIsFarFromExact) {
  const ChannelInfo& info = power_.channels().at(0);
  EXPECT_EQ(info.scope, "node");
  EXPECT_EQ(info.method, "power");
  EXPECT_DOUBLE_EQ(info.gain_hi, 0.10);
  EXPECT_EQ(info.refresh, std::chrono::seconds(1));
}

TEST_F(IpmiPowerTest, AsksAtMostOnceASecond) {
  script_.arrivals = {dcmi_answer(250), dcmi_answer(350)};
  static_cast<void>(read());
  clock_.pass(0.1);
  EXPECT_EQ(std::get<Energy>(read()), Energy::from_joules(25));
  EXPECT_EQ(script_.requests.size(), 1U);
  clock_.pass(0.9);
  EXPECT_EQ(std::get<Powered>(read()).power, Power{350});
  EXPECT_EQ(script_.requests.size(), 2U);
}

TEST_F(IpmiPowerTest, WaitsOneSecondForAControllerThatDoesNotAnswer) {
  EXPECT_EQ(std::get<ReadFailure>(read()).errno_value, ETIMEDOUT);
  EXPECT_EQ(script_.waited, std::chrono::seconds(1));
}

TEST_F(IpmiPowerTest, TakesNoLateAnswerForANewOne) {
  static_cast<void>(read());
  clock_.pass(1);
  script_.arrivals = {IpmiMessage{true, script_.ids.at(0), dcmi_answer(999)}, dcmi_answer(250)};
  EXPECT_EQ(std::get<Powered>(read()).power, Power{250});
}

TEST_F(IpmiPowerTest, PassesOverEventsAndInterruptions) {
  script_.arrivals = {IpmiMessage{false, 1, dcmi_answer(999)}, EINTR, dcmi_answer(250)};
  EXPECT_EQ(std::get<Powered>(read()).power, Power{250});
}

TEST_F(IpmiPowerTest, GivesUpOnAControllerThatSendsOnlyOtherMessages) {
  for (int i = 0; i < 1000; ++i) {
    script_.arrivals.emplace_back(IpmiMessage{false, 1, {}});
  }
  EXPECT_EQ(std::get<ReadFailure>(read()).errno_value, ETIMEDOUT);
}

TEST_F(IpmiPowerTest, FailsAReadingWithoutInventingAValue) {
  const std::vector<Bytes> answers{{},
                                   {0x00},
                                   {0xc0},
                                   {0xff, 0xdc},
                                   Bytes(19, 0x00),
                                   Bytes(300, 0xff),
                                   dcmi_answer(0),
                                   dcmi_answer(65535)};
  script_.arrivals = {dcmi_answer(250)};
  static_cast<void>(read());
  for (const Bytes& answer : answers) {
    clock_.pass(1);
    script_.arrivals = {answer};
    EXPECT_TRUE(std::holds_alternative<ReadFailure>(read())) << answer.size();
  }
  clock_.pass(1);
  script_.arrivals = {dcmi_answer(250)};
  const auto reading = std::get<Uncertain>(read());
  EXPECT_EQ(reading.assumed, Energy::from_joules(250 * 9));
  EXPECT_EQ(reading.least, Energy{});
}

TEST_F(IpmiPowerTest, FailsWithTheErrorOfADeviceThatWentAway) {
  script_.send_error = ENODEV;
  EXPECT_EQ(std::get<ReadFailure>(read()).errno_value, ENODEV);
  clock_.pass(1);
  script_.send_error = 0;
  script_.arrivals = {EIO};
  EXPECT_EQ(std::get<ReadFailure>(read()).errno_value, EIO);
}

TEST_F(IpmiPowerTest, IsTriedOutBeforeItIsUsed) {
  script_.arrivals = {dcmi_answer(250)};
  EXPECT_FALSE(power_.try_out());
  script_.arrivals = {Bytes{0xc1}};
  const auto finding = power_.try_out();
  ASSERT_TRUE(finding);
  EXPECT_EQ(finding->status, Finding::Status::absent);
  EXPECT_THAT(finding->detail, HasSubstr("no DCMI"));
  EXPECT_EQ(finding->fix, "");
}

TEST_F(IpmiPowerTest, SaysWhenItStandsStill) {
  script_.arrivals = {dcmi_answer(250), dcmi_answer(250)};
  static_cast<void>(read());
  clock_.pass(60);
  static_cast<void>(read());
  std::vector<DeviceState> states;
  power_.read_states(states);
  ASSERT_EQ(states.size(), 1U);
  EXPECT_EQ(states[0].name, "unchanged");
}

TEST(IpmiNotOpened, NeverAdvisesToOpenTheControllerToUsers) {
  const Finding finding = ipmi_not_opened("/dev/ipmi0", EACCES);
  EXPECT_EQ(finding.status, Finding::Status::denied);
  EXPECT_THAT(finding.detail, HasSubstr("/dev/ipmi0"));
  EXPECT_THAT(finding.fix, HasSubstr("acpi_power_meter"));
  EXPECT_THAT(finding.fix, Not(HasSubstr("chmod")));
}

TEST(IpmiNotOpened, KnowsNoStepAgainstADeviceThatIsBusy) {
  const Finding finding = ipmi_not_opened("/dev/ipmi0", EBUSY);
  EXPECT_EQ(finding.status, Finding::Status::absent);
  EXPECT_EQ(finding.fix, "");
}

}  // namespace
}  // namespace gradwatt
