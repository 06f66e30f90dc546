#pragma once

#include "analyze/scaling_setup.h"
#include "report/scaling_view.h"

#include <string>
#include <vector>

namespace gradwatt {

/// "watts per GPU, sample and update".
[[nodiscard]] std::string model_words(const ScalingModels& models, ScalingKind kind);

/// What a fitted model says, a sentence for each coefficient.
[[nodiscard]] std::vector<std::string> model_says(const ScalingModels& models, ScalingKind kind);

/// "1.4 %"; two digits where it matters, so "13 %".
[[nodiscard]] std::string miss_words(double share);

/// "1 GPU", "8 to 64 GPUs", "an unknown number of GPUs".
[[nodiscard]] std::string gpus_words(const std::vector<ScalingSetup>& setups);

/// "llama"; with several factors "llama, 300 W"; empty for a table of one job.
[[nodiscard]] std::string job_words(const ScalingGroup& group);

/// "45 %"
[[nodiscard]] std::string whole_percent(double share);

/// "64 GPUs", "1 GPU", "100,000 GPUs".
[[nodiscard]] std::string gpu_count_words(double gpus);

/// 12345678 as "12.3 million", 1281167 as "1.28 million", 5004 as "5004".
[[nodiscard]] std::string many_words(double count);

}  // namespace gradwatt
