#include "measure/ipmi_power.h"

#include "measure/dcmi.h"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace gradwatt {
namespace {

constexpr Duration kRefresh = std::chrono::seconds(1);
constexpr Duration kPatience = std::chrono::seconds(1);
/// More than a rack's node draws.
constexpr Power kPowerMax{20'000};
constexpr double kGain = 0.10;

ChannelInfo describe() {
  ChannelInfo info{"ipmi", "bmc", "ipmi", "power", "node"};
  info.gain_lo = info.gain_hi = kGain;
  info.refresh = info.window = kRefresh;
  info.power_max = kPowerMax;
  info.basis =
      "management controller (DCMI), ±10 %; over which time it averages is not known, and it may "
      "lag by seconds";
  return info;
}

struct Asked {
  std::optional<Power> power;
  std::string reason;
  int errno_value = 0;
  bool for_good = false;
};

Asked ask(IpmiConversation& conversation) {
  const IpmiAnswer answer = conversation.ask(DcmiPowerRequest::kNetworkFunction,
                                             DcmiPowerRequest::kCommand,
                                             DcmiPowerRequest::kData,
                                             kPatience);
  if (const int* reason = std::get_if<int>(&answer)) {
    const bool is_no_ipmi_device = *reason == ENOTTY || *reason == EINVAL;
    return {{}, std::generic_category().message(*reason), *reason, is_no_ipmi_device};
  }
  const auto parsed = parse_dcmi_power(std::get<std::vector<std::uint8_t>>(answer));
  if (const auto* failure = std::get_if<DcmiFailure>(&parsed)) {
    return {{}, failure->reason, 0, failure->for_good};
  }
  return {std::get<Power>(parsed), "", 0, false};
}

}  // namespace

IpmiPower::IpmiPower(std::unique_ptr<IpmiPort> port, const Clock& clock)
    : port_(std::move(port)),
      clock_(clock),
      conversation_(*port_, clock),
      infos_{describe()},
      channel_(kRefresh, kPowerMax) {}

std::optional<Finding> IpmiPower::try_out() {
  const Asked asked = ask(conversation_);
  if (asked.power) {
    return std::nullopt;
  }
  return Finding{"ipmi",
                 Finding::Status::absent,
                 asked.reason,
                 asked.for_good ? "" : "run gradwatt doctor again in a minute"};
}

void IpmiPower::read(std::span<ChannelReading> readings) noexcept {
  const Instant now = clock_.now();
  // A tenth earlier than due is due: the caller's grid jitters.
  if (last_asked_ && now - *last_asked_ < kRefresh * 9 / 10) {
    readings[0] = channel_.hold(now);
    return;
  }
  last_asked_ = now;
  const Asked asked = ask(conversation_);
  readings[0] = asked.power ? channel_.take(clock_.now(), *asked.power)
                            : channel_.fail(asked.reason, asked.errno_value);
}

void IpmiPower::read_states(std::vector<DeviceState>& states) noexcept {
  const bool stands_still = channel_.stands_still(clock_.now());
  if (stands_still || stood_still_) {
    states.push_back({infos_.front().channel, "unchanged", stands_still ? 1.0 : 0.0});
  }
  stood_still_ = stood_still_ || stands_still;
}

Duration IpmiPower::shortest_interval() const { return kRefresh; }

Finding ipmi_not_opened(const std::filesystem::path& device, int errno_value) {
  const bool denied = errno_value == EACCES || errno_value == EPERM;
  return {"ipmi",
          denied ? Finding::Status::denied : Finding::Status::absent,
          fmt::format("{}: {}", device.string(), std::generic_category().message(errno_value)),
          denied
              ? "sudo modprobe acpi_power_meter: on many servers it shows the same sensor to all "
                "users. Do not open this device to users: it controls the machine"
              : ""};
}

}  // namespace gradwatt
