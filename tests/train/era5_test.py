#!/usr/bin/env python3
"""ERA5 forecasts: made data are learnt, two steps go on from the weights of one, and what does not
fit is refused."""

import subprocess
import tempfile
from pathlib import Path

from trainer import GRADWATT, check, make_data, run

QUICK = ["--batch=4", "--threads=1", "--width=32", "--depth=2", "--afno-blocks=4"]


def numbers(text, name):
    """The values of a metric, epoch by epoch."""
    return [float(line.split(f" {name} ")[1].split()[0])
            for line in text.splitlines() if line.startswith("epoch")]


def learns(data, weights):
    flags = ["era5-forecast", f"--data={data}", *QUICK, "--lr=2e-3", "--max-epochs=2"]
    text = run(*flags, f"--save-weights={weights}", "--test")
    check("32 of 33 rows are used" in text, text)
    losses = numbers(text, "train_loss")
    check(losses[1] < 0.9 * losses[0], f"the loss falls: {losses}")
    check(numbers(text, "val_acc_z500")[1] > 0.2, text)
    check("test_rmse_u10" in text, text)
    again = run(*flags, "--input=resident")
    check(numbers(again, "val_loss") == numbers(text, "val_loss"), f"resident is streamed: {again}")


def goes_on(data, weights):
    flags = ["era5-finetune", f"--data={data}", *QUICK, "--max-epochs=2"]
    text = run(*flags, f"--weights={weights}")
    check("weights: 30 tensors" in text, text)
    losses = numbers(text, "val_loss")
    fresh = numbers(run("era5-forecast", f"--data={data}", *QUICK, "--max-epochs=1", "--lr=1e-9"),
                    "val_loss")
    check(losses[0] < 2 * fresh[0], f"it starts from what was learnt: {losses} beside {fresh}")
    check(losses[1] < losses[0], f"and goes on: {losses}")
    check("--weights" in run(*flags, status=2), "finetune starts from nothing")
    deeper = [flag.replace("--depth=2", "--depth=3") for flag in flags]
    refusal = run(*deeper, f"--weights={weights}", status=1)
    check("blocks.2" in refusal and "missing" in refusal, refusal)


def refuses(data):
    flags = ["era5-forecast", f"--data={data}", *QUICK, "--max-epochs=1"]
    check("u11" in run(*flags, "--channels=u10,u11", status=2), "channels that are not there")
    check("fields" in run(*flags, "--model=small-cnn", status=2), "a model of images")
    stats = next(data.rglob("global_means.npy"))
    good = stats.read_bytes()
    stats.unlink()
    check("global_means.npy" in run(*flags, status=1), "statistics that are missing")
    stats.write_bytes(good)
    year = sorted(data.rglob("train/*.h5"))[1]
    year.write_bytes(year.read_bytes()[:-1000])
    check(year.name in run(*flags, status=1), "a year that was cut off")
    report = subprocess.run([GRADWATT, "data", "check", data], capture_output=True, text=True)
    check(report.returncode == 1 and year.name in report.stdout, report.stdout + report.stderr)


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        make_data("era5", folder / "era5", 0.001)
        learns(folder / "era5", folder / "one_step.safetensors")
        goes_on(folder / "era5", folder / "one_step.safetensors")
        refuses(folder / "era5")


main()
