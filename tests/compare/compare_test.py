#!/usr/bin/env python3
"""gradwatt compare on tables from elsewhere and on stored runs, from the command line."""

import json
import math
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

GRADWATT = os.environ["GRADWATT"]

# Energy of a run by batch, learning rate and repeat; accuracies that differ by 2 points.
SCATTER = [1.00, 1.02, 0.99]
GRID = [(batch, lr, repeat, base * drift * SCATTER[repeat])
        for batch, base in (("64", 100.0), ("256", 60.0), ("1024", 59.5))
        for lr, drift in (("0.1", 1.0), ("0.01", 3.0))
        for repeat in range(3)]
ACCURACY = {"64": 0.92, "256": 0.90, "1024": 0.92}

# Reaches 0.9 in the third epoch at A and in the second, dearer one at B.
CURVES = """run,factor.setup,epoch,energy_j,duration_s,metric.val_acc
a,A,0,15,2,0.5
a,A,1,10,1,0.8
a,A,2,10,1,0.91
b,B,0,25,2,0.6
b,B,1,20,1,0.92
"""


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values))


class Folder(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = Path(self.folder.name)
        self.environment = {**os.environ, "GRADWATT_STORE": str(self.root / "store")}

    def gradwatt(self, *arguments):
        return subprocess.run([GRADWATT, *arguments], env=self.environment, capture_output=True,
                              text=True, check=False)

    def compare(self, *arguments, status=0):
        done = self.gradwatt("compare", *arguments)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done

    def answer(self, *arguments, status=0):
        return json.loads(self.compare(*arguments, "--json", status=status).stdout)

    def table(self, text, name="table.csv"):
        file = self.root / name
        file.write_text(text)
        return ("--from", str(file))


class Tables(Folder):
    def grid(self):
        rows = [f"{batch},{lr},{repeat},{energy},{energy / 50},{ACCURACY[batch]}"
                for batch, lr, repeat, energy in GRID]
        return self.table("factor.batch,factor.lr,repeat,energy_j,duration_s,metric.val_acc\n"
                          + "\n".join(rows) + "\n", "grid.csv")

    def test_values_of_a_factor_are_compared_at_equal_values_of_the_others(self):
        answer = self.answer(*self.grid(), "--by", "factor.batch")
        self.assertEqual(answer["schema"], 1)
        self.assertEqual([side["name"] for side in answer["sides"]],
                         ["batch 64", "batch 256", "batch 1024"])
        self.assertEqual(answer["equal"], ["lr"])
        pair = answer["pairs"][0]
        self.assertEqual((pair["verdict"], pair["about"]), ("less", "energy_total"))
        self.assertEqual(pair["blocks"], 2)
        energy = pair["quantities"]["energy_total"]
        self.assertAlmostEqual(energy["ratio"], 0.6)
        self.assertTrue(energy["lo"] < 0.6 < energy["hi"] < 0.65)
        # The threefold energy of the other learning rate is in the level and not in the scatter.
        self.assertAlmostEqual(energy["against"], geometric_mean(
            [energy for batch, _, _, energy in GRID if batch == "64"]))
        self.assertEqual(energy["scatter"], "repeats")

    def test_another_first_side_may_be_asked_for(self):
        answer = self.answer(*self.grid(), "--by", "batch", "--against", "1024")
        self.assertEqual([side["name"] for side in answer["sides"]],
                         ["batch 1024", "batch 64", "batch 256"])
        last = answer["pairs"][1]["quantities"]["energy_total"]
        self.assertEqual(last["finding"], "no_difference")
        self.assertLess(last["p_equivalent"], 0.05)

    def test_named_sides_are_those_of_a_factor(self):
        table = self.grid()
        by = self.answer(*table, "--by", "batch", "--against", "64")["pairs"][0]["quantities"]
        named = self.answer(*table, "batch=64", "batch=256")["pairs"][0]["quantities"]
        self.assertAlmostEqual(by["energy_total"]["ratio"], named["energy_total"]["ratio"])
        self.assertAlmostEqual(by["energy_total"]["lo"], named["energy_total"]["lo"])

    def test_the_text_fits_a_terminal_and_says_what_accuracy_costs(self):
        text = self.compare(*self.grid(), "--by", "batch", "--metric", "val_acc").stdout
        self.assertRegex(text, r"B uses 40(\.0)? % less energy in total than A "
                               r"\[3[\d.]+, 4[\d.]+\], at −2\.0 points of val_acc")
        self.assertIn("compared at equal lr: 2 settings, averaged", text)
        self.assertLessEqual(max(map(len, text.splitlines())), 100)

    def test_a_guarded_metric_has_a_difference(self):
        metric = self.answer(*self.grid(), "--by", "batch", "--metric",
                             "val_acc")["pairs"][0]["metrics"]["val_acc"]
        self.assertAlmostEqual(metric["difference"], -0.02)
        self.assertTrue(metric["beyond_band"])

    def test_single_runs_looked_so_once(self):
        done = self.compare(*self.table("run,energy_j\na,100\nb,88\n"), "a", "b")
        self.assertIn("B looked 12 % less in energy in total, once", done.stdout)
        self.assertIn("run each at least 3 times", done.stdout)

    def test_what_is_not_settled_says_how_many_repeats_are_missing(self):
        table = self.table("factor.x,energy_j\n1,100\n1,110\n2,98\n2,107\n")
        pair = self.answer(*table, "--by", "x")["pairs"][0]
        self.assertEqual(pair["verdict"], "not_settled")
        self.assertGreater(pair["quantities"]["energy_total"]["more_for_band"], 3)
        words = " ".join(self.compare(*table, "--by", "x").stdout.split())
        self.assertIn("more repeats of each would settle", words)

    def test_epochs_reach_a_goal_and_split_the_saving(self):
        answer = self.answer(*self.table(CURVES), "--by", "setup", "--goal", "val_acc>=0.9")
        pair = answer["pairs"][0]
        self.assertEqual(pair["about"], "energy_to_goal")
        self.assertAlmostEqual(pair["quantities"]["energy_to_goal"]["ratio"], 45 / 35)
        self.assertAlmostEqual(pair["quantities"]["time_to_goal"]["ratio"], 3 / 4)
        self.assertAlmostEqual(pair["split"]["energy_per_epoch"]["value"], 2)
        self.assertAlmostEqual(pair["split"]["epochs"]["value"], 2 / 3)

    def test_pairs_take_a_drift_out(self):
        rows = [f"{x},{repeat},{100 * 1.2 ** repeat * 1.1 ** (x - 1) * (1 + 0.001 * repeat * x)}"
                for repeat in range(3) for x in (1, 2)]
        table = self.table("factor.x,repeat,energy_j\n" + "\n".join(rows) + "\n")
        for flags, verdict in [((), "not_settled"), (("--paired",), "more")]:
            answer = self.answer(*table, "--by", "x", *flags)
            self.assertEqual(answer["pairs"][0]["verdict"], verdict)

    def test_conditions_decide_the_exit_status(self):
        table = self.grid()
        sides = (*table, "batch=256", "batch=64")
        answer = self.answer(*sides, "--fail-if", "energy_total > +5%", status=1)
        self.assertEqual(answer["conditions"],
                         [{"condition": "energy_total > +5%", "side": "B", "met": True,
                           "judged_by": "interval"}])
        self.compare(*sides, "--fail-if", "energy_total > +80%")
        self.compare(*sides, "--fail-if", "energy_total > +80%", "--fail-if", "val_acc > 0.01",
                     status=1)
        self.compare(*sides, "--fail-if", "gpu_hours > 5%", status=2)
        once = (*self.table("run,energy_j\na,100\nb,106\n"), "a", "b")
        done = self.compare(*once, "--fail-if", "energy_total > 5%", status=1)
        self.assertIn("by the number alone", done.stdout)

    def test_what_makes_no_sense_is_wrong_use(self):
        grid = self.grid()
        for arguments, said in [
                ((*grid, "--by", "bacth"), "did you mean 'batch'"),
                ((*grid, "--by", "batch", "--against", "65"), "known: 64, 256, 1024"),
                ((*grid, "--by", "batch", "--metric", "val_ac"), "did you mean 'val_acc'"),
                ((*grid, "batch=64"), "or write --by lr"),
                ((*grid, "batch=64", "lr=0.1"), "is in both"),
                ((*grid,), "gradwatt compare A B"),
                ((*grid, "--by", "batch", "--fail-if", "energy_total > 5"), "time_total > 10%"),
                ((*grid, "--by", "batch", "--fail-if", "energy > 5"), "energy_per_epoch"),
                ((*grid, "--by", "batch", "--fail-if", "energy_to_goal > 5%"), "--goal"),
                ((*grid, "--by", "batch", "--goal", "f1>=0.9"), "no run has the metric 'f1'"),
                ((*grid, "--by", "batch", "--", "true"), "compare runs no command"),
                (("--by", "batch"), "name a sweep"),
                ((*self.table("factor.x,energy_j\n64,many\n"), "--by", "x"), "table.csv:2")]:
            done = self.compare(*arguments, status=2)
            self.assertIn(said, done.stderr)
            self.assertEqual(done.stdout, "")


class StoredRuns(Folder):
    def setUp(self):
        super().setUp()
        for name, rounds in (("fast", 1), ("slow", 8)) * 3:
            work = f"sum(i * i for i in range({rounds} * 150000))"
            done = self.gradwatt("run", "-n", name, "--", sys.executable, "-c", work)
            self.assertEqual(done.returncode, 0, done.stderr)

    def manifests(self):
        return list((self.root / "store" / "runs").glob("*/run.json"))

    def test_all_runs_of_a_name_are_repeats(self):
        answer = self.answer("fast", "slow")
        self.assertEqual([side["n"] for side in answer["sides"]], [3, 3])
        pair = answer["pairs"][0]
        self.assertGreater(pair["quantities"]["time_total"]["ratio"], 1)
        self.assertIs(pair["measured_apart"], False)

    def test_runs_of_another_machine_are_refused_unless_asked_for(self):
        for file in self.manifests():
            text = file.read_text()
            manifest = json.loads(text)
            if manifest["name"] == "slow":
                manifest["environment"]["host"] = "elsewhere"
                manifest["environment"]["git_commit"] = "c0ffee"
                file.write_text(json.dumps(manifest))
        done = self.compare("fast", "slow", status=2)
        self.assertIn("elsewhere (B)", done.stderr)
        self.assertIn("--allow-different host", done.stderr)
        self.assertNotIn("c0ffee", done.stderr)
        answer = self.answer("fast", "slow", "--allow-different", "host")
        self.assertIn("host", [one["name"] for one in answer["environment_differences"]])
        self.assertIn("not the same: host",
                      self.compare("fast", "slow", "--allow-different", "all").stdout)

    def test_a_failed_run_is_left_out(self):
        failed = self.gradwatt("run", "-n", "slow", "--", sys.executable, "-c", "exit(3)")
        self.assertEqual(failed.returncode, 3)
        done = self.compare("fast", "slow")
        self.assertIn("3 runs, 1 failed and left out", done.stdout)

    def test_a_name_that_is_none_is_told(self):
        self.assertIn("slwo", self.compare("fast", "slwo", status=1).stderr)


if __name__ == "__main__":
    unittest.main()
