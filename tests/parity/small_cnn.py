#!/usr/bin/env python3
"""Prints the reference numbers of the small-cnn model, computed by Python PyTorch.

    python3 tests/parity/small_cnn.py > src/train/models/small_cnn_parity.txt

Weights and images follow formulas, so that no file of numbers has to be shared. Element i (in
row-major order) of parameter k (in the order conv1.weight, conv1.bias, conv2..., fc...) is
0.1 sin(0.37 i + k), image element i is cos(0.11 i), label j is j mod 10.
"""

import torch
import torch.nn.functional as F

BATCH = 8
STEPS = 10
LR, MOMENTUM = 0.05, 0.9


class SmallCnn(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(1, 8, 3, padding=1)
        self.conv2 = torch.nn.Conv2d(8, 16, 3, padding=1)
        self.fc = torch.nn.Linear(784, 10)

    def forward(self, x):
        x = F.relu(F.max_pool2d(self.conv1(x), 2))
        x = F.relu(F.max_pool2d(self.conv2(x), 2))
        return self.fc(x.flatten(1))


def show(name, values):
    for value in values:
        print(name, f"{value:.9g}")


def main():
    torch.set_num_threads(1)
    net = SmallCnn()
    with torch.no_grad():
        for k, p in enumerate(net.parameters()):
            i = torch.arange(p.numel(), dtype=torch.float64)
            p.copy_((0.1 * torch.sin(0.37 * i + k)).float().view_as(p))
    i = torch.arange(BATCH * 784, dtype=torch.float64)
    images = torch.cos(0.11 * i).float().view(BATCH, 1, 28, 28)
    labels = torch.arange(BATCH) % 10

    show("parameters", [sum(p.numel() for p in net.parameters())])
    scores = net(images)
    show("scores", scores[0].tolist())
    optimizer = torch.optim.SGD(net.parameters(), lr=LR, momentum=MOMENTUM)
    losses = []
    for step in range(STEPS):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(images), labels)
        loss.backward()
        if step == 0:
            show("gradient_norms", [p.grad.double().norm().item() for p in net.parameters()])
        losses.append(loss.item())
        optimizer.step()
    show("losses", losses)


main()
