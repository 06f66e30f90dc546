#!/usr/bin/env python3
"""Makes the files by which gradwatt knows a machine, below a folder that stands for "/".

Usage: make_machine.py NAME FOLDER    (NAME: one of MACHINES)

The layouts follow the kernel's documentation of powercap, hwmon and acpi_power_meter, NVIDIA's
guides for Jetson and Grace, and Cray's manual page of pm_counters.
"""

import os
import sys

XEON = ("GenuineIntel", 6, 85, "Intel(R) Xeon(R) Gold 6248")


class Machine:
    def __init__(self, root):
        self.root = root

    def write(self, path, text, mode=0o644):
        full = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as file:
            file.write(text + "\n")
        os.chmod(full, mode)

    def link(self, path, target):
        full = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        os.symlink(target, full)

    def cpu(self, vendor="GenuineIntel", family=6, model=85, name=XEON[3], cpus=4):
        text = "".join(
            f"processor\t: {i}\nvendor_id\t: {vendor}\ncpu family\t: {family}\n"
            f"model\t\t: {model}\nmodel name\t: {name}\nstepping\t: 7\n\n"
            for i in range(cpus)
        )
        self.write("proc/cpuinfo", text)
        self.write("proc/stat", "cpu  1000 0 500 90000 0 0 0 0 0 0")

    def arm_cpu(self, cpus):
        self.write("proc/cpuinfo", "".join(f"processor\t: {i}\n\n" for i in range(cpus)))
        self.write("proc/stat", "cpu  1000 0 500 90000 0 0 0 0 0 0")

    def package(self, number, mode=0o444):
        zone = f"sys/class/powercap/intel-rapl:{number}"
        self.write(f"{zone}/name", f"package-{number}")
        self.write(f"{zone}/max_energy_range_uj", "262143328850")
        self.write(f"{zone}/energy_uj", "1000000", mode)

    def hwmon(self, device, number, files, of_device=None):
        chip = f"hwmon{number}"
        folder = f"{device}/hwmon/{chip}"
        os.makedirs(os.path.join(self.root, folder), exist_ok=True)
        for name, text in files.items():
            self.write(f"{folder}/{name}", text)
        for name, text in (of_device or {}).items():
            self.write(f"{device}/{name}", text)
        self.link(f"{folder}/device", "../..")
        self.link(f"sys/class/hwmon/{chip}", f"../../../{folder}")


def virtual_machine(machine):
    machine.cpu(name="Intel(R) Xeon(R) Processor", cpus=2)


def masked_container(machine):
    """The runtime mounts an empty folder over /sys/devices/virtual/powercap."""
    machine.cpu()
    os.makedirs(os.path.join(machine.root, "sys/devices/virtual/powercap"))
    machine.link(
        "sys/class/powercap/intel-rapl:0", "../../devices/virtual/powercap/intel-rapl/intel-rapl:0"
    )


def root_only(machine):
    """Kernels since 5.10 show the counters to root only (CVE-2020-8694)."""
    machine.cpu()
    machine.package(0, mode=0o400)


def dgx(machine):
    machine.cpu(cpus=8)
    machine.package(0)
    machine.package(1)
    for i in range(8):
        card = f"sys/bus/pci/devices/0000:{i + 1:02x}:00.0"
        machine.write(f"{card}/vendor", "0x10de")
        machine.write(f"{card}/class", "0x030200")


def jetson(machine):
    machine.arm_cpu(6)
    machine.write("proc/device-tree/model", "NVIDIA Jetson Orin Nano Developer Kit\0")
    device = "sys/devices/platform/bus@0/c240000.i2c/i2c-1/1-0040"
    files = {"name": "ina3221", "update_interval": "7"}
    rails = [("VDD_IN", 5000, 1200), ("VDD_CPU_GPU_CV", 5000, 400), ("VDD_SOC", 5000, 300)]
    for i, (label, millivolts, milliamperes) in enumerate(rails, 1):
        files[f"in{i}_label"] = label
        files[f"in{i}_enable"] = "1"
        files[f"in{i}_input"] = str(millivolts)
        files[f"curr{i}_input"] = str(milliamperes)
    machine.hwmon(device, 0, files)
    machine.link("sys/bus/i2c/drivers/ina3221/1-0040", f"../../../../../{device}")


def grace_hopper(machine):
    machine.arm_cpu(72)
    meters = [("Module", 300), ("Grace", 120), ("CPU", 60), ("SysIO", 20)]
    for i, (part, watts) in enumerate(meters):
        machine.hwmon(
            f"sys/devices/LNXSYSTM:00/LNXSYBUS:00/ACPI000D:{i:02}",
            i,
            {},
            {
                "name": "power_meter",
                "power1_oem_info": f"{part} Power Socket 0",
                "power1_average": str(watts * 1_000_000),
                "power1_average_interval": "50",
                "power1_is_battery": "0",
            },
        )


def cray(machine):
    machine.cpu("AuthenticAMD", 25, 48, "AMD EPYC 7A53 64-Core Processor", cpus=8)
    counters = {
        "energy": "12044825101 J 7810213855886 us",
        "power": "724 W 7810213855886 us",
        "cpu_energy": "3044825101 J 7810213855886 us",
        "memory_energy": "1044825101 J 7810213855886 us",
        "accel0_energy": "2869283299 J 7810213855886 us",
        "freshness": "62408",
        "generation": "3",
        "raw_scan_hz": "10",
        "version": "2",
    }
    for name, text in counters.items():
        machine.write(f"sys/cray/pm_counters/{name}", text)


MACHINES = {
    "virtual-machine": virtual_machine,
    "masked-container": masked_container,
    "root-only": root_only,
    "dgx": dgx,
    "jetson": jetson,
    "grace-hopper": grace_hopper,
    "cray": cray,
}


def make(name, folder):
    MACHINES[name](Machine(folder))


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in MACHINES:
        sys.exit(__doc__ + "\nMACHINES: " + " ".join(MACHINES))
    make(sys.argv[1], sys.argv[2])
