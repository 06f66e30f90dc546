#pragma once

#include "base/error.h"

#include <memory>
#include <string>

namespace at {
class Tensor;
}

namespace gradwatt {

struct Place;

/// A sum that is under way.
class PendingSum {
 public:
  virtual ~PendingSum() = default;
  PendingSum() = default;
  PendingSum(const PendingSum&) = delete;
  PendingSum& operator=(const PendingSum&) = delete;
  /// Afterwards the tensor holds the sum: on a GPU for the operations that are queued from then on.
  virtual void wait() = 0;
};

/// Another rank ended; the text says which and, if that is known, why.
class RankLost : public Error {
 public:
  using Error::Error;
};

/// What the processes of one training say to each other. All ranks make the same calls in the same
/// order, with tensors of the same shape and type. Every call throws
/// RankLost when one of them ended.
/// Belongs to one thread at a time.
class Comm {
 public:
  virtual ~Comm() = default;
  Comm() = default;
  Comm(const Comm&) = delete;
  Comm& operator=(const Comm&) = delete;

  [[nodiscard]] virtual int rank() const = 0;
  [[nodiscard]] virtual int world() const = 0;
  /// "alone", "gloo" or "nccl".
  [[nodiscard]] virtual const char* name() const = 0;

  /// Starts to replace the tensor (contiguous) by its sum over all ranks.
  [[nodiscard]] virtual std::unique_ptr<PendingSum> start_sum(const at::Tensor& tensor) = 0;
  /// Rank 0's tensor becomes everybody's.
  virtual void broadcast(const at::Tensor& tensor) = 0;
  /// Returns on no rank before all have called it.
  virtual void barrier() = 0;

  /// Tells the others why this rank ends, so that they can say so when they notice.
  virtual void say_failed(const std::string& /*why*/) noexcept {}

  void sum(const at::Tensor& tensor) { start_sum(tensor)->wait(); }
  [[nodiscard]] bool is_alone() const { return world() == 1; }
  [[nodiscard]] bool is_first() const { return rank() == 0; }
};

[[nodiscard]] std::unique_ptr<Comm> alone();

/// Rank 0's text, on every rank.
[[nodiscard]] std::string broadcast_text(Comm& comm, const std::string& text);

/// Which library carries the sums: automatic is nccl for CUDA devices and gloo for all others.
enum class CommKind { automatic, gloo, nccl };

struct CommOptions {
  CommKind kind = CommKind::automatic;
  std::string device = "cpu";
  int timeout_s = 300;  ///< Of meeting the other ranks, and of each call.
};

/// The ranks of `place`, which have met when this returns. Throws Error that says who is missing.
[[nodiscard]] std::unique_ptr<Comm> meet(const Place& place, const CommOptions& options);

}  // namespace gradwatt
