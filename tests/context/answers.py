"""What the tests of this folder share: a table of runs, a store, and the program."""

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

GRADWATT = os.environ["GRADWATT"]
COLUMNS = 100


class Answers(unittest.TestCase):
    """Runs the program in an empty store and takes its answers apart."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = Path(self.folder.name)
        kept = {k: v for k, v in os.environ.items() if not k.startswith("GRADWATT_")}
        self.environment = {**kept, "GRADWATT_STORE": str(self.root / "store")}

    def write(self, name, text):
        (self.root / name).write_text(text, encoding="utf-8")
        return str(self.root / name)

    def run_it(self, *arguments):
        return subprocess.run([GRADWATT, *arguments], env=self.environment, capture_output=True,
                              text=True, check=False, cwd=self.root)

    def text(self, *arguments):
        done = self.run_it(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        for line in done.stdout.splitlines():
            self.assertLessEqual(len(line), COLUMNS, line)
        return done.stdout

    def answer(self, *arguments):
        answer = json.loads(self.text_of_any_width(*arguments, "--json"))
        self.assertEqual(answer["schema"], 1)
        return answer

    def text_of_any_width(self, *arguments):
        done = self.run_it(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def refusal(self, *arguments, status=2):
        done = self.run_it(*arguments)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        self.assertEqual(done.stdout, "")
        return done.stderr
