#pragma once

#include "train/parallel/comm.h"

#include <memory>

namespace gradwatt {

class Meeting;

/// Sums by Gloo over TCP; tensors on a device are carried through the host's memory.
[[nodiscard]] std::unique_ptr<Comm> gloo_comm(std::unique_ptr<Meeting> meeting, int timeout_s);

}  // namespace gradwatt
