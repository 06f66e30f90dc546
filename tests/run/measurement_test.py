"""Energies of runs over fake counters with known truth, and of a machine that has none."""

import os
import random
import unittest

from program import GRADWATT, FakePowercap, ProgramTest


class FakeCounters(ProgramTest):
    def setUp(self):
        super().setUp()
        self.environment["GRADWATT_SYSROOT"] = os.path.join(self.folder, "root")
        self.tree = FakePowercap(self.environment["GRADWATT_SYSROOT"])

    def run_steps(self, steps, interval="10ms"):
        """Runs a command that waits for a line before each step; returns the run's JSON."""
        process = self.start(
            "run", "-q", "--interval", interval, "--", "sh", "-c",
            f'while read line; do test -z "$line" || {GRADWATT} mark $line; echo ok; done',
            stdin=-1, stdout=-1, text=True, bufsize=1,
        )  # fmt: skip
        for change, marks in [(lambda: None, ""), *steps]:  # Nothing changes before the start.
            change()
            process.stdin.write(marks + "\n")
            self.assertEqual(process.stdout.readline(), "ok\n")
            self.wait_for_readings()
        process.stdin.close()
        self.assertEqual(process.wait(timeout=60), 0)
        process.stdout.close()
        return self.show()

    def wait_for_readings(self):
        import time

        time.sleep(0.06)  # Several intervals: the fake must hold a value until it was read.

    def test_two_packages_and_memory_with_a_wrap_give_the_exact_energy(self):
        greatest = FakePowercap.RANGE
        tree = self.tree
        tree.zone("intel-rapl:0", "package-0", greatest - 4_000_000)
        tree.zone("intel-rapl:0:0", "dram", 500)
        tree.zone("intel-rapl:1", "package-1", 7_000_000)
        tree.zone("intel-rapl:1:0", "core", 7_000_000)
        unit = greatest // 0xFFFFFFFF
        run = self.run_steps(
            [
                (lambda: tree.energy("intel-rapl:0", greatest - 1_000_000), "EPOCH=0"),
                (lambda: tree.energy("intel-rapl:0", 2_000_000), "EPOCH=1 METRIC=val_acc:0.25"),
                (lambda: tree.energy("intel-rapl:1", 7_000_001), "EPOCH_END=1"),
                (lambda: tree.energy("intel-rapl:0:0", 900), ""),
                (lambda: tree.energy("intel-rapl:1:0", 99_000_000), ""),
            ]
        )
        energy = {c["channel"]: self.microjoules(c["energy_j"]) for c in run["energy"]["channels"]}
        self.assertEqual(
            energy,
            {"pkg0": 6_000_000 + unit, "dram0": 400, "pkg1": 1, "core1": 92_000_000},
        )
        self.assertEqual(self.microjoules(run["energy"]["total_j"]), 6_000_000 + unit + 400 + 1)
        self.assertEqual(run["energy"]["kind"], "measured")
        self.assertEqual(run["epochs"][1]["metrics"], {"val_acc": 0.25})
        self.assertEqual(self.gaps(run), [])
        self.assert_adds_up(run)

    def gaps(self, run):
        """Without those of a busy machine, which takes the processor away amid any reading."""
        return [gap for gap in run["monitor"]["gaps"] if gap["reason"] != "a slow reading"]

    def assert_adds_up(self, run):
        parts = [epoch["energy_j"] for epoch in run["epochs"]] + [
            run["outside_epochs"]["energy_j"]
        ]
        self.assertEqual(
            sum(map(self.microjoules, parts)), self.microjoules(run["energy"]["total_j"])
        )

    def test_a_failed_read_is_a_gap_and_neither_a_jump_nor_a_zero(self):
        tree = self.tree
        tree.zone("intel-rapl:0", "package-0", 1_000_000)
        path = "sys/class/powercap/intel-rapl:0/energy_uj"
        run = self.run_steps(
            [
                (lambda: tree.energy("intel-rapl:0", 2_000_000), "EPOCH=0"),
                (lambda: tree.write(path, ""), ""),
                (lambda: os.remove(os.path.join(tree.root, path)), ""),
                (lambda: tree.energy("intel-rapl:0", 5_000_000), "EPOCH_END=0"),
            ]
        )
        self.assertEqual(self.microjoules(run["energy"]["total_j"]), 4_000_000)
        gaps = self.gaps(run)
        self.assertEqual(len(gaps), 1)
        self.assertFalse(gaps[0]["energy_lost"])
        self.assert_adds_up(run)

    def test_a_reset_counter_is_not_taken_for_a_wrap(self):
        tree = self.tree
        tree.zone("intel-rapl:0", "package-0", 100_000_000_000)
        run = self.run_steps(
            [
                (lambda: tree.energy("intel-rapl:0", 100_003_000_000), ""),
                (lambda: tree.energy("intel-rapl:0", 0), ""),
                (lambda: tree.energy("intel-rapl:0", 4_000_000), ""),
            ]
        )
        self.assertEqual(self.microjoules(run["energy"]["total_j"]), 7_000_000)
        gaps = self.gaps(run)
        self.assertEqual([gap["reason"] for gap in gaps], ["the counter was reset"])
        self.assertTrue(gaps[0]["energy_lost"])
        self.assertLess(run["energy"]["channels"][0]["coverage"], 1)

    def test_epochs_and_the_rest_add_up_whatever_the_marks(self):
        chance = random.Random(4)
        tree = self.tree
        tree.zone("intel-rapl:0", "package-0", 0)
        value = 0

        def step():
            nonlocal value
            value += chance.randrange(0, 2_000_000)
            tree.energy("intel-rapl:0", value)

        words = ["EPOCH=0", "EPOCH=1", "EPOCH=7", "EPOCH_END=1", "PHASE=a", "PHASE_END=a",
                 "PHASE=b", "PHASE_END=b", "SAMPLES=5", "METRIC=m:1", "NOTE=x"]  # fmt: skip
        run = self.run_steps(
            [(step, " ".join(chance.choices(words, k=3))) for _ in range(20)]
        )
        self.assertEqual(self.microjoules(run["energy"]["total_j"]), value)
        self.assert_adds_up(run)

    def test_doctor_names_what_is_there(self):
        self.tree.zone("intel-rapl:0", "package-0", 1)
        text = self.gradwatt("doctor").stdout.decode()
        self.assertIn("rapl pkg0", text)
        self.assertIn("the CPU is measured", text)


