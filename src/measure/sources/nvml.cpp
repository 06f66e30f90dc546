// NVIDIA GPUs through NVML, the library that comes with the driver: energy counters from Volta on,
// else the power, integrated. Source of what the calls mean: the comments of NVIDIA's nvml.h.
#include "measure/graphics_card.h"
#include "measure/nvml_board.h"
#include "measure/presence.h"
#include "measure/sources/catalog.h"
#include "measure/visible_gpus.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace gradwatt {
namespace {

using Status = Finding::Status;

Finding not_opened(const Machine& machine, const std::string& error, bool has_card) {
  Finding finding{"nvml", Status::absent, error, ""};
  if (has_card) {
    finding.fix = "install the NVIDIA driver, or mount " + machine.nvml_library +
                  " into the container (nvidia-container-toolkit does)";
  } else {
    finding.detail = "no NVIDIA GPU and no " + machine.nvml_library;
  }
  return finding;
}

Finding not_started(NvmlCode code) {
  Finding finding{"nvml", Status::denied, nvml_reason(code), ""};
  switch (code) {
    case NvmlCode::driver_not_loaded:
      finding.fix = "load it: sudo modprobe nvidia";
      break;
    case NvmlCode::mismatch:
      finding.detail += ": an update replaced the library while the old driver stayed loaded";
      finding.fix = "reboot, or unload and load the driver's modules while no program uses them";
      break;
    case NvmlCode::no_permission:
      finding.fix = "see who may open them: ls -l /dev/nvidia*";
      break;
    default:
      finding.fix = "see whether nvidia-smi works";
  }
  return finding;
}

Finding asleep(const std::vector<PciGpu>& cards) {
  return {"nvml",
          Status::unused,
          fmt::format("asleep: the GPU at {} is switched off to save energy; asking would wake it",
                      cards.front().address),
          "to measure it, wake it before: nvidia-smi -L"};
}

/// The GPUs that answer, and findings about those that do not.
std::vector<NvmlGpu> list_gpus(const NvmlLibrary& library,
                               std::vector<GpuIdentity>& identities,
                               std::vector<Finding>& findings) {
  std::vector<NvmlGpu> gpus;
  unsigned count = 0;
  if (const NvmlCode code = library.count(count); code != NvmlCode::ok) {
    findings.push_back({"nvml", Status::denied, nvml_reason(code), "see whether nvidia-smi works"});
    return gpus;
  }
  for (unsigned i = 0; i < count; ++i) {
    NvmlGpu gpu;
    gpu.index = i;
    GpuIdentity identity;
    NvmlCode code = library.device(i, gpu.handle);
    if (code == NvmlCode::ok) {
      code = library.uuid(gpu.handle, gpu.uuid);
    }
    if (code != NvmlCode::ok) {
      findings.push_back({fmt::format("nvml gpu{}", i),
                          Status::denied,
                          nvml_reason(code),
                          "see what nvidia-smi and the kernel's log say of it"});
      // It keeps its place: CUDA's indices count it too.
      identities.push_back(identity);
      gpus.push_back(gpu);
      continue;
    }
    static_cast<void>(library.name(gpu.handle, gpu.name));
    unsigned architecture = 0xffffffff;
    static_cast<void>(library.architecture(gpu.handle, architecture));
    gpu.sensor = nvml_sensor(architecture, gpu.name);
    static_cast<void>(library.pci_address(gpu.handle, identity.pci_address));
    static_cast<void>(library.mig_enabled(gpu.handle, gpu.sliced));
    identity.uuid = gpu.uuid;
    identity.name = gpu.name;
    identity.sliced = gpu.sliced;
    if (gpu.sliced) {
      identity.mig_uuids = library.mig_uuids(gpu.handle);
    }
    identities.push_back(std::move(identity));
    gpus.push_back(std::move(gpu));
  }
  return gpus;
}

void add_gpu(Discovery& discovery,
             const std::shared_ptr<const NvmlLibrary>& library,
             const NvmlGpu& gpu,
             const Machine& machine) {
  const std::string what = fmt::format("nvml gpu{}", gpu.index);
  NvmlCode code = NvmlCode::ok;
  const auto way = best_way(*library, gpu.handle, code);
  if (!way) {
    const bool lacking = code == NvmlCode::not_supported || code == NvmlCode::function_not_found;
    discovery.findings.push_back(
        {what, lacking ? Status::absent : Status::denied, gpu.name + ": " + nvml_reason(code), ""});
    return;
  }
  auto board = std::make_unique<NvmlBoard>(library, gpu, *way, machine);
  for (const ChannelInfo& info : board->channels()) {
    discovery.findings.push_back(
        {"nvml " + info.channel,
         Status::present,
         fmt::format(
             "{}, {}{}", gpu.name, info.basis, info.in_total ? "" : ", shown but not added"),
         ""});
  }
  discovery.sources.push_back(std::move(board));
}

/// What the user should know of how CUDA_VISIBLE_DEVICES was read.
void tell_rule(Discovery& discovery, const VisibleGpus& visible) {
  if (!visible.order_is_sure) {
    discovery.findings.push_back(
        {"nvml",
         Status::present,
         visible.rule + "; CUDA itself counts the fastest card first, so that it may mean others",
         "name the cards by UUID (nvidia-smi -L), or set CUDA_DEVICE_ORDER=PCI_BUS_ID"});
  }
}

Discovery discover_nvml(const Machine& machine, std::span<const std::string>) {
  Discovery discovery;
  const auto cards = pci_gpus(machine.sysroot, kNvidia);
  if (!cards.empty() &&
      std::all_of(cards.begin(), cards.end(), [](const PciGpu& card) { return card.suspended; })) {
    discovery.findings.push_back(asleep(cards));
    return discovery;
  }
  std::string error;
  std::shared_ptr<NvmlLibrary> library = NvmlLibrary::open(machine.nvml_library, error);
  if (library == nullptr) {
    discovery.findings.push_back(not_opened(machine, error, !cards.empty()));
    return discovery;
  }
  if (const NvmlCode code = library->init(); code != NvmlCode::ok) {
    discovery.findings.push_back(not_started(code));
    return discovery;
  }
  std::vector<GpuIdentity> identities;
  const auto gpus = list_gpus(*library, identities, discovery.findings);
  const VisibleGpus visible =
      visible_gpus(identities, machine.visible_gpus, machine.cuda_in_pci_order);
  tell_rule(discovery, visible);
  for (std::size_t i = 0; i < gpus.size(); ++i) {
    if (gpus[i].uuid.empty()) {
      continue;
    }
    if (!visible.visible[i]) {
      discovery.findings.push_back({fmt::format("nvml gpu{}", gpus[i].index),
                                    Status::unused,
                                    "not visible to the command: " + visible.rule,
                                    ""});
      continue;
    }
    add_gpu(discovery, library, gpus[i], machine);
  }
  if (gpus.empty() && discovery.findings.empty()) {
    discovery.findings.push_back({"nvml", Status::absent, "the NVIDIA driver has no GPU", ""});
  }
  return discovery;
}

bool might_be_here(const Machine& machine) {
  return has_file(machine, {"dev/nvidiactl", "dev/dxg", "proc/driver/nvidia"}) ||
         !pci_gpus(machine.sysroot, kNvidia).empty() || names_a_file(machine.nvml_library);
}

}  // namespace

SourceFamily nvml_family() {
  return {
      "nvml", "NVIDIA GPUs' energy counters and power (NVML)", discover_nvml, true, might_be_here};
}

}  // namespace gradwatt
