#!/usr/bin/env python3
"""Sweeps end to end: what is run, how often, and what is left after kills and signals.

Every point of these sweeps is a small shell script that writes "start CELL" and "end CELL" into
one side file, which is therefore the truth about what ran. A script that finds neither a file named
"gate" nor its CELL in one named "passes" waits for it, so a test decides when a point ends and
nothing depends on timing.
"""

import json
import os
import pathlib
import pty
import signal
import subprocess
import tempfile
import time
import unittest

GRADWATT = os.environ.get("GRADWATT", "build/release/bin/gradwatt")
DEADLINE_S = 30

SCRIPT = """\
trap 'echo "INT $1" >> side; exit 130' INT
trap '%(on_term)s' TERM
echo "start $1" >> side
until [ -e gate ] || grep -qsxF "$1" passes || ! [ -e point.sh ]; do sleep 0.02; done
case "$1" in %(failing)s) echo "cell $1 is broken" >&2; exit 7;; esac
echo "end $1" >> side
"""

SWEEP = """\
[sweep]
name = "e2e"
command = ["sh", "point.sh", "{batch}/{lr}"]
seed = 7
%(rules)s
[axes]
batch = [64, 256]
lr = [1e-4, 3e-4]
%(more)s
"""

CELLS = {"64/1e-4", "64/3e-4", "256/1e-4", "256/3e-4"}


class SweepTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="gradwatt-sweep-")
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.store = self.folder / "store"
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("GRADWATT")}
        self.environment["GRADWATT_STORE"] = str(self.store)
        self.write_script()
        self.write_sweep()
        self.open_gate()

    def write_script(self, failing="none", on_term="echo TERM >> side; exit 143"):
        text = SCRIPT % {"failing": failing, "on_term": on_term}
        (self.folder / "point.sh").write_text(text)

    def write_sweep(self, rules="", more=""):
        (self.folder / "e2e.toml").write_text(SWEEP % {"rules": rules, "more": more})

    def open_gate(self):
        (self.folder / "gate").touch()

    def let_pass(self, cell):
        """One point may end; the gate stays shut for the next, however soon that begins."""
        (self.folder / "passes").write_text(cell + "\n")

    def close_gate(self):
        (self.folder / "gate").unlink()

    def side(self, word):
        """What the points wrote behind `word`, in order."""
        file = self.folder / "side"
        lines = file.read_text().splitlines() if file.exists() else []
        return [line.partition(" ")[2] for line in lines if line.split()[0] == word]

    def run_sweep(self, *flags):
        return subprocess.run(
            [GRADWATT, "sweep", "e2e.toml", *flags],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=DEADLINE_S,
        )

    def start_sweep(self, **options):
        sweep = subprocess.Popen(
            [GRADWATT, "sweep", "e2e.toml"],
            cwd=self.folder,
            env=self.environment,
            stderr=subprocess.PIPE,
            text=True,
            **options,
        )
        self.addCleanup(sweep.wait)
        self.addCleanup(sweep.kill)
        self.addCleanup(sweep.stderr.close)
        return sweep

    def wait_until(self, claim, what):
        deadline = time.monotonic() + DEADLINE_S
        while not claim():
            self.assertLess(time.monotonic(), deadline, f"waited in vain until {what}")
            time.sleep(0.01)

    def wait_for_starts(self, count):
        self.wait_until(lambda: len(self.side("start")) == count, f"{count} points started")

    def manifests(self):
        files = sorted(self.store.glob("runs/*/run.json"))
        return [json.loads(file.read_text()) for file in files]

    def states(self):
        return sorted(manifest["state"] for manifest in self.manifests())

    def test_runs_every_cell_once_with_its_literal_text(self):
        result = self.run_sweep()
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(result.stdout, "")
        self.assertEqual(len(self.side("start")), 4)
        self.assertEqual(set(self.side("end")), CELLS)
        self.assertIn("4 of 4 points done", result.stderr)
        self.assertIn("gradwatt recommend e2e", result.stderr)

    def test_stores_what_explains_each_run(self):
        self.write_sweep(more='[goal]\nmetric = "val_acc"\nreach = 0.85\n')
        self.assertEqual(self.run_sweep().returncode, 0)
        manifests = self.manifests()
        self.assertEqual(len({manifest["point"]["key"] for manifest in manifests}), 4)
        for position, manifest in enumerate(manifests, start=1):
            tags = manifest["tags"]
            self.assertEqual(tags["sweep.seed"], "7")
            self.assertEqual(tags["sweep.goal"], "val_acc>=0.85")
            self.assertEqual(tags["sweep.position"], str(position))
            self.assertEqual(
                json.loads(tags["sweep.axes"]), {"batch": ["64", "256"], "lr": ["1e-4", "3e-4"]}
            )
            factors = dict(manifest["point"]["factors"])
            self.assertEqual(manifest["command"][2], f"{factors['batch']}/{factors['lr']}")

    def test_keeps_its_files_to_the_owner(self):
        self.run_sweep()
        logs = list(self.store.glob("sweeps/e2e/*.log"))
        self.assertEqual(len(logs), 4)
        for log in logs:
            self.assertEqual(log.stat().st_mode & 0o777, 0o600)

    def test_runs_nothing_again_that_is_done(self):
        self.run_sweep()
        again = self.run_sweep()
        self.assertEqual(again.returncode, 0)
        self.assertIn("kept from before: 4 done", again.stderr)
        self.assertEqual(len(self.side("start")), 4)

    def test_resume_goes_on_and_begins_nothing(self):
        refused = self.run_sweep("--resume")
        self.assertEqual(refused.returncode, 2, refused.stderr)
        self.assertIn("nothing of the sweep 'e2e' is in this store", refused.stderr)
        self.assertEqual(self.side("start"), [])
        self.assertFalse(self.store.exists())
        self.run_sweep()
        self.write_sweep(rules="repeat = 2")
        self.assertEqual(self.run_sweep("--resume").returncode, 0)
        self.assertEqual(len(self.side("end")), 8)

    def test_runs_only_what_is_new_when_an_axis_grows(self):
        self.run_sweep()
        file = self.folder / "e2e.toml"
        file.write_text(file.read_text().replace("[64, 256]", "[64, 256, 1024]"))
        self.assertEqual(self.run_sweep().returncode, 0)
        self.assertEqual(set(self.side("start")[4:]), {"1024/1e-4", "1024/3e-4"})

    def test_keeps_the_drawn_seed_and_order_when_resumed(self):
        file = self.folder / "e2e.toml"
        file.write_text(file.read_text().replace("seed = 7\n", "repeat = 3\n"))
        self.run_sweep()
        seeds = {manifest["tags"]["sweep.seed"] for manifest in self.manifests()}
        self.assertEqual(len(seeds), 1)
        listed = self.run_sweep("--dry-run").stdout
        self.assertIn(f"seed {seeds.pop()}", listed)
        commands = [line.partition("sh point.sh ")[2] for line in listed.splitlines()]
        order = [cell for cell in commands if cell]
        self.assertEqual(order, self.side("start"))

    def test_keeps_failures_as_results_until_asked_to_retry(self):
        self.write_script(failing="*/3e-4")
        result = self.run_sweep()
        self.assertEqual(result.returncode, 3)
        self.assertIn("failed (exit 7)", result.stderr)
        self.assertIn("cell 64/3e-4 is broken", result.stderr)
        self.assertEqual(self.states(), ["done", "done", "failed", "failed"])
        self.write_script()
        self.assertEqual(self.run_sweep().returncode, 3, "a kept failure is still a failure")
        self.assertEqual(len(self.side("start")), 4)
        self.assertEqual(self.run_sweep("--retry-failed").returncode, 0)
        self.assertEqual(set(self.side("start")[4:]), {"64/3e-4", "256/3e-4"})

    def test_stops_at_the_first_failure_when_told_to(self):
        self.write_script(failing="*")
        self.write_sweep(rules='on_failure = "stop"')
        result = self.run_sweep()
        self.assertEqual(result.returncode, 3)
        self.assertEqual(len(self.side("start")), 1)
        self.assertIn("3 left", result.stderr)

    def test_loses_at_most_the_running_point_when_killed(self):
        self.close_gate()
        sweep = self.start_sweep()
        self.wait_for_starts(1)
        self.let_pass(self.side("start")[0])
        self.wait_for_starts(2)
        sweep.kill()
        sweep.wait()
        running = self.side("start")[-1]
        self.wait_until(lambda: "running" not in self.states(), "the kernel ended the point")
        done = self.side("end")
        self.assertNotIn(running, done)

        self.open_gate()
        self.assertEqual(self.run_sweep().returncode, 0)
        starts = self.side("start")
        self.assertEqual(set(starts), CELLS)
        for cell in CELLS:
            self.assertEqual(starts.count(cell), 2 if cell == running else 1, cell)
        self.assertEqual(sorted(self.side("end")), sorted(CELLS))
        finished = [m["point"]["key"] for m in self.manifests() if m["state"] == "done"]
        self.assertEqual(len(finished), 4)
        self.assertEqual(len(set(finished)), 4, "no point counts twice")

    def test_waits_for_a_point_that_outlived_its_sweep_and_runs_it_again(self):
        # It was asked to stop when its sweep died, so whatever it did then is no whole run.
        self.write_script(on_term=":")
        self.close_gate()
        killed = self.start_sweep()
        self.wait_for_starts(1)
        killed.kill()
        killed.wait()
        sweep = self.start_sweep()
        line = sweep.stderr.readline() + sweep.stderr.readline()
        self.assertIn("waiting for run", line)
        self.assertEqual(len(self.side("start")), 1, "never two at once")
        self.open_gate()
        self.assertEqual(sweep.wait(DEADLINE_S), 0, sweep.stderr.read())
        leftover = self.side("start")[0]
        self.assertEqual(sorted(self.side("start")), sorted([*CELLS, leftover]))
        self.assertEqual(sum(m["state"] == "done" for m in self.manifests()), len(CELLS))

    def test_passes_a_signal_on_once_and_says_how_to_go_on(self):
        self.close_gate()
        for number, word, status in ((signal.SIGINT, "INT", 130), (signal.SIGTERM, "TERM", 143)):
            starts = len(self.side("start"))
            sweep = self.start_sweep()
            self.wait_for_starts(starts + 1)
            sweep.send_signal(number)
            self.assertEqual(sweep.wait(DEADLINE_S), status)
            text = sweep.stderr.read()
            self.assertEqual(len(self.side(word)), 1, text)
            self.assertIn("stopped by a signal", text)
            self.assertIn("gradwatt sweep e2e.toml", text)
        self.assertEqual(self.states(), ["interrupted", "interrupted"])
        self.open_gate()
        self.assertEqual(self.run_sweep().returncode, 0)
        self.assertEqual(sorted(self.side("end")), sorted(CELLS))

    def test_lets_a_terminals_ctrl_c_reach_the_point_once(self):
        self.close_gate()
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(self.folder)
            self.environment["TERM"] = "xterm"
            os.execve(GRADWATT, [GRADWATT, "sweep", "e2e.toml"], self.environment)
        self.addCleanup(os.close, terminal)
        self.wait_for_starts(1)
        os.write(terminal, b"\x03")
        screen = b""
        try:
            while block := os.read(terminal, 4096):
                screen += block
        except OSError:
            pass  # Linux says EIO when the last process of a terminal is gone.
        _, status = os.waitpid(pid, 0)
        self.assertEqual(os.waitstatus_to_exitcode(status), 130, screen)
        self.assertEqual(len(self.side("INT")), 1, screen)
        self.assertIn(b"running 0 s", screen)
        self.assertIn(b"4 left", screen)

    def test_refuses_a_second_sweep_of_the_same_name(self):
        self.close_gate()
        self.start_sweep()
        self.wait_for_starts(1)
        second = self.run_sweep()
        self.assertEqual(second.returncode, 1)
        self.assertIn("this sweep is going on already", second.stderr)
        self.assertEqual(len(self.side("start")), 1)

    def test_lists_everything_and_touches_nothing_in_a_dry_run(self):
        result = self.run_sweep("--dry-run")
        self.assertEqual(result.returncode, 0)
        self.assertEqual(result.stdout.count("sh point.sh "), 4)
        self.assertIn("to run: 4 of 4 · time unknown", result.stdout)
        self.assertFalse(self.store.exists())
        self.assertEqual(self.side("start"), [])

    def test_turns_a_workload_into_a_command(self):
        (self.folder / "e2e.toml").write_text(
            '[sweep]\nname = "w"\nworkload = "fashion-classify"\n'
            "[axes]\nbatch = [64]\nlr = [1e-1]\n[fixed]\nmax_epochs = 8\n"
        )
        result = self.run_sweep("--dry-run")
        self.assertIn(
            "gradwatt-train fashion-classify --batch=64 --lr=1e-1 --max-epochs=8 --seed=1",
            result.stdout,
        )

    def test_says_where_a_file_is_wrong(self):
        self.write_sweep(rules="repaet = 2")
        result = self.run_sweep()
        self.assertEqual(result.returncode, 2)
        self.assertIn("e2e.toml:5:1: unknown key 'repaet'", result.stderr)
        self.assertIn("did you mean 'repeat'", result.stderr)
        (self.folder / "e2e.toml").unlink()
        self.assertEqual(self.run_sweep().returncode, 2)


if __name__ == "__main__":
    unittest.main()
