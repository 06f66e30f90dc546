#!/usr/bin/env python3
"""Writes the small files of weights that the tests of src/data read.

    /usr/bin/python3 tests/parity/make_weights.py src/data/fixtures

torch.save writes the .pth files, safetensors_io.py the same tensors as safetensors: what one
reader of gradwatt finds in the one has to be what the other finds in the other. Another run writes
the same bytes, except for the names of storages in the legacy format, which are addresses.
"""

import collections
import io
import os
import pickle
import struct
import sys
import zipfile
from pathlib import Path

import torch

import safetensors_io


def some_tensors():
    """Every type and every way in which a tensor can lie in its storage."""
    grid = torch.arange(16, dtype=torch.float32).view(4, 4)
    return collections.OrderedDict([
        ("layer.weight", torch.nn.Parameter(
            torch.tensor([[0.5, -1.25, 3.0], [1e-8, 2.0, 65504.0]]))),
        ("layer.bias", torch.tensor([1.5, -2.5])),
        ("grid", grid),
        ("window", grid[1:3, 1:3]),
        ("row", grid[2]),
        ("every_second", grid.view(-1)[1::2]),
        ("turned", torch.arange(6, dtype=torch.float64).view(2, 3).t()),
        ("channels_last", torch.arange(24, dtype=torch.float32).view(1, 2, 3, 4).to(
            memory_format=torch.channels_last)),
        ("expanded", torch.tensor([7.0]).expand(2, 3)),
        ("half", torch.tensor([1.0, -0.5, 65504.0], dtype=torch.float16)),
        ("brain", torch.tensor([1.0, 3.140625, -1e30], dtype=torch.bfloat16)),
        ("steps", torch.tensor(-(2 ** 40), dtype=torch.int64)),
        ("int", torch.tensor([2 ** 31 - 1, -(2 ** 31)], dtype=torch.int32)),
        ("short", torch.tensor([-3, 300], dtype=torch.int16)),
        ("char", torch.tensor([-128, 127, 5], dtype=torch.int8)),
        ("byte", torch.tensor([0, 255, 7], dtype=torch.uint8)),
        ("bool", torch.tensor([True, False, True])),
        ("none", torch.empty(0, 4)),
    ])


class Code:
    def __reduce__(self):
        return os.system, ("true",)


def checkpoint():
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.BatchNorm1d(3))
    with torch.no_grad():
        for k, parameter in enumerate(net.parameters()):
            parameter.copy_(torch.arange(parameter.numel()).view_as(parameter) + 0.25 * k)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    net(torch.ones(2, 2)).sum().backward()
    optimizer.step()
    return net, {"epoch": 3, "lr": 0.1, "name": "small", "best": None, "done": False,
                 "huge": 2 ** 70, "negative": -70000, 5: "five", "list": [1, (2, 3), {"a": ()}],
                 "optimizer": optimizer.state_dict(), "state_dict": net.state_dict()}


def write_views(path):
    """The legacy format with a storage that is a view of another, as before PyTorch 0.4."""
    numbers = torch.arange(10, dtype=torch.float32)

    class Reference:
        def __init__(self, view):
            self.view = view

    class Pickler(pickle.Pickler):
        def persistent_id(self, thing):
            if isinstance(thing, Reference):
                return ("storage", torch.FloatStorage, "140", "cpu", 10, thing.view)
            return None

    class Tensor:
        def __init__(self, view, offset, size, stride):
            self.arguments = (Reference(view), offset, size, stride)

        def __reduce__(self):
            return torch._utils._rebuild_tensor, self.arguments

    out = io.BytesIO()
    for thing in (0x1950a86a20f9469cfc6c, 1001, {"little_endian": True}):
        pickle.dump(thing, out, protocol=2)
    Pickler(out, protocol=2).dump({"all": Tensor(None, 0, (10,), (1,)),
                                   "part": Tensor(("141", 3, 4), 1, (3,), (1,))})
    pickle.dump(["140"], out, protocol=2)
    out.write(struct.pack("<q", 10) + numbers.numpy().tobytes())
    path.write_bytes(out.getvalue())


def write_compressed(source, path):
    with zipfile.ZipFile(source) as archive, \
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name in archive.namelist():
            out.writestr(zipfile.ZipInfo(name), archive.read(name), zipfile.ZIP_DEFLATED)


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    tensors = some_tensors()
    safetensors_io.save(tensors, folder / "every_type.safetensors", {"made_by": "make_weights.py"})
    torch.save(tensors, folder / "every_type.pth")
    torch.save(tensors, folder / "every_type_legacy.pth", _use_new_zipfile_serialization=False)
    net, saved = checkpoint()
    safetensors_io.save(net.state_dict(), folder / "checkpoint.safetensors")
    torch.save(saved, folder / "checkpoint.pth")
    torch.save(saved, folder / "checkpoint_legacy.pth", _use_new_zipfile_serialization=False)
    write_views(folder / "views_legacy.pth")
    small = {"a": torch.tensor([1.0, 2.0])}
    torch.save(small, folder / "small.pth")
    torch.save(small, folder / "small_legacy.pth", _use_new_zipfile_serialization=False)
    torch.save(small, folder / "small_protocol_4.pth", pickle_protocol=4)
    write_compressed(folder / "small.pth", folder / "compressed.pth")
    torch.save({"a": Code()}, folder / "code.pth")
    torch.jit.script(torch.nn.Identity()).save(str(folder / "script.pth"))


if __name__ == "__main__":
    main()
