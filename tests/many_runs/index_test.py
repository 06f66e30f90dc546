#!/usr/bin/env python3
"""The index over runs, from outside: it changes no byte of any answer, whatever becomes of it."""

import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

GRADWATT = os.environ["GRADWATT"]
SWEEP = "pt-simulated-imagenet-growing-local"


def set_back(folder):
    """As if the runs had ended an hour ago: those of the last seconds are not kept."""
    before = time.time() - 3600
    for path in [*folder.rglob("*"), folder]:
        os.utime(path, (before, before))


class Index(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.made = Path(cls.folder.name) / "made"
        for series in ("growing-local", "constant-local"):
            subprocess.run([GRADWATT, "simulate", "cluster", "--series", series, "--store",
                            str(cls.made)], check=True, capture_output=True)
        for run in (cls.made / "runs").iterdir():
            if len(list(run.glob("node-*.sqlite"))) > 4:
                shutil.rmtree(run)  # Takes long to read, and shows nothing else.
        environment = {**os.environ, "GRADWATT_STORE": str(cls.made), "GRADWATT_INDEX": "off"}
        done = subprocess.run([GRADWATT, "recommend", SWEEP, "--json"], env=environment,
                              capture_output=True, text=True, check=True)
        cls.truth = (done.stdout, done.stderr)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def setUp(self):
        self.root = Path(tempfile.mkdtemp(dir=self.folder.name))
        self.store = self.root / "store"
        shutil.copytree(self.made, self.store)
        set_back(self.store / "runs")
        self.index = self.root / "cache" / "deep"

    def start(self, index, *arguments):
        arguments = arguments or ("recommend", SWEEP, "--json")
        environment = {**os.environ, "GRADWATT_STORE": str(self.store),
                       "GRADWATT_INDEX": str(index)}
        return subprocess.Popen([GRADWATT, *arguments], env=environment, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)

    def said(self, index, *arguments):
        child = self.start(index, *arguments)
        out, err = child.communicate()
        self.assertEqual(child.returncode, 0, err)
        return out, err

    def file(self):
        files = list(self.index.glob("*.sqlite"))
        self.assertEqual(len(files), 1)
        return files[0]

    def test_answers_are_the_same_with_and_without(self):
        self.assertIn('"best"', self.truth[0])
        self.assertEqual(self.said(self.index), self.truth)
        size = self.file().stat().st_size
        self.assertEqual(self.said(self.index), self.truth)
        self.assertEqual(self.file().stat().st_size, size)
        self.assertEqual(stat.S_IMODE(self.file().stat().st_mode), 0o600)
        self.assertEqual(self.said(self.index, "ls", "--all"), self.said("off", "ls", "--all"))

    def test_a_run_that_is_gone_or_changed_is_seen(self):
        before = self.said(self.index)
        runs = sorted((self.store / "runs").iterdir())
        shutil.rmtree(runs[0])
        manifest = runs[1] / "run.json"
        manifest.write_text(manifest.read_text().replace('"state": "done"', '"state": "failed"'))
        node = next(runs[2].glob("node-*.sqlite"))
        with open(node, "r+b") as file:
            file.seek(node.stat().st_size // 2)
            file.write(b"damage" * 100)
        truth = self.said("off")
        self.assertNotEqual(truth, before)
        self.assertEqual(self.said(self.index), truth)
        self.assertEqual(self.said(self.index), truth)

    def test_a_damaged_index_is_made_anew(self):
        self.said(self.index)
        for content in (b"no database", self.file().read_bytes()[:5000]):
            self.file().write_bytes(content)
            self.assertEqual(self.said(self.index), self.truth)
            self.assertEqual(self.said(self.index), self.truth)

    def test_it_may_be_impossible(self):
        (self.root / "a-file").write_text("")
        self.assertEqual(self.said(self.root / "a-file" / "index"), self.truth)
        self.said(self.index)
        self.file().chmod(0o400)
        self.index.chmod(0o500)
        self.assertEqual(self.said(self.index), self.truth)
        self.index.chmod(0o700)

    def test_a_full_disk_changes_nothing(self):
        self.index.mkdir(parents=True)
        script = f"ulimit -f 8; exec '{GRADWATT}' recommend {SWEEP} --json"
        limited = subprocess.run(
            ["sh", "-c", "trap '' XFSZ; " + script], capture_output=True, text=True, check=True,
            env={**os.environ, "GRADWATT_STORE": str(self.store),
                 "GRADWATT_INDEX": str(self.index)})
        self.assertEqual(limited.stdout, self.truth[0])
        self.assertEqual(self.said(self.index), self.truth)

    def test_several_processes_at_once(self):
        children = [self.start(self.index) for _ in range(3)]
        for child in children:
            self.assertEqual(child.communicate(), self.truth)
        self.assertEqual(self.said(self.index), self.truth)

    def test_a_process_that_is_killed_while_it_makes_the_index(self):
        for _ in range(2):
            child = self.start(self.index)
            while child.poll() is None and not list(self.index.glob("*.sqlite")):
                pass
            child.send_signal(signal.SIGKILL)
            child.communicate()
            self.assertEqual(self.said(self.index), self.truth)
            shutil.rmtree(self.index)


if __name__ == "__main__":
    unittest.main()
