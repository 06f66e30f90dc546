#!/usr/bin/env python3
"""Stands for gradwatt-train: marks epochs at once, and does what the flags ask of files.

What it did goes into the file that SIDE names. BROKEN names a training that fails, GATE a file
without which none ends.
"""

import os
import pathlib
import socket
import sys
import time

BATCHES = {"64": 4, "256": 2, "1024": 1, "4096": 1}
RATES = {"1e-1": 3, "1e-2": 2, "1e-3": 3, "1e-4": 5}
LENGTH = {"joint": 2, "pretrain": 4, "frozen": 1, "unfrozen": 2, "identity": 2, "attributes": 3,
          "multitask": 2}


def main():
    workload = sys.argv[1]
    flags = dict(word[2:].split("=", 1) for word in sys.argv[2:] if "=" in word)
    batch, rate = flags["batch"], flags["lr"]
    name = f"{workload}/{batch}/{rate}"
    with open(os.environ["SIDE"], "a") as side:
        side.write(f"start {name}\n")
    if os.environ.get("BROKEN") == name:
        sys.exit("no such memory")
    if "data" in flags and not pathlib.Path(flags["data"]).is_dir():
        sys.exit(f"no data in {flags['data']}")
    if "encoder" in flags:
        pathlib.Path(flags["encoder"]).read_text()
    gate = os.environ.get("GATE")
    deadline = time.monotonic() + 60
    while gate and not pathlib.Path(gate).exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    paradigm = workload.split("-")[1]
    marks = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    marks.connect(os.environ["GRADWATT_SOCKET"])
    metric = "val_loss:0.1" if paradigm == "pretrain" else "val_acc:0.9"
    for epoch in range(LENGTH[paradigm] * RATES[rate]):
        marks.send(b"EPOCH=%d" % epoch)
        for _ in range(BATCHES[batch] * 2000):
            pass
        marks.send(f"METRIC={metric}\nEPOCH_END={epoch}".encode())
    if "save-encoder" in flags:
        pathlib.Path(flags["save-encoder"]).write_text(name)
    with open(os.environ["SIDE"], "a") as side:
        side.write(f"end {name}\n")


main()
