"""Runs made of a meter's readings, meters beside runs, and the line to the wall."""

import json
import os
import random
import unittest

from program import ProgramTest


class Meter(ProgramTest):
    def table(self, name, rows, header="t_s,power_w"):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(header + "\n" + "".join(",".join(map(str, row)) + "\n" for row in rows))
        return path

    def imported(self, *arguments):
        result = self.gradwatt("import", *arguments, text=True)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout.strip()

    def test_a_run_from_powers_and_marks_adds_up(self):
        power = self.table("p.csv", [(0, 100), (10, 100), (20, 300)])
        marks = self.table("m.csv", [(0, "EPOCH=0"), (10, "EPOCH_END=0")], "t_s,mark")
        self.imported("power", power, "--marks", marks, "-n", "meter", "--gain", "0.01")
        run = self.show("meter")
        self.assertEqual(run["energy"]["total_j"], 3000)
        self.assertEqual(run["epochs"][0]["energy_j"], 1000)
        self.assertEqual(run["outside_epochs"]["energy_j"], 2000)
        self.assertIsNone(run["energy"]["above_idle_j"])

    def test_bad_files_name_the_line_and_leave_nothing(self):
        for rows, where, what in [
            ([(0, 100), (1, "x")], ":3:", "no number"),
            ([(0, 100), (0, 100)], ":3:", "repeats"),
            ([(0, "100,5"), (1, "100,5")], ":2:", "decimal point"),
        ]:
            result = self.gradwatt("import", "power", self.table("b.csv", rows), text=True)
            self.assertEqual(result.returncode, 1)
            self.assertIn(where, result.stderr)
            self.assertIn(what, result.stderr)
        runs = os.path.join(self.environment["GRADWATT_STORE"], "runs")
        self.assertFalse(os.path.isdir(runs) and os.listdir(runs))

    def test_marks_that_make_no_sense_name_the_line(self):
        power = self.table("p.csv", [(0, 100), (10, 100)])
        for rows in ([(1, "EPOCH=x")], [(2, "EPOCH=0"), (1, "EPOCH_END=0")]):
            marks = self.table("m.csv", rows, "t_s,mark")
            result = self.gradwatt("import", "power", power, "--marks", marks, text=True)
            self.assertEqual(result.returncode, 1)
            self.assertIn(f"m.csv:{len(rows) + 1}:", result.stderr)
        marks = self.table("m.csv", [(1, "SPEED=3")], "t_s,mark")
        result = self.gradwatt("import", "power", power, "--marks", marks, text=True)
        self.assertEqual(result.returncode, 0)
        self.assertIn("m.csv:2: nothing knows the key SPEED", result.stderr)

    def load(self):
        """60 s of blocks that never repeat, idle around them: watts by tenths of seconds."""
        chance = random.Random(4)
        watts = [60] * 50
        while len(watts) < 550:
            watts += [chance.uniform(100, 300)] * chance.randrange(20, 70)
        return watts[:550] + [60] * 50

    def test_a_meter_is_aligned_shown_beside_and_fitted(self):
        load = self.load()
        start = 1_767_268_800
        run = self.imported(
            "power", self.table("run.csv", [(start + i / 10, w) for i, w in enumerate(load)])
        )
        wall = [
            (7000 + i, 30 + 1.2 * (load[(i - 20) * 10] if 0 <= i - 20 < 60 else 60))
            for i in range(100)
        ]
        meter = self.table("wall.csv", wall)
        before = self.show(run)
        self.imported("meter", meter, "--into", run)
        after = self.show(run)
        self.assertEqual(after["energy"]["total_j"], before["energy"]["total_j"])
        channel = after["energy"]["channels"][-1]
        self.assertEqual((channel["channel"], channel["scope"]), ("wall", "wall"))
        self.assertFalse(channel["in_total"])
        self.assertIn("aligned", channel["note"])

        fitted = self.gradwatt("calibrate", "--meter", meter, "--runs", run, "--json", text=True)
        self.assertEqual(fitted.returncode, 0, fitted.stderr)
        line = json.loads(fitted.stdout)["wall"]
        self.assertAlmostEqual(line["gain"], 1.2, delta=0.1)
        self.assertAlmostEqual(line["offset_w"], 30, delta=15)
        self.assertIsNone(self.show(run)["energy"]["wall_j"])  # It was fitted after the run.

    def test_a_constant_meter_cannot_be_aligned(self):
        run = self.imported("power", self.table("r.csv", [(i, 100) for i in range(60)]))
        meter = self.table("w.csv", [(i, 100) for i in range(60)])
        result = self.gradwatt("import", "meter", meter, "--into", run, text=True)
        self.assertEqual(result.returncode, 1)
        self.assertIn("does not vary", result.stderr)


if __name__ == "__main__":
    unittest.main()
