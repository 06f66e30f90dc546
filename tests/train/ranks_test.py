#!/usr/bin/env python3
"""Training with several ranks: the same gradients as alone, and an end for all when one dies."""

import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from array import array
from pathlib import Path

from trainer import GRADWATT, TRAIN, check, make_data, run

TOLERANCE = 1e-5


def weights(path):
    """The float32 tensors of a safetensors file."""
    data = path.read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    tensors = {}
    for name, entry in json.loads(data[8:8 + size]).items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            begin, end = (8 + size + offset for offset in entry["data_offsets"])
            tensors[name] = array("f", data[begin:end])
    return tensors


def largest_difference(a, b, skip=()):
    check(a.keys() == b.keys(), "the same tensors")
    return max(abs(x - y) for name in a if not name.endswith(skip)
               for x, y in zip(a[name], b[name]))


def train(folder, name, *flags):
    """One training; its weights and its last epoch's line without the speed."""
    file = folder / f"{name}.safetensors"
    text = run(*flags, "--max-epochs=1", "--patience=0", "--threads=1", "--deterministic",
               f"--save-weights={file}")
    line = [line for line in text.splitlines() if line.startswith("epoch")][-1]
    return weights(file), line.rsplit("  ", 1)[0]


def one_step_is_the_gradient(folder, name, flags, cases, skip=()):
    """After a step of plain gradient descent weights differ as gradients do."""
    plain = [*flags, "--optimizer=sgd", "--momentum=0", "--lr=0.1"]
    alone, line = train(folder, "alone", *plain)
    for case, more in cases.items():
        several, other = train(folder, "several", *plain, *more)
        difference = largest_difference(alone, several, skip)
        print(f"{name}, {case}: differs by {difference:.1e}; {other}")
        check(difference < TOLERANCE, f"{name}, {case}: the same weights as alone")
        losses = [float(text.split()[3]) for text in (line, other)]
        check(abs(losses[0] - losses[1]) <= 1e-4, f"{name}, {case}: the same loss")


def nccl_sums_as_gloo(folder, flags):
    """The code that calls NCCL, against a library that does in host memory what NCCL does."""
    library = os.environ["FAKE_NCCL"]
    os.environ |= {"GRADWATT_NCCL_LIB": library, "GRADWATT_CUDART_LIB": library}
    by_gloo, line = train(folder, "gloo", *flags, "--ranks=3", "--comm=gloo")
    by_nccl, other = train(folder, "nccl", *flags, "--ranks=3", "--comm=nccl",
                           "--bucket-bytes=4096")
    check(line == other, f"nccl trains as gloo: {line}, {other}")
    check(largest_difference(by_gloo, by_nccl) < TOLERANCE, "nccl gives gloo's weights")
    os.environ["GRADWATT_NCCL_LIB"] = "/nowhere/libnccl.so.2"
    error = run(*flags, "--ranks=2", "--comm=nccl", status=1)
    check("GRADWATT_NCCL_LIB" in error, f"a missing library is named: {error}")


def free_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


def start_by_environment(flags, world):
    """Ranks as torchrun starts them."""
    port = str(free_port())
    ranks = []
    for rank in range(world):
        place = {"RANK": str(rank), "WORLD_SIZE": str(world), "LOCAL_RANK": str(rank),
                 "LOCAL_WORLD_SIZE": str(world), "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port}
        ranks.append(subprocess.Popen([TRAIN, *flags], env={**os.environ, **place}, text=True,
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE))
    return ranks


def one_epoch_is_done(rank_0):
    for line in rank_0.stdout:
        if line.startswith("epoch"):
            return
    sys.exit(f"rank 0 trained nothing: {rank_0.stderr.read()}")


def a_killed_rank_ends_all(flags, victim):
    ranks = start_by_environment(flags, 3)
    one_epoch_is_done(ranks[0])
    begin = time.monotonic()
    ranks[victim].send_signal(signal.SIGKILL)
    texts = [rank.communicate(timeout=60)[1] for rank in ranks]
    took = time.monotonic() - begin
    print(f"rank {victim} killed: all ended after {took:.1f} s")
    for rank, text in enumerate(texts):
        if rank != victim:
            check(ranks[rank].returncode == 1, f"rank {rank} failed, too")
            # A rank that waited for rank 0 alone notices nothing before rank 0 has ended; then it
            # says that, and rank 0 has said who ended first.
            is_told = f"rank {victim} does not answer" in text
            is_told_by_0 = ("rank 0 does not answer" in text and
                            f"rank {victim} does not answer" in texts[0])
            check(is_told or is_told_by_0, f"rank {rank} says who: {text}")


def a_launcher_and_the_flag_have_to_agree(flags):
    flags = [*flags, "--max-epochs=1"]
    for rank in start_by_environment([*flags, "--ranks=2"], 2):
        text = rank.communicate(timeout=60)[1]
        check(rank.returncode == 0, f"as many ranks as the launcher has started train: {text}")
    for asked in (1, 3):
        for rank in start_by_environment([*flags, f"--ranks={asked}"], 2):
            text = rank.communicate(timeout=60)[1]
            check(rank.returncode == 2, "another number is wrong usage")
            check(f"torchrun has started 2 ranks, and --ranks asks for {asked}" in text, text)
    # Whatever a launcher says; and the ranks that it starts do not start ranks again.
    for rank in start_by_environment([*flags, "--ranks=2", "--alone"], 2):
        text = rank.communicate(timeout=60)[1]
        check(rank.returncode == 0, f"--alone starts its own ranks: {text}")


def children_of(pid):
    listing = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True,
                             text=True, check=False)
    return [int(child) for child in listing.stdout.split()]


