#!/usr/bin/env python3
"""A training that is killed at a random step and resumed ends with the same weights, to the bit."""

import tempfile
from pathlib import Path

from trainer import check, final_lines, killed_and_resumed, make_data, run


def other_data_and_weights_are_refused(folder, joint):
    """The same folder name with other recordings, an option of its windows, another encoder."""
    short = ["--max-epochs=1", "--patience=0", "--threads=1"]
    encoders = [folder / "first.safetensors", folder / "second.safetensors"]
    for seed, encoder in enumerate(encoders):
        run("pamap2-pretrain", *joint[1:], *short, f"--seed={seed}", f"--save-encoder={encoder}")
    flags = ["pamap2-frozen", *joint[1:], *short, f"--checkpoint={folder / 'frozen.checkpoint'}",
             "--resume"]
    run(*flags, f"--encoder={encoders[0]}")
    refusal = run(*flags, f"--encoder={encoders[1]}", status=1)
    check("weights_fingerprint" in refusal, f"another encoder is refused: {refusal}")
    refusal = run(*flags, f"--encoder={encoders[0]}", "--gap-max=0.5", status=1)
    check("gap_max" in refusal or "fingerprint" in refusal, f"another gap is refused: {refusal}")
    (folder / "pamap2").rename(folder / "moved")
    moved = [flag.replace(str(folder / "pamap2"), str(folder / "moved")) for flag in flags]
    run(*moved, f"--encoder={encoders[0]}")
    victim = next((folder / "moved").rglob("subject101.dat"))
    lines = victim.read_text().splitlines(keepends=True)
    victim.write_text("".join(lines[:len(lines) // 2]))
    refusal = run(*moved, f"--encoder={encoders[0]}", status=1)
    check("data_fingerprint" in refusal, f"other recordings are refused: {refusal}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        make_data("pamap2", folder / "pamap2", 0.01)
        make_data("era5", folder / "era5", 0.001)
        cases = {
            "pamap2": ["pamap2-joint", f"--data={folder / 'pamap2'}", "--window=64", "--step=16",
                       "--batch=32", "--lr=1e-3"],
            "fashion": ["fashion-multitask", "--train-samples=3000", "--val-samples=500",
                        "--batch=64", "--lr=1e-2"],
            "era5": ["era5-forecast", f"--data={folder / 'era5'}", "--batch=4", "--width=32"],
        }
        for name, flags in cases.items():
            flags = [*flags, "--max-epochs=6", "--patience=0", "--threads=1", "--deterministic",
                     "--test"]
            straight = folder / f"{name}-straight.safetensors"
            resumed = folder / f"{name}-resumed.safetensors"
            text = run(*flags, f"--save-weights={straight}")
            again, kills = killed_and_resumed([*flags, f"--save-weights={resumed}"],
                                              folder / f"{name}.checkpoint", 3, len(name))
            print(f"{name}: killed {kills} times;", final_lines(again)[-1])
            check(straight.read_bytes() == resumed.read_bytes(), f"{name}: the same weights")
            check(final_lines(text)[-2:] == final_lines(again)[-2:], f"{name}: the same metrics")
            check(not list(folder.glob("*.part")), "nothing half written is left")
        state = f"--checkpoint={folder / 'fashion.checkpoint'}"
        other = [flag.replace("--lr=1e-2", "--lr=1e-1") for flag in cases["fashion"]]
        refusal = run(*other, state, "--max-epochs=6", "--patience=0", "--threads=1",
                      "--deterministic", "--test", "--resume", status=1)
        check("other settings" in refusal, f"another learning rate is refused: {refusal}")
        other_data_and_weights_are_refused(folder, cases["pamap2"])
        refusal = run(*cases["fashion"], state, status=2)
        check("--resume" in refusal, f"a checkpoint is not overwritten unasked: {refusal}")


main()
