#include "train/parallel/gloo_comm.h"

#include "base/error.h"
#include "base/unique_fd.h"
#include "train/parallel/c10d_tensors.h"
#include "train/parallel/meeting.h"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>

namespace gradwatt {
namespace {

/// The address of this machine on the way to rank 0's: what other nodes reach us by. Empty when
/// there is no way.
std::string own_address_towards(const std::string& host, int port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_DGRAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), fmt::format("{}", port).c_str(), &hints, &found) != 0) {
    return {};
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, ::freeaddrinfo);
  const UniqueFd socket(::socket(addresses->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_storage own{};
  socklen_t size = sizeof(own);
  auto* const address = reinterpret_cast<sockaddr*>(&own);
  if (::connect(socket.get(), addresses->ai_addr, addresses->ai_addrlen) != 0 ||
      ::getsockname(socket.get(), address, &size) != 0) {
    return {};
  }
  std::array<char, NI_MAXHOST> text{};
  const int error =
      ::getnameinfo(address, size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST);
  return error == 0 ? text.data() : std::string();
}

std::shared_ptr<::gloo::transport::Device> gloo_device(const Place& place) {
  if (const auto interface = environment_variable("GLOO_SOCKET_IFNAME")) {
    return c10d::ProcessGroupGloo::createDeviceForInterface(*interface);
  }
  if (place.local_world == place.world) {
    return c10d::ProcessGroupGloo::createDeviceForHostname("127.0.0.1");
  }
  const std::string own = own_address_towards(place.address, place.port);
  return own.empty() ? c10d::ProcessGroupGloo::createDefaultDevice()
                     : c10d::ProcessGroupGloo::createDeviceForHostname(own);
}

class GlooComm;

/// Keeps what the call works on until it is done.
class GlooSum final : public PendingSum {
 public:
  GlooSum(GlooComm& comm, c10::intrusive_ptr<c10d::Work> work, at::Tensor host, at::Tensor device)
      : comm_(comm), work_(std::move(work)), host_(std::move(host)), device_(std::move(device)) {}
  void wait() override;

 private:
  GlooComm& comm_;
  c10::intrusive_ptr<c10d::Work> work_;
  at::Tensor host_;
  at::Tensor device_;
};

class GlooComm final : public Comm {
 public:
  GlooComm(std::unique_ptr<Meeting> meeting, int timeout_s) : meeting_(std::move(meeting)) {
    attempt([&] {
      auto options = c10d::ProcessGroupGloo::Options::create(std::chrono::seconds(timeout_s));
      options->devices = {gloo_device(meeting_->place())};
      backend_ = c10::make_intrusive<c10d::ProcessGroupGloo>(
          meeting_->store().c10d, rank(), world(), options);
    });
  }

  [[nodiscard]] int rank() const override { return meeting_->place().rank; }
  [[nodiscard]] int world() const override { return meeting_->place().world; }
  [[nodiscard]] const char* name() const override { return "gloo"; }

  std::unique_ptr<PendingSum> start_sum(const at::Tensor& tensor) override {
    std::vector<at::Tensor> host{tensor.device().is_cpu() ? tensor : tensor.cpu()};
    c10::intrusive_ptr<c10d::Work> work;
    attempt([&] { work = backend_->allreduce(host); });
    return std::make_unique<GlooSum>(*this, std::move(work), host.front(), tensor);
  }
  void broadcast(const at::Tensor& tensor) override {
    std::vector<at::Tensor> host{
        tensor.device().is_cpu() && tensor.is_contiguous() ? tensor : tensor.cpu().contiguous()};
    if (tensor.numel() == 0) {
      return;
    }
    attempt([&] { backend_->broadcast(host)->wait(); });
    if (!host.front().is_same(tensor)) {
      const at::NoGradGuard no_graph;
      tensor.detach().copy_(host.front());
    }
  }
  void barrier() override {
    attempt([&] { backend_->barrier()->wait(); });
  }
  void say_failed(const std::string& why) noexcept override { meeting_->say_failed(why); }

  /// Turns what Gloo throws when a connection ends into who ended, and why.
  template <typename Call>
  void attempt(const Call& call) {
    try {
      call();
    } catch (const std::exception& error) {
      const std::string text = error.what();
      throw RankLost(meeting_->why_others_ended().value_or(text.substr(0, text.find('\n'))),
                     fmt::format("rank {}", rank()),
                     "the message of the rank that ended first says why");
    }
  }

 private:
  std::unique_ptr<Meeting> meeting_;
  c10::intrusive_ptr<C10dBackend> backend_;
};

void GlooSum::wait() {
  comm_.attempt([&] { work_->wait(); });
  if (!host_.is_same(device_)) {
    device_.copy_(host_);
  }
}

}  // namespace

std::unique_ptr<Comm> gloo_comm(std::unique_ptr<Meeting> meeting, int timeout_s) {
  return std::make_unique<GlooComm>(std::move(meeting), timeout_s);
}

}  // namespace gradwatt
