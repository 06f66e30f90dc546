#pragma once

#include "experiment/sweep_file.h"

#include <string>
#include <string_view>
#include <vector>

namespace gradwatt {

/// The 128-bit FNV-1a hash of `bytes`, as 32 hexadecimal digits.
///
/// Source    Fowler, Noll, Vo: offset basis 0x6c62272e07bb014262b821756295c58d, prime 2^88 + 0x13b
///           (IETF draft-eastlake-fnv, "The FNV Non-Cryptographic Hash Algorithm").
/// Example   "" is the offset basis itself; "a" is d228cb696f1a8caf78912b704e4a8964.
[[nodiscard]] std::string fnv1a_128(std::string_view bytes);

/// What makes a point of a sweep this point: the command as the file has it (with its {names}) or
/// the workload's name, the literal texts of all its values, and the repeat. Two points with one
/// key are the same experiment, and one that is done is not run again.
///
/// Not part of it, so that a change re-runs nothing: the order of tables and keys, the sweep's
/// name, how often it repeats, its order, goal and limits, and the values of other cells.
[[nodiscard]] std::string point_key(const SweepFile& file,
                                    const std::vector<Factor>& cell,
                                    int repeat);

}  // namespace gradwatt
