"""PyTorch's side of the parity check, one step a process:

    python3 parity.py version
    python3 parity.py make CASE FOLDER
    python3 parity.py check CASE FOLDER

`make` builds the case's network with random weights and writes weights.pt
(torch.save), weights.safetensors and case.safetensors: inputs as `in.<name>`
and what the network makes of them as `out.<name>`. `check` loads
ours.safetensors into a fresh network, strictly, and compares every tensor with
weights.pt. Results are one line of JSON.
"""

import json
import os
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(here, "..", "peers"))
sys.dont_write_bytecode = True


def make(case, folder):
    torch.manual_seed(1)
    model, compute = case()
    state = model.state_dict()
    torch.save(state, os.path.join(folder, "weights.pt"))
    write_safetensors(os.path.join(folder, "weights.safetensors"), state)
    with torch.no_grad():
        inputs, outputs = compute(model)
    write_safetensors(os.path.join(folder, "case.safetensors"), {
        **{f"in.{name}": tensor for name, tensor in inputs.items()},
        **{f"out.{name}": tensor for name, tensor in outputs.items()},
    })
    return {"weights": sum(p.numel() for p in model.parameters())}


def check(case, folder):
    with torch.device("meta"):
        model, _ = case(empty=True)
    ours = read_safetensors(os.path.join(folder, "ours.safetensors"))
    model.load_state_dict(ours, strict=True, assign=True)
    saved = torch.load(
        os.path.join(folder, "weights.pt"), mmap=True, weights_only=True
    )
    state = model.state_dict()
    other = [
        name for name, tensor in saved.items()
        if not torch.equal(state[name], tensor)
        and not name.endswith("num_batches_tracked")
    ]
    return {"tensors": len(saved), "different": other}


if __name__ == "__main__":
    try:
        import torch
    except ImportError:
        print(json.dumps({"error": "python3 has no torch"}))
        sys.exit(0)
    if sys.argv[1] == "version":
        print(json.dumps({"torch": torch.__version__}))
        sys.exit(0)
    from safetensors_file import read_safetensors, write_safetensors
    from cases import CASES

    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "2")))
    step = {"make": make, "check": check}[sys.argv[1]]
    try:
        answer = step(CASES[sys.argv[2]], sys.argv[3])
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer))
