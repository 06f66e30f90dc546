#!/usr/bin/env python3
"""Stands for gradwatt-train on several ranks: marks epochs at once, and does what the flags ask of
files. What it did goes into the file that SIDE names.
"""

import os
import pathlib
import socket
import sys

SAMPLES = 640


def main():
    if sys.argv[1:] == ["--about"]:
        print("libtorch=0\ndevices=cpu,mps")
        return
    workload = sys.argv[1]
    flags = dict(word[2:].split("=", 1) for word in sys.argv[2:] if "=" in word)
    ranks = int(flags["ranks"])
    local = int(flags.get("local-batch", 0)) or int(flags["global-batch"]) // ranks
    samples = round(SAMPLES * float(flags.get("subset", 1)))
    steps = -(-(samples // ranks) // local)
    if not pathlib.Path(flags["data"]).is_dir():
        sys.exit(f"no data in {flags['data']}")
    if "weights" in flags:
        pathlib.Path(flags["weights"]).read_text()
    if workload == "imagenet-classify" and flags.get("eval-train") != "true":
        sys.exit("the study evaluates the training part")
    marks = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    marks.connect(os.environ["GRADWATT_SOCKET"])
    marks.send(f"PARAM=ranks:{ranks}\nPARAM=local_batch:{local}\n"
               f"PARAM=global_batch:{local * ranks}".encode())
    metric = "val_acc:0.5" if workload == "imagenet-classify" else "val_loss:0.2"
    for epoch in range(int(flags["max-epochs"])):
        marks.send(b"EPOCH=%d" % epoch)
        for _ in range(steps * ranks * 2000):
            pass
        marks.send(f"SAMPLES={samples}\nSTEPS={steps}\nMETRIC={metric}\n"
                   f"EPOCH_END={epoch}".encode())
    if "save-weights" in flags:
        pathlib.Path(flags["save-weights"]).write_text("weights")
    with open(os.environ["SIDE"], "a") as side:
        side.write(f"end {workload}/{ranks}/{local}/{flags['seed']}\n")


main()
