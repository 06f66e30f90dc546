#!/usr/bin/env python3
"""Searches end to end: what is trained, what is stopped, what is found, and what kills cost.

Each training is tests/search/fake_train.py: its energy and its learning curve are known, so the
best setup is, too: batch 512 with rate 1e-2, 32 J and a start of 1 J.
"""

import json
import os
import pathlib
import subprocess
import sys
import time
import unittest

from program import GRADWATT, FakePowercap, ProgramTest

TRAINING = pathlib.Path(__file__).with_name("fake_train.py")
DEADLINE_S = 60

SWEEP = """\
[sweep]
name = "hunt"
command = [{python}, {training}, "{{batch}}", "{{rate}}", "{{epochs}}", {words}]
default = {{ batch = 64, rate = 1e-3 }}
[axes]
batch = [64, 512]
rate = [1e-2, 1e-3]
[fixed]
epochs = 50
[goal]
metric = "val_acc"
reach = 0.9
[search]
profile = ["batch"]
continues = true
{search}
"""


class SearchTest(ProgramTest):
    def setUp(self):
        super().setUp()
        root = os.path.join(self.folder, "root")
        self.environment["GRADWATT_SYSROOT"] = root
        FakePowercap(root).zone("intel-rapl:0", "package-0", 0)
        self.file = pathlib.Path(self.folder) / "hunt.toml"
        self.write("joule-halving")
        self.gate().touch()

    def gate(self):
        return pathlib.Path(self.folder) / "gate"

    def write(self, strategy, more="", words='"{checkpoint}"'):
        self.file.write_text(
            SWEEP.format(
                python=json.dumps(sys.executable),
                training=json.dumps(str(TRAINING)),
                words=words,
                search=f'strategy = "{strategy}"\n{more}',
            )
        )

    def sweep(self, *flags):
        return self.gradwatt(
            "sweep", "hunt.toml", *flags, cwd=self.folder, text=True, timeout=DEADLINE_S
        )

    def answer(self, *flags, status=0):
        done = self.sweep("--json", *flags)
        self.assertEqual(done.returncode, status, done.stderr)
        return json.loads(done.stdout)["repeats"][0]

    def side(self, word):
        file = pathlib.Path(self.folder) / "side"
        lines = file.read_text().splitlines() if file.exists() else []
        return [line.partition(" ")[2] for line in lines if line.split()[0] == word]

    def manifests(self):
        files = sorted(pathlib.Path(self.folder, "store").glob("runs/*/run.json"))
        return [json.loads(file.read_text()) for file in files]

    def setup(self, answer, batch, rate):
        wanted = {"batch": batch, "rate": rate}
        return next(one for one in answer["setups"] if one["factors"] == wanted)

    def test_a_race_at_equal_joules_finds_the_best_and_trains_no_epoch_twice(self):
        answer = self.answer()
        self.assertEqual(answer["end"], "found")
        self.assertEqual(answer["best"], {"batch": "512", "rate": "1e-2"})
        epochs = self.side("epoch")
        self.assertEqual(len(epochs), len(set(epochs)))
        trained = self.setup(answer, "512", "1e-2")
        self.assertEqual(trained["epochs"], 16)
        self.assertAlmostEqual(answer["energy_to_goal_j"], 32 + trained["pieces"], delta=4)
        self.assertLess(answer["share_of_grid"], 0.25)
        self.assertAlmostEqual(
            answer["spent_j"], sum(one["spent_j"] for one in answer["setups"]), places=3
        )
        # All of it is in the store: the same command trains nothing and says the same.
        again = self.answer()
        self.assertEqual(self.side("epoch"), epochs)
        self.assertEqual(again, answer)

    def test_the_store_explains_every_piece(self):
        self.answer()
        for manifest in self.manifests():
            tags = manifest["tags"]
            self.assertEqual(tags["search.strategy"], "joule-halving")
            self.assertEqual(tags["search.role"], "race")
            self.assertEqual(tags["search.epochs_max"], "50")
        reached = [m for m in self.manifests() if m.get("stopped_by", "").startswith("goal:")]
        self.assertEqual(len(reached), 1)
        self.assertEqual(reached[0]["state"], "interrupted")

    def test_the_text_says_what_was_found_and_what_to_do(self):
        text = self.sweep().stdout
        self.assertIn("hunt: joule-halving chose batch=512 rate=1e-2", text)
        self.assertIn("BEST: reached the goal at", text)
        self.assertIn("cost: the search used", text)
        self.assertIn("gradwatt recommend hunt", text)
        self.assertLessEqual(max(map(len, text.splitlines())), 100)

    def test_a_recommendation_knows_what_a_search_stopped(self):
        self.answer()
        done = self.gradwatt("recommend", "hunt", "--json", text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        answer = json.loads(done.stdout)
        self.assertEqual(answer["best"], {"batch": "512", "rate": "1e-2"})
        cells = {tuple(cell["factors"].values()): cell for cell in answer["cells"]}
        self.assertEqual(cells["512", "1e-3"]["status"], "stopped")
        self.assertGreater(cells["512", "1e-3"]["stopped_at_j"], 0)
        self.assertEqual(cells["512", "1e-3"]["n_failed"], 0)
        self.assertAlmostEqual(cells["512", "1e-2"]["epochs_to_goal"], 16)
        self.assertIn("stopped_by_search", [flag["kind"] for flag in answer["flags"]])

    def test_a_killed_search_goes_on_and_loses_at_most_its_piece(self):
        self.gate().unlink()
        search = subprocess.Popen(
            [GRADWATT, "sweep", "hunt.toml"],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.addCleanup(search.wait)
        self.addCleanup(search.kill)
        self.wait_until(lambda: len(self.side("start")) == 1)
        self.gate().touch()
        self.wait_until(lambda: len(self.side("start")) >= 6)
        search.kill()
        search.wait()
        before = self.side("epoch")
        self.wait_until(lambda: all(m["state"] != "running" for m in self.listed()))
        answer = self.answer()
        self.assertEqual(answer["best"], {"batch": "512", "rate": "1e-2"})
        self.assertEqual(self.side("epoch")[: len(before)], before)
        epochs = self.side("epoch")
        self.assertLessEqual(len(epochs) - len(set(epochs)), 1, "a checkpoint holds the rest")

    def listed(self):
        done = self.gradwatt("ls", "--json", text=True)
        if done.returncode == 0:
            runs = json.loads(done.stdout)
            return runs["runs"] if isinstance(runs, dict) else runs
        return self.manifests()

    def wait_until(self, claim):
        deadline = time.monotonic() + DEADLINE_S
        while not claim():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)

    def test_one_after_the_other_stops_what_is_dearer_even_if_it_does_not_listen(self):
        self.write("sequential-cap", 'grace = "200ms"', words='"", "deaf"')
        answer = self.answer()
        self.assertEqual(answer["best"], {"batch": "512", "rate": "1e-2"})
        # The default first and whole, then one epoch of the other batch, then what is cheaper.
        order = self.side("start")
        self.assertEqual(order[0], "64 1e-3")
        self.assertEqual(order[1].split()[0], "512")
        # It reached the goal with epoch 25, and went on until the grace time was over.
        default = self.setup(answer, "64", "1e-3")
        self.assertGreaterEqual(default["epochs"], 25)
        self.assertAlmostEqual(default["energy_to_goal_j"], 25 * 8 + 1, delta=9)
        lost = self.setup(answer, "512", "1e-3")
        self.assertEqual(lost["end"], "stopped")
        self.assertLess(lost["spent_j"], 45)
        rules = [m["stopped_by"].partition(":")[0] for m in self.manifests() if "stopped_by" in m]
        self.assertIn("profile", rules)
        self.assertTrue({"cap", "lag"} & set(rules))
        killed = [m for m in self.manifests() if m.get("signal") == 9]
        self.assertTrue(killed, "it ignores SIGTERM, so it got SIGKILL after the grace time")

    def test_a_budget_ends_a_search_and_more_of_it_goes_on(self):
        self.write("joule-halving", 'budget = "30 J"')
        answer = self.answer(status=3)
        self.assertEqual(answer["end"], "budget_spent")
        self.assertLess(answer["spent_j"], 30 + 9)
        self.write("joule-halving", 'budget = "300 J"')
        self.assertEqual(self.answer()["best"], {"batch": "512", "rate": "1e-2"})

    def test_a_search_that_cannot_pay_ends_and_goes_on_for_more_trainings(self):
        self.write("sequential-cap", "trainings = 1")
        answer = self.answer()
        self.assertEqual(answer["end"], "not_worth_more")
        self.assertEqual(len(self.manifests()), 1, "the default alone")
        self.write("sequential-cap", "trainings = 1000")
        answer = self.answer()
        self.assertEqual(answer["end"], "found")
        self.assertEqual(answer["best"], {"batch": "512", "rate": "1e-2"})

    def test_fresh_runs_of_the_best_two_confirm_a_choice(self):
        self.write("joule-halving", "confirm = 1")
        answer = self.answer()
        best = self.setup(answer, "512", "1e-2")
        self.assertEqual(len(best["confirmed_j"]), 1)
        self.assertAlmostEqual(best["confirmed_j"][0], 33, delta=4)
        confirming = [m for m in self.manifests() if m["tags"]["search.role"] == "confirm"]
        self.assertEqual({m["point"]["repeat"] for m in confirming}, {1})

    def test_fresh_runs_stay_apart_from_the_race(self):
        self.write("joule-halving", "confirm = 2")
        answer = self.answer()
        best = self.setup(answer, "512", "1e-2")
        self.assertEqual(len(best["confirmed_j"]), 2)
        # Any other needs 81 J or more: its fresh runs end at one and a half times 33 J or so.
        second = self.setup(answer, *answer["runner_up"].values())
        self.assertEqual(second["confirmed_j"], [None, None])
        self.assertGreater(min(second["confirmed_more_than_j"]), 45)
        self.assertEqual(answer["fresh_ratio"]["says"], "at_most")
        self.assertLess(answer["fresh_ratio"]["ratio"], 0.9)
        text = " ".join(self.sweep().stdout.split())
        self.assertIn("(stopped there)", text)
        done = self.gradwatt("recommend", "hunt", "--json", text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        cells = {tuple(c["factors"].values()): c for c in json.loads(done.stdout)["cells"]}
        self.assertEqual(cells["512", "1e-2"]["n"], 1, "the race alone")
        self.assertIn("one was stopped at its cap", done.stderr)

    def test_a_search_tells_when_it_has_paid_for_itself(self):
        self.write("joule-halving", "baseline = true")
        answer = self.answer()
        payback = answer["break_even"]
        self.assertEqual(payback["status"], "pays_back")
        self.assertAlmostEqual(payback["default_j"], 25 * 8 + 1, delta=9)
        spent = answer["spent_j"] - payback["default_j"]
        saved = payback["default_j"] - 33
        self.assertAlmostEqual(payback["trainings"], max(0, spent / saved), delta=0.1)
        self.assertIn("break-even: the search has paid for itself", self.sweep().stdout)

    def test_a_training_that_does_not_go_on_is_found_out(self):
        self.write("joule-halving", words='"{checkpoint}", "forgetful"')
        done = self.sweep()
        self.assertEqual(done.returncode, 1)
        self.assertIn("began again with epoch 0", done.stderr)

    def test_what_cannot_be_raced_is_refused_with_a_way_out(self):
        self.write("joule-halving", words='"no checkpoint"')
        refused = self.sweep()
        self.assertEqual(refused.returncode, 2)
        self.assertIn("{checkpoint}", refused.stderr)
        self.write("joule-halving", "eta = 1")
        self.assertIn("'eta' has to be a number from 2", self.sweep().stderr)
        self.write("joule-halving", "speed = 3")
        self.assertIn("unknown key 'speed'", self.sweep().stderr)
        self.write("grid")
        self.file.write_text(self.file.read_text().replace("continues = true", ""))
        self.assertIn("continues = true", self.sweep("--strategy", "joule-halving").stderr)

    def test_strategies_are_compared_on_a_grid_that_was_recorded(self):
        self.write("grid", words='""')
        self.file.write_text(self.file.read_text().replace("epochs = 50", "epochs = 42"))
        self.assertEqual(self.sweep().returncode, 0)
        done = self.gradwatt("search", "simulate", "hunt", "--json", text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        strategies = {one["strategy"]: one for one in json.loads(done.stdout)["strategies"]}
        self.assertAlmostEqual(strategies["grid"]["share_mean"], 1, places=6)
        self.assertLess(strategies["joule-halving"]["share_mean"], 0.25)
        self.assertEqual(strategies["joule-halving"]["regret_max"], 0)
        self.assertGreater(strategies["successive-halving"]["regret_max"], 1)
        text = self.gradwatt("search", "simulate", "hunt", text=True).stdout
        self.assertLessEqual(max(map(len, text.splitlines())), 100)

    def test_a_run_can_be_given_rules_to_stop_by(self):
        done = self.gradwatt(
            "run", "-q", "--stop-when", "enough: epochs>=3", "--grace", "5s", "--",
            sys.executable, str(TRAINING), "64", "1e-2", "40", cwd=self.folder, text=True,
        )  # fmt: skip
        self.assertEqual(done.returncode, 143, done.stderr)
        run = self.show()
        self.assertEqual((run["state"], run["stopped_by"]), ("interrupted", "enough: epochs>=3"))
        wrong = self.gradwatt("run", "--stop-when", "soon", "--", "true", text=True)
        self.assertEqual(wrong.returncode, 2)


if __name__ == "__main__":
    unittest.main()
