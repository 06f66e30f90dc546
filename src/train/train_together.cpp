#include "train/train_together.h"

#include "base/error.h"
#include "gradwatt/mark.h"
#include "train/compat.h"
#include "train/parallel/batch_split.h"
#include "train/parallel/comm.h"
#include "train/parallel/local_ranks.h"
#include "train/parallel/place.h"
#include "train/train_workload.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

namespace gradwatt {
namespace {

void check_device(const MachinePlan& machine, Precision precision) {
  if (!has_device(machine.device)) {
    throw Error(
        fmt::format(
            "this libtorch ({}) finds no {} device here", libtorch_version(), machine.device),
        fmt::format("--device {}", machine.device),
        "take --device cpu, or a libtorch built for that device on a machine with its "
        "driver");
  }
  if (precision == Precision::fp16 && machine.device == "cpu") {
    throw UsageError("layers on a CPU do not compute in fp16",
                     "--precision fp16",
                     "take bf16 or fp32, or another --device");
  }
}

/// Which GPU a rank computes on: its own, unless the ranks of a node share fewer.
int device_index(const TrainingPlan& plan, const Place& place) {
  const int devices = device_count(plan.machine.device);
  if (plan.machine.device == "cuda" && place.local_world > devices &&
      plan.parallel.comm != CommKind::gloo) {
    throw UsageError(
        fmt::format("{} ranks on {} GPUs: NCCL wants one GPU a rank", place.local_world, devices),
        "--ranks",
        "start fewer ranks, or add --comm gloo to share GPUs");
  }
  return place.local_rank % devices;
}

/// Only rank 0 speaks: to the terminal, and in marks to gradwatt.
void be_silent() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): no thread has been started yet.
  ::unsetenv("GRADWATT_SOCKET");
  if (std::freopen("/dev/null", "w", stdout) == nullptr) {
    throw Error("cannot be opened", "/dev/null");
  }
}

TrainingPlan with_batches(const TrainingPlan& plan, int ranks) {
  const BatchSplit split =
      split_batch(plan.parallel.global_batch, plan.parallel.local_batch, plan.loop.batch, ranks);
  TrainingPlan result = plan;
  result.loop.batch = split.global;
  result.loop.local_batch = split.local;
  return result;
}

void train_as_rank(const Workload& workload, const TrainingPlan& plan, const Place& place) {
  check_device(plan.machine, plan.loop.precision);
  const TrainingPlan own = with_batches(plan, place.world);
  use_device(plan.machine.device, device_index(plan, place));
  const auto comm = meet(place, {plan.parallel.comm, plan.machine.device, plan.parallel.timeout_s});
  try {
    train_workload(workload, own, place, *comm);
  } catch (const RankLost& error) {
    gradwatt_note(error.what());
    throw;
  } catch (const std::exception& error) {
    gradwatt_note(error.what());
    comm->say_failed(error.what());
    throw;
  }
}

}  // namespace

int train_together(const Workload& workload,
                   const TrainingPlan& plan,
                   const std::vector<std::string>& arguments) {
  const Place place = plan.parallel.alone ? Place{} : place_from(environment_variable);
  if (plan.parallel.ranks > 1 && place.launcher != "ranks") {
    if (!place.is_alone()) {
      throw UsageError(fmt::format("{} has started {} ranks already", place.launcher, place.world),
                       "--ranks",
                       "leave it out, or add --alone");
    }
    check_device(plan.machine, plan.loop.precision);
    (void)with_batches(plan, plan.parallel.ranks);
    return run_local_ranks(plan.parallel.ranks, arguments);
  }
  if (place.rank > 0) {
    be_silent();
  }
  train_as_rank(workload, plan, place);
  return 0;
}

}  // namespace gradwatt
