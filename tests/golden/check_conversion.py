"""Checks the other way round: PyTorch opens what this project writes.

    pip install torch==2.13.0 safetensors==0.8.0 && python check_conversion.py

Saves a model with torch.save, converts it with `deno task outis convert`, opens the result with the reference
implementation and, without it, by the letter of the format, and loads it with load_state_dict(strict=True).
"""

import json
import pathlib
import struct
import subprocess
import sys
import tempfile

import torch
from safetensors.torch import load_file

root = pathlib.Path(__file__).parents[2]
torch.manual_seed(0)
torch.set_num_threads(1)


def build():
    return torch.nn.Sequential(
        torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4), torch.nn.Linear(5, 6), torch.nn.MultiheadAttention(8, 2)
    )


def convert(*args):
    command = ["deno", "run", "-RWES", "--allow-ffi", "--no-check", f"--config={root}/deno.json"]
    subprocess.run([*command, f"{root}/src/cli/main.ts", "convert", *map(str, args)], check=True)


with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    for dtype in (torch.float32, torch.bfloat16, torch.float16):
        model = build().to(dtype)
        wrapped = {"epoch": 1, "model": {"module." + k: v for k, v in model.state_dict().items()}}
        for legacy in (False, True):
            torch.save(wrapped, folder / "a.pt", _use_new_zipfile_serialization=not legacy)
            convert(folder / "a.pt", folder / "a.safetensors", "--force")
            state = load_file(folder / "a.safetensors")
            assert all(torch.equal(state[k], v) and state[k].dtype == v.dtype for k, v in model.state_dict().items())
            build().to(dtype).load_state_dict(state, strict=True)
    # By the letter: header length, JSON, values without holes, aligned.
    data = (folder / "a.safetensors").read_bytes()
    (length,) = struct.unpack_from("<Q", data)
    assert length % 8 == 0
    header = json.loads(data[8 : 8 + length])
    assert header.pop("__metadata__") == {"epoch": "1", "format": "pt"}
    spans = sorted(entry["data_offsets"] for entry in header.values())
    assert all(a[1] == b[0] for a, b in zip(spans, spans[1:])) and spans[-1][1] == len(data) - 8 - length
    # Back to float32, from safetensors.
    convert(folder / "a.safetensors", folder / "b.safetensors", "--dtype", "F32")
    wide = load_file(folder / "b.safetensors")
    assert all(torch.equal(wide[k], v.float() if v.is_floating_point() else v) for k, v in state.items())

print("PyTorch opens what is written here", file=sys.stderr)
