#pragma once

#include "train/examples.h"
#include "train/network.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gradwatt {

class Comm;

/// A network within a task. Names in files of weights are "NAME.conv1.weight", or "conv1.weight"
/// for an empty name.
struct Part {
  std::string name;
  std::unique_ptr<Network> network;
  bool trained = true;  ///< false: frozen, in evaluation mode and without gradients.
};

/// Means over samples, summed on the device: asking for a number after each batch would make it
/// wait.
class MetricSums {
 public:
  MetricSums();
  ~MetricSums();
  MetricSums(const MetricSums&) = delete;
  MetricSums& operator=(const MetricSums&) = delete;

  /// A batch's mean, weighted by its size.
  void add(std::string_view metric, const at::Tensor& mean, std::int64_t size);
  /// From here on the sums are those of all ranks.
  void sum_over(Comm& comm);
  /// The means over all that was added, by name, in the order of their first batch.
  [[nodiscard]] std::vector<std::pair<std::string, double>> means() const;

 private:
  struct Sums;
  std::unique_ptr<Sums> sums_;
};

/// What is trained: networks, and the loss that joins them. Made by a paradigm.
class Task {
 public:
  explicit Task(Part encoder) { parts_.push_back(std::move(encoder)); }
  virtual ~Task() = default;
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;

  /// The mean loss of a batch, a scalar float32. When asked to, adds what an evaluation reports:
  /// "val_loss", for classifiers "val_acc", for several heads one accuracy each.
  [[nodiscard]] virtual at::Tensor loss(const Batch& batch, MetricSums* metrics) = 0;

  /// The encoder first.
  [[nodiscard]] std::vector<Part>& parts() { return parts_; }
  [[nodiscard]] Part& encoder() { return parts_.front(); }

  /// Training mode for the trained parts, evaluation mode for all others.
  void set_training(bool training);
  /// From here on batches hold what the encoder made of the inputs.
  void take_latents() { takes_latents_ = true; }

  [[nodiscard]] std::int64_t parameter_count();
  [[nodiscard]] std::int64_t trained_parameter_count();

 protected:
  void add_part(Part part) { parts_.push_back(std::move(part)); }
  /// The encoder's features of the batch: [size, latent] float32.
  [[nodiscard]] at::Tensor latents(const Batch& batch);
  /// Scores of part `index`, as float32 whatever the precision of the layers.
  [[nodiscard]] at::Tensor scores(std::size_t index, const at::Tensor& latents);

 private:
  std::vector<Part> parts_;
  bool takes_latents_ = false;
};

}  // namespace gradwatt
