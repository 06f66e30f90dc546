#include "train/parallel/gradient_sync.h"

#include "base/expects.h"
#include "train/flat_parameters.h"
#include "train/parallel/comm.h"
#include "train/tensors.h"

#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/utils/lambda_post_hook.h>
#include <torch/csrc/autograd/variable.h>

#include <vector>

namespace gradwatt {
namespace {

constexpr std::int64_t kFirstPieceBytes = std::int64_t{1} << 20;

}  // namespace

struct GradientSync::State {
  /// A range of the flat buffer with the parameters inside.
  struct Piece {
    std::int64_t begin = 0;
    std::int64_t end = 0;
    int parameters = 0;
    int missing = 0;  ///< Whose gradient of this backward pass is not known yet.
  };

  State(FlatParameters& flat, Comm& communicator, const SyncOptions& sync)
      : parameters(flat), comm(communicator), options(sync) {}

  FlatParameters& parameters;
  Comm& comm;
  SyncOptions options;
  std::vector<Piece> pieces;          ///< In the order of sending: the buffer's end first.
  std::vector<std::size_t> piece_of;  ///< By parameter.
  /// A parameter holds its accumulator weakly.
  std::vector<std::shared_ptr<torch::autograd::Node>> accumulators;
  bool is_armed = false;
  std::size_t sent = 0;
  std::vector<std::unique_ptr<PendingSum>> pending;

  void cut_pieces(const std::vector<at::Tensor>& all) {
    piece_of.resize(all.size());
    std::int64_t end = parameters.gradients().numel();
    for (std::size_t i = all.size(); i-- > 0;) {
      const std::int64_t limit = pieces.size() <= 1 ? kFirstPieceBytes : options.bucket_bytes;
      const bool is_full = pieces.empty() || (pieces.back().end - pieces.back().begin) *
                                                     static_cast<std::int64_t>(sizeof(float)) >=
                                                 std::min(limit, options.bucket_bytes);
      if (is_full) {
        pieces.push_back({end, end, 0, 0});
      }
      Piece& piece = pieces.back();
      end -= all[i].numel();
      piece.begin = end;
      ++piece.parameters;
      piece_of[i] = pieces.size() - 1;
    }
    expects(end == 0, "the pieces make up the whole buffer");
  }

  void watch(const at::Tensor& parameter, std::size_t piece) {
    auto accumulator = torch::autograd::impl::grad_accumulator(parameter);
    using Tensors = std::vector<at::Tensor>;
    accumulator->add_post_hook(std::make_unique<torch::autograd::utils::LambdaPostHook>(
        [this, piece](const Tensors& outputs, const Tensors& /*inputs*/) {
          if (is_armed) {
            --pieces[piece].missing;
            send_complete();
          }
          return outputs;
        }));
    accumulators.push_back(std::move(accumulator));
  }

  void send_complete() {
    while (options.overlap && sent < pieces.size() && pieces[sent].missing <= 0) {
      send_next();
    }
  }

  void send_next() {
    const Piece& piece = pieces[sent++];
    pending.push_back(
        comm.start_sum(parameters.gradients().narrow(0, piece.begin, piece.end - piece.begin)));
  }
};

GradientSync::GradientSync(FlatParameters& parameters, Comm& comm, const SyncOptions& options)
    : state_(std::make_unique<State>(parameters, comm, options)) {
  if (comm.is_alone()) {
    return;
  }
  const std::vector<at::Tensor>& all = parameters.parameters();
  state_->cut_pieces(all);
  for (std::size_t i = 0; i < all.size(); ++i) {
    state_->watch(all[i], state_->piece_of[i]);
  }
}

GradientSync::~GradientSync() = default;

void GradientSync::begin_last_backward() {
  for (State::Piece& piece : state_->pieces) {
    piece.missing = piece.parameters;
  }
  state_->is_armed = true;
}

void GradientSync::finish() {
  state_->is_armed = false;
  while (state_->sent < state_->pieces.size()) {
    state_->send_next();
  }
  for (const auto& sum : state_->pending) {
    sum->wait();
  }
  state_->pending.clear();
  state_->sent = 0;
}

std::int64_t GradientSync::pieces() const {
  return static_cast<std::int64_t>(state_->pieces.size());
}

}  // namespace gradwatt
