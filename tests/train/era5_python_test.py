#!/usr/bin/env python3
"""What gradwatt-train says of a forecast is what h5py, numpy and PyTorch compute of the same files
and weights; and it takes FourCastNet's own kind of checkpoint."""

import subprocess
import sys
import tempfile
from pathlib import Path

from trainer import SKIPPED, check, make_data, run

PYTHON = "/usr/bin/python3"  # Debian's, which has the same libtorch
PARITY = Path(__file__).resolve().parents[1] / "parity"
SHAPE = "20, 32, 64, patch=4, embed=32, depth=2, blocks=4"
FLAGS = ["--width=32", "--depth=2", "--afno-blocks=4", "--batch=4", "--threads=1", "--max-epochs=1",
         "--val-samples=9"]

SCORE = """
import sys, h5py, numpy, torch
from pathlib import Path
from models import Afno, relative_l2
from safetensors_io import load
data, weights, steps = Path(sys.argv[1]) / "era5", sys.argv[2], int(sys.argv[3])
model = Afno(SHAPE)
print(model.load_state_dict(load(weights)))
C, H = 20, 32
mean = torch.from_numpy(numpy.load(data / "stats/global_means.npy")[0, :C])
std = torch.from_numpy(numpy.load(data / "stats/global_stds.npy")[0, :C])
clim = (torch.from_numpy(numpy.load(data / "stats/time_means.npy")[0, :C, :H]) - mean) / std
lat = 90 - numpy.arange(H) * 180 / (H - 1)
cosine = numpy.clip(numpy.cos(numpy.radians(lat)), 0, None)
w = torch.from_numpy(H * cosine / cosine.sum()).float().view(-1, 1)
fields = h5py.File(next((data / "test").glob("*.h5")))["fields"]
n = fields.shape[0]
losses, rmses, accs = [], [], []
with torch.no_grad():
    for k in range(9):
        i = k * n // 9
        times = [i, min(i + 1, n - 1)] if steps == 1 else [min(i, n - 3) + j for j in range(3)]
        x = [(torch.from_numpy(fields[t, :C, :H]).unsqueeze(0) - mean) / std for t in times]
        p, loss = x[0], 0
        for target in x[1:]:
            p = model(p)
            loss += relative_l2(p, target)
        losses.append(loss)
        d, a, b = p - x[-1], p - clim, x[-1] - clim
        rmses.append((w * d ** 2).mean((2, 3)).sqrt()[0] * std.view(-1))
        accs.append(((w * a * b).sum((2, 3)) / ((w * a * a).sum((2, 3))
                                              * (w * b * b).sum((2, 3))).sqrt())[0])
mean_of = lambda values: torch.stack(values).mean(0)
print("val_loss %.4f val_rmse_u10 %.4f val_acc_z500 %.4f val_rmse_t2m %.4f" % (
    mean_of(losses), mean_of(rmses)[0], mean_of(accs)[14], mean_of(rmses)[2]))
""".replace("SHAPE", SHAPE)

WRITE = f"""
import sys, torch
from models import Afno
torch.manual_seed(5)
model = Afno({SHAPE})
torch.save({{"iters": 3, "model_state": {{"module." + k: v for k, v in model.state_dict().items()}},
            "optimizer_state_dict": {{"state": {{}}}}}}, sys.argv[1])
"""


def python(code, *arguments):
    done = subprocess.run([PYTHON, "-c", code, *map(str, arguments)], capture_output=True,
                          text=True, cwd=PARITY, timeout=200)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return done.stdout


def agrees(said, answer):
    """Compares each number of Python's last line with the one that gradwatt-train printed."""
    check("All keys matched" in answer, answer)
    words = answer.splitlines()[-1].split()
    for name, value in zip(words[::2], words[1::2]):
        ours = float(said.split(f" {name} ")[1].split()[0])
        print(f"{name}: {ours}, in Python {value}")
        check(abs(ours - float(value)) <= 2e-4 * max(1, abs(ours)), f"{name} is {ours}")


def epoch(text):
    return next(line for line in text.splitlines() if line.startswith("epoch"))


def main():
    if subprocess.run([PYTHON, "-c", "import torch, h5py"], capture_output=True).returncode != 0:
        print("needs python3-torch and python3-h5py")
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        data = folder / "data"
        make_data("era5", data, 0.001)
        first = folder / "first.safetensors"
        said = epoch(run("era5-forecast", f"--data={data}", *FLAGS, f"--save-weights={first}"))
        agrees(said, python(SCORE, data, first, 1))
        second = folder / "second.safetensors"
        said = epoch(run("era5-finetune", f"--data={data}", *FLAGS, f"--weights={first}",
                         f"--save-weights={second}"))
        agrees(said, python(SCORE, data, second, 2))
        python(WRITE, folder / "best_ckpt.tar")
        text = run("era5-finetune", f"--data={data}", *FLAGS,
                   f"--weights={folder / 'best_ckpt.tar'}")
        check("weights: 30 tensors" in text, text)


main()
