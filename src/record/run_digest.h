#pragma once

#include "record/manifest.h"
#include "trace/run_account.h"

#include <optional>
#include <string>
#include <string_view>

namespace gradwatt {

// The parts of a run that analyses of many runs use, as bytes for the index (record/run_index.h).
// Every number comes back bit by bit. Bytes of another program_build() must not be read.

/// Takes away what a digest does not hold: channels, gaps, the intervals of phases and what
/// measuring cost.
[[nodiscard]] RunAccount without_details(RunAccount account);

/// The account without its details.
[[nodiscard]] std::string digest_of(const RunAccount& account);
[[nodiscard]] std::string digest_of(const Manifest& manifest);

/// nullopt when the bytes are no such digest.
[[nodiscard]] std::optional<RunAccount> account_from_digest(std::string_view bytes);
[[nodiscard]] std::optional<Manifest> manifest_from_digest(std::string_view bytes);

}  // namespace gradwatt
