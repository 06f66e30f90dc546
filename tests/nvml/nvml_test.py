"""Runs over GPUs whose true power is known, seen through the fake NVML by the real program."""

import json
import os
import sys
import threading
import time
import unittest

from program import FakePowercap, ProgramTest

LIBRARY = os.environ["FAKE_NVML"]
POWER_ONLY = "counter = no\nenergy_field = no\n"
MEAN_ONLY = POWER_ONLY + "instant = no\n"

# Marks an epoch that lasts until a time given on the monotonic clock, and notes its two times.
EPOCH_UNTIL = """
import json, os, socket, sys, time
marks = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
def mark(text):
    now = time.monotonic_ns()
    marks.sendto(f"{text}\\nT={now}\\n".encode(), os.environ["GRADWATT_SOCKET"])
    return now
begin = mark("EPOCH=0")
time.sleep(max(0, (int(sys.argv[1]) - time.monotonic_ns()) * 1e-9))
json.dump([begin, mark("EPOCH_END=0")], open(sys.argv[2], "w"))
time.sleep(0.3)
"""


def gpu(uuid, power="constant power=300", lines=""):
    return f"[gpu]\nuuid = {uuid}\npower = {power}\n{lines}\n"


class NvmlTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.environment["GRADWATT_SYSROOT"] = os.path.join(self.folder, "root")
        self.tree = FakePowercap(self.environment["GRADWATT_SYSROOT"])
        self.environment["GRADWATT_NVML_LIB"] = LIBRARY
        self.environment["LD_LIBRARY_PATH"] = os.path.dirname(LIBRARY)
        self.environment.pop("CUDA_VISIBLE_DEVICES", None)
        self.environment.pop("CUDA_DEVICE_ORDER", None)

    def play(self, script, zero_ns=None):
        path = os.path.join(self.folder, "script.txt")
        with open(path, "w", encoding="utf-8") as file:
            file.write((f"zero_ns = {zero_ns}\n" if zero_ns else "") + script)
        self.environment["GRADWATT_FAKE_NVML"] = path

    def run_for(self, seconds):
        result = self.gradwatt("run", "-q", "--", "sleep", str(seconds))
        self.assertEqual(result.returncode, 0, result.stderr)
        return self.show()

    def channels(self, run):
        return {channel["channel"]: channel for channel in run["energy"]["channels"]}

    def reasons(self, run, channel):
        return " / ".join(g["reason"] for g in run["monitor"]["gaps"] if g["channel"] == channel)

    def assert_holds(self, part, truth):
        """The interval holds the truth, and the estimate is within the interval."""
        self.assertLessEqual(part["lo_j"], truth)
        self.assertGreaterEqual(part["hi_j"], truth)
        self.assertLessEqual(part["lo_j"], part["energy_j"])
        self.assertGreaterEqual(part["hi_j"], part["energy_j"])


class ConstantPower(NvmlTest):
    def measure(self, lines, method):
        self.play(gpu("GPU-1", lines=lines))
        run = self.run_for(3)
        channel = self.channels(run)["gpu0"]
        self.assertEqual(channel["method"], method)
        self.assertEqual(channel["device"], "GPU-1")
        self.assertEqual(channel["scope"], "gpu-board")
        self.assertTrue(channel["in_total"])
        self.assert_holds(channel, 300 * run["duration_s"])
        # Energy of a steady load is as good as its times: one update of the counter at each end.
        self.assertAlmostEqual(channel["energy_j"], 300 * run["duration_s"], delta=2 * 0.1 * 300)
        return channel

    def test_by_the_counter(self):
        self.measure("", "counter")

    def test_by_the_instant_power(self):
        self.measure(POWER_ONLY, "power")

    def test_by_the_one_second_mean(self):
        self.measure(MEAN_ONLY, "power")


class LoadThenIdle(NvmlTest):
    """300 W for 3 s, then 60 W: the shortened form of a load with an idle tail."""

    def measure(self, lines):
        zero = time.monotonic_ns() + 500_000_000
        load = "burst low=60 high=300 length=3"
        self.play(gpu("GPU-1", load, lines), zero)
        times = os.path.join(self.folder, "times.json")
        result = self.gradwatt(
            "run", "-q", "--", sys.executable, "-c", EPOCH_UNTIL, str(zero + 5_000_000_000), times
        )
        self.assertEqual(result.returncode, 0, result.stderr)
        with open(times, encoding="utf-8") as file:
            begin, end = ((at - zero) * 1e-9 for at in json.load(file))
        loaded = max(0, min(end, 3) - max(begin, 0))
        truth = 60 * (end - begin) + 240 * loaded
        run = self.show()
        self.assert_holds(run["epochs"][0], truth)
        return run

    def test_by_the_counter(self):
        self.measure("")

    def test_by_the_instant_power(self):
        self.measure(POWER_ONLY)

    def test_by_the_one_second_mean(self):
        self.measure(MEAN_ONLY)


