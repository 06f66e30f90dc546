// Sources: ROCm's amd_smi/amdsmi.h; the kernel's documentation of amdgpu's hwmon files.
#include "measure/amd_sensor.h"

#include <cerrno>
#include <exception>
#include <system_error>

namespace gradwatt {
namespace {

class AmdsmiSensor final : public AmdSensor {
 public:
  AmdsmiSensor(std::shared_ptr<const AmdsmiLibrary> library, AmdsmiHandle gpu)
      : library_(std::move(library)), gpu_(gpu) {}

  std::optional<Energy> energy() noexcept override {
    Energy energy;
    code_ = library_->energy(gpu_, energy);
    return code_ == AmdsmiCode::ok ? std::optional(energy) : std::nullopt;
  }
  std::optional<Power> power() noexcept override {
    Power power;
    code_ = library_->power(gpu_, power);
    return code_ == AmdsmiCode::ok ? std::optional(power) : std::nullopt;
  }
  [[nodiscard]] ReadFailure failure() const override { return {library_->reason(code_)}; }

 private:
  std::shared_ptr<const AmdsmiLibrary> library_;
  AmdsmiHandle gpu_;
  AmdsmiCode code_ = AmdsmiCode::ok;
};

class AmdHwmonSensor final : public AmdSensor {
 public:
  AmdHwmonSensor(std::optional<HwmonNumber> energy, std::optional<HwmonNumber> power)
      : energy_(std::move(energy)), power_(std::move(power)) {}

  std::optional<Energy> energy() noexcept override {
    const auto value = read(energy_);
    return value ? std::optional(Energy{*value}) : std::nullopt;
  }
  std::optional<Power> power() noexcept override {
    const auto value = read(power_);
    return value ? std::optional(Power{static_cast<double>(*value) * 1e-6}) : std::nullopt;
  }
  [[nodiscard]] ReadFailure failure() const override { return {"unreadable", error_}; }

 private:
  std::optional<std::int64_t> read(std::optional<HwmonNumber>& number) noexcept {
    if (!number) {
      error_ = ENOENT;
      return std::nullopt;
    }
    const auto value = number->read();
    error_ = value ? EINVAL : number->error();
    return value && *value >= 0 ? value : std::nullopt;
  }

  std::optional<HwmonNumber> energy_;
  std::optional<HwmonNumber> power_;
  int error_ = 0;
};

/// The chip of a card that has a sensor of its power or energy.
std::optional<HwmonDevice> chip_of(const GraphicsCard& card) {
  for (HwmonDevice& chip : hwmon_devices_of(card.device)) {
    if (chip.name == "amdgpu") {
      return std::move(chip);
    }
  }
  return std::nullopt;
}

std::optional<HwmonNumber> first_of(const HwmonDevice& chip,
                                    std::initializer_list<const char*> attributes) {
  for (const char* attribute : attributes) {
    std::error_code error;
    if (std::filesystem::exists(chip.folder / attribute, error)) {
      return HwmonNumber(chip, attribute);
    }
  }
  return std::nullopt;
}

/// The PCI numbers of the cards with two dies, the MI250 and MI250X.
bool has_two_dies(const std::string& model) { return model == "0x7408" || model == "0x740c"; }

}  // namespace

std::vector<AmdGpu> amdsmi_gpus(const std::shared_ptr<const AmdsmiLibrary>& library,
                                std::string& error) {
  std::vector<AmdGpu> gpus;
  std::vector<AmdsmiHandle> handles;
  const AmdsmiCode code = library->gpus(handles);
  if (code != AmdsmiCode::ok) {
    error = library->reason(code);
    return gpus;
  }
  for (void* handle : handles) {
    AmdGpu gpu;
    gpu.address = library->pci_address(handle);
    gpu.device = library->uuid(handle);
    gpu.device = gpu.device.empty() ? gpu.address : gpu.device;
    gpu.name = library->name(handle);
    gpu.way = "amdsmi";
    gpu.two_dies = gpu.name.find("MI250") != std::string::npos;
    gpu.with_cpu = gpu.name.find("MI300A") != std::string::npos;
    Power limit;
    if (library->power_limit(handle, limit) == AmdsmiCode::ok) {
      gpu.limit = limit;
    }
    gpu.sensor = std::make_unique<AmdsmiSensor>(library, handle);
    gpus.push_back(std::move(gpu));
  }
  return gpus;
}

std::optional<AmdGpu> hwmon_gpu(const GraphicsCard& card) {
  const auto chip = chip_of(card);
  if (!chip) {
    return std::nullopt;
  }
  auto energy = first_of(*chip, {"energy1_input"});
  // Which of the two there is depends on the chip's generation.
  auto power = first_of(*chip, {"power1_average", "power1_input"});
  if (!energy && !power) {
    return std::nullopt;
  }
  AmdGpu gpu;
  gpu.address = card.address;
  gpu.device = hwmon_text(*chip, "device/unique_id").value_or("");
  gpu.device = gpu.device.empty() ? card.address : gpu.device;
  gpu.name = hwmon_text(*chip, "device/product_name").value_or("");
  gpu.way = "hwmon";
  gpu.two_dies = has_two_dies(card.model);
  if (auto cap = first_of(*chip, {"power1_cap"})) {
    const auto microwatts = cap->read();
    if (microwatts && *microwatts > 0) {
      gpu.limit = Power{static_cast<double>(*microwatts) * 1e-6};
    }
  }
  gpu.sensor = std::make_unique<AmdHwmonSensor>(std::move(energy), std::move(power));
  return gpu;
}

bool is_integrated(const GraphicsCard& card) {
  const auto chip = chip_of(card);
  return chip && hwmon_text(*chip, "in1_label") == "vddnb";
}

}  // namespace gradwatt
