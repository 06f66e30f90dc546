#pragma once

#include "measure/amdsmi_library.h"
#include "measure/graphics_card.h"
#include "measure/hwmon.h"
#include "measure/source.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

/// One AMD GPU, however it is read. Never throws.
class AmdSensor {
 public:
  virtual ~AmdSensor() = default;
  /// What it has consumed since some time; nullopt: see failure().
  [[nodiscard]] virtual std::optional<Energy> energy() noexcept = 0;
  [[nodiscard]] virtual std::optional<Power> power() noexcept = 0;
  [[nodiscard]] virtual ReadFailure failure() const = 0;
};

/// An AMD GPU that was found, and what is known of it before it is read.
struct AmdGpu {
  std::string address;  ///< "0000:c1:00.0"; empty: not known.
  std::string device;   ///< Its UUID or unique number, else its address.
  std::string name;     ///< As it is sold; empty: not known.
  std::string way;      ///< "amdsmi" or "hwmon".
  bool two_dies = false;
  bool with_cpu = false;       ///< MI300A: CPU cores are in the same socket.
  std::optional<Power> limit;  ///< The power cap in force.
  std::unique_ptr<AmdSensor> sensor;
};

/// Those that the library lists. `library` is kept alive by the sensors.
[[nodiscard]] std::vector<AmdGpu> amdsmi_gpus(const std::shared_ptr<const AmdsmiLibrary>& library,
                                              std::string& error);

/// The card's own sensor in hwmon; nullopt: it has none.
[[nodiscard]] std::optional<AmdGpu> hwmon_gpu(const GraphicsCard& card);

/// Whether the card is part of a CPU: only those have a sensor for the north bridge's voltage.
[[nodiscard]] bool is_integrated(const GraphicsCard& card);

}  // namespace gradwatt
