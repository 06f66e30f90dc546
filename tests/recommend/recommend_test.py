#!/usr/bin/env python3
"""gradwatt recommend on a sweep of made-up trainings, from the command line to its answers."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

GRADWATT = os.environ["GRADWATT"]

# Reaches 0.9 in the epoch that the learning rate says; works longer when the batch is small.
TRAINING = """
import os, socket, sys, time
batch, lr = int(sys.argv[1]), sys.argv[2]
if (batch, lr) == (1024, "1e-1"):
    sys.exit(9)
marks = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
marks.connect(os.environ["GRADWATT_SOCKET"])
for epoch in range(4):
    marks.send(b"EPOCH=%d" % epoch)
    until = time.monotonic() + 2 / batch
    while time.monotonic() < until:
        pass
    value = 0.9 if epoch + 1 >= {"1e-1": 4, "1e-2": 2, "1e-3": 9}[lr] else 0.5
    marks.send(b"METRIC=val_acc:%f\\nEPOCH_END=%d" % (value, epoch))
"""

SWEEP = """
[sweep]
name = "study"
command = [{python}, {training}, "{{batch}}", "{{lr}}"]
order = "sequential"
[axes]
batch = [16, 64, 1024]
lr = [1e-1, 1e-2, 1e-3]
[goal]
metric = "val_acc"
reach = 0.85
"""


class Recommend(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        root = Path(cls.folder.name)
        cls.file = root / "study.toml"
        training = root / "training.py"
        training.write_text(TRAINING)
        cls.file.write_text(SWEEP.format(python=json.dumps(sys.executable),
                                         training=json.dumps(str(training))))
        cls.environment = {**os.environ, "GRADWATT_STORE": str(root / "store")}
        sweep = cls.gradwatt("sweep", str(cls.file))
        assert sweep.returncode == 3, sweep.stderr  # One setup fails.

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def gradwatt(cls, *arguments):
        return subprocess.run([GRADWATT, *arguments], env=cls.environment, capture_output=True,
                              text=True, check=False)

    def answer(self, *arguments):
        done = self.gradwatt("recommend", "study", "--json", *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_every_cell_has_its_status(self):
        answer = self.answer()
        self.assertEqual([axis["name"] for axis in answer["axes"]], ["batch", "lr"])
        self.assertEqual(answer["axes"][1]["values"], ["1e-1", "1e-2", "1e-3"])
        cells = {tuple(cell["factors"].values()): cell for cell in answer["cells"]}
        self.assertEqual(len(cells), 9)
        self.assertEqual(cells["1024", "1e-1"]["status"], "failed")
        self.assertEqual(cells["16", "1e-3"]["status"], "not_reached")
        self.assertIsNone(cells["16", "1e-3"]["energy_to_goal_j"])
        self.assertAlmostEqual(cells["16", "1e-1"]["epochs_to_goal"], 4)
        self.assertAlmostEqual(cells["64", "1e-2"]["epochs_to_goal"], 2)

    def test_the_best_needs_few_and_cheap_epochs(self):
        answer = self.answer()
        if answer["why"] == "no_energy":
            self.skipTest("this machine has nothing to measure or to estimate with")
        self.assertEqual(answer["best"]["lr"], "1e-2")
        self.assertEqual(answer["worst"], {"batch": "16", "lr": "1e-1"})
        self.assertEqual(answer["evidence"], "D")
        self.assertIsNone(answer["saving_vs_worst"]["lo"])
        split = answer["split"]["vs_worst"]
        self.assertAlmostEqual(split["energy_per_epoch"]["value"] * split["epochs"]["value"] *
                               split["rest"]["value"], split["ratio"])

    def test_another_goal_gives_another_answer(self):
        answer = self.answer("--goal", "val_acc>=0.95")
        self.assertEqual((answer["verdict"], answer["why"]), ("not_enough_data", "nothing_reached"))
        best = self.answer("--goal", "val_acc best-0.01")
        self.assertAlmostEqual(best["goal"]["threshold"], 0.89)

    def test_the_sweep_file_stands_for_its_name(self):
        by_name = self.gradwatt("recommend", "study")
        by_file = self.gradwatt("recommend", str(self.file))
        self.assertEqual(by_name.stdout, by_file.stdout)
        self.assertIn("study: energy to reach val_acc ≥ 0.85", by_name.stdout)

    def test_fresh_runs_speak_alone(self):
        copy = Path(self.folder.name) / "confirmed"
        shutil.copytree(self.environment["GRADWATT_STORE"], copy)
        once = ["--store", str(copy), "--confirm", "2", "--json"]
        done = self.gradwatt("recommend", str(self.file), *once)
        self.assertEqual(done.returncode, 0, done.stderr)
        answer = json.loads(done.stdout)
        if answer["why"] == "no_energy":
            self.skipTest("this machine has nothing to measure or to estimate with")
        against = [confirmed["against"] for confirmed in answer["confirmed"]]
        self.assertIn({"batch": "16", "lr": "1e-1"}, against, "the default is among them")
        self.assertTrue(answer["saving_vs_default"]["fresh"])
        self.assertIsNotNone(answer["saving_vs_default"]["lo"])
        self.assertNotEqual(answer["evidence"], "A", "that takes three")
        swept = {run for cell in answer["cells"] for run in cell["runs"]}
        for advice in answer["advice"]:
            if advice["rule"] == "use-setup":
                self.assertFalse(swept & set(advice["runs"]), "the number is of fresh runs alone")
        runs = len(list(copy.glob("runs/*")))
        again = self.gradwatt("recommend", str(self.file), *once)
        self.assertEqual(again.stdout, done.stdout)
        self.assertEqual(len(list(copy.glob("runs/*"))), runs, "what is done is not run again")
        shown = self.gradwatt("recommend", "study", "--store", str(copy))
        self.assertEqual(shown.stdout.count("in fresh runs alone"), len(answer["confirmed"]),
                         "each pair is told once")
        by_name = self.gradwatt("recommend", "study", "--store", str(copy), "--confirm", "2")
        self.assertEqual(by_name.returncode, 2)
        self.assertIn("FILE.toml", by_name.stderr)

    def test_a_table_stands_for_a_sweep(self):
        table = Path(self.folder.name) / "table.csv"
        table.write_text("run,factor.batch,energy_j,duration_s,reached\n"
                         "a,64,1000,50,1\nb,64,1100,52,1\nc,256,600,80,1\nd,256,650,84,1\n")
        for minimise, best in (("energy", "256"), ("time", "64"), ("edp", "256")):
            done = self.gradwatt("recommend", "--from", str(table), "--minimise", minimise,
                                 "--json")
            answer = json.loads(done.stdout)
            self.assertEqual((answer["best"]["batch"], answer["objective"]),
                             (best, minimise + "_to_goal"))
        text = self.gradwatt("recommend", "--from", str(table), "--default", "batch=64").stdout
        self.assertIn("use batch 256", text)
        self.assertIn("less energy or less time", text)
        self.assertNotIn("CO2", text, "unasked")
        avoided = self.gradwatt("recommend", "--from", str(table), "--default", "batch=64",
                                "--intensity", "500").stdout
        self.assertIn("CO2e", avoided)
        for wrong in (["--from", "nowhere.csv"], ["--from", str(table), "study"], [],
                      ["--from", str(table), "--default", "batch=7"],
                      ["--from", str(table), "--minimise", "money"]):
            self.assertEqual(self.gradwatt("recommend", *wrong).returncode, 2, wrong)
        table.write_text("run,factor.batch,energy_j\na,64,1000\nb,256,many\n")
        broken = self.gradwatt("recommend", "--from", str(table))
        self.assertEqual(broken.returncode, 2)
        self.assertIn("table.csv:3", broken.stderr)

    def test_an_unknown_sweep_is_told_from_the_known(self):
        done = self.gradwatt("recommend", "stduy")
        self.assertEqual(done.returncode, 1)
        self.assertIn("sweeps in this store: study", done.stderr)

    def test_a_goal_that_is_none_is_wrong_use(self):
        done = self.gradwatt("recommend", "study", "--goal", "better")
        self.assertEqual(done.returncode, 2)
        self.assertIn("val_acc>=0.9", done.stderr)


if __name__ == "__main__":
    unittest.main()
