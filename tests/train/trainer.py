"""Starts gradwatt-train for the tests beside this file."""

import os
import subprocess
import sys

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
