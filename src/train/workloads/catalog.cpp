#include "train/workloads/catalog.h"

#include "train/member_named.h"
#include "train/paradigms/catalog.h"

namespace gradwatt {
namespace {

std::vector<Workload> all_workloads() {
  std::vector<Workload> all;
  for (const WorkloadFamily& family : workload_families()) {
    for (const std::string_view name : family.paradigms) {
      const Paradigm& paradigm = paradigm_named(name);
      Workload workload{fmt::format("{}-{}", family.name, name),
                        std::string(paradigm.description),
                        family.dataset,
                        name,
                        family.defaults};
      workload.defaults.loop.stop.monitor = paradigm.monitor;
      if (family.suit != nullptr) {
        family.suit(name, workload.defaults);
      }
      all.push_back(std::move(workload));
    }
  }
  return all;
}

}  // namespace

std::span<const WorkloadFamily> workload_families() {
  static const std::vector<WorkloadFamily> all{
      fashion_workloads(),
      pamap2_workloads(),
      celeba_workloads(),
      era5_workloads(),
      imagenet_workloads(),
  };
  return all;
}

std::span<const Workload> workloads() {
  static const std::vector<Workload> all = all_workloads();
  return all;
}

const Workload& workload_named(std::string_view name) {
  return member_named(workloads(), name, "workload");
}

}  // namespace gradwatt