class PowerLimits(NvmlTest):
    def test_runs_under_different_limits_are_not_compared_unless_asked_for(self):
        runs = {}
        for name, limit in (("low", 400), ("high", 700), ("again", 700)):
            self.play(gpu("GPU-1", lines=f"limit = {limit}"))
            runs[name] = self.run_for(1)["run_id"]
        refused = self.gradwatt("compare", runs["low"], runs["high"], text=True)
        self.assertEqual(refused.returncode, 2, refused.stdout)
        self.assertIn("power_limit", refused.stderr)
        self.assertIn("400 W", refused.stderr)
        asked = ("--allow-different", "power_limit")
        told = self.gradwatt("compare", runs["low"], runs["high"], *asked, text=True)
        self.assertEqual(told.returncode, 0, told.stderr)
        self.assertIn("power_limit", told.stdout)
        alike = self.gradwatt("compare", runs["high"], runs["again"], text=True)
        self.assertEqual(alike.returncode, 0, alike.stderr)


class SeveralGpus(NvmlTest):
    def test_only_what_the_command_sees_is_counted(self):
        self.play(gpu("GPU-1") + gpu("GPU-2", "constant power=100"))
        self.environment["CUDA_VISIBLE_DEVICES"] = "GPU-2"
        channels = self.channels(self.run_for(1))
        self.assertNotIn("gpu0", channels)
        self.assertEqual(channels["gpu1"]["device"], "GPU-2")

    def test_a_lost_gpu_leaves_the_others_alone(self):
        self.play(gpu("GPU-1", lines="fault = lost from=3") + gpu("GPU-2"))
        run = self.run_for(5)
        channels = self.channels(run)
        self.assertLess(channels["gpu0"]["coverage"], 1)
        self.assertIn("lost", self.reasons(run, "gpu0"))
        self.assert_holds(channels["gpu1"], 300 * run["duration_s"])
        self.assertEqual(self.reasons(run, "gpu1"), "")

    def test_a_slice_is_never_handed_its_boards_power(self):
        self.play(gpu("GPU-1", lines="mig = MIG-a, MIG-b"))
        self.environment["CUDA_VISIBLE_DEVICES"] = "MIG-a"
        channel = self.channels(self.run_for(1))["gpu0"]
        self.assertEqual(channel["scope"], "gpu-shared-board")
        self.assertFalse(channel["in_total"])


class BrokenLibrary(NvmlTest):
    """The library may do what it likes: the command and the other sources do not notice."""

    def setUp(self):
        super().setUp()
        self.tree.zone("intel-rapl:0", "package-0", 1_000_000)

    def measure(self, fault):
        self.play(gpu("GPU-1", lines=f"fault = {fault}"))
        run = self.run_for(3)
        self.assertEqual(run["exit_status"], 0)
        # The fake package's file never changes, which is told; the library's fault is not.
        # On a busy machine a reading may be slow, which costs nothing but time.
        reasons = set(self.reasons(run, "pkg0").split(" / ")) - {"a slow reading"}
        self.assertEqual(reasons, {"the counter stands still"})
        package = self.channels(run)["pkg0"]
        self.assertIsNone(package["energy_j"])
        self.assertEqual((package["coverage"], package["note"]), (0, "the counter stands still"))
        return run

    def test_a_call_that_hangs_is_a_gap(self):
        run = self.measure("hang from=1.5")
        self.assertNotEqual(self.reasons(run, "gpu0"), "")
        self.assertLess(self.channels(run)["gpu0"]["coverage"], 1)

    def test_a_call_that_crashes_is_a_gap(self):
        for fault in ("crash from=1.5 to=1.7", "segv from=1.5 to=1.7"):
            run = self.measure(fault)
            self.assertNotEqual(self.reasons(run, "gpu0"), "")

    def test_a_library_that_never_answers_is_told(self):
        run = self.measure("hang")
        self.assertNotIn("gpu0", self.channels(run))

    def test_doctor_tells_a_driver_that_does_not_fit_its_library(self):
        self.play("init = 18\n")
        text = self.gradwatt("doctor").stdout.decode()
        self.assertIn("different versions", text)
        self.assertIn("reboot", text)


