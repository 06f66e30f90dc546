#pragma once

#include "data/made_data.h"

#include <cstdint>
#include <filesystem>

namespace gradwatt {

/// Writes made recordings in the layout of PAMAP2 (data/pamap2_layout.h): folder/PAMAP2_Dataset/
/// Protocol/subject101.dat ... 109.dat. They are no measurements; they are for trying out, and for
/// comparing setups where the published set is not at hand.
///
/// Each subject has about `scale` times the published number of rows, 2 872 533 for all. As in the
/// published set 103 and 104 did not do all activities and 109 only rope jumping of the usual 12;
/// rows of activity 0 lie between activities, heart rate is in every 11th row, and the sensors drop
/// out for short times. How people move is in data/made_movement.h.
/// Takes     0.001 <= scale <= 10.
/// Returns   the rows of each file. The bytes depend on (scale, seed) alone.
/// Throws    UsageError for another scale; Error when the disk is full.
/// Example   scale 0.1: subject101.dat has 37 642 rows.
MadeData make_pamap2(const std::filesystem::path& folder, double scale, std::uint64_t seed);

}  // namespace gradwatt
