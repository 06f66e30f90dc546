#!/usr/bin/env python3
"""gradwatt scale and gradwatt plan on tables of measured runs, from the command line to answers."""

import csv
import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

GRADWATT = os.environ["GRADWATT"]
SOURCE = Path(__file__).resolve().parents[2]
JOULES_PER_KWH = 3.6e6
COLUMNS = ["run", "gpus", "nodes", "global_batch", "local_batch", "samples", "updates",
           "gpu_hours", "duration_s", "energy_j"]

# MLPerf Training v4.0 on nodes with 8 H100: GPUs, seconds, energy of the nodes in MJ, samples.
# U-Net's samples on 72 GPUs are from its published efficiency.
MLPERF = {"llama": [(8, 1687.9, 12.08, 3072), (64, 318.2, 14.81, 3072), (512, 117.2, 38.17, 6912)],
          "resnet": [(8, 801.7, 5.65, 35), (64, 152.6, 7.07, 35)],
          "ssd": [(8, 2170.8, 14.89, 4), (64, 378.7, 18.27, 4)],
          "unet": [(8, 743, 5.35, 250000), (72, 105, 6.06, 235900)]}


def weak_scaling(gpus_max=256):
    """Study 2's published rows as anyone would write them down."""
    rows = []
    fixture = SOURCE / "src/analyze/fixtures/study2_weak_scaling.csv"
    lines = [line for line in fixture.read_text().splitlines() if not line.startswith("#")]
    for row in csv.DictReader(lines):
        gpus = int(row["gpus"])
        hours = float(row["gpu_hours_mean"])
        if gpus <= gpus_max:
            rows.append({"run": f"{row['series']}-{gpus}", "gpus": gpus, "nodes": row["nodes"],
                         "global_batch": row["gbs"], "local_batch": row["lbs"],
                         "samples": int(row["samples_per_epoch"]) * int(row["epochs"]),
                         "updates": row["optimizer_steps"], "gpu_hours": hours,
                         "duration_s": hours * 3600 / gpus,
                         "energy_j": float(row["energy_kwh_mean"]) * JOULES_PER_KWH})
    return rows


def mlperf(*jobs, gpus_max=72):
    return [{"run": f"{job}-{gpus}", "factor.job": job, "gpus": gpus, "duration_s": time,
             "energy_j": energy * 1e6, "samples": samples}
            for job in jobs for gpus, time, energy, samples in MLPERF[job] if gpus <= gpus_max]


