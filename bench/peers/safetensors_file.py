"""Reads the safetensors files that TypeScript's side writes."""

import json
import struct

import torch

DTYPES = {"F32": torch.float32, "I32": torch.int32}


def read_safetensors(path):
    with open(path, "rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(size))
        data = bytearray(file.read())
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        dtype = DTYPES[entry["dtype"]]
        values = torch.frombuffer(data, dtype=dtype, count=(end - begin) // 4, offset=begin)
        # A copy of its own: where it lies must not depend on the file.
        tensors[name] = values.clone().reshape(entry["shape"])
    return tensors
