#!/usr/bin/env python3
"""Damaged data is refused with file and line, or left out when that was asked for."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from trainer import GRADWATT, check, make_data, run

QUICK = ["--max-epochs=1", "--threads=1", "--batch=16"]


def pamap2(folder):
    data = folder / "pamap2"
    make_data("pamap2", data, 0.01)
    flags = ["pamap2-classify", "--window=64", "--step=32", *QUICK]
    victim = next(data.rglob("subject103.dat"))
    good = victim.read_text().splitlines(keepends=True)

    def with_line(number, text):
        victim.write_text("".join([*good[:number - 1], text + "\n", *good[number:]]))
        return run(*flags, f"--data={data}", status=1)

    refusal = with_line(100, " ".join(["1"] * 53))
    check("subject103.dat:100" in refusal and "53" in refusal, refusal)
    refusal = with_line(77, good[76].split(" ", 1)[0] + " x" + good[76][20:].rstrip())
    check("subject103.dat:77" in refusal, refusal)
    words = good[200].split()
    missing = " ".join(words[:2] + ["NaN"] * 52) + "\n"
    victim.write_text("".join([*good[:200], missing, *good[201:]]))
    run(*flags, f"--data={data}")  # one reading that is missing is bridged
    victim.write_text("".join(good))
    shutil.move(next(data.rglob("subject106.dat")), folder / "away.dat")
    refusal = run(*flags, f"--data={data}", status=1)
    check("106" in refusal, refusal)
    refusal = run(*flags, f"--data={folder / 'nowhere'}", status=1)
    check("nowhere" in refusal, refusal)


def celeba(folder):
    data = folder / "celeba"
    make_data("celeba", data, 0.002)
    flags = ["celeba-identity", f"--data={data}", "--size=32", "--model=small-cnn", *QUICK]
    run(*flags)
    images = sorted(data.rglob("*.jpg"))
    damaged = images[:: len(images) // 4][:4]
    for image in damaged:
        image.write_bytes(image.read_bytes()[: image.stat().st_size // 2])
    refusal = run(*flags, status=1)
    check(any(image.name in refusal for image in damaged), refusal)
    check("--damaged skip" in refusal, refusal)
    told = run(*flags, "--damaged=skip")
    check(all(f"{image.name}" in told for image in damaged), told)
    streamed = run(*flags, "--input=streamed", status=1)
    check(any(image.name in streamed for image in damaged), streamed)
    report = subprocess.run([GRADWATT, "data", "check", data], capture_output=True, text=True)
    check(report.returncode == 1 and all(image.name in report.stdout for image in damaged),
          report.stdout + report.stderr)

    bomb = bytearray(images[-1].read_bytes())
    place = next(i for i in range(len(bomb)) if bomb[i] == 0xFF and bomb[i + 1] in (0xC0, 0xC2))
    bomb[place + 5:place + 9] = b"\xff\xff\xff\xff"  # 65535 x 65535 pixels
    images[-1].write_bytes(bomb)
    told = run(*flags, "--damaged=skip")
    check(images[-1].name in told, told)


def main():
    with tempfile.TemporaryDirectory() as folder:
        pamap2(Path(folder))
        celeba(Path(folder))


main()
