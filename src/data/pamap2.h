#pragma once

#include "data/pamap2_options.h"
#include "data/sensor_windows.h"

namespace gradwatt {

/// The windows of the PAMAP2 recordings: nine people with three inertial sensors each.
///
/// A window slides over the whole recording (data/pamap2_windows.h) after gaps up to
/// options.gap_max_s are interpolated. Windows without a chosen activity are left out, and so are
/// those over longer gaps; the notes count them. Mean and deviation are those of the training
/// windows, so no other subject's readings reach the training.
/// Recordings are read by several threads; the result does not depend on their number.
/// Takes     options as they are; data/pamap2_options.h names the source of each default.
/// Throws    UsageError for options that cannot be (a step of 0, an activity that PAMAP2 has not, a
///           subject in two parts). Error with "file:line" for what is damaged or missing, for a
///           subject that has no file, and when a part is left without windows.
/// Example   the published set and the defaults: 27 channels of 168 readings, 12 classes; 105
///           validates, 106 tests, the other seven train.
[[nodiscard]] WindowData load_pamap2(const Pamap2Options& options);

}  // namespace gradwatt
