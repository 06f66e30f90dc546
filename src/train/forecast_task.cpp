#include "train/forecast_task.h"

#include "base/error.h"
#include "base/expects.h"
#include "train/anomaly_correlation.h"
#include "train/latitude_rmse.h"
#include "train/paradigms/catalog.h"
#include "train/relative_l2.h"
#include "train/tensors.h"

#include <algorithm>
#include <array>

namespace gradwatt {
namespace {

constexpr std::array<std::string_view, 3> kReportedChannels{"u10", "t2m", "z500"};

class ForecastTask final : public Task {
 public:
  ForecastTask(Forecaster networks, const TaskSpec& spec)
      : Task({"", std::move(networks.trunk)}),
        names_(spec.forecast->channels),
        deviations_(*spec.deviations),
        weights_(latitude_weights(spec.shape.height)),
        climatology_(at::empty({spec.shape.channels, spec.shape.height, spec.shape.width})) {
    add_part({"", std::move(networks.head)});
    const std::vector<float>& climatology = spec.forecast->climatology;
    expects(static_cast<std::int64_t>(climatology.size()) == climatology_.numel(), "all points");
    std::copy(climatology.begin(), climatology.end(), climatology_.data_ptr<float>());
  }

  at::Tensor loss(const Batch& batch, MetricSums* metrics) override {
    expects(batch.targets != nullptr, "samples with targets");
    at::Tensor fields = batch.inputs;
    at::Tensor loss;
    for (std::int64_t step = 0; step < batch.targets->size(1); ++step) {
      fields = scores(1, encoder().network->forward(fields));
      const at::Tensor distance = relative_l2(fields, batch.targets->select(1, step));
      loss = loss.defined() ? loss + distance : distance;
    }
    if (metrics != nullptr) {
      metrics->add("val_loss", loss, batch.size);
      report(fields, batch.targets->select(1, -1), *metrics);
    }
    return loss;
  }

 private:
  void report(const at::Tensor& fields, const at::Tensor& targets, MetricSums& metrics) {
    weights_ = weights_.to(fields.device());
    climatology_ = climatology_.to(fields.device());
    const std::int64_t size = fields.size(0);
    const at::Tensor rmse = latitude_rmse(fields, targets, weights_).mean(0);
    const at::Tensor acc = anomaly_correlation(fields, targets, climatology_, weights_).mean(0);
    metrics.add("val_rmse", rmse.mean(), size);
    metrics.add("val_acc", acc.mean(), size);
    for (const std::string_view name : kReportedChannels) {
      const auto found = std::find(names_.begin(), names_.end(), name);
      if (found == names_.end()) {
        continue;
      }
      const auto channel = std::distance(names_.begin(), found);
      const double deviation = deviations_[static_cast<std::size_t>(channel)];
      metrics.add("val_rmse_" + *found, rmse[channel] * deviation, size);
      metrics.add("val_acc_" + *found, acc[channel], size);
    }
  }

  std::vector<std::string> names_;
  std::vector<float> deviations_;
  at::Tensor weights_;
  at::Tensor climatology_;
};

}  // namespace

std::unique_ptr<Task> forecast_task(const TaskSpec& spec) {
  if (spec.model.make_forecaster == nullptr) {
    throw UsageError("this model makes no forecasts", spec.model.name, "take --model afno");
  }
  expects(spec.forecast != nullptr && spec.deviations != nullptr, "data with targets");
  return std::make_unique<ForecastTask>(
      spec.model.make_forecaster(spec.shape, spec.forecast->patch, spec.afno), spec);
}

}  // namespace gradwatt
