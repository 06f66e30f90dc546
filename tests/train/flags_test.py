#!/usr/bin/env python3
"""What would change nothing, or be recorded as what it is not, is refused; and the defaults of
pretraining fit each other."""

import tempfile
from pathlib import Path

from trainer import check, make_data, run


def refuses():
    for flags, name in ((["celeba-identity", "--window=64"], "pamap2-*"),
                        (["fashion-classify", "--input=streamed"], "celeba-*"),
                        (["pamap2-joint", "--workers=2"], "celeba-*"),
                        (["fashion-joint", "--alpha=0.3"], "*-multitask"),
                        (["fashion-joint", "--device=mps", "--precision=bf16"], "fp32")):
        refusal = run(*flags, status=2)
        check(name in refusal, f"{flags} is refused: {refusal}")


def pretrains_faces(folder):
    """With the models that the workloads name themselves."""
    make_data("celeba", folder / "celeba", 0.002)
    encoder = folder / "faces.safetensors"
    flags = [f"--data={folder / 'celeba'}", "--size=32", "--max-epochs=1", "--threads=1",
             "--batch=64"]
    run("celeba-pretrain", *flags, f"--save-encoder={encoder}")
    for paradigm in ("frozen", "unfrozen"):
        text = run(f"celeba-{paradigm}", *flags, f"--encoder={encoder}")
        check("small-cnn" in text, f"{paradigm} goes on with the encoder's model: {text}")


def knows_har_cnns_layout(folder):
    make_data("pamap2", folder / "pamap2", 0.01)
    flags = ["pamap2-joint", f"--data={folder / 'pamap2'}", "--window=64", "--step=32",
             "--max-epochs=1", "--threads=1", "--channels-last=false"]
    refusal = run(*flags, status=2)
    check("--channels-last" in refusal, refusal)
    run(*flags, "--model=mc-cnn")


def main():
    refuses()
    with tempfile.TemporaryDirectory() as folder:
        pretrains_faces(Path(folder))
        knows_har_cnns_layout(Path(folder))


main()
