#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gradwatt {

/// What tells one GPU from others.
struct GpuIdentity {
  std::string uuid;
  std::string name;
  std::string pci_address;
  bool sliced = false;                 ///< In MIG mode: programs see slices of it only.
  std::vector<std::string> mig_uuids;  ///< Its slices.
};

/// Which GPUs a command may use.
struct VisibleGpus {
  std::vector<bool> visible;  ///< One per GPU; true also where only a slice is.
  std::string rule;           ///< How that was found out, for people; empty: nothing hides any.
  bool order_is_sure = true;  ///< false: CUDA may have meant other cards by its indices.
};

/// Reads CUDA_VISIBLE_DEVICES as CUDA does: a list of indices, of UUIDs (their beginning will do)
/// or of MIG names; the first entry that names nothing ends the list; a GPU named twice makes it
/// empty. nullopt: all are visible.
///
/// CUDA counts cards in PCI order only where CUDA_DEVICE_ORDER=PCI_BUS_ID; else the fastest is 0,
/// which is the same order only while all cards are of one kind.
/// Source: CUDA programming guide, "CUDA Environment Variables"; doubled entries: as PyTorch reads
/// them (torch/cuda/__init__.py).
/// Example: GPUs A, B, C with "2,0" show A and C; with "0,7,1" only A.
[[nodiscard]] VisibleGpus visible_gpus(std::span<const GpuIdentity> gpus,
                                       const std::optional<std::string>& list,
                                       bool in_pci_order);

}  // namespace gradwatt
