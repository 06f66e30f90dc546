#!/usr/bin/env python3
"""Reads and writes safetensors files with PyTorch and nothing else, by the format's description.

    from safetensors_io import load, save
    save(net.state_dict(), "model.safetensors")
    net.load_state_dict(load("model.safetensors"))

A file is a little-endian u64, as many bytes of JSON, and the data. The JSON names for each tensor
its dtype, its shape and where its data begin and end, counted from the end of the JSON. It shares
no code with src/data/safetensors.cpp, so that each can check the other.
"""

import json
import struct
import sys

import torch

DTYPES = {
    "F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16,
    "I64": torch.int64, "I32": torch.int32, "I16": torch.int16, "I8": torch.int8,
    "U8": torch.uint8, "BOOL": torch.bool,
}
NAMES = {dtype: name for name, dtype in DTYPES.items()}


def _bytes_of(tensor):
    """The elements in row-major order, little-endian."""
    flat = tensor.detach().cpu().contiguous().reshape(-1)
    return flat.view(torch.uint8).numpy().tobytes() if flat.numel() else b""


def save(tensors, path, metadata=None):
    """Writes a dict of tensors, the widest elements first so that all are aligned."""
    if sys.byteorder != "little":
        raise RuntimeError("needs a little-endian machine")
    names = sorted(tensors, key=lambda name: (-tensors[name].element_size(), name))
    header, begin = {}, 0
    if metadata:
        header["__metadata__"] = dict(metadata)
    for name in names:
        tensor = tensors[name]
        end = begin + tensor.numel() * tensor.element_size()
        header[name] = {"dtype": NAMES[tensor.dtype], "shape": list(tensor.shape),
                        "data_offsets": [begin, end]}
        begin = end
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text)
        for name in names:
            out.write(_bytes_of(tensors[name]))


def load_with_metadata(path):
    """The tensors and the metadata of a file, two dicts."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = bytearray(file.read())
    metadata = header.pop("__metadata__", None) or {}
    tensors = {}
    for name, info in header.items():
        dtype = DTYPES[info["dtype"]]
        begin, end = info["data_offsets"]
        # A copy of its own, so that any alignment will do.
        part = data[begin:end]
        tensor = torch.frombuffer(part, dtype=dtype) if part else torch.empty(0, dtype=dtype)
        tensors[name] = tensor.reshape(info["shape"])
    return tensors, metadata


def load(path):
    """A dict of names and tensors."""
    return load_with_metadata(path)[0]
