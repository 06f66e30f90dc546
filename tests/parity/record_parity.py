#!/usr/bin/env python3
"""Records what Python PyTorch computes, for the parity tests of every model.

    python3 tests/parity/record_parity.py [NAME...]    writes src/train/models/NAME_parity.txt

Weights and inputs follow formulas, so that no file of numbers has to be shared. u(i, k) is a number
from -1 to 1 that mixes the bits of i and k (see `noise`). Element i (in row-major order) of
parameter k (in the order of named_parameters()) is

    u(i, k) * sqrt(6 / inputs)     for weights with more than one dimension, `inputs` being their
                                   elements divided by their first dimension
    1 + 0.1 u(i, k)                for the weights of normalisations
    0.1 u(i, k)                    for biases

element i of the inputs is u(i, 1000), of the fields to forecast u(i, 2000), label j is j mod
classes. Dropout is off, normalisations are in training mode. Twenty steps of SGD with momentum 0.9
follow. Weights and inputs are rounded to float32; the deepest network then computes in float64,
because in float32 processors with other vector units differ by more than the parity asked for.
"""

import sys
from pathlib import Path

import torch
import torch.nn.functional as F

from models import CASES, FORECASTS, relative_l2, without_dropout

STEPS = 20
MOMENTUM = 0.9
FOLDER = Path(__file__).resolve().parents[2] / "src/train/models"


def noise(count, k):
    x = torch.arange(count, dtype=torch.int64) + k * 1_000_003
    for _ in range(2):
        x = ((x ^ (x >> 16)) * 0x45D9F3B) % 2**32
    x = x ^ (x >> 16)
    return x.double() / 2**31 - 1


def fill(model):
    with torch.no_grad():
        for k, (name, p) in enumerate(model.named_parameters()):
            u = noise(p.numel(), k).view(p.shape)
            if p.dim() > 1:
                value = u * (6 / (p.numel() / p.shape[0])) ** 0.5
            elif name.endswith("weight"):
                value = 1 + 0.1 * u
            else:
                value = 0.1 * u
            p.copy_(value.float())


def record(name):
    make, shape, classes = (*FORECASTS[name], None) if name in FORECASTS else CASES[name]
    # A deep network on four images is chaotic at larger rates: rounding would decide its course.
    lr = 0.001 if name.startswith("resnet") else 0.01
    model = without_dropout(make())
    fill(model)
    kind = torch.float64 if name == "resnet50" else torch.float32
    model.to(kind)
    count = 1
    for size in shape:
        count *= size
    inputs = noise(count, 1000).float().view(shape).to(kind)
    labels = None if classes is None else torch.arange(shape[0]) % classes
    fields = noise(count, 2000).float().view(shape)

    def loss_of(scores):
        if name in FORECASTS:
            return relative_l2(scores, fields)
        return F.mse_loss(scores, inputs) if labels is None else F.cross_entropy(scores, labels)

    lines = []

    def show(what, values):
        lines.extend(f"{what} {value:.9g}" for value in values)

    show("lr", [lr])
    show("parameters", [sum(p.numel() for p in model.parameters())])
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=MOMENTUM)
    losses = []
    for step in range(STEPS):
        optimizer.zero_grad()
        scores = model(inputs)
        loss = loss_of(scores)
        loss.backward()
        if step == 0:
            show("scores", scores.flatten().tolist()[:100])
            gradients = [torch.zeros_like(p) if p.grad is None else p.grad
                         for p in model.parameters()]
            show("gradient_norms", [g.double().norm().item() for g in gradients])
            show("gradient_first", [g.flatten()[0].item() for g in gradients])
        losses.append(loss.item())
        optimizer.step()
    show("losses", losses)
    file = FOLDER / f"{name.replace('-', '_')}_parity.txt"
    file.write_text("\n".join(lines) + "\n")
    print(file.name, len(lines), "numbers, losses", losses[0], "to", losses[-1])


def main():
    torch.set_num_threads(1)
    for name in sys.argv[1:] or [*CASES, *FORECASTS]:
        record(name)


main()
