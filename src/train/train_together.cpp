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
  if (precision != Precision::fp32 && machine.device == "mps") {
    throw UsageError("layers on mps compute in fp32 only: there is no autocast for it here",
                     fmt::format("--precision {}", precision_name(precision)),
                     "take fp32, or another --device");
  }
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
  // Slurm may show each task only GPUs of its own.
  const bool has_own =
      place.launcher == "slurm" && environment_variable("SLURM_GPUS_PER_TASK").has_value();
  if (plan.machine.device == "cuda" && place.local_world > devices && !has_own &&
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
  // Ranks that --ranks has started have --alone, too, when that was given beside it.
  const bool is_ours = environment_variable("GRADWATT_WORLD").has_value();
  const Place place = plan.parallel.alone && !is_ours ? Place{} : place_from(environment_variable);
  const int asked_for = plan.parallel.ranks;
  if (asked_for > 0 && !place.is_alone() && place.world != asked_for) {
    throw UsageError(fmt::format("{} has started {} ranks, and --ranks asks for {}",
                                 place.launcher,
                                 place.world,
                                 asked_for),
                     "--ranks",
                     "start as many, leave --ranks out, or add --alone");
  }
  if (asked_for > 1 && place.is_alone()) {
    check_device(plan.machine, plan.loop.precision);
    (void)with_batches(plan, asked_for);
    return run_local_ranks(asked_for, arguments);
  }
  if (place.rank > 0) {
    be_silent();
  }
  train_as_rank(workload, plan, place);
  return 0;
}

}  // namespace gradwatt
