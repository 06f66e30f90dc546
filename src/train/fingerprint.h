#pragma once

#include "train/training_data.h"

#include <filesystem>
#include <string>

namespace gradwatt {

/// What tells a data set, as it was loaded and split, from another: the numbers of samples and a
/// CRC-32 of the inputs' shape, means and deviations, all labels in order, and of series up to 64
/// windows of each part. Photographs and fields are not read for it. The folder's place and whether
/// samples are streamed do not matter.
/// Example   "1664 + 240 + 236 samples, crc 1a2b3c4d" (training + validation + test)
[[nodiscard]] std::string data_fingerprint(const TrainingData& data);

/// The size and the CRC-32 of a file. Throws Error when it cannot be read.
/// Example   "9 bytes, crc cbf43926" of a file with "123456789"
[[nodiscard]] std::string file_fingerprint(const std::filesystem::path& file);

}  // namespace gradwatt
