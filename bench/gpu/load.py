#!/usr/bin/env python3
"""load BUSY_MS IDLE_MS SECONDS PHASE_MS, as load.cu, through PyTorch where there is no nvcc."""

import sys
import time

import torch


def main():
    busy, idle, length, phase = (float(word) for word in sys.argv[1:5])
    period = (busy + idle) * 1e-3
    end = time.monotonic() + length
    torch.zeros(1, device="cuda")
    if busy == 0:
        time.sleep(length)
        return
    a = torch.randn(2048, 2048, device="cuda")
    while time.monotonic() < end:
        begin = ((time.monotonic() - phase * 1e-3) // period + 1) * period + phase * 1e-3
        time.sleep(max(0, begin - time.monotonic()))
        while time.monotonic() < begin + busy * 1e-3:
            a @ a
            torch.cuda.synchronize()


if __name__ == "__main__":
    main()
