#pragma once

#include "data/made_data.h"

#include <filesystem>
#include <functional>

namespace gradwatt {

/// Lets `make` fill `folder` so that it appears whole or not at all: it works in folder.part, which
/// is renamed at the end. What an interrupted make left in folder.part is removed first.
/// Throws    Error when `folder` exists and is not empty, when folder.part is somebody else's, or
///           when another process is filling it; and what `make` throws, after removing what it
///           wrote.
MadeData make_folder(const std::filesystem::path& folder,
                     const std::function<MadeData(const std::filesystem::path&)>& make);

}  // namespace gradwatt
