#include "train/photograph_flags.h"

#include "train/flag_adder.h"

namespace gradwatt {

double share_of_text(const std::string& text) {
  const char* at = text.c_str();
  char* end = nullptr;
  double value = std::strtod(at, &end);
  bool is_number = end != at;
  if (is_number && *end == '/') {
    at = end + 1;
    value /= std::strtod(at, &end);
    is_number = end != at;
  }
  if (!is_number || *end != '\0' || !(value > 0 && value <= 1)) {
    throw CLI::ValidationError("--subset",
                               fmt::format("{} is no share above 0 and at most 1", text));
  }
  return value;
}

void add_photograph_flags(const FlagAdder& flags, DataPlan& plan, const char* group) {
  flags.app
      .add_option_function<std::string>(
          "--subset",
          [&plan](const std::string& text) { plan.subset = share_of_text(text); },
          fmt::format("share of each class of ImageNet, 0.25 or 1/4 [{}]", plan.subset))
      ->type_name("SHARE")
      ->group(group);
  flags.choice("--train-crop",
               plan.train_crop,
               {{"random", CropKind::drawn}, {"centre", CropKind::middle}},
               {"part of ImageNet's photographs that training sees", group});
  flags.choice("--eval-crop",
               plan.eval_crop,
               {{"train", EvalCrop::as_training}, {"centre", EvalCrop::middle}},
               {"part that evaluations see: as training, or the middle", group});
}

}  // namespace gradwatt
