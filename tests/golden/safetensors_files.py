"""Writes safetensors_files.json: files made by the reference implementation, in base64, with the values in them.

    pip install safetensors==0.8.0 numpy torch && python safetensors_files.py > safetensors_files.json
"""

import base64
import json

import numpy as np
import torch
from safetensors.numpy import load, save
from safetensors.torch import save as save_torch

rng = np.random.default_rng(0)
arrays = {
    "z.f32": rng.standard_normal((2, 3)).astype(np.float32),
    "a.f32": rng.standard_normal(5).astype(np.float32),
    "f16": np.array([0.1, -65504, 6e-8, np.inf], np.float16),
    "f64": np.array([[np.pi]]),
    "i64": np.array([-(2**60), 3], np.int64),
    "i32": np.array([[-7], [2**31 - 1]], np.int32),
    "u8": np.array([0, 128, 255], np.uint8),
    "bool": np.array([True, False]),
    "scalar": np.array(2.5, np.float32),
    "empty": np.zeros((0, 4), np.float32),
}
metadata = {"origin": "référence"}

# bfloat16 1.5, -3 and 0.1, which rounds to 0x3dcd: numpy has no such type.
bfloat16_file = save_torch({"b": torch.tensor([1.5, -3, 0.1], dtype=torch.bfloat16)})

every_type = save(arrays, metadata)
assert set(load(every_type)) == set(arrays)

# Only types that the writer of this project writes: the file must come out byte for byte.
writable = {k: arrays[k] for k in ("z.f32", "a.f32", "f64", "i64", "i32", "u8")}


def listed(array):
    if array.dtype == np.float16:
        array = array.astype(np.float32)
    return [str(x) for x in array.ravel().tolist()]


print(
    json.dumps(
        {
            "everyType": base64.b64encode(every_type).decode(),
            "metadata": metadata,
            "values": {
                k: {"shape": list(v.shape), "data": listed(v)}
                for k, v in arrays.items()
            },
            "bfloat16": base64.b64encode(bfloat16_file).decode(),
            "writable": base64.b64encode(save(writable, metadata)).decode(),
        },
        indent=1,
    )
)
