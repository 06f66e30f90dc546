#pragma once

#include "train/examples.h"
#include "train/tensors.h"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace gradwatt {

/// Labels of a part on the device, and its inputs where those are resident, too.
struct ResidentTensors {
  at::Tensor inputs;      ///< [count, ...] float32
  at::Tensor classes;     ///< [count] int64
  at::Tensor attributes;  ///< [count, attributes] float32, or undefined
};

/// How rows of a data set become the inputs of a batch.
struct BatchLayout {
  InputShape shape;
  bool channels_last = true;
  bool mirrors = false;
  at::Tensor mean;       ///< [channels] on the device
  at::Tensor deviation;  ///< [channels] on the device

  /// Bytes [n, height, width, channels] on the device -> normalised float32, the same shape.
  [[nodiscard]] at::Tensor normalised(const at::Tensor& bytes) const;
  /// [n, ...] as stored -> [n, channels, height, width] in the layout asked for; series and latent
  /// features as they are.
  [[nodiscard]] at::Tensor shaped(const at::Tensor& rows) const;
  /// The inputs of a part that is in memory, normalised, on the device.
  [[nodiscard]] at::Tensor resident(const DataPart& part) const;
};

[[nodiscard]] BatchLayout layout_of(const TrainingData& data, const Placement& placement);

[[nodiscard]] ResidentTensors label_tensors(const DataPart& part,
                                            int attributes,
                                            const std::string& device);

[[nodiscard]] at::Tensor index_tensor(std::span<const std::int64_t> indices);

/// Each image flipped from left to right, or not, by a coin that (seed, sample) alone decides.
[[nodiscard]] at::Tensor mirrored(const at::Tensor& images,
                                  std::span<const std::int64_t> samples,
                                  std::uint64_t seed);

/// Batches of rows that threads prepare ahead.
[[nodiscard]] std::unique_ptr<Examples> streamed_examples(std::shared_ptr<const RowSource> rows,
                                                          ResidentTensors labels,
                                                          BatchLayout layout,
                                                          const Placement& placement);

/// Rows of float32 fields, an input and its targets each: in memory, or read ahead by threads.
[[nodiscard]] std::unique_ptr<Examples> field_examples(const TrainingData& data,
                                                       const DataPart& part,
                                                       const Placement& placement);

}  // namespace gradwatt
