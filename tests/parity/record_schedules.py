#!/usr/bin/env python3
"""Prints what PyTorch's schedules, and LARS in plain Python, give: the numbers that the tests of
src/train/learning_rate.h, plateau.h, lars.h and class_task.h compare with."""

import math

import torch

LOSSES = [2.0, 1.5, 1.4999, 1.6, 1.4, 1.39999, 1.45, 1.41, 1.3, 1.31, 1.30001, 1.2999, 1.35, 1.2]


def optimizer(lr):
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=lr)


def rates(make, epochs, losses=None):
    chosen = optimizer(0.8)
    schedule = make(chosen)
    seen = []
    for epoch in range(epochs):
        seen.append(chosen.param_groups[0]["lr"])
        chosen.step()
        schedule.step(*([] if losses is None else [losses[epoch]]))
    return seen


def lars(weights, gradients, steps, lr, momentum, decay, trust):
    """You et al., Algorithm 1, number by number. One-dimensional parameters are not adapted."""
    velocity = [[0.0] * len(w["values"]) for w in weights]
    for _ in range(steps):
        for w, g, v in zip(weights, gradients, velocity):
            length = math.sqrt(sum(x * x for x in w["values"]))
            slope = math.sqrt(sum(x * x for x in g))
            below = slope + decay * length
            adapted = w["dimensions"] > 1
            rate = trust * length / below if adapted and length > 0 and below > 0 else 1.0
            for i, x in enumerate(g):
                pull = x + (decay * w["values"][i] if adapted else 0.0)
                v[i] = momentum * v[i] + lr * rate * pull
                w["values"][i] -= v[i]
    return [w["values"] for w in weights]


def show(name, numbers):
    print(name, ", ".join(f"{x:.9g}" for x in numbers))


def main():
    schedules = torch.optim.lr_scheduler
    show("cosine", rates(lambda o: schedules.CosineAnnealingLR(o, T_max=10), 10))
    show("milestones", rates(lambda o: schedules.MultiStepLR(o, [3, 6, 8], 0.1), 10))
    show("step", rates(lambda o: schedules.StepLR(o, 4, 0.5), 10))
    show("plateau", rates(lambda o: schedules.ReduceLROnPlateau(o, factor=0.5, patience=1),
                          len(LOSSES), LOSSES))
    weights = [{"dimensions": 2, "values": [0.5, -1.0, 2.0, 0.25]},
               {"dimensions": 1, "values": [0.3, -0.4]},
               {"dimensions": 2, "values": [0.0, 0.0]}]
    gradients = [[0.1, 0.2, -0.3, 0.05], [0.2, 0.1], [0.4, -0.2]]
    for values in lars(weights, gradients, 3, 0.5, 0.9, 0.01, 0.02):
        show("lars", values)
    scores = torch.tensor([[2.0, -1.0, 0.5], [0.1, 0.2, 0.3]])
    for smoothing in (0.0, 0.1):
        loss = torch.nn.functional.cross_entropy(scores, torch.tensor([0, 1]),
                                                 label_smoothing=smoothing)
        show(f"smoothing {smoothing}", [loss.item()])


main()
