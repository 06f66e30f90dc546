"""What doctor says on machines that are made of files, against the texts in golden/.

UPDATE_GOLDEN=1 writes the texts anew, to be read before they are committed.
"""

import os
import unittest

from make_machine import MACHINES, make
from program import ProgramTest

GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "golden")
NOBODY = 65534


class DoctorTest(ProgramTest):
    maxDiff = None

    def setUp(self):
        super().setUp()
        os.chmod(self.folder, 0o777)
        self.root = os.path.join(self.folder, "root")
        self.environment["GRADWATT_SYSROOT"] = self.root
        self.environment.pop("CUDA_VISIBLE_DEVICES", None)
        self.environment.pop("CUDA_DEVICE_ORDER", None)

    def doctor(self, name, **options):
        make(name, self.root)
        result = self.gradwatt("doctor", **options)
        self.assertEqual(result.returncode, 0, result.stderr)
        text = result.stdout.decode().replace(self.root, "")
        sections = text.split("\n\n")
        return "\n\n".join(s for s in sections if s.startswith(("power sources", "total"))) + "\n"

    def check(self, name, **options):
        text = self.doctor(name, **options)
        file = os.path.join(GOLDEN, name + ".txt")
        if os.environ.get("UPDATE_GOLDEN"):
            with open(file, "w", encoding="utf-8") as golden:
                golden.write(text)
        with open(file, encoding="utf-8") as golden:
            self.assertEqual(text, golden.read())

    def test_every_machine_has_a_golden_text(self):
        self.assertEqual(sorted(f"{name}.txt" for name in MACHINES), sorted(os.listdir(GOLDEN)))

    def test_a_virtual_machine_without_counters(self):
        self.check("virtual-machine")

    def test_a_container_whose_counters_are_masked(self):
        self.check("masked-container")

    def test_counters_that_only_root_may_read(self):
        os.environ.pop("HOME", None)
        self.check("root-only", **({"user": NOBODY} if os.geteuid() == 0 else {}))

    def test_eight_gpus_and_two_packages(self):
        script = os.path.join(self.folder, "script.txt")
        with open(script, "w", encoding="utf-8") as file:
            for i in range(8):
                file.write(f"[gpu]\nuuid = GPU-{i}\nname = NVIDIA H100 80GB HBM3\n")
                file.write(f"architecture = 9\npci = 0000:{i + 1:02x}:00.0\n")
                file.write("power = constant power=300\n")
        self.environment["GRADWATT_FAKE_NVML"] = script
        self.environment["GRADWATT_NVML_LIB"] = os.environ["FAKE_NVML"]
        self.check("dgx")

    def test_a_jetson(self):
        self.check("jetson")

    def test_a_grace_hopper(self):
        self.check("grace-hopper")

    def test_a_cray_node(self):
        self.check("cray")


if __name__ == "__main__":
    unittest.main()
