"""What tests of gradwatt reproduce share: a store, data folders and a made-up gradwatt-train."""

import csv
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

GRADWATT = os.environ["GRADWATT"]
DEADLINE_S = 600  # Against a hang only: a sanitizer makes everything twenty times slower.


class StudyCase(unittest.TestCase):
    """Members name the study, its made-up trainer, its data sets and its report's folder."""

    study = ""
    trainer = ""
    sets = ()
    folder_name = ""

    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="gradwatt-reproduce-")
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.store = self.folder / "store"
        self.data = self.folder / "data"
        for name in self.sets:
            (self.data / name).mkdir(parents=True)
        # gradwatt takes the gradwatt-train beside it first, so a real one must not be there.
        self.program = self.folder / "bin" / "gradwatt"
        self.program.parent.mkdir()
        shutil.copy2(GRADWATT, self.program)
        trainer = self.program.with_name("gradwatt-train")
        fake = pathlib.Path(__file__).with_name(self.trainer)
        trainer.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{fake}" "$@"\n')
        trainer.chmod(0o755)
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("GRADWATT")}
        self.environment["SIDE"] = str(self.folder / "side")
        self.environment["GRADWATT_INDEX"] = str(self.folder / "index")

    def run_gradwatt(self, *words, **variables):
        return subprocess.run(
            [str(self.program), *words], env={**self.environment, **variables}, cwd=self.folder,
            capture_output=True, text=True, timeout=DEADLINE_S,
        )

    def command(self, *flags):
        return [str(self.program), "reproduce", self.study, "--store", str(self.store),
                "--data", str(self.data), *flags]

    def reproduce(self, *flags, **variables):
        return self.run_gradwatt(*self.command(*flags)[1:], **variables)

    def side(self, word):
        file = self.folder / "side"
        lines = file.read_text().splitlines() if file.exists() else []
        return [line.partition(" ")[2] for line in lines if line.split()[0] == word]

    def wait_until(self, claim, what):
        deadline = time.monotonic() + 30
        while not claim():
            self.assertLess(time.monotonic(), deadline, f"waited in vain until {what}")
            time.sleep(0.01)

    def rows(self, name, folder=None):
        folder = folder or self.store / "reproduce" / self.folder_name / "report"
        with open(folder / name, newline="") as file:
            return list(csv.DictReader(file))
