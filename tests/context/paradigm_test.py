#!/usr/bin/env python3
"""gradwatt breakeven, freeze and multitask on tables of runs."""

import unittest

from answers import Answers

REUSE = """factor.phase,repeat,energy_j,metric.val_acc
pretrain,0,29000,
pretrain,1,30000,
pretrain,2,31000,
joint,0,4100,0.80
joint,1,4000,0.81
joint,2,3900,0.79
frozen,0,1450,0.70
frozen,1,1500,0.71
frozen,2,1550,0.69
"""
KINDS = ("--pretrain", "phase=pretrain", "--with", "phase=frozen", "--without", "phase=joint")

# Study 1, Table 4, CUDA: mWh per epoch and epochs, as joules.
TASKS = [("attributes", 22.47, 368), ("identity", 22.46, 150), ("both", 22.44, 142)]


def table4():
    rows = ["run,factor.task,epoch,energy_j"]
    for task, mwh, epochs in TASKS:
        rows += [f"{task},{task},{epoch},{mwh * 3.6}" for epoch in range(epochs)]
    return "\n".join(rows) + "\n"


class BreakEven(Answers):
    def test_says_after_how_many_trainings_and_how_sure_that_is(self):
        table = self.write("reuse.csv", REUSE)
        answer = self.answer("breakeven", "--from", table, *KINDS)
        self.assertEqual(answer["answer"], "pays_off")
        self.assertAlmostEqual(answer["average"]["cycles"], 12)
        self.assertEqual(answer["average"]["whole_cycles"], 12)
        self.assertLess(answer["average"]["lo"], 12)
        self.assertGreater(answer["average"]["hi"], 12)
        self.assertEqual(len(answer["setups"][0]["runs"]["pretrain"]), 3)
        text = self.text("breakeven", "--from", table, *KINDS)
        self.assertIn("paid off after 12 trainings", text)
        self.assertIn("trainings 0 ░", text)
        self.assertIn("decide whether that is good enough", " ".join(text.split()))

    def test_says_what_is_saved_by_then_and_what_that_avoids(self):
        table = self.write("reuse.csv", REUSE)
        asked = ("breakeven", "--from", table, *KINDS, "--cycles", "20", "--country", "DE",
                 "--price", "0.30EUR/kWh")
        answer = self.answer(*asked)
        self.assertAlmostEqual(answer["net"]["saved_j"], 20 * 2500 - 30000)
        self.assertGreater(answer["net"]["lo_j"], 0)
        self.assertAlmostEqual(answer["net"]["saved_g_co2e"], 20000 / 3.6e6 * 381)
        text = self.text(*asked)
        self.assertIn("After 20 trainings: 20.0 kJ less than from scratch (95 %: ", text)
        self.assertIn("avoids 2.12 g", text)
        self.assertIn("EUR", text)

    def test_never_pays_off_when_the_second_stage_needs_as_much(self):
        table = self.write("reuse.csv", "factor.phase,energy_j\npretrain,30\nfrozen,5\njoint,4\n")
        answer = self.answer("breakeven", "--from", table, *KINDS)
        self.assertEqual(answer["answer"], "never")
        self.assertIsNone(answer["average"]["cycles"])
        self.assertIn("never pays off", self.text("breakeven", "--from", table, *KINDS))

    def test_is_not_established_when_repeats_scatter(self):
        rows = "factor.phase,repeat,energy_j\n" + "".join(
            f"{phase},{i},{energy}\n" for phase, energies in
            (("pretrain", (29, 30, 31)), ("joint", (3, 5, 7)), ("frozen", (1, 2, 3)))
            for i, energy in enumerate(energies))
        table = self.write("reuse.csv", rows)
        answer = self.answer("breakeven", "--from", table, *KINDS)
        self.assertEqual(answer["answer"], "not_established")
        self.assertIsNone(answer["average"]["hi"])
        self.assertGreater(answer["average"]["lo"], 2)
        text = self.text("breakeven", "--from", table, *KINDS)
        self.assertIn("not established", text)
        self.assertIn("not before", text)

    def test_shows_best_worst_and_average_over_setups(self):
        rows = "factor.phase,factor.lr,energy_j\n" + "".join(
            f"{phase},{lr},{energy}\n" for lr, energies in
            (("1e-1", (30, 1, 4)), ("1e-2", (12, 2, 4)), ("1e-3", (5, 5, 4)))
            for phase, energy in zip(("pretrain", "frozen", "joint"), energies))
        table = self.write("reuse.csv", rows)
        answer = self.answer("breakeven", "--from", table, *KINDS)
        self.assertEqual((answer["best"], answer["worst"]), ("lr 1e-2", "lr 1e-1"))
        self.assertEqual(answer["never"], 1)
        self.assertAlmostEqual(answer["mean_of_ratios"], 8)
        self.assertAlmostEqual(answer["ratio_of_means"], 11.75)
        self.assertIn("never    1 of 3 setups", self.text("breakeven", "--from", table, *KINDS))

    def test_refuses_what_is_not_there(self):
        table = self.write("reuse.csv", REUSE)
        error = self.refusal("breakeven", "--from", table, "--pretrain", "phase=nothing",
                             "--with", "phase=frozen", "--without", "phase=joint", status=1)
        self.assertIn("phase=pretrain", error)
        self.assertIn("--with", self.refusal("breakeven", "--from", table, "--pretrain", "x"))
        self.refusal("breakeven", "--from", table, *KINDS, "--cycles", "-3")
        self.refusal("breakeven", "--from", table, *KINDS, "--country", "Atlantis")

    def test_has_no_limits_from_single_runs_and_says_so(self):
        table = self.write("reuse.csv", "factor.phase,energy_j\npretrain,30\nfrozen,1\njoint,4\n")
        answer = self.answer("breakeven", "--from", table, *KINDS)
        self.assertIsNone(answer["average"]["lo"])
        self.assertIn("at least twice", self.text("breakeven", "--from", table, *KINDS))


