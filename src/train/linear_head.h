#pragma once

#include "train/network.h"

#include <cstdint>
#include <memory>

namespace gradwatt {

/// One linear layer `fc`: [batch, latent] -> [batch, outputs].
[[nodiscard]] std::unique_ptr<Network> linear_head(std::int64_t latent, std::int64_t outputs);

}  // namespace gradwatt
