#pragma once

#include "train/parallel/comm.h"

#include <memory>
#include <string>

namespace gradwatt {

class Meeting;

/// Sums by NCCL, on a stream of their own beside the computation on the device's default stream.
///
/// NCCL is used directly, not through torch's ProcessGroupNCCL, whose constructor, threads and
/// switches change from release to release (docs/decisions). Tensors that are not on `device` are
/// carried through it. wait() returns when the sum is done: only so can a lost rank be noticed.
[[nodiscard]] std::unique_ptr<Comm> nccl_comm(std::unique_ptr<Meeting> meeting,
                                              const std::string& device,
                                              int timeout_s);

}  // namespace gradwatt
