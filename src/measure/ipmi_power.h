#pragma once

#include "measure/ipmi_port.h"
#include "measure/power_channel.h"
#include "measure/source.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace gradwatt {

/// The whole machine's power as its management controller says it, about once a second: it is a
/// slow computer behind a slow bus, and busy with fans. Not thread-safe.
class IpmiPower final : public PowerSource {
 public:
  IpmiPower(std::unique_ptr<IpmiPort> port, const Clock& clock);

  /// Asks for the first time. nullopt: it works; else why not.
  [[nodiscard]] std::optional<Finding> try_out();
  void set_in_total(bool in_total) { infos_.front().in_total = in_total; }

  [[nodiscard]] const std::vector<ChannelInfo>& channels() const override { return infos_; }
  void read(std::span<ChannelReading> readings) noexcept override;
  void read_states(std::vector<DeviceState>& states) noexcept override;
  void forget_last() noexcept override { channel_.forget_last(); }
  [[nodiscard]] Duration shortest_interval() const override;

 private:
  std::unique_ptr<IpmiPort> port_;
  const Clock& clock_;
  IpmiConversation conversation_;
  std::vector<ChannelInfo> infos_;
  PowerChannel channel_;
  std::optional<Instant> last_asked_;
  bool stood_still_ = false;
};

/// What to tell of a device that could not be opened. Who may open it may also switch the machine
/// off and give the controller new users, so the advice is never to open it to users.
[[nodiscard]] Finding ipmi_not_opened(const std::filesystem::path& device, int errno_value);

}  // namespace gradwatt
