#pragma once

#include "train/models/catalog.h"
#include "train/task.h"
#include "train/training_metric.h"

#include <memory>
#include <span>
#include <string_view>

namespace gradwatt {

/// What a task is made of.
struct TaskSpec {
  const Model& model;
  InputShape shape;
  int classes = 0;
  int attributes = 0;
  double alpha = 0.5;                              ///< Multitask: the identity's share of the loss.
  AfnoSize afno;                                   ///< Without zeros; for data with targets.
  const ForecastForm* forecast = nullptr;          ///< Of data with targets.
  const std::vector<float>* deviations = nullptr;  ///< Of their channels.
  double label_smoothing = 0;
  bool has_top5 = false;  ///< Evaluations also say how often the class is among five.
};

/// One way of learning: which parts there are, which of them learn, from which loss.
struct Paradigm {
  std::string_view name;
  std::string_view description;
  Metric monitor = Metric::val_acc;  ///< What early stopping watches unless told otherwise.
  const char* phase = "train";       ///< The name of its training phase in marks.
  bool needs_attributes = false;
  bool needs_weights = false;    ///< Pointless without an encoder that was trained before.
  bool refuses_weights = false;  ///< From scratch by definition.
  bool encoder_is_frozen = false;
  int forecast_steps = 0;       ///< Targets of each sample; 0: it learns labels or inputs instead.
  bool smooths_labels = false;  ///< Its loss can be told to.
  std::unique_ptr<Task> (*make)(const TaskSpec& spec) = nullptr;
};

/// All of them, in display order.
[[nodiscard]] std::span<const Paradigm> paradigms();

/// Throws UsageError, with the name that was probably meant, when there is no such paradigm.
[[nodiscard]] const Paradigm& paradigm_named(std::string_view name);

// One declaration per member; its file carries the same name.
[[nodiscard]] Paradigm classify();
[[nodiscard]] Paradigm joint();
[[nodiscard]] Paradigm pretrain();
[[nodiscard]] Paradigm frozen();
[[nodiscard]] Paradigm unfrozen();
[[nodiscard]] Paradigm identity();
[[nodiscard]] Paradigm attributes();
[[nodiscard]] Paradigm multitask();
[[nodiscard]] Paradigm forecast();
[[nodiscard]] Paradigm finetune();

}  // namespace gradwatt
