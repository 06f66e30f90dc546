"""Parts of a run, asked for by time: they add up to the whole, and what is none is refused."""

import json
import os
import unittest

from program import FakePowercap, ProgramTest


class Window(ProgramTest):
    def setUp(self):
        super().setUp()
        root = os.path.join(self.folder, "root")
        self.environment["GRADWATT_SYSROOT"] = root
        FakePowercap(root).zone("intel-rapl:0", "package-0", 5)
        counter = os.path.join(root, "sys/class/powercap/intel-rapl:0/energy_uj")
        steps = "for i in 1 2 3 4 5 6; do sleep 0.05; echo ${i}000007 > $0; done"
        self.gradwatt("run", "-q", "-n", "steps", "--interval", "10ms", "--",
                      "sh", "-c", steps, counter)  # fmt: skip
        self.whole = self.show()

    def window(self, text):
        result = self.gradwatt("show", "--window", text, "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)

    def test_windows_that_meet_add_up_to_the_run(self):
        cut = f"{self.whole['duration_s'] / 3:.6f}s"
        parts = [self.window(f"..{cut}"), self.window(f"{cut}..")]
        energies = [self.microjoules(part["energy"]["total_j"]) for part in parts]
        self.assertEqual(sum(energies), self.microjoules(self.whole["energy"]["total_j"]))
        self.assertGreater(energies[1], 0)
        self.assertEqual(parts[0]["run_id"], self.whole["run_id"])
        self.assertEqual(parts[0]["window"]["end_s"], parts[1]["window"]["begin_s"])
        for part in parts:
            energy = part["energy"]
            self.assertLessEqual(energy["lo_j"], energy["total_j"])
            self.assertGreaterEqual(energy["hi_j"], energy["total_j"])
            self.assertEqual([c["channel"] for c in energy["channels"]], ["pkg0"])

    def test_people_are_told_which_part(self):
        result = self.gradwatt("show", "steps", "--window", "100ms..200ms")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn(b"100 ms to 200 ms since the run began", result.stdout)
        self.assertIn(b"pkg0", result.stdout)

    def test_what_is_no_part_is_refused(self):
        for text in ("1s", "..", "2s..1s", "5..6", "1h..2h"):
            result = self.gradwatt("show", "--window", text)
            self.assertEqual(result.returncode, 2, text)
            self.assertIn(b"--window", result.stderr)
            self.assertEqual(result.stdout, b"")


if __name__ == "__main__":
    unittest.main()
