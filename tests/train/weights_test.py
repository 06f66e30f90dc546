#!/usr/bin/env python3
"""Weights from Python are those of gradwatt-train, and back, in every format."""

import subprocess
import sys
import tempfile
from pathlib import Path

from trainer import SKIPPED, check, run

PYTHON = "/usr/bin/python3"  # Debian's, which has the same libtorch
PARITY = Path(__file__).resolve().parents[1] / "parity"

WRITE = """
import sys, torch
from models import CASES
from safetensors_io import save
torch.manual_seed(3)
model = CASES["small-cnn"][0]()
state = {k: v for k, v in model.state_dict().items() if not k.startswith("fc")}
folder = sys.argv[1]
save(state, folder + "/python.safetensors")
torch.save(model.state_dict(), folder + "/python.pth")
torch.save(model.state_dict(), folder + "/legacy.pth", _use_new_zipfile_serialization=False)
torch.save({"epoch": 3, "state_dict": model.state_dict()}, folder + "/nested.pth")
"""

# The weights that gradwatt-train wrote score in Python what gradwatt-train said they do.
SCORE = """
import gzip, sys, numpy, torch
from models import CASES
from safetensors_io import load
model = CASES["small-cnn"][0]()
print(model.load_state_dict(load(sys.argv[1])))
model.eval()
data = "/usr/share/datasets/fashion-mnist/t10k-"
def idx(name, header):
    with gzip.open(data + name) as f:
        return torch.from_numpy(numpy.frombuffer(f.read(), numpy.uint8, offset=header).copy())
x = (idx("images-idx3-ubyte.gz", 16).view(-1, 1, 28, 28).float() / 255 - 0.2860) / 0.3530
y = idx("labels-idx1-ubyte.gz", 8).long()
with torch.no_grad():
    scores = model(x)
print("loss %.4f acc %.4f" % (torch.nn.functional.cross_entropy(scores, y),
                              (scores.argmax(1) == y).float().mean()))
"""


def python(code, *arguments):
    done = subprocess.run([PYTHON, "-c", code, *map(str, arguments)], capture_output=True,
                          text=True, cwd=PARITY, timeout=200)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return done.stdout


def main():
    if subprocess.run([PYTHON, "-c", "import torch"], capture_output=True).returncode != 0:
        print("needs python3-torch")
        sys.exit(SKIPPED)
    flags = ["--train-samples=2000", "--val-samples=500", "--max-epochs=1", "--threads=1", "--test"]
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        python(WRITE, folder)
        frozen = {}
        for name in ("python.safetensors", "python.pth", "legacy.pth", "nested.pth"):
            out = folder / f"back-{name}.safetensors"
            text = run("fashion-frozen", *flags, f"--encoder={folder / name}",
                       f"--save-encoder={out}")
            frozen[name] = out.read_bytes()
            check("4 tensors from" in text, f"{name} holds the encoder: {text}")
        check(len(set(frozen.values())) == 1, "every format holds the same weights")

        weights = folder / "trained.safetensors"
        said = run("fashion-classify", *flags, f"--save-weights={weights}")
        line = next(line for line in said.splitlines() if line.startswith("test"))
        answer = python(SCORE, weights)
        print(line, "| in Python:", answer.splitlines()[-1])
        loss, accuracy = line.split()[2], line.split()[4]
        check("All keys matched" in answer, answer)
        check(answer.splitlines()[-1] == f"loss {loss} acc {accuracy}", f"{line} is {answer}")

        refusal = run("fashion-frozen", *flags, f"--encoder={Path(__file__)}", status=1)
        check(Path(__file__).name in refusal, f"a file of another kind is named: {refusal}")


main()
