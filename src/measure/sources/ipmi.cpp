// The machine's management controller, asked through the kernel's IPMI driver.
#include "measure/ipmi_power.h"
#include "measure/presence.h"
#include "measure/sources/catalog.h"

#include <cerrno>
#include <fcntl.h>
#include <system_error>

namespace gradwatt {
namespace {

namespace fs = std::filesystem;

Finding absent(const fs::path& sysroot) {
  std::error_code error;
  // DMI structures of type 38 describe a management controller.
  if (fs::exists(sysroot / "sys/firmware/dmi/entries/38-0", error) ||
      fs::exists(sysroot / "sys/class/ipmi", error)) {
    return {"ipmi",
            Finding::Status::absent,
            "there is a management controller, but the kernel offers no /dev/ipmi0",
            "sudo modprobe -a ipmi_si ipmi_devintf"};
  }
  return {"ipmi", Finding::Status::absent, "no management controller (no /dev/ipmi0)", ""};
}

Discovery discover_ipmi(const Machine& machine, std::span<const std::string> measured) {
  Discovery discovery;
  for (const char* name : {"dev/ipmi0", "dev/ipmi/0", "dev/ipmidev/0"}) {
    const fs::path path = machine.sysroot / name;
    UniqueFd device(::open(path.c_str(), O_RDWR | O_CLOEXEC));
    if (!device) {
      if (errno != ENOENT && errno != ENOTDIR) {
        discovery.findings.push_back(ipmi_not_opened(path, errno));
        return discovery;
      }
      continue;
    }
    auto source = std::make_unique<IpmiPower>(std::make_unique<IpmiDevice>(std::move(device)),
                                              *machine.clock);
    if (auto finding = source->try_out()) {
      finding->detail = path.string() + ": " + finding->detail;
      discovery.findings.push_back(std::move(*finding));
      return discovery;
    }
    source->set_in_total(measured.empty());
    discovery.findings.push_back(
        {"ipmi", Finding::Status::present, source->channels().front().basis, ""});
    discovery.sources.push_back(std::move(source));
    return discovery;
  }
  discovery.findings.push_back(absent(machine.sysroot));
  return discovery;
}

bool might_be_here(const Machine& machine) {
  return has_file(machine, {"dev/ipmi0", "dev/ipmi/0", "dev/ipmidev/0"});
}

}  // namespace

SourceFamily ipmi_family() {
  return {"ipmi",
          "the machine's power from its management controller",
          discover_ipmi,
          true,
          might_be_here};
}

}  // namespace gradwatt
