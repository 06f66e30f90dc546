#!/usr/bin/env python3
"""gradwatt reproduce power-of-training end to end: order, resuming, failures and the report."""

import json
import shutil
import signal
import subprocess
import unittest

from study_case import StudyCase


class ReproduceTest(StudyCase):
    study = "power-of-training"
    trainer = "fake_train.py"
    sets = ("PAMAP2_Dataset", "celeba")
    folder_name = "small"

    def test_runs_all_sweeps_and_reports(self):
        result = self.reproduce()
        self.assertEqual(result.returncode, 0, result.stderr)
        ended = self.side("end")
        self.assertEqual(len(ended), 112)
        self.assertEqual(len(set(ended)), 112)
        self.assertEqual([ended[i * 16].split("/")[0] for i in range(7)],
                         ["pamap2-joint", "pamap2-pretrain", "pamap2-frozen", "pamap2-unfrozen",
                          "celeba-identity", "celeba-attributes", "celeba-multitask"])
        for part in ("Table 1 ·", "Table 2 ·", "Table 3 ·", "Table 4 ·", "Figure 3 ·",
                     "Figure 4 ·", "Figure 5 ·", "Does the study's claim hold here?",
                     "The paper's inconsistencies"):
            self.assertIn(part, result.stdout)
        self.assertEqual(len(self.rows("table2.csv")), 112)
        epochs = {row["setup"]: row["epochs"] for row in self.rows("table2.csv")
                  if row["sweep"] == "pamap2-joint"}
        self.assertEqual(epochs["1"], "6")
        self.assertEqual(epochs["4"], "10")

        again = self.reproduce("--json", "--out", "elsewhere")
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual(len(self.side("start")), 112, "nothing done is run again")
        report = json.loads(again.stdout)
        self.assertEqual(len(report["sweeps"]), 7)
        self.assertIn(report["energy"], ("estimated", "measured", "partly estimated", "unknown"))
        self.assertEqual(len(self.rows("table2.csv", self.folder / "elsewhere")), 112)

        alone = self.reproduce("--report-only", "--json")
        self.assertEqual(json.loads(alone.stdout)["sweeps"], report["sweeps"])

    def test_goes_on_after_kill_9(self):
        gate = self.folder / "gate"
        sweep = subprocess.Popen(
            self.command("--only", "joint"), env={**self.environment, "GATE": str(gate)},
            cwd=self.folder, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        self.wait_until(lambda: len(self.side("start")) == 1, "a training started")
        sweep.kill()
        sweep.wait()
        gate.touch()
        result = self.reproduce("--only", "joint", GATE=str(gate))
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(len(set(self.side("end"))), 16)
        self.assertIn("pamap2-frozen has no run yet", result.stdout)
        self.assertNotIn("Table 3 ·", result.stdout)

    def test_ends_like_a_sweep_when_asked_to(self):
        sweep = subprocess.Popen(
            self.command("--only", "joint"), cwd=self.folder,
            env={**self.environment, "GATE": str(self.folder / "never")},
            stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.wait_until(lambda: len(self.side("start")) == 1, "a training started")
        sweep.send_signal(signal.SIGINT)
        out, err = sweep.communicate(timeout=30)
        self.assertEqual(sweep.returncode, 130, err)
        self.assertIn("to go on   gradwatt reproduce power-of-training --scale small", err)
        self.assertEqual(out, "")

    def test_shows_what_is_there_when_a_point_fails(self):
        result = self.reproduce("--only", "pretrain", "frozen", BROKEN="pamap2-pretrain/64/1e-1")
        self.assertEqual(result.returncode, 3)
        failed = [row for row in self.rows("table2.csv") if row["state"] == "failed"]
        # Without its encoder the classifier of that setup cannot be trained either.
        self.assertEqual([(row["sweep"], row["setup"]) for row in failed],
                         [("pamap2-pretrain", "1"), ("pamap2-frozen", "1")])
        self.assertIn("1 failed", result.stdout)
        self.assertEqual(self.reproduce("--only", "pretrain", "frozen").returncode, 3)
        retried = self.reproduce("--only", "pretrain", "frozen", "--retry-failed")
        self.assertEqual(retried.returncode, 0, retried.stderr)

    def test_keeps_scales_and_data_sets_apart(self):
        result = self.reproduce("--on", "fashion", "--only", "identity", "--threads", "2")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual({name.split("/")[0] for name in self.side("end")}, {"fashion-identity"})
        names = {json.loads(f.read_text())["point"]["sweep"]
                 for f in self.store.glob("runs/*/run.json")}
        self.assertEqual(names, {"pot-small-fashion-identity"})
        self.assertTrue((self.store / "reproduce/small-fashion/report/table2.csv").exists())
        self.assertEqual(self.reproduce("--report-only").returncode, 1)

    def test_says_what_is_wrong_before_it_runs_anything(self):
        shutil.rmtree(self.data / "celeba")
        result = self.reproduce("--scale", "paper")
        self.assertEqual(result.returncode, 2)
        self.assertIn("no celeba in the data folder", result.stderr)
        self.assertIn("img_align_celeba", result.stderr)
        self.assertEqual(self.reproduce("--only", "jiont").returncode, 2)
        self.assertFalse((self.folder / "side").exists())
        self.assertFalse(self.store.exists())

    def test_lists_every_command_in_a_dry_run(self):
        result = self.reproduce("--scale", "paper", "--dry-run")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(result.stdout.count("gradwatt-train "), 7 * 16 * 2)
        self.assertIn("--encoder=encoders/pamap2-64-1e-1-1.safetensors", result.stdout)
        self.assertFalse(self.store.exists())


if __name__ == "__main__":
    unittest.main()
