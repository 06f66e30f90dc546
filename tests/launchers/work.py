"""A training of several processes that uses known energies: what launchers are tested with.

    work.py FOLDER EPOCHS

FOLDER/NODE/root is the machine of node NODE, with a fake RAPL counter. In each epoch the process
with local rank 0 lets its node use what FOLDER/NODE/joules says, in whole joules. Every process
sends the marks of a training; only those of rank 0 make the run's epochs.

FOLDER/fail names a rank that exits with 7 instead of finishing its first epoch.
"""

import os
import pathlib
import socket
import sys
import time

STEADY_S = 0.15  # Several readings: the counter stands still around every mark.


def number(*names):
    return next(int(os.environ[name]) for name in names if name in os.environ)


RANK = number("OMPI_COMM_WORLD_RANK", "RANK", "SLURM_PROCID")
RANKS = number("OMPI_COMM_WORLD_SIZE", "WORLD_SIZE", "SLURM_NTASKS")
LOCAL_RANK = number("OMPI_COMM_WORLD_LOCAL_RANK", "LOCAL_RANK", "SLURM_LOCALID")
NODE = os.environ.get("SLURMD_NODENAME", "here")
FOLDER = pathlib.Path(sys.argv[1])


def mark(*lines):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        text = "\n".join((*lines, f"T={time.clock_gettime_ns(time.CLOCK_MONOTONIC)}"))
        sender.sendto(text.encode(), os.environ["GRADWATT_SOCKET"])


def use_energy():
    counter = FOLDER / NODE / "root/sys/class/powercap/intel-rapl:0/energy_uj"
    joules = int((FOLDER / NODE / "joules").read_text())
    after = counter.with_suffix(".new")
    after.write_text(f"{int(counter.read_text()) + joules * 1_000_000}\n")
    after.rename(counter)


def meet(place):
    """Waits until all processes are at `place`."""
    (FOLDER / f"{place}.{RANK}").touch()
    while len(list(FOLDER.glob(f"{place}.*"))) < RANKS:
        time.sleep(0.01)


def main():
    meet("start")
    for epoch in range(int(sys.argv[2])):
        mark(f"EPOCH={epoch}", f"PARAM=ranks:{RANKS}", f"SAMPLES={100 + RANK}")
        meet(f"begun-{epoch}")
        time.sleep(STEADY_S)
        if (FOLDER / "fail").exists() and int((FOLDER / "fail").read_text()) == RANK:
            return 7
        if LOCAL_RANK == 0:
            use_energy()
        time.sleep(STEADY_S)
        meet(f"used-{epoch}")
        mark(f"METRIC=val_acc:{0.5 + 0.1 * epoch}", f"EPOCH_END={epoch}")
        time.sleep(STEADY_S)
    meet("end")
    return 0


if __name__ == "__main__":
    sys.exit(main())
