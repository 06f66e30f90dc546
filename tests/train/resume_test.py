#!/usr/bin/env python3
"""A training that is killed at a random step and resumed ends with the same weights, to the bit."""

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from trainer import TRAIN, check, make_data, run


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


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        make_data("pamap2", folder / "pamap2", 0.01)
        make_data("era5", folder / "era5", 0.001)
        cases = {
            "pamap2": ["pamap2-joint", f"--data={folder / 'pamap2'}", "--window=64", "--step=16",
                       "--batch=32", "--lr=1e-3"],
            "fashion": ["fashion-multitask", "--train-samples=3000", "--val-samples=500",
                        "--batch=64", "--lr=1e-2"],
            "era5": ["era5-forecast", f"--data={folder / 'era5'}", "--batch=4", "--width=32"],
        }
        for name, flags in cases.items():
            flags = [*flags, "--max-epochs=6", "--patience=0", "--threads=1", "--deterministic",
                     "--test"]
            straight = folder / f"{name}-straight.safetensors"
            resumed = folder / f"{name}-resumed.safetensors"
            text = run(*flags, f"--save-weights={straight}")
            again, kills = killed_and_resumed([*flags, f"--save-weights={resumed}"],
                                              folder / f"{name}.checkpoint", 3, len(name))
            print(f"{name}: killed {kills} times;", final_lines(again)[-1])
            check(straight.read_bytes() == resumed.read_bytes(), f"{name}: the same weights")
            check(final_lines(text)[-2:] == final_lines(again)[-2:], f"{name}: the same metrics")
            check(not list(folder.glob("*.part")), "nothing half written is left")
        state = f"--checkpoint={folder / 'fashion.checkpoint'}"
        other = [flag.replace("--lr=1e-2", "--lr=1e-1") for flag in cases["fashion"]]
        refusal = run(*other, state, "--max-epochs=6", "--patience=0", "--threads=1",
                      "--deterministic", "--test", "--resume", status=1)
        check("other settings" in refusal, f"another learning rate is refused: {refusal}")
        refusal = run(*cases["fashion"], state, status=2)
        check("--resume" in refusal, f"a checkpoint is not overwritten unasked: {refusal}")


main()
