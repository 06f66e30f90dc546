#pragma once

#include "report/parallel_view.h"
#include "report/study_claims.h"

#include <vector>

namespace gradwatt {

/// Study 2's finding (e) for ImageNet and for ERA5's two trainings: what the largest global batch
/// costs in accuracy (a point counts) or in validation loss (a hundredth counts) against the
/// smallest. Open unless two standard errors of the repeats lie on one side of that.
///
/// Example  Accuracies 0.760 ± 0.001 (256) and 0.660 ± 0.001 (65536): holds, 10 points.
[[nodiscard]] std::vector<StudyFinding> batch_findings(const ParallelView& view);

}  // namespace gradwatt
