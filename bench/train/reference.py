#!/usr/bin/env python3
"""The training of `gradwatt-train fashion-classify` as one would write it in Python PyTorch.

Good practice for a set that fits into memory: tensors resident, no DataLoader, channels last,
gradients set to none, no number asked for inside an epoch. Prints samples/s of the training
phases of all epochs but the first.
"""

import argparse
import gzip
import time
from pathlib import Path

import numpy
import torch
import torch.nn.functional as F


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


def read_idx(file, header):
    with gzip.open(file) as stream:
        return torch.from_numpy(numpy.frombuffer(stream.read(), numpy.uint8, offset=header).copy())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="/usr/share/datasets/fashion-mnist", type=Path)
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--lr", type=float, default=0.001)
    parser.add_argument("--optimizer", choices=["adam", "sgd"], default="adam")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--train-samples", type=int, default=55000)
    args = parser.parse_args()

    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    count = args.train_samples
    images = read_idx(args.data / "train-images-idx3-ubyte.gz", 16).view(-1, 28, 28, 1)[:count]
    images = ((images.float() / 255 - 0.2860) / 0.3530).permute(0, 3, 1, 2)
    labels = read_idx(args.data / "train-labels-idx1-ubyte.gz", 8)[:count].long()

    net = SmallCnn().to(memory_format=torch.channels_last)
    if args.optimizer == "sgd":
        optimizer = torch.optim.SGD(net.parameters(), lr=args.lr, momentum=0.9)
    else:
        optimizer = torch.optim.Adam(net.parameters(), lr=args.lr)
    time_s = 0.0
    for epoch in range(args.epochs):
        begin = time.perf_counter()
        order = torch.randperm(count)
        loss_sum = torch.zeros((), dtype=torch.float64)
        for first in range(0, count, args.batch):
            batch = order[first : first + args.batch]
            loss = F.cross_entropy(net(images[batch]), labels[batch])
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            loss_sum += loss.detach() * len(batch)
        loss_sum.item()
        if epoch > 0:
            time_s += time.perf_counter() - begin
    print(f"training {(args.epochs - 1) * count / time_s:.0f} samples/s")


main()
