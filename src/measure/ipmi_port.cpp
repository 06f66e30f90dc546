#include "measure/ipmi_port.h"

#include <array>
#include <cerrno>
#include <linux/ipmi.h>
#include <poll.h>
#include <sys/ioctl.h>

namespace gradwatt {
namespace {

/// A controller that sends this many other messages within one exchange is not to be waited for.
constexpr int kMessagesAtMost = 100;

}  // namespace

int IpmiDevice::send(long id,
                     std::uint8_t network_function,
                     std::uint8_t command,
                     std::span<const std::uint8_t> data) {
  ipmi_system_interface_addr address{IPMI_SYSTEM_INTERFACE_ADDR_TYPE, IPMI_BMC_CHANNEL, 0};
  std::vector<std::uint8_t> copy(data.begin(), data.end());  // The kernel's struct is not const.
  ipmi_req request{};
  request.addr = reinterpret_cast<unsigned char*>(&address);
  request.addr_len = sizeof(address);
  request.msgid = id;
  request.msg.netfn = network_function;
  request.msg.cmd = command;
  request.msg.data = copy.data();
  request.msg.data_len = static_cast<unsigned short>(copy.size());
  return ::ioctl(device_.get(), IPMICTL_SEND_COMMAND, &request) < 0 ? errno : 0;
}

std::variant<IpmiMessage, int> IpmiDevice::receive(Duration patience) {
  pollfd wait{device_.get(), POLLIN, 0};
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(patience).count();
  const int ready = ::poll(&wait, 1, static_cast<int>(ms));
  if (ready <= 0) {
    return ready == 0 ? ETIMEDOUT : errno;
  }
  ipmi_addr address{};
  std::array<unsigned char, 256> block{};
  ipmi_recv message{};
  message.addr = reinterpret_cast<unsigned char*>(&address);
  message.addr_len = sizeof(address);
  message.msg.data = block.data();
  message.msg.data_len = block.size();
  if (::ioctl(device_.get(), IPMICTL_RECEIVE_MSG_TRUNC, &message) < 0 && errno != EMSGSIZE) {
    return errno;
  }
  const std::size_t size = std::min<std::size_t>(message.msg.data_len, block.size());
  return IpmiMessage{message.recv_type == IPMI_RESPONSE_RECV_TYPE,
                     message.msgid,
                     {block.begin(), block.begin() + static_cast<std::ptrdiff_t>(size)}};
}

IpmiAnswer IpmiConversation::ask(std::uint8_t network_function,
                                 std::uint8_t command,
                                 std::span<const std::uint8_t> data,
                                 Duration patience) {
  const long id = ++last_id_;
  const Instant deadline = clock_.now() + patience;
  if (const int reason = port_.send(id, network_function, command, data); reason != 0) {
    return reason;
  }
  for (int i = 0; i < kMessagesAtMost; ++i) {
    const Duration left = deadline - clock_.now();
    if (left <= Duration{}) {
      return ETIMEDOUT;
    }
    auto received = port_.receive(left);
    if (const int* reason = std::get_if<int>(&received)) {
      if (*reason == EINTR || *reason == EAGAIN) {
        continue;
      }
      return *reason;
    }
    auto& message = std::get<IpmiMessage>(received);
    if (message.is_response && message.id == id) {
      return std::move(message.data);
    }
  }
  return ETIMEDOUT;
}

}  // namespace gradwatt
