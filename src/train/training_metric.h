#pragma once

#include <string_view>

namespace gradwatt {

/// What early stopping may watch. The direction follows from the metric.
enum class Metric { train_loss, val_loss, val_acc };

[[nodiscard]] constexpr std::string_view metric_name(Metric metric) {
  switch (metric) {
    case Metric::train_loss:
      return "train_loss";
    case Metric::val_loss:
      return "val_loss";
    case Metric::val_acc:
      break;
  }
  return "val_acc";
}

[[nodiscard]] constexpr bool higher_is_better(Metric metric) { return metric == Metric::val_acc; }

}  // namespace gradwatt
