"""The gradwatt program as a test sees it: a store of its own, arguments in, results out."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest

GRADWATT = os.environ["GRADWATT"]


class ProgramTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="gradwatt-test-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith("GRADWATT_")
        }
        self.environment["GRADWATT_STORE"] = os.path.join(self.folder, "store")

    def gradwatt(self, *arguments, **options):
        options.setdefault("timeout", 60)
        return subprocess.run(
            [GRADWATT, *arguments], env=self.environment, capture_output=True, **options
        )

    def start(self, *arguments, **options):
        return subprocess.Popen([GRADWATT, *arguments], env=self.environment, **options)

    def show(self, run="@last"):
        result = self.gradwatt("show", run, "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)

    def microjoules(self, joules):
        """JSON carries joules with six decimals: whole microjoules, exactly."""
        return round(joules * 1e6)


class FakePowercap:
    """A powercap tree under a folder that stands for "/"."""

    RANGE = 262143328850

    def __init__(self, root, vendor="GenuineIntel", name="Intel(R) Xeon(R) Gold 6248"):
        self.root = root
        self.write(
            "proc/cpuinfo",
            f"processor\t: 0\nvendor_id\t: {vendor}\ncpu family\t: 6\nmodel\t: 85\n"
            f"model name\t: {name}\nstepping\t: 7\n",
        )

    def write(self, path, text):
        full = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full + ".new", "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(full + ".new", full)

    def zone(self, identity, name, energy):
        self.write(f"sys/class/powercap/{identity}/name", name + "\n")
        self.write(f"sys/class/powercap/{identity}/max_energy_range_uj", f"{self.RANGE}\n")
        self.energy(identity, energy)

    def energy(self, identity, energy):
        self.write(f"sys/class/powercap/{identity}/energy_uj", f"{energy}\n")
