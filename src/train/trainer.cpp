#include "train/trainer.h"

#include "base/expects.h"
#include "gradwatt/mark.h"
#include "train/flat_parameters.h"
#include "data/random_order.h"
#include "train/tensors.h"

#include <fmt/format.h>
#include <torch/nn/module.h>

#include <chrono>
#include <cmath>
#include <numeric>

namespace gradwatt {
namespace {

constexpr std::int64_t kScoreBatch = 1024;

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

std::optional<double> if_finite(double value) {
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::optional<double> monitored(Metric metric, const EpochResult& result) {
  if (metric == Metric::train_loss || !result.validation) {
    return metric == Metric::train_loss ? result.train_loss : std::nullopt;
  }
  return if_finite(metric == Metric::val_loss ? result.validation->loss
                                              : result.validation->accuracy);
}

void mark_metrics(const EpochResult& result) {
  if (result.train_loss) {
    gradwatt_metric("train_loss", *result.train_loss);
  }
  if (result.validation) {
    if (std::isfinite(result.validation->loss)) {
      gradwatt_metric("val_loss", result.validation->loss);
    }
    gradwatt_metric("val_acc", result.validation->accuracy);
  }
  gradwatt_samples(result.samples);
  gradwatt_steps(result.steps);
}

/// Samples and time of train phases; the first epoch counts only while it is the only one.
class Throughput {
 public:
  void add(const EpochResult& result) {
    if (epochs_++ == 1) {
      samples_ = 0;
      time_s_ = 0;
    }
    samples_ += result.samples;
    time_s_ += result.train_s;
  }
  [[nodiscard]] double samples_per_s() const {
    return static_cast<double>(samples_) / std::max(time_s_, 1e-9);
  }

 private:
  int epochs_ = 0;
  std::int64_t samples_ = 0;
  double time_s_ = 0;
};

}  // namespace

Trainer::Trainer(const LoopPlan& plan,
                 Network& network,
                 const ResidentImages& train,
                 const ResidentImages& validation)
    : plan_(plan),
      network_(network),
      train_(train),
      validation_(validation),
      parameters_(std::make_unique<FlatParameters>(network.module())),
      optimizer_(make_optimizer(plan.optimizer, *parameters_)) {
  expects(plan.batch > 0 && plan.max_epochs > 0 && train.count() > 0, "something to train on");
}

Trainer::~Trainer() = default;

TrainingResult Trainer::run(const std::function<void(const EpochResult&)>& report) {
  TrainingResult outcome;
  EarlyStopping stopping(plan_.stop);
  Throughput throughput;
  gradwatt_epochs_total(plan_.max_epochs);

  for (int epoch = 0; epoch < plan_.max_epochs; ++epoch) {
    EpochResult result;
    result.epoch = epoch;
    gradwatt_epoch_begin(epoch);
    {
      const MarkedPhase phase("train");
      train_epoch(result);
    }
    if (result.train_loss) {
      const MarkedPhase phase("eval");
      result.validation = score(network_, validation_);
    }
    mark_metrics(result);
    gradwatt_epoch_end(epoch);

    throughput.add(result);
    outcome.epochs = epoch + 1;
    report(result);
    const std::optional<double> value = monitored(plan_.stop.monitor, result);
    if (!result.train_loss || !value) {
      gradwatt_note(fmt::format("diverged: the loss of epoch {} is not finite", epoch).c_str());
      outcome.reason = StopReason::diverged;
      break;
    }
    const EarlyStopping::Verdict verdict = stopping.judge(epoch, *value);
    if (stopping.is_best()) {
      parameters_->remember();
    }
    if (verdict != EarlyStopping::Verdict::go_on) {
      outcome.reason = verdict == EarlyStopping::Verdict::reached ? StopReason::reached
                                                                  : StopReason::no_progress;
      break;
    }
  }
  parameters_->recall();
  outcome.best_epoch = stopping.best_epoch();
  outcome.best = stopping.best();
  outcome.samples_per_s = throughput.samples_per_s();
  return outcome;
}

void Trainer::train_epoch(EpochResult& result) {
  const auto begin = std::chrono::steady_clock::now();
  const std::int64_t count = train_.count();
  const auto order = random_order(count, plan_.seed, static_cast<std::uint64_t>(result.epoch));
  const at::Tensor indices = train_.indices(order);
  const std::int64_t steps = (count + plan_.batch - 1) / plan_.batch;
  // The sum stays on the device: asking for a number after each step would make it wait.
  at::Tensor loss_sum = at::zeros({}, indices.options().dtype(at::kDouble));

  network_.module().train();
  for (std::int64_t step = 0; step < steps; ++step) {
    const std::int64_t first = step * plan_.batch;
    const std::int64_t size = std::min(plan_.batch, count - first);
    const at::Tensor batch = indices.narrow(0, first, size);
    const at::Tensor loss =
        at::cross_entropy_loss(network_.forward(train_.images(batch)), train_.labels(batch));
    parameters_->clear_gradients();
    loss.backward();

    const double position =
        result.epoch + (static_cast<double>(step) + 0.5) / static_cast<double>(steps);
    result.learning_rate = plan_.learning_rate.at(position, plan_.max_epochs);
    optimizer_->step(result.learning_rate);
    loss_sum.add_(loss.detach(), static_cast<double>(size));
  }
  result.train_loss = if_finite(loss_sum.item<double>() / static_cast<double>(count));
  result.samples = count;
  result.steps = steps;
  result.train_s = seconds_since(begin);
}

Score score(Network& network, const ResidentImages& images) {
  const at::NoGradGuard no_graph;
  network.module().eval();
  std::vector<std::int64_t> order(static_cast<std::size_t>(images.count()));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  const at::Tensor indices = images.indices(order);
  at::Tensor loss_sum = at::zeros({}, indices.options().dtype(at::kDouble));
  at::Tensor right = at::zeros({}, indices.options());
  for (std::int64_t first = 0; first < images.count(); first += kScoreBatch) {
    const std::int64_t size = std::min(kScoreBatch, images.count() - first);
    const at::Tensor batch = indices.narrow(0, first, size);
    const at::Tensor labels = images.labels(batch);
    const at::Tensor scores = network.forward(images.images(batch));
    loss_sum.add_(at::cross_entropy_loss(scores, labels), static_cast<double>(size));
    right.add_(scores.argmax(1).eq(labels).sum());
  }
  const auto count = static_cast<double>(images.count());
  return {loss_sum.item<double>() / count, right.item<double>() / count};
}

void seed_weights(std::uint64_t seed) { at::manual_seed(seed); }

}  // namespace gradwatt
