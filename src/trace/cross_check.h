#pragma once

#include "trace/cumulative.h"
#include "trace/run_account.h"
#include "trace/sample.h"

#include <span>

namespace gradwatt {

/// Compares what a counter counted in [begin, end) with the power that the same device told beside
/// it: ratio = E / sum of (power x how long it stood).
///
/// `powers`: rows of one device's "power_w", in order of time, where it changed. The sampler looks
/// once a second, so each second counts as one reading. Stretches that could not be read are left
/// out on both sides; those in which the counter stood still are not. nullopt below ten readings,
/// where two views of an uneven load differ by chance, and for a device that draws nothing.
/// Plausible is a ratio from 1/2 to 2: the power is seen for moments only.
/// Example: 2000 J and 100 W told over 10 s: ratio 2.0 from 10 readings, just plausible.
[[nodiscard]] std::optional<CrossCheck> cross_check(const CumulativeSeries& counter,
                                                    std::span<const GapAccount> gaps,
                                                    std::span<const StateRow> powers,
                                                    Instant begin,
                                                    Instant end);

/// What a reader must know of a ratio that is not plausible; empty: nothing.
[[nodiscard]] std::string note_on(const CrossCheck& check);

}  // namespace gradwatt
