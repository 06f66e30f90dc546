#!/usr/bin/env python3
"""The trainings of gradwatt-train as one would write them in Python PyTorch.

With --loader resident: good practice for a set that fits into memory: tensors resident, no
DataLoader, channels last for images, gradients set to none, no number asked for inside an epoch.
With --loader dataloader: the usual script, a DataLoader over a TensorDataset and torch.optim.
With --loader jpeg: the usual script for photographs, a DataLoader whose workers read and decode the
.jpg files below --data with torchvision's Resize, CenterCrop, ToTensor and Normalize.
Inputs of Fashion-MNIST are the real ones; for the other models random numbers of the same shape,
which take as long. Prints samples/s of the training phases of all epochs but the first.
Under torchrun's variables: DistributedDataParallel over Gloo, --batch over all ranks.
"""

import argparse
import gzip
import os
import resource
import sys
import time
from pathlib import Path

import numpy
import torch
import torch.nn.functional as F

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests/parity"))
from models import HarCnn, ResNet, SmallCnn  # noqa: E402

RANK, RANKS = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))


def read_idx(file, header):
    with gzip.open(file) as stream:
        return torch.from_numpy(numpy.frombuffer(stream.read(), numpy.uint8, offset=header).copy())


def fashion(args):
    images = read_idx(args.data / "train-images-idx3-ubyte.gz", 16).view(-1, 28, 28, 1)
    labels = read_idx(args.data / "train-labels-idx1-ubyte.gz", 8).long()
    images = ((images[:args.train_samples].float() / 255 - 0.2860) / 0.3530).permute(0, 3, 1, 2)
    return SmallCnn(), images, labels[:args.train_samples]


def windows(args):
    x = torch.randn(args.train_samples, args.channels, args.window)
    return HarCnn(args.channels), x, torch.randint(12, (args.train_samples,))


class Photographs(torch.utils.data.Dataset):
    """Each with its index, which chooses the label."""

    def __init__(self, args):
        from torchvision import transforms
        self.files = sorted(map(str, args.data.rglob("*.jpg")))[:args.train_samples]
        self.transform = transforms.Compose([
            transforms.Resize(args.size), transforms.CenterCrop(args.size), transforms.ToTensor(),
            transforms.Normalize((0.5, 0.5, 0.5), (0.25, 0.25, 0.25))])

    def __len__(self):
        return len(self.files)

    def __getitem__(self, index):
        from PIL import Image
        with open(self.files[index], "rb") as file:
            return self.transform(Image.open(file).convert("RGB")), index


def faces(args):
    net = ResNet((2, 2, 2, 2), False)
    labels = torch.randint(40, (args.train_samples,))
    if args.loader == "jpeg":
        return net, Photographs(args), labels
    x = torch.randn(args.train_samples, args.size, args.size, 3).permute(0, 3, 1, 2)
    return net, x, labels


def batches(args, inputs, labels):
    if args.loader == "jpeg":
        loader = torch.utils.data.DataLoader(inputs, batch_size=args.batch, shuffle=True,
                                             num_workers=args.workers)
        for x, chosen in loader:
            yield x.contiguous(memory_format=torch.channels_last), labels[chosen]
        return
    if args.loader == "dataloader":
        data = torch.utils.data.TensorDataset(inputs, labels)
        yield from torch.utils.data.DataLoader(data, batch_size=args.batch, shuffle=True,
                                               num_workers=args.workers)
        return
    order = torch.randperm(len(labels))
    share = args.batch // RANKS
    for first in range(RANK * share, len(labels), args.batch):
        chosen = order[first:first + share]
        yield inputs[chosen], labels[chosen]


class Waits:
    """Passes items on and adds up how long they took to come."""

    time_s = 0.0

    def over(self, items):
        asked = time.perf_counter()
        for item in items:
            self.time_s += time.perf_counter() - asked
            yield item
            asked = time.perf_counter()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="/usr/share/datasets/fashion-mnist", type=Path)
    parser.add_argument("--model", choices=["small-cnn", "har-cnn", "resnet18"],
                        default="small-cnn")
    parser.add_argument("--loader", choices=["resident", "dataloader", "jpeg"], default="resident")
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--channels", type=int, default=27)
    parser.add_argument("--window", type=int, default=168)
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--lr", type=float, default=0.001)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--train-samples", type=int, default=55000)
    args = parser.parse_args()

    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    make = {"small-cnn": fashion, "har-cnn": windows, "resnet18": faces}[args.model]
    net, inputs, labels = make(args)
    if args.model != "har-cnn":
        net = net.to(memory_format=torch.channels_last)
    if RANKS > 1:
        torch.distributed.init_process_group("gloo")
        net = torch.nn.parallel.DistributedDataParallel(net)
    optimizer = torch.optim.Adam(net.parameters(), lr=args.lr)
    time_s, all_s, waits = 0.0, 0.0, Waits()
    for epoch in range(args.epochs):
        begin = time.perf_counter()
        net.train()
        loss_sum = torch.zeros((), dtype=torch.float64)
        for x, y in waits.over(batches(args, inputs, labels)):
            loss = F.cross_entropy(net(x), y)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            loss_sum += loss.detach() * len(y)
        loss_sum.item()
        epoch_s = time.perf_counter() - begin
        all_s += epoch_s
        time_s += epoch_s if epoch > 0 else 0
    if RANK > 0:
        return
    if args.loader == "jpeg":
        print(f"waited {waits.time_s:.2f} s of {all_s:.2f} s for samples")
    print(f"training {(args.epochs - 1) * args.train_samples / time_s:.1f} samples/s")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


main()
