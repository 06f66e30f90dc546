#!/usr/bin/env python3
"""Photographs in folders and in tar archives train alike, to the bit; a training whose rate follows
its losses goes on exactly after it was killed; damaged photographs and archives are named."""

import tempfile
from pathlib import Path

from trainer import GRADWATT, check, final_lines, killed_and_resumed, make_data, run

FLAGS = ["imagenet-classify", "--model=small-cnn", "--size=32", "--batch=16", "--threads=1",
         "--deterministic", "--eval-train", "--warmup-epochs=1", "--plateau-patience=0",
         "--plateau-threshold=0.2"]


def epochs(text):
    """The lines of the epochs without the speed at their end."""
    return [line.rsplit("  ", 1)[0] for line in text.splitlines() if line.startswith("epoch")]


def train_alike(folder, photographs, shards):
    """Folders with two threads, archives with one."""
    files = [folder / "folders.safetensors", folder / "shards.safetensors"]
    flags = [*FLAGS, "--max-epochs=3", "--subset=1/2"]
    first = run(*flags, f"--data={photographs}", "--workers=2", f"--save-weights={files[0]}")
    second = run(*flags, f"--data={shards}", "--workers=1", f"--save-weights={files[1]}")
    check("64 samples to train on, 10 to validate" in first, f"half of the photographs: {first}")
    check("val_top5" in first and "eval_train_acc" in first, f"all scores: {first}")
    check(epochs(first) == epochs(second), f"the same scores:\n{first}{second}")
    check(files[0].read_bytes() == files[1].read_bytes(), "the same weights")


def go_on_after_a_kill(folder, photographs):
    files = [folder / "straight.safetensors", folder / "resumed.safetensors"]
    flags = [*FLAGS, f"--data={photographs}", "--max-epochs=6"]
    straight = run(*flags, f"--save-weights={files[0]}")
    resumed, kills = killed_and_resumed([*flags, f"--save-weights={files[1]}"],
                                        folder / "state.checkpoint", 3, 5)
    print(f"killed {kills} times;", final_lines(resumed)[-1])
    check(files[0].read_bytes() == files[1].read_bytes(), "the same weights after kills")
    check(final_lines(straight)[-1] == final_lines(resumed)[-1], "the same end after kills")


def name_what_is_damaged(photographs, shards):
    shard = shards / "train/train-0000.tar"
    whole = shard.read_bytes()
    shard.write_bytes(whole[:len(whole) // 2])
    for refusal in (run(*FLAGS, f"--data={shards}", status=1),
                    run("data", "check", shards, program=GRADWATT, status=1)):
        check("train-0000.tar, byte " in refusal, f"archive and byte are named: {refusal}")
    photograph = photographs / "train/n00000003/n00000003_0000030.JPEG"
    photograph.write_bytes(photograph.read_bytes()[:2000])
    refusal = run(*FLAGS, f"--data={photographs}", status=1)
    check(f"{photograph}: is damaged" in refusal, f"the photograph is named: {refusal}")
    for flags, name in ((["--input=resident"], "--train-crop centre"), (["--test"], "no part"),
                        (["--nesterov", "--optimizer=lars"], "--nesterov")):
        refusal = run(*FLAGS, f"--data={photographs}", *flags, status=2)
        check(name in refusal, f"{flags} is refused: {refusal}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        photographs, shards = folder / "photographs", folder / "shards"
        make_data("imagenet", photographs, 0.0001)
        make_data("imagenet-tar", shards, 0.0001)
        train_alike(folder, photographs, shards)
        go_on_after_a_kill(folder, photographs)
        name_what_is_damaged(photographs, shards)


main()
