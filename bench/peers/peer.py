"""PyTorch's side of the comparison: one JSON request a line on standard input,
one JSON answer a line on standard output.

    {"do": "start", "threads": 2}              -> {"torch": "2.13.0"}
    {"do": "prepare", "work": "ditForward", "file": "w.safetensors",
     "variant": "eager"}                       -> {"check": [...]}
    {"do": "time", "variant": "eager", "repeats": 3}    -> {"ms": 12.5}

`prepare` makes a work ready and does it three times; `check` are some numbers
of what it computed. `time` is the time of doing it once. The work before is
dropped by {"do": "drop"} -> {}. What fails answers {"error": "..."}.
"""

import gc
import json
import os
import sys
import time

# What libraries print must not get between the answers.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

prepared = {}


def start(threads):
    global torch, WORKS, read_safetensors
    import torch
    from safetensors_file import read_safetensors
    from works import WORKS

    torch.manual_seed(1)
    torch.set_num_threads(threads)
    return {"torch": torch.__version__}


def prepare(work, file, variant):
    run = WORKS[work](read_safetensors(file), variant)
    check = [sample(y) for _ in range(3) for y in run()]
    prepared[variant] = run
    return {"check": check}


def sample(tensor):
    """Root mean square, and eight values spread over the tensor."""
    flat = tensor.detach().double().flatten()
    places = [i * flat.numel() // 8 for i in range(8)]
    return [flat.square().mean().sqrt().item(), *flat[places].tolist()]


def measure(variant, repeats):
    run = prepared[variant]
    begin = time.perf_counter()
    for _ in range(repeats):
        run()
    return {"ms": 1000 * (time.perf_counter() - begin) / repeats}


def drop():
    prepared.clear()
    gc.collect()
    return {}


ACTIONS = {"start": start, "prepare": prepare, "time": measure, "drop": drop}

for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = ACTIONS[request.pop("do")](**request)
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), file=answers, flush=True)
