"""Starts gradwatt-train for the tests beside this file."""

import os
import random
import subprocess
import sys
import time

TRAIN = os.environ["GRADWATT_TRAIN"]
GRADWATT = os.environ["GRADWATT"]
SKIPPED = 77


def run(*arguments, program=TRAIN, status=0):
    """Runs it to its end; what it printed on stdout, or on stderr when it had to fail."""
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True,
                          timeout=250)
    if done.returncode != status:
        sys.exit(f"{' '.join(map(str, arguments))}: status {done.returncode} instead of {status}\n"
                 f"{done.stdout}{done.stderr}")
    return done.stderr if status else done.stdout


def make_data(kind, folder, scale):
    run("data", "make", kind, "--out", folder, "--scale", scale, program=GRADWATT)


def check(holds, what):
    if not holds:
        sys.exit(f"does not hold: {what}")


def killed_and_resumed(flags, checkpoint, kills, seed):
    """Kills the training `kills` times at random moments; the text of the run that ended."""
    chance = random.Random(seed)
    resumed = 0
    command = [TRAIN, *flags, f"--checkpoint={checkpoint}", "--checkpoint-steps=3", "--resume"]
    for _ in range(kills):
        child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        while not checkpoint.exists() and child.poll() is None:
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 0.5))
        child.kill()
        resumed += child.wait() != 0
        child.communicate()
    return run(*command[1:]), resumed


def final_lines(text):
    """What must agree: the last epoch, the best one, the test scores."""
    lines = [line.rsplit("  ", 1)[0] for line in text.splitlines()
             if line.startswith(("epoch", "best", "test"))]
    return lines[-3:]