def a_killed_rank_of_ours_ends_all(folder, flags):
    """In a measured run, which keeps the reason."""
    os.environ["GRADWATT_STORE"] = str(folder / "store")
    run_of = subprocess.Popen([GRADWATT, "run", "--", TRAIN, *flags, "--ranks=3"],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    one_epoch_is_done(run_of)
    ranks = [rank for child in children_of(run_of.pid) for rank in children_of(child)]
    check(len(ranks) == 3, "three ranks are processes of the launcher")
    os.kill(ranks[1], signal.SIGKILL)
    error = run_of.communicate(timeout=60)[1]
    check(run_of.returncode == 128 + signal.SIGKILL, "the status is that of the rank")
    check("rank 1 of 3 was ended by signal 9" in error, f"it says which rank and why: {error}")
    kept = run("show", "@last", "--json", program=GRADWATT)
    check("rank 1 of 3 was ended by signal 9" in kept, f"the run keeps the reason: {kept}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        make_data("celeba", folder / "celeba", 0.01)
        # 57 samples: a last batch of 9, shared out unevenly.
        fashion = ["fashion-classify", "--train-samples=57", "--val-samples=50"]
        one_step_is_the_gradient(folder, "small-cnn", [*fashion, "--batch=16"], {
            "2 ranks": ["--ranks=2"],
            "4 ranks": ["--ranks=4"],
            "4 ranks, accumulated": ["--ranks=4", "--local-batch=2"],
            "2 ranks, small pieces, no overlap":
                ["--ranks=2", "--bucket-bytes=4096", "--overlap=false"],
        })
        # One step: after several a deep network has made much of the smallest difference.
        resnet = ["celeba-multitask", f"--data={folder / 'celeba'}", "--size=32",
                  "--mirror=false"]
        one_step_is_the_gradient(folder, "resnet18",
                                 [*resnet, "--batch=16", "--train-samples=13", "--alpha=1"], {
            "2 ranks, synced norms, unused head": ["--ranks=2", "--norms=synced"],
            "4 ranks, synced norms, unused head": ["--ranks=4", "--norms=synced"],
        })
        # A last batch of 3 is 2 samples for one rank and 1 for the other: it is left out, or one
        # of them would wait for the other's second statistics for ever.
        run(*resnet, "--train-samples=19", "--max-epochs=1", "--ranks=2", "--norms=synced",
            "--local-batch=1", "--global-batch=16", "--rank-timeout=20")
        # Statistics of four samples each, by one process and by ranks; running means differ.
        one_step_is_the_gradient(folder, "resnet18",
                                 [*resnet, "--batch=16", "--train-samples=16", "--local-batch=4"], {
            "2 ranks, accumulated": ["--ranks=2"],
        }, skip=("running_mean", "running_var"))
        make_data("era5", folder / "era5", 0.001)
        forecast = ["era5-forecast", f"--data={folder / 'era5'}", "--train-samples=7",
                    "--batch=4"]
        # Its last normalisation is never used.
        one_step_is_the_gradient(folder, "afno", forecast, {
            "2 ranks": ["--ranks=2"],
            "4 ranks, the last batch of three": ["--ranks=4"],
            "2 ranks, accumulated": ["--ranks=2", "--local-batch=1"],
        })
        nccl_sums_as_gloo(folder, [*fashion, "--batch=12"])
        many = ["fashion-classify", "--train-samples=3000", "--val-samples=100", "--batch=6",
                "--max-epochs=1000", "--patience=0", "--threads=1"]
        a_launcher_and_the_flag_have_to_agree([*fashion, "--batch=16", "--threads=1"])
        a_killed_rank_ends_all(many, 1)
        a_killed_rank_ends_all(many, 0)
        a_killed_rank_of_ours_ends_all(folder, many)


main()
