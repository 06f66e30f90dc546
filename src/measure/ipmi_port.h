#pragma once

#include "base/unique_fd.h"
#include "units/clock.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace gradwatt {

/// A message from the management controller.
struct IpmiMessage {
  bool is_response = false;  ///< Else an event or a command that happened to arrive.
  long id = 0;               ///< Of the request that it answers.
  std::vector<std::uint8_t> data;
};

/// The way to the machine's management controller. Not thread-safe.
class IpmiPort {
 public:
  virtual ~IpmiPort() = default;
  /// Sends a request. Returns errno, 0 for success.
  virtual int send(long id,
                   std::uint8_t network_function,
                   std::uint8_t command,
                   std::span<const std::uint8_t> data) = 0;
  /// Waits for the next message, or gives errno: ETIMEDOUT if none came within `patience`.
  virtual std::variant<IpmiMessage, int> receive(Duration patience) = 0;
};

/// Through the kernel's driver: the ioctls of /dev/ipmi0.
class IpmiDevice final : public IpmiPort {
 public:
  explicit IpmiDevice(UniqueFd device) : device_(std::move(device)) {}

  int send(long id,
           std::uint8_t network_function,
           std::uint8_t command,
           std::span<const std::uint8_t> data) override;
  std::variant<IpmiMessage, int> receive(Duration patience) override;

 private:
  UniqueFd device_;
};

/// What an exchange gave: the answer's bytes, completion code first, or errno.
using IpmiAnswer = std::variant<std::vector<std::uint8_t>, int>;

/// Sends requests and finds their answers among what arrives: a late answer to an earlier request
/// and events are not taken for it. Not thread-safe.
class IpmiConversation {
 public:
  IpmiConversation(IpmiPort& port, const Clock& clock) : port_(port), clock_(clock) {}

  IpmiAnswer ask(std::uint8_t network_function,
                 std::uint8_t command,
                 std::span<const std::uint8_t> data,
                 Duration patience);

 private:
  IpmiPort& port_;
  const Clock& clock_;
  long last_id_ = 0;
};

}  // namespace gradwatt