class Savings(Answers):
    def test_multitask_of_study_1_comes_from_the_epochs(self):
        table = self.write("table4.csv", table4())
        asked = ("multitask", "--from", table, "--both", "task=both", "--tasks", "task=attributes",
                 "task=identity")
        answer = self.answer(*asked)
        self.assertAlmostEqual(answer["saving"]["value"], 0.726, delta=0.0005)
        self.assertAlmostEqual(answer["saving_vs_cheapest"]["value"], 0.054, delta=0.0005)
        self.assertAlmostEqual(answer["factors"]["epochs"]["value"], 142 / 518)
        self.assertAlmostEqual(answer["factors"]["energy_per_epoch"]["value"], 1, delta=0.002)
        self.assertIsNone(answer["saving"]["lo"])
        text = self.text(*asked)
        self.assertIn("72.6 % less energy", text)
        self.assertIn("it needs fewer epochs", " ".join(text.split()))

    def test_freeze_of_study_1(self):
        table = self.write("table3.csv", "factor.encoder,energy_j\nunfrozen,15336\nfrozen,5904\n")
        answer = self.answer("freeze", "--from", table, "--frozen", "encoder=frozen",
                             "--unfrozen", "encoder=unfrozen")
        self.assertAlmostEqual(answer["saving"]["value"], 0.615, delta=0.0005)
        self.assertIsNone(answer["factors"]["epochs"])

    def test_freeze_tells_epochs_and_total_apart(self):
        rows = ["run,factor.encoder,repeat,epoch,energy_j"]
        for encoder, epoch_j, epochs in (("frozen", 5, 12), ("free", 10, 8)):
            for repeat in range(3):
                rows += [f"{encoder}{repeat},{encoder},{repeat},{epoch},{epoch_j + 0.1 * repeat}"
                         for epoch in range(epochs)]
        table = self.write("freeze.csv", "\n".join(rows) + "\n")
        answer = self.answer("freeze", "--from", table, "--frozen", "encoder=frozen",
                             "--unfrozen", "encoder=free")
        self.assertAlmostEqual(answer["saving_per_epoch"]["value"], 1 - 5.1 / 10.1)
        self.assertAlmostEqual(answer["factors"]["epochs"]["value"], 1.5)
        self.assertAlmostEqual(answer["saving"]["value"], 1 - 5.1 * 12 / (10.1 * 8))
        self.assertGreater(answer["saving"]["lo"], 0.2)

    def test_refuses_a_single_task(self):
        table = self.write("table4.csv", table4())
        self.assertIn("--tasks", self.refusal("multitask", "--from", table, "--both", "task=both",
                                              "--tasks", "task=identity"))


if __name__ == "__main__":
    unittest.main()