class NoCounters(ProgramTest):
    def setUp(self):
        super().setUp()
        self.environment["GRADWATT_SYSROOT"] = os.path.join(self.folder, "root")
        FakePowercap(self.environment["GRADWATT_SYSROOT"])

    def test_the_estimate_is_called_one_and_time_is_told(self):
        busy = "i=0; while [ $i -lt 50000 ]; do i=$((i+1)); done"
        result = self.gradwatt("run", "--", "sh", "-c", busy)
        self.assertEqual(result.returncode, 0)
        self.assertIn(b"estimated", result.stderr)
        self.assertIn(b"CPU time", result.stderr)
        run = self.show()
        self.assertEqual(run["energy"]["kind"], "estimated")
        self.assertGreater(run["child_cpu_s"], 0)
        self.assertLess(run["energy"]["lo_j"], run["energy"]["total_j"])
        self.assertIsNone(run["idle_power_w"])

    def test_with_nothing_at_all_the_command_still_runs(self):
        self.environment["GRADWATT_SYSROOT"] = os.path.join(self.folder, "empty")
        result = self.gradwatt("run", "--", "echo", "hello")
        self.assertEqual((result.returncode, result.stdout), (0, b"hello\n"))
        self.assertIn(b"not measured", result.stderr)
        run = self.show()
        self.assertEqual(run["energy"]["kind"], "missing")
        self.assertIsNone(run["energy"]["total_j"])

    def test_strict_fails_when_nothing_was_measured(self):
        self.assertEqual(self.gradwatt("run", "-q", "--strict", "--", "true").returncode, 4)
        self.assertEqual(self.gradwatt("run", "-q", "--strict", "--", "false").returncode, 1)

    def test_watts_of_this_machine_narrow_the_estimate(self):
        self.gradwatt("run", "-q", "--cpu-watts", "10:40", "--", "sleep", "0.2")
        channel = self.show()["energy"]["channels"][0]
        self.assertIn("given for this machine", channel["basis"])
        self.assertGreater(channel["energy_j"], 10 * 0.19)


if __name__ == "__main__":
    unittest.main()
