#include "report/batch_findings.h"

#include "report/study_words.h"

#include <fmt/format.h>

#include <cmath>

namespace gradwatt {
namespace {

/// Accuracies that differ by less than a point, and losses by less than a hundredth, are the same.
constexpr double kResultDiffers = 0.01;
constexpr double kPaperBatchLimit = 8192;
constexpr double kPerHundred = 100;

/// By how much the largest batch's result is worse than the smallest batch's, and its error.
struct BatchLoss {
  double worse = 0;
  std::optional<double> error;
  double batch = 0;
};

BatchLoss loss_against(const BatchResult& first, const BatchResult& other, bool smaller_is_better) {
  BatchLoss loss;
  loss.batch = other.global_batch;
  const double scale = smaller_is_better ? 1 / first.metric : -1;
  loss.worse = scale * (other.metric - first.metric);
  if (first.metric_error && other.metric_error) {
    loss.error = std::abs(scale) * std::hypot(*first.metric_error, *other.metric_error);
  }
  return loss;
}

/// Whether a loss is beyond doubt (true), excluded (false) or neither: two standard errors.
std::optional<bool> is_loss(const BatchLoss& loss) {
  if (!loss.error) {
    return std::nullopt;
  }
  if (loss.worse - 2 * *loss.error > kResultDiffers) {
    return true;
  }
  return loss.worse + 2 * *loss.error <= kResultDiffers ? std::optional(false) : std::nullopt;
}

StudyFinding batch_finding(const ParallelView& view,
                           const char* prefix,
                           const char* claim,
                           const char* paper) {
  StudyFinding finding{claim, paper, "", "loss of the largest batch", {}, {}, ""};
  const bool smaller = std::string(prefix) != "imagenet";
  finding.criterion = smaller ? "loss more than 1 % above that of the smallest batch"
                              : "more than a point below the smallest batch";
  const auto results = results_by_batch(view, prefix);
  if (results.size() < 2) {
    finding.here = "not decidable: results of fewer than two batches";
    return finding;
  }
  std::vector<BatchLoss> losses;
  for (const BatchResult& one : results) {
    losses.push_back(loss_against(results.front(), one, smaller));
  }
  finding.value = losses.back().worse;
  finding.holds = is_loss(losses.back());
  double unharmed = losses.front().batch;
  for (const BatchLoss& loss : losses) {
    unharmed = loss.worse <= kResultDiffers ? loss.batch : unharmed;
  }
  finding.here =
      fmt::format("{:+.1f} % at batch {} against {}; within 1 % up to {}",
                  smaller ? kPerHundred * losses.back().worse : -kPerHundred * losses.back().worse,
                  three_digits(losses.back().batch),
                  three_digits(results.front().global_batch),
                  three_digits(unharmed));
  if (!finding.holds) {
    finding.here += losses.back().error ? "; not decidable: the repeats differ too much"
                                        : "; not decidable: one run per batch";
  } else if (!smaller && losses.back().batch > kPaperBatchLimit) {
    finding.holds = *finding.holds && unharmed == kPaperBatchLimit;
  }
  return finding;
}

}  // namespace

std::vector<StudyFinding> batch_findings(const ParallelView& view) {
  return {batch_finding(
              view, "imagenet", "(e) imagenet: large global batches cost accuracy", "beyond 8192"),
          batch_finding(view,
                        "era5-local",
                        "(e) era5, pretraining: large global batches cost skill",
                        "beyond 32"),
          batch_finding(view,
                        "era5-finetune",
                        "(e) era5, fine-tuning: large global batches cost skill",
                        "beyond 64")};
}

}  // namespace gradwatt
