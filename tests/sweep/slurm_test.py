"""Sweeps on Slurm against programs that answer as Slurm does: what is submitted, and when."""

import os
import pathlib
import subprocess
import tempfile
import unittest

GRADWATT = os.environ.get("GRADWATT", "build/release/bin/gradwatt")
DEADLINE_S = 60

# Keeps what it was asked; runs the tasks that are named in the file "tasks" at once.
SBATCH = """\
#!/bin/sh
cd "$FAKE" || exit 9
if [ -e refuse ]; then cat refuse >&2; exit 1; fi
printf '%s\\n' "$@" > asked
echo "$*" >> all-asked
for script in "$@"; do :; done
for word in "$@"; do case $word in --job-name=*) name=${word#--job-name=};; esac; done
echo "$name" > name
cp "$script" script
for task in $(cat tasks); do
  SLURM_ARRAY_TASK_ID=$task SLURM_JOB_ID=41 sh "$script" </dev/null
done
echo 41
"""

# Runs one of the processes that it is asked for.
SRUN = """\
#!/bin/sh
echo "$1 $2 $3" >> "$FAKE/steps"
shift 3
exec "$@"
"""

SQUEUE = """\
#!/bin/sh
cd "$FAKE" || exit 9
if [ -e silent ]; then echo "Unable to contact slurm controller" >&2; exit 1; fi
[ -e queue ] && cat queue
exit 0
"""

SWEEP = """\
[sweep]
name = "far"
command = ["sh", "-c", 'test "$1" != 3 && echo "$0 at $1" >> side', "it's $HOME {value}", "{value}"]
seed = 7
order = "sequential"
[axes]
value = [1, 2, 3, 4]
[launcher]
kind = "slurm"
sbatch = ["--partition=main"]
array_parallel = 2
"""


SIZED = """\
[sweep]
name = "sized"
command = ["sh", "-c", 'echo "$0" >> side', "{ranks}"]
order = "sequential"
[axes]
ranks = [1, 4, 8]
[launcher]
kind = "slurm"
ntasks = "ranks"
tasks_per_node = 4
"""


class SlurmSweepTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="gradwatt-slurm-")
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.fake = self.folder / "fake"
        self.fake.mkdir()
        for name, text in (("sbatch", SBATCH), ("squeue", SQUEUE), ("srun", SRUN)):
            (self.fake / name).write_text(text)
            (self.fake / name).chmod(0o755)
        self.environment = {
            k: v for k, v in os.environ.items() if not k.startswith(("GRADWATT", "SLURM"))
        }
        self.environment["GRADWATT_STORE"] = str(self.folder / "store")
        self.environment["FAKE"] = str(self.fake)
        self.environment["PATH"] = f"{self.fake}:{os.environ['PATH']}"
        (self.folder / "far.toml").write_text(SWEEP)
        (self.folder / "sized.toml").write_text(SIZED)
        self.run_at_once("")

    def run_at_once(self, tasks):
        (self.fake / "tasks").write_text(tasks)

    def sweep(self, *flags, file="far.toml"):
        return subprocess.run(
            [os.path.abspath(GRADWATT), "sweep", file, *flags],
            cwd=self.folder, env=self.environment, capture_output=True, text=True,
            timeout=DEADLINE_S, check=False,
        )  # fmt: skip

    def asked(self):
        return (self.fake / "asked").read_text().splitlines()

    def test_a_sweep_is_submitted_once_and_collected(self):
        self.run_at_once("0 1 2 3")
        first = self.sweep()
        self.assertEqual(first.returncode, 3, first.stderr)  # Nothing was done when it looked.
        self.assertIn("submitted job 41 with 4 points", first.stderr)
        self.assertIn("--array=0-3%2", self.asked())
        self.assertIn("--partition=main", self.asked())
        side = (self.folder / "side").read_text().splitlines()
        self.assertEqual(side, [f"it's $HOME {i} at {i}" for i in (1, 2, 4)])
        (self.fake / "asked").unlink()
        second = self.sweep()
        self.assertIn("3 of 4 points done, 1 failed", second.stderr)
        self.assertFalse((self.fake / "asked").exists())
        self.assertEqual(second.returncode, 3)

    def test_failed_points_are_submitted_again_when_asked_to(self):
        self.run_at_once("0 1 2 3")
        self.sweep()
        self.run_at_once("")
        again = self.sweep("--retry-failed")
        self.assertIn("submitted job 41 with 1 point\n", again.stderr)
        self.assertIn("--array=0-0%2", self.asked())
        self.assertIn("it'\\''s $HOME 3", (self.fake / "script").read_text())

    def test_what_is_queued_is_not_submitted_again(self):
        self.run_at_once("0")
        self.sweep()
        name = (self.fake / "name").read_text().strip()
        self.assertTrue(name.startswith("gradwatt:far:"), name)
        (self.fake / "queue").write_text(f"41_1|RUNNING|{name}\n41_3|PENDING|{name}\n")
        second = self.sweep()
        self.assertIn("submitted job 41 with 1 point\n", second.stderr)
        self.assertIn("in Slurm's queue from before: 1 pending, 1 running", second.stderr)
        script = (self.fake / "script").read_text()
        self.assertIn("$HOME 3", script)
        self.assertNotIn("$HOME 2", script)

    def test_a_point_that_left_no_run_is_said_and_submitted_again(self):
        self.sweep()
        second = self.sweep()
        self.assertIn("left Slurm's queue without a run", second.stderr)
        self.assertIn("submitted job 41 with 4 points", second.stderr)

    def test_what_sbatch_says_is_shown(self):
        (self.fake / "refuse").write_text("sbatch: error: invalid partition specified: main\n")
        done = self.sweep()
        self.assertEqual(done.returncode, 1)
        self.assertIn("invalid partition specified: main", done.stderr)

    def test_without_an_answer_from_the_queue_nothing_is_submitted(self):
        (self.fake / "silent").touch()
        done = self.sweep()
        self.assertEqual(done.returncode, 1)
        self.assertIn("Unable to contact slurm controller", done.stderr)
        self.assertFalse((self.fake / "asked").exists())

    def test_without_slurm_it_says_so(self):
        self.environment["PATH"] = "/nowhere"
        done = self.sweep()
        self.assertEqual(done.returncode, 1)
        self.assertIn('use kind = "local"', done.stderr)

    def test_points_of_different_size_are_arrays_of_their_own(self):
        self.run_at_once("0")
        first = self.sweep(file="sized.toml")
        self.assertEqual(first.returncode, 3, first.stderr)
        for text in ("1 point of 1 task on 1 node", "1 point of 4 tasks on 1 node",
                     "1 point of 8 tasks on 2 nodes"):  # fmt: skip
            self.assertIn(f"submitted job 41 with {text}\n", first.stderr)
        asked = (self.fake / "all-asked").read_text().splitlines()
        for line, size in zip(asked, ("--nodes=1 --ntasks=1 --ntasks-per-node=1",
                                      "--nodes=1 --ntasks=4 --ntasks-per-node=4",
                                      "--nodes=2 --ntasks=8 --ntasks-per-node=4"),
                              strict=True):  # fmt: skip
            self.assertIn(f" {size} ", line)
        self.assertEqual((self.folder / "side").read_text().split(), ["1", "4", "8"])
        steps = (self.fake / "steps").read_text().splitlines()
        self.assertEqual(steps, ["--nodes=1 --ntasks=4 --kill-on-bad-exit=1",
                                 "--nodes=2 --ntasks=8 --kill-on-bad-exit=1"])  # fmt: skip
        second = self.sweep(file="sized.toml")
        self.assertIn("3 of 3 points done", second.stderr)
        self.assertEqual(second.returncode, 0, second.stderr)
        self.assertEqual(len((self.fake / "all-asked").read_text().splitlines()), 3)

    def test_a_sweep_of_several_arrays_is_resumed(self):
        self.sweep(file="sized.toml")
        names = [word.removeprefix("--job-name=")
                 for line in (self.fake / "all-asked").read_text().splitlines()
                 for word in line.split() if word.startswith("--job-name=")]  # fmt: skip
        self.assertEqual(len(set(names)), 3)
        (self.fake / "queue").write_text(f"41_0|RUNNING|{names[0]}\n43_0|PENDING|{names[2]}\n")
        second = self.sweep(file="sized.toml")
        self.assertIn("submitted job 41 with 1 point of 4 tasks on 1 node\n", second.stderr)
        self.assertEqual(second.stderr.count("submitted job"), 1, second.stderr)
        self.assertIn("in Slurm's queue from before: 1 pending, 1 running", second.stderr)

    def test_a_size_that_cannot_be_is_refused_before_anything_is_submitted(self):
        (self.folder / "sized.toml").write_text(SIZED.replace('"ranks"', '"rank"', 1))
        done = self.sweep(file="sized.toml")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("did you mean 'ranks'?", done.stderr)
        (self.folder / "sized.toml").write_text(SIZED.replace("tasks_per_node", "nodes"))
        done = self.sweep(file="sized.toml")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("ranks=1 has fewer tasks (1) than nodes (4)", done.stderr)
        self.assertFalse((self.fake / "asked").exists())

    def test_resume_wants_a_sweep_that_was_submitted(self):
        done = self.sweep("--resume")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("nothing of the sweep 'far' is in this store", done.stderr)
        self.assertFalse((self.fake / "asked").exists())
        self.assertFalse((self.folder / "store").exists())
        self.sweep()
        again = self.sweep("--resume")  # It left no run, but it was submitted.
        self.assertEqual(again.returncode, 3, again.stderr)
        self.assertIn("submitted job 41 with 4 points", again.stderr)

    def test_a_dry_run_prints_the_script_and_submits_nothing(self):
        done = self.sweep("--dry-run")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(done.stdout.startswith("# sbatch --parsable "), done.stdout)
        self.assertIn("#!/bin/sh\n", done.stdout)
        self.assertIn("4 of 4 points would be submitted", done.stderr)
        self.assertFalse((self.fake / "asked").exists())
        self.assertFalse((self.folder / "store").exists())


if __name__ == "__main__":
    unittest.main()
