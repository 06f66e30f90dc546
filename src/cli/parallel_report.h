#pragma once

#include "cli/study_step.h"
#include "record/store.h"
#include "report/parallel_view.h"

namespace gradwatt {

/// What the store has of study 2: every sweep of the plan with at least one run, whether this
/// session ran it or an earlier one. Throws Error when there is none.
[[nodiscard]] ParallelView parallel_view_of(const Store& store,
                                            const StudyRequest& request,
                                            const StudyPlan& plan);

}  // namespace gradwatt
