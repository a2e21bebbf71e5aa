"""Golden values of the optimisers: PyTorch 2.13 on the CPU in float64.

    python tests/golden/optim.py > tests/golden/optim.json

Five steps on two tensors with given gradients and a rate that changes at each
step; each case keeps the weights after every step.
"""

import json
import sys

import torch

torch.manual_seed(4)
torch.set_num_threads(1)
RATES = [0.1, 0.05, 0.2, 0.01, 0.1]


def draw(*shape):
    # Multiples of 1/64: exact in float32 and short in JSON.
    return (torch.randn(*shape, dtype=torch.float64) * 64).round() / 64


START = {"w": draw(2, 3), "b": draw(3)}
GRADIENTS = [{k: draw(*v.shape) for k, v in START.items()} for _ in RATES]
# A weight that never had a gradient, and a large one.
for i, gradients in enumerate(GRADIENTS):
    gradients["w"][0, 0] = 0
    gradients["w"][1, 2] *= 100 if i == 2 else 1


def run(make):
    weights = {k: v.clone().requires_grad_() for k, v in START.items()}
    optimizer = make(list(weights.values()))
    steps = []
    for rate, gradients in zip(RATES, GRADIENTS):
        for group in optimizer.param_groups:
            group["lr"] = rate
        for k, w in weights.items():
            w.grad = gradients[k].clone()
        optimizer.step()
        steps.append({k: numbers(w) for k, w in weights.items()})
    return steps


def numbers(x):
    return [float(f"{v:.9g}") for v in x.detach().reshape(-1).tolist()]


O = torch.optim
SMALL = {"betas": (0.7, 0.9), "eps": 1e-3}
CASES = [
    ("adam", {}, lambda p: O.Adam(p)),
    ("adam", {"beta1": 0.7, "beta2": 0.9, "epsilon": 1e-3},
     lambda p: O.Adam(p, **SMALL)),
    ("adam", {"weightDecay": 0.1, "decay": "coupled"},
     lambda p: O.Adam(p, weight_decay=0.1)),
    ("adam", {"weightDecay": 0.1, "decay": "decoupled"},
     lambda p: O.AdamW(p, weight_decay=0.1)),
    ("adam", {"beta1": 0.7, "beta2": 0.9, "epsilon": 1e-3, "weightDecay": 0.5},
     lambda p: O.AdamW(p, weight_decay=0.5, **SMALL)),
    ("sgd", {}, lambda p: O.SGD(p, lr=1)),
    ("sgd", {"momentum": 0.9}, lambda p: O.SGD(p, lr=1, momentum=0.9)),
    ("sgd", {"weightDecay": 0.05}, lambda p: O.SGD(p, lr=1, weight_decay=0.05)),
    ("sgd", {"momentum": 0.9, "weightDecay": 0.05},
     lambda p: O.SGD(p, lr=1, momentum=0.9, weight_decay=0.05)),
]

json.dump(
    {
        "torch": torch.__version__.split("+")[0],
        "rates": RATES,
        "start": {k: numbers(v) for k, v in START.items()},
        "gradients": [{k: numbers(v) for k, v in g.items()} for g in GRADIENTS],
        "cases": [
            {"optimizer": name, "options": options, "steps": run(make)}
            for name, options, make in CASES
        ],
    },
    sys.stdout,
)
print()
