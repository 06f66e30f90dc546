#pragma once

#include "units/energy.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

/// What AMD SMI's functions return; 0 is success. Only those that mean something here.
enum class AmdsmiCode : std::uint32_t {
  ok = 0,
  not_supported = 2,
  no_permission = 10,
  function_not_found = 0xfffffffe,  ///< Ours: this library does not have it.
};

using AmdsmiHandle = void*;

/// AMD's library, opened while the program runs. Its structures differ between the versions 24, 25
/// and 26, and the version says which; others are refused. Calls can block and crash; one thread
/// at a time, for older versions mix up the answers of threads.
class AmdsmiLibrary {
 public:
  /// nullptr with a reason in `error` when there is no such library, it is of no use, or it finds
  /// no GPU driver. `name`: for the dynamic linker; "libamd_smi.so" is looked for under the names
  /// and in the folder in which ROCm installs it, too.
  [[nodiscard]] static std::unique_ptr<AmdsmiLibrary> open(const std::string& name,
                                                           std::string& error);
  /// Ends the use of the driver. The library stays loaded: unloading it is known to crash.
  ~AmdsmiLibrary();
  AmdsmiLibrary(const AmdsmiLibrary&) = delete;
  AmdsmiLibrary& operator=(const AmdsmiLibrary&) = delete;

  [[nodiscard]] std::uint32_t version() const { return version_; }
  /// What `code` means for a reader.
  [[nodiscard]] std::string reason(AmdsmiCode code) const;

  /// All GPUs of all sockets, in the library's order.
  [[nodiscard]] AmdsmiCode gpus(std::vector<AmdsmiHandle>& handles) const;
  [[nodiscard]] std::string uuid(AmdsmiHandle gpu) const;         ///< Empty: not known.
  [[nodiscard]] std::string name(AmdsmiHandle gpu) const;         ///< Empty: not known.
  [[nodiscard]] std::string pci_address(AmdsmiHandle gpu) const;  ///< "0000:c1:00.0"

  /// The accumulated energy: counts times the resolution, in µJ, that the call tells.
  [[nodiscard]] AmdsmiCode energy(AmdsmiHandle gpu, Energy& energy) const;
  /// The current power where that is told (MI300 and newer), else the average one; whole watts.
  [[nodiscard]] AmdsmiCode power(AmdsmiHandle gpu, Power& power) const;
  [[nodiscard]] AmdsmiCode power_limit(AmdsmiHandle gpu, Power& limit) const;

 private:
  struct Functions;
  explicit AmdsmiLibrary(std::unique_ptr<Functions> functions);

  std::unique_ptr<Functions> call_;
  std::uint32_t version_ = 0;
  bool initialized_ = false;
};

}  // namespace gradwatt
