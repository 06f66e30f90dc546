#include "train/parallel/nccl_comm.h"

#include "base/expects.h"
#include "train/parallel/meeting.h"
#include "train/parallel/nccl_library.h"
#include "train/tensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

namespace gradwatt {
namespace {

constexpr unsigned kNonBlockingStream = 1;
constexpr unsigned kEventWithoutTime = 2;
constexpr int kCudaNotReady = 600;
constexpr int kNcclSum = 0;
constexpr int kNcclInProgress = 7;
/// The default stream, on which libtorch computes.
constexpr CudaStream kComputeStream = nullptr;

int nccl_type(const at::Tensor& tensor) {
  switch (tensor.scalar_type()) {
    case at::kByte:
      return static_cast<int>(NcclType::uint8);
    case at::kLong:
      return static_cast<int>(NcclType::int64);
    case at::kFloat:
      return static_cast<int>(NcclType::float32);
    default:
      expects(tensor.scalar_type() == at::kDouble, "a type that ranks exchange");
      return static_cast<int>(NcclType::float64);
  }
}

class NcclRanks final : public Comm {
 public:
  NcclRanks(std::unique_ptr<Meeting> meeting, const std::string& device, int timeout_s)
      : meeting_(std::move(meeting)), device_(device), timeout_s_(timeout_s) {
    NcclId id;
    if (is_first()) {
      library_.check_nccl(library_.get_unique_id(&id), "ncclGetUniqueId");
      meeting_->set("nccl-id", std::string(id.bytes.begin(), id.bytes.end()));
    }
    const std::string text = meeting_->get("nccl-id");
    std::copy_n(text.begin(), std::min(text.size(), id.bytes.size()), id.bytes.begin());
    library_.check_cuda(library_.create_stream(&stream_, kNonBlockingStream), "cudaStreamCreate");
    library_.check_nccl(library_.init_rank(&comm_, world(), id, rank()), "ncclCommInitRank");
  }
  ~NcclRanks() override {
    if (comm_ != nullptr) {
      library_.destroy(comm_);
    }
    library_.destroy_stream(stream_);
  }

  [[nodiscard]] int rank() const override { return meeting_->place().rank; }
  [[nodiscard]] int world() const override { return meeting_->place().world; }
  [[nodiscard]] const char* name() const override { return "nccl"; }
  void say_failed(const std::string& why) noexcept override { meeting_->say_failed(why); }

  std::unique_ptr<PendingSum> start_sum(const at::Tensor& tensor) override {
    return std::make_unique<Running>(*this, tensor, [this](const at::Tensor& on_device) {
      void* const data = on_device.data_ptr();
      library_.check_nccl(library_.all_reduce(data,
                                              data,
                                              static_cast<std::size_t>(on_device.numel()),
                                              nccl_type(on_device),
                                              kNcclSum,
                                              comm_,
                                              stream_),
                          "ncclAllReduce");
    });
  }
  void broadcast(const at::Tensor& tensor) override {
    if (tensor.numel() == 0) {
      return;
    }
    Running(*this, tensor, [this](const at::Tensor& on_device) {
      void* const data = on_device.data_ptr();
      library_.check_nccl(library_.broadcast(data,
                                             data,
                                             static_cast<std::size_t>(on_device.numel()),
                                             nccl_type(on_device),
                                             0,
                                             comm_,
                                             stream_),
                          "ncclBroadcast");
    }).wait();
  }
  void barrier() override { sum(at::zeros({1}, at::kFloat)); }

 private:
  /// One call under way: it begins when the computation before it is done.
  class Running final : public PendingSum {
   public:
    template <typename Call>
    Running(NcclRanks& ranks, const at::Tensor& tensor, const Call& call)
        : ranks_(ranks), original_(tensor), on_device_(tensor.to(ranks.device_).contiguous()) {
      const NcclLibrary& library = ranks_.library_;
      library.check_cuda(library.create_event(&event_, kEventWithoutTime), "cudaEventCreate");
      library.check_cuda(library.record_event(event_, kComputeStream), "cudaEventRecord");
      library.check_cuda(library.wait_event(ranks_.stream_, event_, 0), "cudaStreamWaitEvent");
      call(on_device_);
      library.check_cuda(library.record_event(event_, ranks_.stream_), "cudaEventRecord");
    }
    ~Running() override { ranks_.library_.destroy_event(event_); }

    void wait() override {
      ranks_.wait_for(event_);
      if (!on_device_.is_same(original_)) {
        const at::NoGradGuard no_graph;
        original_.detach().copy_(on_device_);
      }
    }

   private:
    NcclRanks& ranks_;
    at::Tensor original_;
    at::Tensor on_device_;
    CudaEvent event_ = nullptr;
  };

  void wait_for(CudaEvent event) {
    using std::chrono::steady_clock;
    const auto begin = steady_clock::now();
    auto next_look = begin + std::chrono::seconds(1);
    while (true) {
      const int status = library_.query_event(event);
      if (status == 0) {
        return;
      }
      if (status != kCudaNotReady) {
        library_.check_cuda(status, "cudaEventQuery");
      }
      int error = 0;
      library_.async_error(comm_, &error);
      if (error != 0 && error != kNcclInProgress) {
        give_up(library_.nccl_text(error));
      }
      const auto now = steady_clock::now();
      if (now > next_look) {
        next_look = now + std::chrono::seconds(1);
        if (meeting_->someone_failed()) {
          give_up("another rank failed");
        }
      }
      if (now - begin > std::chrono::seconds(timeout_s_)) {
        give_up(fmt::format("no answer for {} s", timeout_s_));
      }
      std::this_thread::sleep_for(std::chrono::microseconds(20));
    }
  }

  [[noreturn]] void give_up(const std::string& what) {
    const std::string why = meeting_->why_others_ended().value_or(what);
    library_.abort(comm_);
    comm_ = nullptr;
    throw RankLost(
        why, fmt::format("rank {}", rank()), "the message of the rank that ended first says why");
  }

  std::unique_ptr<Meeting> meeting_;
  at::Device device_;
  int timeout_s_;
  NcclLibrary library_;
  CudaStream stream_ = nullptr;
  NcclHandle comm_ = nullptr;
};

}  // namespace

std::unique_ptr<Comm> nccl_comm(std::unique_ptr<Meeting> meeting,
                                const std::string& device,
                                int timeout_s) {
  return std::make_unique<NcclRanks>(std::move(meeting), device, timeout_s);
}

}  // namespace gradwatt