class ScaleAndPlan(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.table = Path(self.folder.name) / "runs.csv"
        self.environment = {**os.environ, "GRADWATT_STORE": str(Path(self.folder.name) / "store")}

    def gradwatt(self, *arguments):
        return subprocess.run([GRADWATT, *arguments], env=self.environment, capture_output=True,
                              text=True, check=False)

    def write(self, rows):
        columns = list(dict.fromkeys(name for row in rows for name in row))
        with self.table.open("w", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)

    def answer(self, verb, *arguments):
        done = self.gradwatt(verb, "--from", str(self.table), "--json", *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def refused(self, verb, *arguments):
        done = self.gradwatt(verb, "--from", str(self.table), *arguments)
        self.assertIn(done.returncode, (1, 2), done.stdout)
        self.assertEqual(done.stdout, "")
        return done.stderr

    def text(self, verb, *arguments):
        done = self.gradwatt(verb, "--from", str(self.table), *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        for line in done.stdout.splitlines():
            self.assertLessEqual(len(line), 100, line)
            self.assertNotIn("nan", line.split())
        return done.stdout

    def model(self, answer, name):
        return next(model for model in answer["models"] if model["model"] == name)

    def test_the_published_rows_give_the_published_model(self):
        self.write(weak_scaling())
        answer = self.answer("scale")
        self.assertEqual((answer["schema"], answer["runs"], answer["setups"]), (1, 18, 17))
        rates = self.model(answer, "rates")
        value = {one["name"]: one["value"] for one in rates["coefficients"]}
        self.assertAlmostEqual(value["power_per_gpu_w"], 70.1, delta=0.05)
        self.assertAlmostEqual(value["power_per_node_w"], 216, delta=0.5)
        self.assertAlmostEqual(value["energy_per_sample_j"], 0.449, delta=0.0005)
        self.assertAlmostEqual(value["energy_per_update_j"], 1.78, delta=0.005)
        self.assertAlmostEqual(rates["r2"], 0.9966, delta=0.00005)
        self.assertAlmostEqual(rates["mape"], 0.0088, delta=0.00005)
        self.assertAlmostEqual(rates["loo_mean"], 0.0137, delta=0.00005)
        self.assertAlmostEqual(rates["loo_max"], 0.075, delta=0.0005)
        self.assertEqual((answer["chosen"], answer["chosen_by"]), ("rates", "leave_one_out"))
        text = self.text("scale")
        self.assertIn("each GPU draws 70.1 W [50.2, 89.9]", text)

    def test_derived_columns_give_nearly_the_same(self):
        rows = weak_scaling()
        for row in rows:
            for name in ("updates", "gpu_hours", "local_batch"):
                del row[name]
        self.write(rows)
        rates = self.model(self.answer("scale"), "rates")
        self.assertAlmostEqual(rates["coefficients"][3]["value"], 1.78, delta=0.03)

    def test_one_local_batch_does_not_tell_samples_from_updates(self):
        self.write([row for row in weak_scaling() if row["local_batch"] == "256"])
        rates = self.model(self.answer("scale"), "rates")
        left_out = {one["name"]: one["why"] for one in rates["left_out"]}
        self.assertIn("varies together with 'per sample'", left_out["energy_per_update_j"])

    def test_one_job_is_foretold_from_the_others(self):
        self.write(mlperf(*MLPERF))
        answer = self.answer("scale")
        jobs = answer["jobs_left_out"]
        self.assertEqual([job["factors"]["job"] for job in jobs], list(MLPERF))
        expected = [(4.0, 23, 0.5), (1.7, 22, 0.5), (-2.5, 14, 0.5), (-1.5, 13, 1)]
        for job, (states, watts, within) in zip(jobs, expected):
            self.assertAlmostEqual(100 * job["two_state_error"], states, delta=within)
            self.assertAlmostEqual(100 * job["constant_power_error"], watts, delta=1)
        self.assertEqual(len(answer["groups"]), 4)
        self.assertEqual(answer["groups"][0]["chosen"], "two_state")
        self.assertIn("draws 44 % of what a working one draws", self.text("scale"))
        one = self.answer("scale", "--by", "none")
        self.assertEqual(len(one["groups"]), 1)

    def test_few_rows_and_few_columns_are_answered_in_words(self):
        self.write([{"energy_j": 100, "gpu_hours": 1}, {"energy_j": 220, "gpu_hours": 2}])
        answer = self.answer("scale")
        self.assertEqual(answer["chosen"], "constant_power")
        self.assertIn("number of GPUs", self.model(answer, "two_state")["why"])
        self.assertIn("too few to test", self.text("scale"))
        self.write([{"energy_j": 100, "gpus": 3, "duration_s": 10}])
        self.assertIn("one setup is too few", self.text("scale"))
        self.write([{"energy_j": 100, "gpus": 3}])
        self.assertIn("neither time nor GPU hours are known", self.refused("scale"))
        self.write([{"duration_s": 100, "gpus": 3}])
        self.assertIn("no energy is known", self.refused("scale"))

    def test_a_plan_from_32_gpus_holds_up_to_256(self):
        self.write(weak_scaling(32))
        for row in weak_scaling():
            if row["gpus"] <= 32:
                continue
            planned = self.answer("plan", "--gpus", str(row["gpus"]), "--global-batch",
                                  row["global_batch"], "--samples", str(row["samples"]))["rows"][0]
            energy = planned["energy_j"] / row["energy_j"] - 1
            time = planned["time_s"] / row["duration_s"] - 1
            print(f"{row['run']}: time {100 * time:+.1f} %, energy {100 * energy:+.1f} %")
            self.assertLess(abs(energy), 0.03)
            self.assertLess(abs(time), 0.10)
            self.assertLess(planned["energy_lo_j"], row["energy_j"])
            self.assertGreater(planned["energy_hi_j"], row["energy_j"])
            self.assertLess(planned["time_lo_s"], row["duration_s"])
            self.assertGreater(planned["time_hi_s"], row["duration_s"])
            self.assertEqual(planned["extrapolation_gpus"], row["gpus"] / 32)

    def test_llama_on_512_gpus_is_foretold_from_8_and_64(self):
        self.write(mlperf("llama"))
        plan = self.answer("plan", "--gpus", "512", "--samples", "6912")
        planned = plan["rows"][0]
        self.assertEqual(plan["energy_model"]["model"], "two_state")
        self.assertEqual(planned["interval"], "assumed")
        self.assertLess(planned["energy_lo_j"], 38.17e6)
        self.assertGreater(planned["energy_hi_j"], 38.17e6)

    def test_the_cheapest_setup_in_time_is_marked(self):
        self.write(weak_scaling())
        work = ("--local-batch", "256", "--epochs", "100", "--dataset", "1281167")
        plan = self.answer("plan", "--gpus", "16,32,64,128", *work, "--deadline", "2h")
        self.assertEqual(plan["cheapest"]["gpus"], 64)
        self.assertEqual([row["meets"] for row in plan["rows"]], [False, False, True, True])
        text = self.text("plan", "--gpus", "16,32,64,128", *work, "--deadline", "2h")
        self.assertIn("▸ the least energy within 2 h 00 min: 64 GPUs", text)
        none = self.answer("plan", "--gpus", "16", *work, "--deadline", "2h")
        self.assertIsNone(none["cheapest"])
        self.assertEqual(none["would_meet"]["gpus"], 64)
        never = self.text("plan", "--gpus", "16", *work, "--deadline", "2h", "--max-energy", "1 Wh")
        self.assertIn("no number of GPUs up to 100000", never)

    def test_a_hundred_thousand_gpus_are_planned_on_paper(self):
        self.write(weak_scaling())
        text = self.text("plan", "--gpus", "100,100000", "--local-batch", "32", "--samples", "1e9")
        self.assertIn("×391", text)

    def test_one_number_of_gpus_gives_a_bound(self):
        self.write([{"energy_j": 100, "gpus": 3, "duration_s": 10, "samples": 5}])
        plan = self.answer("plan", "--gpus", "6")
        self.assertEqual(plan["rows"][0]["interval"], "at_least")
        self.assertIsNone(plan["rows"][0]["energy_lo_j"])
        self.assertIn("measure a second number of GPUs", self.text("plan", "--gpus", "6"))

    def test_large_batches_take_more_samples_to_the_goal(self):
        self.write([{"gpus": gpus, "duration_s": samples / gpus / 100, "energy_j": samples,
                     "samples": samples, "global_batch": batch, "reached": 1}
                    for gpus in (1, 2, 4)
                    for batch, samples in ((256, 10e6), (512, 12e6), (1024, 16e6), (2048, 24e6))])
        plan = self.answer("plan", "--gpus", "8", "--global-batch", "256,1024")
        self.assertAlmostEqual(plan["samples_to_goal"]["critical_batch"], 1024, delta=1)
        self.assertAlmostEqual(plan["rows"][1]["samples"], 16e6, delta=1e4)
        self.assertIn("twice the samples", self.text("plan", "--gpus", "8", "--global-batch", "64"))

    def test_batches_beyond_those_that_reached_the_goal_are_not_vouched_for(self):
        self.write([{"gpus": gpus, "duration_s": samples / gpus / 100, "energy_j": samples,
                     "samples": samples, "global_batch": batch, "reached": reached}
                    for gpus in (1, 2, 4)
                    for batch, samples, reached in ((256, 10e6, 1), (512, 10.1e6, 1),
                                                    (1024, 9.9e6, 1), (8192, 20e6, 0))])
        asked = ("--gpus", "8", "--global-batch", "256,4096,8192,16384")
        plan = self.answer("plan", *asked)
        self.assertIsNone(plan["samples_to_goal"]["critical_batch"])
        self.assertEqual(plan["samples_to_goal"]["batches_missed"], [8192])
        within, between, missed, beyond = plan["rows"]
        self.assertEqual(within["samples_factor"], 1)
        self.assertIsNone(between["samples_factor"])
        self.assertIn("×4 the largest batch that reached the goal: accuracy not known",
                      between["risks"])
        for row in (missed, beyond):
            self.assertIsNone(row["samples_factor"])
            self.assertIn("no run with batch 8192 reached the goal", row["risks"])
        text = " ".join(self.text("plan", *asked).split())
        self.assertIn("no run with a batch of 8192 reached the goal", text)
        self.assertIn("Batches marked * are larger than any measured", text)
        self.assertIn("how sure the number of samples to the goal is, is not in them", text)

    def test_power_limits_that_vary_are_jobs_of_their_own(self):
        rows = [{"gpus": gpus, "device_power_limit_w": limit, "samples": 5000,
                 "duration_s": 100 / gpus + 2, "energy_j": energy * (1 + gpus / 50)}
                for limit, energy in ((400, 1000), (700, 1500)) for gpus in (1, 2, 4)]
        self.write(rows)
        groups = self.answer("scale")["groups"]
        self.assertEqual([group["factors"] for group in groups],
                         [{"power_limit_w": "400"}, {"power_limit_w": "700"}])
        self.assertIn("power_limit_w=400 or power_limit_w=700", self.refused("plan", "--gpus", "8"))

    def test_what_cannot_be_planned_is_explained(self):
        self.write(weak_scaling())
        self.assertIn("--epochs N --dataset N", self.refused("plan", "--gpus", "64"))
        self.assertIn("up to 100000", self.refused("plan", "--gpus", "100001", "--samples", "9"))
        self.assertIn("no count", self.refused("plan", "--gpus", "1.5", "--samples", "9"))
        self.assertIn("such as 6h", self.refused("plan", "--gpus", "2", "--deadline", "soon"))
        self.assertIn("500 kWh", self.refused("plan", "--gpus", "2", "--max-energy", "5 apples"))
        self.assertIn("belong together", self.refused("plan", "--gpus", "2", "--epochs", "9"))
        self.assertIn("not both", self.refused("plan", "--gpus", "2", "--local-batch", "2",
                                               "--global-batch", "4"))
        self.assertIn("required", self.refused("plan"))
        self.assertIn("no run has a factor 'model'", self.refused("scale", "--by", "model"))
        self.write(mlperf("llama", "ssd"))
        self.assertIn("job=llama or job=ssd", self.refused("plan", "--gpus", "64"))
        self.assertEqual(self.answer("plan", "job=ssd", "--gpus", "64")["runs"], 2)

    def test_bad_tables_are_refused(self):
        self.table.write_text("gpus,energy_j\n4,much\n")
        self.assertIn("runs.csv:2", self.refused("scale"))
        self.table.write_text("")
        self.assertIn("empty", self.refused("plan", "--gpus", "4"))
        done = self.gradwatt("scale")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--from FILE.csv", done.stderr)
        self.assertEqual(self.gradwatt("scale", "nothing").returncode, 1)


if __name__ == "__main__":
    unittest.main()
