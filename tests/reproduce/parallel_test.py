#!/usr/bin/env python3
"""gradwatt reproduce parallel-training end to end: with made-up trainings, and on a simulated
cluster, whose numbers the analysis has to give back."""

import json
import shutil
import unittest

from study_case import StudyCase

# What docs/parallel-training.md promises: 60 points with chance of about 1 % each.
COEFFICIENTS = {
    "per device": ("value_w", 70.1, 0.10),
    "per node": ("value_w", 216, 0.03),
    "per sample": ("value_j", 0.449, 0.03),
    "per device step": ("value_j", 1.78, 0.15),
}


ALONE = """\
[sweep]
name = "imagenet-growing-large"
workload = "imagenet-classify"
[axes]
ranks = [2, 4]
[fixed]
global_batch = 64
subset = { per = "ranks", values = [0.5, 1] }
data = "data/imagenet"
max_epochs = 2
eval_train = true
[goal]
metric = "val_acc"
best_minus = 0.01
"""


class ParallelTest(StudyCase):
    study = "parallel-training"
    trainer = "fake_parallel_train.py"
    sets = ("imagenet", "era5")
    folder_name = "parallel-small"

    def simulated(self, *flags):
        return self.run_gradwatt("reproduce", "parallel-training", "--on", "simulated",
                                 "--store", str(self.store), *flags)

    def findings(self, report):
        return {finding["claim"]: finding for finding in report["findings"]}

    def test_the_simulated_cluster_gives_back_the_published_coefficients(self):
        result = self.simulated("--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        report = json.loads(result.stdout)
        self.assertEqual(report["energy"], "simulated")
        self.assertEqual(len(report["series"]), 6)
        model = report["workloads"][0]["model"]
        terms = {term["term"]: term for term in model["terms"]}
        for name, (field, published, error) in COEFFICIENTS.items():
            self.assertAlmostEqual(terms[name][field] / published, 1, delta=error, msg=name)
        self.assertLess(model["left_out_error"], 0.01)
        verdicts = {claim[:12]: finding["holds"]
                    for claim, finding in self.findings(report).items()}
        for claim in ("(a) imagenet", "(c) imagenet", "(d) imagenet", "(e) imagenet",
                      "(f) imagenet"):
            self.assertTrue(verdicts[claim], claim)
        factors = self.findings(report)["(b) watts per device differ between models"]
        self.assertIsNone(factors["holds"])
        largest = report["series"][3]["points"][-1]["training"]
        self.assertEqual((largest["devices"], largest["nodes"]), (256, 64))
        self.assertAlmostEqual(largest["energy_j"] / 3.6e6 / 30.2, 1, delta=0.05)

        runs = [file for file in self.store.glob("runs/*/run.json")]
        self.assertEqual(len(runs), 180)
        self.assertTrue(all(json.loads(run.read_text())["tags"]["simulated"] == "yes"
                            for run in runs))
        shutil.rmtree(runs[0].parent)
        again = self.simulated("--json", "--out", "elsewhere")
        simulated = [line for line in again.stderr.splitlines() if "runs simulated" in line]
        self.assertEqual(len(simulated), 1, "nothing done is simulated again")
        self.assertIn(": 1 runs simulated", simulated[0])
        self.assertEqual(json.loads(again.stdout)["series"], report["series"])
        rows = self.rows("series.csv", self.folder / "elsewhere")
        self.assertEqual(len([row for row in rows if row["origin"] == "here"]), 36)
        self.assertEqual(len([row for row in rows if row["origin"] == "published"]), 18)

    def test_says_which_terms_one_series_cannot_tell(self):
        result = self.simulated("--only", "growing-local")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("'per device step' is left out: it hardly varies", result.stdout)
        self.assertIn("imagenet-growing-global has no run yet", result.stdout)
        for line in result.stdout.splitlines():
            self.assertLessEqual(len(line), 100, line)

    def test_runs_all_sweeps_and_reports(self):
        result = self.reproduce()
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(len(self.side("end")), 54)
        report = json.loads(self.reproduce("--report-only", "--json").stdout)
        self.assertEqual([series["series"] for series in report["series"]],
                         ["imagenet-constant-local", "imagenet-constant-global",
                          "imagenet-constant-large", "imagenet-growing-local",
                          "imagenet-growing-global", "imagenet-growing-large",
                          "era5-local", "era5-global", "era5-finetune"])
        point = report["series"][4]["points"][1]
        self.assertEqual((point["factors"], point["n"] + point["n_failed"], point["local_batch"],
                          point["global_batch"], point["metric_last"]),
                         ({"ranks": "2"}, point["n"], 16, 32, 0.5))
        if point["training"] is not None:  # Where the machine's power is known.
            self.assertEqual(point["training"]["nodes"], 1)
            self.assertEqual(point["training"]["samples"], 6 * 320)
            self.assertEqual(point["training"]["updates"], 6 * 10)
        for part in ("imagenet-growing-large", "published (A100", "Result by global batch",
                     "The study's findings", "What the published numbers are"):
            self.assertIn(part, result.stdout)
        verdicts = self.findings(report)
        for claim, finding in verdicts.items():
            if claim.startswith(("(d)", "(f)")):
                self.assertIsNone(finding["holds"], claim)

        self.assertEqual(self.reproduce().returncode, 0)
        self.assertEqual(len(self.side("end")), 54, "nothing done is run again")

    def test_reports_on_files_that_were_swept_by_themselves(self):
        (self.folder / "alone.toml").write_text(ALONE)
        swept = self.run_gradwatt("sweep", "alone.toml", "--store", str(self.store))
        self.assertEqual(swept.returncode, 0, swept.stderr)
        result = self.reproduce("--scale", "paper", "--report-only", "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        series = json.loads(result.stdout)["series"]
        self.assertEqual([one["series"] for one in series], ["imagenet-growing-large"])
        self.assertEqual([point["factors"]["ranks"] for point in series[0]["points"]], ["2", "4"])
        text = self.reproduce("--scale", "paper", "--report-only").stdout
        self.assertIn("a sweep called imagenet-growing-large", " ".join(text.split()))
        small = self.reproduce("--report-only")  # Which the file is not.
        self.assertEqual(small.returncode, 1)
        self.assertIn("no run of this study is stored yet", small.stderr)

    def test_asks_for_the_device_before_it_runs_anything(self):
        result = self.reproduce("--device", "cuda")
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertIn("can compute on cpu,mps here, not on cuda", result.stderr)
        self.assertEqual(self.side("end"), [])
        self.assertFalse((self.store / "runs").exists())

    def test_says_what_is_wrong_before_it_runs_anything(self):
        shutil.rmtree(self.data / "era5")
        result = self.reproduce()
        self.assertEqual(result.returncode, 2)
        self.assertIn("no era5 in the data folder", result.stderr)
        self.assertEqual(self.reproduce("--on", "fashion").returncode, 2)
        self.assertEqual(self.reproduce("--only", "growing").returncode, 2)
        other = self.run_gradwatt("reproduce", "power-of-training", "--on", "simulated")
        self.assertEqual(other.returncode, 2)
        self.assertIn("use one of: study, fashion", other.stderr)
        self.assertFalse(self.store.exists())

    def test_simulates_single_trainings(self):
        def cluster(*flags):
            return self.run_gradwatt("simulate", "cluster", "--store", str(self.store), *flags)

        one = cluster("--gpus", "256", "--local-batch", "256", "--epochs", "10", "--repeat", "2")
        self.assertEqual(one.returncode, 0, one.stderr)
        rows = [line.split() for line in one.stdout.splitlines()[1:]]
        self.assertEqual([row[:4] for row in rows], [["256", "256", "65536", "1281167"]] * 2)
        self.assertAlmostEqual(float(rows[0][4]), 3.02, delta=0.1)
        self.assertNotEqual(rows[0], rows[1], "repeats differ by chance")
        shown = self.run_gradwatt("show", "@last", "--store", str(self.store))
        self.assertIn("simulated: no device was measured", shown.stdout)
        growing = cluster("--gpus", "16", "--global-batch", "256", "--dataset", "growing",
                          "--images-per-gpu", "80072", "--epochs", "1")
        self.assertEqual(growing.stdout.splitlines()[1].split()[:4],
                         ["16", "16", "256", "1281152"])
        uneven = cluster("--gpus", "3", "--global-batch", "256")
        self.assertEqual(uneven.returncode, 2)
        self.assertIn("a global batch of 256 cannot be shared evenly by 3 GPUs", uneven.stderr)
        ignored = cluster("--series", "growing-large", "--gpus", "8")
        self.assertEqual(ignored.returncode, 2)
        self.assertIn("--series", ignored.stderr)
        self.assertIn("--gpus", ignored.stderr)
        wrong = cluster("--gpus", "16", "--local-batch", "2", "--global-batch", "3")
        self.assertEqual(wrong.returncode, 2)
        self.assertIn("give one of the two", wrong.stderr)
        self.assertEqual(cluster("--series", "growing").returncode, 2)
        series = cluster("--series", "growing-large")
        self.assertIn("20 runs simulated", series.stdout)


if __name__ == "__main__":
    unittest.main()