class Calibrate(NvmlTest):
    def count(self):
        """A CPU package beside the GPU that counts 20 W or so until the test ends."""
        self.tree.zone("intel-rapl:0", "package-0", 1_000_000)
        path = os.path.join(self.tree.root, "sys/class/powercap/intel-rapl:0/energy_uj")
        ended = threading.Event()

        def write():
            energy = 1_000_000
            with open(path, "r+", encoding="utf-8") as file:
                while not ended.wait(0.05):
                    energy += 1_000_000
                    file.seek(0)
                    file.write(f"{energy}\n")
                    file.flush()

        thread = threading.Thread(target=write)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(ended.set)

    def calibrate(self):
        result = self.gradwatt("calibrate", "--idle", "6s", "--force", "--json", text=True)
        self.assertEqual(result.returncode, 0, result.stderr)
        channels = json.loads(result.stdout)["channels"]
        return {channel["sensor"]: channel for channel in channels}, result.stderr

    def test_what_it_finds_is_used_by_runs(self):
        self.play(gpu("GPU-1", "square low=60 high=80 period=0.13", POWER_ONLY + "update = 0.05\n"))
        channel = self.calibrate()[0]["nvml/gpu0@GPU-1"]
        self.assertAlmostEqual(channel["idle_w"], 70, delta=5)
        self.assertAlmostEqual(channel["refresh_s"], 0.05, delta=0.02)
        # Beside the GPU the total may have an estimate of the CPU.
        self.assertGreaterEqual(self.run_for(1)["idle_power_w"], channel["idle_w"])

    def test_a_gpu_that_waits_is_told_by_its_idle_power(self):
        self.play(gpu("GPU-1", "constant power=60", "utilisation = 3\n"))
        self.calibrate()
        zero = time.monotonic_ns() + 500_000_000
        load = "burst low=62 high=300 length=3"
        self.play(gpu("GPU-1", load, "utilisation = 3\n"), zero)
        run = self.run_for(8)
        idle = self.channels(run)["gpu0"]["idle"]
        self.assertAlmostEqual(idle["time_share"], 5 / 8, delta=0.15)
        self.assertAlmostEqual(idle["energy_share"], 5 * 62 / (5 * 62 + 3 * 300), delta=0.08)
        # The CPU beside it is idle, too: its part of the total adds to the GPU's.
        gpu_share = idle["energy_share"] * self.channels(run)["gpu0"]["energy_j"]
        self.assertGreaterEqual(run["energy"]["idle_share"] * run["energy"]["total_j"], gpu_share)
        self.play(gpu("GPU-1", load, "utilisation = 90\n"), time.monotonic_ns())
        self.assertEqual(self.channels(self.run_for(6))["gpu0"]["idle"]["time_share"], 0)

    def test_a_library_that_hangs_holds_up_nothing(self):
        self.count()
        self.play(gpu("GPU-1", lines="fault = hang"))
        channels, told = self.calibrate()
        self.assertEqual(list(channels), ["rapl/pkg0@package-0"])
        self.assertIn("did not end", told)

    def test_a_library_that_hangs_later_leaves_the_others_alone(self):
        self.count()
        self.play(gpu("GPU-1", lines="fault = hang from=3"))
        self.assertIn("rapl/pkg0@package-0", self.calibrate()[0])


class CrossCheck(NvmlTest):
    def checked(self, lines):
        self.play(gpu("GPU-1", lines=lines))
        run = self.run_for(11)
        text = self.gradwatt("show", "@last", text=True).stdout
        return self.channels(run)["gpu0"], text

    def test_a_counter_that_counts_what_the_power_says(self):
        channel, text = self.checked("")
        self.assertAlmostEqual(channel["cross_check"], 1, delta=0.1)
        self.assertGreaterEqual(channel["cross_check_readings"], 10)
        self.assertTrue(channel["cross_check_plausible"])
        self.assertIn("cross-check: gpu0 counter / power", text)

    def test_a_counter_that_is_wrong_by_a_factor_is_flagged(self):
        channel, text = self.checked("fault = scale by=3")
        self.assertAlmostEqual(channel["cross_check"], 3, delta=0.3)
        self.assertFalse(channel["cross_check_plausible"])
        self.assertIn("one of the two is wrong", channel["note"])
        self.assertIn("do not trust", text)


if __name__ == "__main__":
    unittest.main()
