#!/usr/bin/env python3
"""gradwatt carbon: CO2, cost and exports of stored runs and of tables."""

import datetime
import json
import unittest

from answers import Answers

# Two watts for one hundred seconds, then six for one hundred.
POWER = "t_s,power_w\n" + "".join(f"{t},{2 if t < 100 else 6}\n" for t in range(0, 201))
TABLE = "run,energy_j,duration_s\na,3600000,3600\nb,1800000,1800\n"
HOUR = 3600


class Carbon(Answers):
    def stored(self):
        power = self.write("power.csv", POWER)
        done = self.run_it("import", "power", power, "-n", "quick", "--gain", "0.1")
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.strip()

    def series(self, start_s, values, step_s=HOUR):
        rows = "".join(f"{start_s + i * step_s},{g}\n" for i, g in enumerate(values))
        return self.write("series.csv", "t,g_per_kwh\n" + rows)

    def begin_s(self):
        run = json.loads(self.text_of_any_width("carbon", "@last", "--json"))["runs"][0]
        return datetime.datetime.fromisoformat(run["started_at"].replace("Z", "+00:00")).timestamp()

    def test_says_that_co2_is_unknown_and_how_to_know_it(self):
        self.stored()
        text = self.text("carbon", "quick")
        self.assertIn("CO2e        unknown", text)
        self.assertIn("--country DE", text)
        answer = self.answer("carbon", "quick")
        self.assertIsNone(answer["total"]["g_co2e"])
        self.assertGreater(answer["total"]["energy_j"], 700)

    def test_is_energy_times_pue_times_intensity_with_the_range_of_the_energy(self):
        self.stored()
        answer = self.answer("carbon", "quick", "--country", "DE", "--pue", "1.2",
                             "--price", "0.30EUR/kWh")
        total = answer["total"]
        for key in ("", "_lo", "_hi"):
            self.assertAlmostEqual(total["g_co2e" + key],
                                   total["energy_j" + key] / 3.6e6 * 1.2 * 381)
            self.assertAlmostEqual(total["price" + key], total["energy_j" + key] / 3.6e6 * 0.36)
        self.assertLess(total["g_co2e_lo"], total["g_co2e"])
        self.assertIn("Germany 2023", answer["intensity"]["source"])
        text = self.text("carbon", "quick", "--country", "germany", "--pue", "1.2")
        self.assertIn("× PUE 1.2 × 381 g/kWh (Germany 2023, Ember)", text)

    def test_adds_up_a_table(self):
        table = self.write("table.csv", TABLE)
        answer = self.answer("carbon", "--from", table, "--intensity", "400")
        self.assertAlmostEqual(answer["total"]["g_co2e"], 600)
        self.assertEqual([run["g_co2e"] for run in answer["runs"]], [400, 200])
        self.assertIn("600 g", self.text("carbon", "--from", table, "--intensity", "400"))
        one = self.answer("carbon", "b", "--from", table, "--intensity", "400")
        self.assertAlmostEqual(one["total"]["g_co2e"], 200)

    def test_weighs_a_series_by_energy(self):
        self.stored()
        begin = self.begin_s()
        series = self.series(begin + 100 - HOUR, [200, 300])
        answer = self.answer("carbon", "@last", "--intensity-series", series)
        # A quarter of the energy is in the first half.
        self.assertAlmostEqual(answer["runs"][0]["g_per_kwh"], 275, delta=1)

    def test_refuses_a_run_outside_the_series(self):
        self.stored()
        series = self.series(0, [200, 300])
        error = self.refusal("carbon", "@last", "--intensity-series", series)
        self.assertIn("not inside the series", error)
        self.assertIn("1970-01-01", error)

    def test_tells_what_other_start_times_would_have_caused(self):
        self.stored()
        series = self.series(0, [200, 100, 300])
        answer = self.answer("carbon", "@last", "--intensity-series", series, "--start-times")
        grams = [start["g_co2e"] for start in answer["start_times"]]
        self.assertEqual(len(grams), 3)
        self.assertAlmostEqual(grams[0] / grams[1], 2)
        text = self.text("carbon", "@last", "--intensity-series", series, "--start-times")
        self.assertIn("1970-01-01T01:00Z", text)
        self.assertIn("unknown: the run was outside the times of", " ".join(text.split()))
        self.assertIn("least", text)

    def test_compares_only_when_asked(self):
        table = self.write("table.csv", TABLE)
        asked = ("carbon", "a", "--from", table, "--intensity", "215")
        self.assertNotIn("km", self.text(*asked))
        self.assertIn("2 km by car", self.text(*asked, "--equivalents"))
        constants = self.write("mine.toml", self.text_of_any_width("carbon", "--constants")
                               .replace("107.5", "43"))
        text = self.text(*asked, "--equivalents", "--constants", constants)
        self.assertIn("5 km by car (43 g/km", text)
        bad = self.write("bad.toml", "[car]\ng_per_km = -1\n")
        self.assertIn("bad.toml:2", self.refusal(*asked, "--equivalents", "--constants", bad))

    def test_sci_takes_the_making_of_the_hardware_from_its_user(self):
        table = self.write("table.csv", TABLE)
        asked = ("carbon", "a", "--from", table, "--intensity", "400")
        self.assertIsNone(self.answer(*asked)["sci"])
        sci = self.answer(*asked, "--embodied-kg", "1000", "--lifetime", "4y",
                          "--share", "0.5")["sci"]
        made = 1e6 * 3600 / (4 * 365.25 * 86400) * 0.5
        self.assertAlmostEqual(sci["embodied_g"], made)
        self.assertAlmostEqual(sci["g_co2e_per_unit"], 400 + made)
        self.assertIn("--lifetime", self.refusal(*asked, "--embodied-kg", "1000"))
        self.assertIn("--embodied-kg", self.refusal(*asked, "--lifetime", "4y"))

    def test_writes_a_model_card(self):
        self.stored()
        card = self.text_of_any_width("carbon", "quick", "--format", "hf", "--country", "FR",
                                      "--training-type", "fine-tuning")
        self.assertTrue(card.startswith("co2_eq_emissions:\n  emissions: "))
        self.assertIn('geographical_location: "France"', card)
        self.assertIn('training_type: "fine-tuning"', card)
        self.assertIn("--country", self.refusal("carbon", "quick", "--format", "hf"))

    def test_writes_the_paragraph_of_the_ai_act(self):
        self.stored()
        text = " ".join(self.text("carbon", "quick", "--format", "annex-xi", "--pue", "1.2",
                                  "--country", "SE").split())
        for part in ("Annex XI", "kWh", "between", "Boundary", "PUE of 1.2", "Sweden 2023"):
            self.assertIn(part, text)

    def test_lists_the_countries(self):
        text = self.text("carbon", "--countries")
        self.assertIn("Germany", text)
        rows = json.loads(self.text_of_any_width("carbon", "--countries", "--json"))["countries"]
        self.assertGreater(len(rows), 60)

    def test_refuses_bad_input(self):
        table = self.write("table.csv", TABLE)
        asked = ("carbon", "a", "--from", table)
        self.assertIn("did you mean 'Germany'", self.refusal(*asked, "--country", "Germani"))
        for flags in (("--country", "DE", "--intensity", "3"), ("--intensity", "-1"),
                      ("--intensity", "nan"), ("--pue", "0.9"), ("--price", "cheap"),
                      ("--start-times",), ("--format", "pdf"), ("--json", "--format", "hf"),
                      ("--intensity-series", "nowhere.csv")):
            self.refusal(*asked, *flags)
        series = self.series(0, [200, 300])
        self.assertIn("no times of day", self.refusal(*asked, "--intensity-series", series))

    def test_show_adds_co2_when_the_electricity_is_told(self):
        self.stored()
        self.assertNotIn("CO2e", self.text_of_any_width("show", "quick"))
        self.assertIn("CO2e", self.text_of_any_width("show", "quick", "--country", "DE"))
        run = json.loads(self.text_of_any_width("show", "quick", "--json", "--intensity", "400"))
        self.assertAlmostEqual(run["carbon"]["g_co2e"], run["energy"]["total_j"] / 9000)
        self.assertNotIn("carbon", json.loads(self.text_of_any_width("show", "quick", "--json")))

    def test_takes_the_country_from_the_environment(self):
        table = self.write("table.csv", TABLE)
        self.environment["GRADWATT_COUNTRY"] = "FR"
        asked = ("carbon", "a", "--from", table)
        self.assertEqual(self.answer(*asked)["total"]["g_co2e"], 56)
        self.assertEqual(self.answer(*asked, "--intensity", "400")["total"]["g_co2e"], 400)


if __name__ == "__main__":
    unittest.main()
