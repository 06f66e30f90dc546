#pragma once

#include "train/training_data.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace at {
class Tensor;
}

namespace gradwatt {

class Network;
class StepProfile;

/// What a loss is computed of. The tensors live as long as the visit.
struct Batch {
  const at::Tensor& inputs;      ///< [size, channels, height, width] or [size, channels, length]
  const at::Tensor& classes;     ///< [size] int64
  const at::Tensor& attributes;  ///< [size, attributes] float32; undefined: the set has none.
  std::int64_t size = 0;
  /// [size, steps, channels, height, width]: the fields that follow; null: the set has none.
  const at::Tensor* targets = nullptr;
};

/// How a pass over examples draws what is random in it: a pure function of these two.
struct Pass {
  std::int64_t batch = 0;
  /// Of mirrored images and of the parts of photographs that are seen; none: all are as in an
  /// evaluation.
  std::optional<std::uint64_t> draw_seed;
  StepProfile* profile = nullptr;  ///< Told of "data-wait" and "host-to-device".
};

/// Labelled inputs on the device, ready to be visited in batches. Not thread-safe.
class Examples {
 public:
  virtual ~Examples() = default;
  Examples() = default;
  Examples(const Examples&) = delete;
  Examples& operator=(const Examples&) = delete;

  [[nodiscard]] virtual std::int64_t count() const = 0;

  /// Calls `visit` with batches of the samples in `order`; the last may be smaller. Throws Error
  /// that names the file when a sample cannot be made.
  virtual void each_batch(std::span<const std::int64_t> order,
                          const Pass& pass,
                          const std::function<void(const Batch&)>& visit) = 0;

  /// How many samples an evaluation takes at a time at most: as many as memory surely holds.
  [[nodiscard]] virtual std::int64_t evaluation_batch() const { return 1024; }

  /// Seconds that the last each_batch() waited for samples that were not ready. Absent: inputs are
  /// resident, nothing is waited for.
  [[nodiscard]] virtual std::optional<double> starved_s() const { return std::nullopt; }
};

/// Where inputs live and in which layout.
struct Placement {
  std::string device = "cpu";
  bool channels_last = true;
  int workers = 2;  ///< Threads that make rows.
};

/// The inputs of `part` as Examples: in the device's memory, or, for rows that are made when they
/// are needed, prepared ahead by threads.
[[nodiscard]] std::unique_ptr<Examples> make_examples(const TrainingData& data,
                                                      const DataPart& part,
                                                      const Placement& placement);

/// Examples whose inputs are what `encoder`, in evaluation mode and without gradients, makes of
/// those of `examples`: [count, latent].
[[nodiscard]] std::unique_ptr<Examples> encoded(Examples& examples, Network& encoder);

/// Begins a phase of the pass's profile, if it has one.
void enter_phase(const Pass& pass, const char* phase);

/// 0, 1, ... count-1.
[[nodiscard]] std::vector<std::int64_t> natural_order(std::int64_t count);

}  // namespace gradwatt
