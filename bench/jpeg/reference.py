#!/usr/bin/env python3
"""Photographs for a network as Python scripts get them.

    reference.py WAY FOLDER SIZE BATCH WORKERS EPOCHS PACE

WAY: `pil`, what torchvision's ImageFolder and CelebA do with Resize, CenterCrop, ToTensor;
`io`, torchvision.io.decode_jpeg and the same two on bytes, which stay bytes.
WORKERS: of torch.utils.data.DataLoader; 0: in this process. PACE: images a second that the consumer
can take, waiting in between as for a GPU; 0: all there are. Prints what feed_bench prints, without
the first epoch.
"""

import resource
import sys
import time
from pathlib import Path

import torch
import torchvision
from PIL import Image
from torchvision import transforms


class Photographs(torch.utils.data.Dataset):
    def __init__(self, way, folder, size):
        self.files = sorted(map(str, Path(folder).rglob("*.jpg")))
        self.way = way
        cut = [transforms.Resize(size), transforms.CenterCrop(size)]
        self.transform = transforms.Compose(cut + [transforms.ToTensor()] if way == "pil" else cut)

    def __len__(self):
        return len(self.files)

    def __getitem__(self, index):
        if self.way == "pil":
            with open(self.files[index], "rb") as file:
                image = Image.open(file).convert("RGB")
        else:
            image = torchvision.io.decode_jpeg(torchvision.io.read_file(self.files[index]))
        return self.transform(image)


def cpu_s():
    """Of this process and of workers that have ended."""
    return sum(usage.ru_utime + usage.ru_stime for usage in map(
        resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


def epoch(loader, pace):
    """How long it waited for batches."""
    starved_s = 0.0
    asked = time.perf_counter()
    for batch in loader:
        starved_s += time.perf_counter() - asked
        if pace > 0:
            time.sleep(len(batch) / pace)
        asked = time.perf_counter()
    return starved_s


def main():
    way, folder = sys.argv[1:3]
    size, batch, workers, epochs = map(int, sys.argv[3:7])
    pace = float(sys.argv[7])
    torch.set_num_threads(1)
    data = Photographs(way, folder, size)
    # Workers end with their epoch, so that their time is in RUSAGE_CHILDREN.
    loader = torch.utils.data.DataLoader(data, batch_size=batch, shuffle=True,
                                         num_workers=workers)
    epoch(loader, 0)
    cpu_before, begin = cpu_s(), time.perf_counter()
    starved_s = sum(epoch(loader, pace) for _ in range(epochs))
    print(f"images {len(data) * epochs} wall_s {time.perf_counter() - begin:.4f}"
          f" cpu_s {cpu_s() - cpu_before:.4f} starved_s {starved_s:.4f}")


main()
