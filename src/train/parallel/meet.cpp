#include "train/parallel/comm.h"
#include "train/parallel/gloo_comm.h"
#include "train/parallel/meeting.h"
#include "train/parallel/nccl_comm.h"

namespace gradwatt {

std::unique_ptr<Comm> meet(const Place& place, const CommOptions& options) {
  if (place.is_alone()) {
    return alone();
  }
  auto meeting = std::make_unique<Meeting>(place, options.timeout_s);
  meeting->wait_for_all();
  const bool by_nccl = options.kind == CommKind::nccl ||
                       (options.kind == CommKind::automatic && options.device == "cuda");
  if (by_nccl) {
    return nccl_comm(std::move(meeting), options.device, options.timeout_s);
  }
  return gloo_comm(std::move(meeting), options.timeout_s);
}

}  // namespace gradwatt
