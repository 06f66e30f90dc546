#!/usr/bin/env python3
"""gradwatt data: make a set, check it, damage it, check it again."""

import json
import os
import resource
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

GRADWATT = os.environ["GRADWATT"]
ENVIRONMENT = {k: v for k, v in os.environ.items()
               if k not in ("GRADWATT_OUT", "GRADWATT_SCALE", "GRADWATT_SEED", "GRADWATT_JSON")}


def small_files():
    """Lets no file grow beyond 100 kB: stands for a disk that is full."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))


class Data(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = Path(self.folder.name)

    def data(self, *arguments, **options):
        return subprocess.run([GRADWATT, "data", *map(str, arguments)], env=ENVIRONMENT,
                              capture_output=True, text=True, check=False, **options)

    def make(self, name, *flags):
        made = self.data("make", name, "--out", self.root / name, *flags)
        self.assertEqual(made.returncode, 0, made.stderr)
        return made.stdout

    def test_makes_pamap2_that_is_usable(self):
        said = self.make("pamap2", "--scale", "0.002")
        self.assertIn("subject101.dat  753 rows", said)
        self.assertIn("9 files, 2.1 MB", said)
        self.assertFalse((self.root / "pamap2.part").exists())
        checked = self.data("check", self.root / "pamap2")
        self.assertEqual(checked.returncode, 0, checked.stdout)
        self.assertIn("subject109.dat  17 rows, 1 of 12 activities", checked.stdout)
        self.assertTrue(checked.stdout.endswith("\nusable\n"))

    def test_tells_file_and_line_of_damage(self):
        self.make("pamap2", "--scale", "0.002")
        file = self.root / "pamap2" / "PAMAP2_Dataset" / "Protocol" / "subject104.dat"
        lines = file.read_text().splitlines()
        lines[41] = "cut off"
        file.write_text("\n".join(lines) + "\n")
        checked = self.data("check", self.root / "pamap2")
        self.assertEqual(checked.returncode, 1)
        self.assertIn(f"{file}:42: column 1 is 'cut', which is no number", checked.stdout)
        answer = json.loads(self.data("check", self.root / "pamap2", "--json").stdout)
        self.assertEqual(answer["set"], "pamap2")
        self.assertFalse(answer["usable"])
        self.assertEqual(len(answer["facts"]), 9)
        self.assertEqual(answer["problems"], [{"where": f"{file}:42", "skipped": False,
                                               "what": "column 1 is 'cut', which is no number"}])
        self.assertEqual(answer["problems_not_listed"], 0)

    def test_reports_every_set_of_a_folder(self):
        self.make("pamap2", "--scale", "0.002")
        self.make("celeba", "--scale", "0.002")
        for folder in list((self.root / "celeba").iterdir()):
            folder.rename(self.root / "pamap2" / folder.name)
        checked = self.data("check", self.root / "pamap2")
        self.assertEqual(checked.returncode, 0, checked.stdout)
        self.assertIn("pamap2: ", checked.stdout)
        self.assertIn("celeba: ", checked.stdout)
        next(self.root.rglob("subject106.dat")).unlink()
        checked = self.data("check", self.root / "pamap2", "--json")
        self.assertEqual(checked.returncode, 1, checked.stdout)
        answer = json.loads(checked.stdout)
        self.assertEqual([(one["set"], one["usable"]) for one in answer],
                         [("pamap2", False), ("celeba", True)])
        self.assertIn("subject 106, named for testing", answer[0]["problems"][0]["what"])

    def test_makes_fashion_that_is_usable(self):
        self.make("fashion", "--scale", "0.002")
        checked = self.data("check", self.root / "fashion")
        self.assertEqual(checked.returncode, 0, checked.stdout)
        self.assertIn("train-images-idx3-ubyte  120 images", checked.stdout)

    def test_makes_era5_that_is_usable_and_finds_its_damage(self):
        said = self.make("era5", "--scale", "0.001")
        self.assertIn("2 + 1 + 1 years of 27 times, 21 channels on 33 x 64 points", said)
        checked = self.data("check", self.root / "era5")
        self.assertEqual(checked.returncode, 0, checked.stdout)
        self.assertIn("train/1979.h5  27 times of 21 channels", checked.stdout)
        year = self.root / "era5" / "era5" / "train" / "1980.h5"
        whole = bytearray(year.read_bytes())
        whole[-4:] = b"\x00\x00\xc0\x7f"  # the last value becomes NaN
        year.write_bytes(whole)
        checked = self.data("check", self.root / "era5")
        self.assertEqual(checked.returncode, 1)
        self.assertIn(f"{year}: fields[26, 20, 32, 63] is nan", checked.stdout)

    def test_leaves_no_half_written_years(self):
        made = self.data("make", "era5", "--out", self.root / "set", "--scale", "0.001",
                         preexec_fn=small_files)
        self.assertEqual(made.returncode, 1)
        self.assertIn(".h5: cannot write", made.stderr)
        self.assertEqual(list(self.root.iterdir()), [])

    def test_leaves_what_is_there_alone(self):
        self.make("pamap2", "--scale", "0.001")
        again = self.data("make", "pamap2", "--out", self.root / "pamap2")
        self.assertEqual(again.returncode, 1)
        self.assertIn("is there already and not empty", again.stderr)

    def test_leaves_nothing_half_written(self):
        made = self.data("make", "pamap2", "--out", self.root / "set", "--scale", "0.01",
                         preexec_fn=small_files)
        self.assertEqual(made.returncode, 1)
        self.assertIn("cannot write", made.stderr)
        self.assertIn("make space there", made.stderr)
        self.assertEqual(list(self.root.iterdir()), [])

    def test_explains_wrong_use(self):
        wrong = self.data("make", "pamap", "--out", self.root / "set")
        self.assertEqual(wrong.returncode, 2)
        self.assertIn("did you mean: pamap2", wrong.stderr)
        scale = self.data("make", "pamap2", "--out", self.root / "set", "--scale", "0")
        self.assertEqual(scale.returncode, 2)
        self.assertEqual(list(self.root.iterdir()), [])
        unknown = self.data("check", self.root)
        self.assertEqual(unknown.returncode, 1)
        self.assertIn("holds no data set that gradwatt knows", unknown.stderr)
        self.assertEqual(self.data().returncode, 2)


if __name__ == "__main__":
    unittest.main()
