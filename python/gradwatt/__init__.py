"""Tell `gradwatt run` what a training is doing: epochs, phases, metrics.

    import gradwatt

    for epoch in gradwatt.epochs(10):
        with gradwatt.phase("train"):
            train()
        gradwatt.metric("val_acc", evaluate())

Nothing here needs anything beyond the standard library, waits, or fails: outside a run every call
does nothing, and a mark that cannot be delivered is dropped and counted. At its end a program waits
up to half a second for marks that the receiver had no room for.
"""

from gradwatt._marks import (
    dropped,
    epoch_begin,
    epoch_end,
    epochs,
    flush,
    metric,
    note,
    param,
    phase,
    samples,
    steps,
    tag,
)

__all__ = [
    "dropped",
    "epoch_begin",
    "epoch_end",
    "epochs",
    "flush",
    "metric",
    "note",
    "param",
    "phase",
    "samples",
    "steps",
    "tag",
]
