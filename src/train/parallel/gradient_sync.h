#pragma once

#include <cstdint>
#include <memory>

namespace gradwatt {

class Comm;
class FlatParameters;

struct SyncOptions {
  /// Gradients are summed in pieces of about this size, as soon as all of a piece are known. The
  /// first piece to be known is smaller, so that sending begins early.
  std::int64_t bucket_bytes = std::int64_t{25} << 20;
  bool overlap = true;  ///< false: all pieces are sent after the backward pass.
};

/// Sums gradients over all ranks while the backward pass goes on.
///
/// Pieces are ranges of the flat buffer, sent in place, from its end to its front, as a backward
/// pass fills it; always in this order, on every rank. A parameter without a gradient counts as 0:
/// its piece is sent by finish(). Ranks whose losses are shares of one mean get the gradient of
/// that mean, so nothing is divided here.
class GradientSync {
 public:
  /// Both must outlive it.
  GradientSync(FlatParameters& parameters, Comm& comm, const SyncOptions& options);
  ~GradientSync();
  GradientSync(const GradientSync&) = delete;
  GradientSync& operator=(const GradientSync&) = delete;

  /// Before the last backward pass of a step: from here on pieces are sent when they are complete.
  void begin_last_backward();
  /// Sends what was not sent and waits until all sums are here. Every rank calls it in each step,
  /// also one that had no samples.
  void finish();

  [[nodiscard]] std::int64_t pieces() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace gradwatt
