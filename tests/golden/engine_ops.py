"""Golden values of the engine's operations: PyTorch 2.13 on the CPU in float64.

    python tests/golden/engine_ops.py > tests/golden/engine_ops.json

Each case has inputs (exact in float32), the slope of a scalar with respect to
the output, the output, and the gradients with respect to all float inputs.
Images are NHWC, kernels HWIO, dense weights [in, out]: axes are moved here.
"""

import json
import sys

import torch
import torch.nn.functional as F

torch.manual_seed(20)
DIGITS = 8


def draw(*shape, scale=1.0, shift=0.0):
    x = torch.randn(*shape, dtype=torch.float64) * scale + shift
    # Multiples of 1/64: exact in float32 and short in JSON.
    return (x * 64).round() / 64


def numbers(x):
    flat = x.detach().reshape(-1).tolist()
    if x.dtype in (torch.int32, torch.int64):
        return flat
    return [float(f"{v:.{DIGITS}g}") for v in flat]


def tensor(x):
    return {"shape": list(x.shape), "values": numbers(x)}


cases = []


def case(op, inputs, apply, options=None, extra=None):
    leaves = {
        k: v.clone().requires_grad_(v.is_floating_point())
        for k, v in inputs.items()
    }
    output = apply(**leaves)
    slope = draw(*output.shape)
    wanted = [k for k, v in leaves.items() if v.is_floating_point()]
    gradients = torch.autograd.grad(
        output, [leaves[k] for k in wanted], slope
    )
    cases.append({
        "op": op,
        "options": options or {},
        "inputs": {k: tensor(v) for k, v in inputs.items()},
        "integers": [k for k in inputs if k not in wanted],
        "slope": tensor(slope),
        "output": tensor(output),
        "gradients": {k: tensor(g) for k, g in zip(wanted, gradients)},
        **(extra() if extra else {}),
    })


def nchw(x):
    return x.permute(0, 3, 1, 2)


def nhwc(x):
    return x.permute(0, 2, 3, 1)


# layerNorm: plain, with scale and offset, and modulated per sample.
for epsilon in (1e-6, 0.1):
    case(
        "layerNorm",
        {"x": draw(2, 3, 5, scale=2, shift=1)},
        lambda x, e=epsilon: F.layer_norm(x, (5,), eps=e),
        {"epsilon": epsilon},
    )
case(
    "layerNorm",
    {"x": draw(2, 3, 5), "scale": draw(5), "offset": draw(5)},
    lambda x, scale, offset: F.layer_norm(x, (5,), scale, offset, 1e-5),
    {"epsilon": 1e-5},
)
case(
    "layerNorm",
    {"x": draw(2, 3, 5), "scale": draw(2, 1, 5), "offset": draw(2, 1, 5)},
    lambda x, scale, offset: F.layer_norm(x, (5,), eps=1e-5) * scale + offset,
    {"epsilon": 1e-5},
)
# A small spread on a large mean, where a careless variance cancels.
case(
    "layerNorm",
    {"x": draw(2, 6, scale=0.5, shift=64)},
    lambda x: F.layer_norm(x, (6,), eps=1e-5),
    {"epsilon": 1e-5},
)

for approximate in ("none", "tanh"):
    case(
        "gelu",
        {"x": torch.cat([draw(10, scale=2), torch.tensor(
            [-9.0, -4.0, -0.75, 0.0, 5.0, 9.0], dtype=torch.float64)])},
        lambda x, a=approximate: F.gelu(x, approximate=a),
        {"approximate": approximate},
    )

case(
    "attention",
    {"q": draw(2, 2, 3, 4), "k": draw(2, 2, 3, 4), "v": draw(2, 2, 3, 4)},
    lambda q, k, v: F.scaled_dot_product_attention(q, k, v),
)
case(
    "attention",
    {"q": draw(1, 2, 2, 4, scale=6), "k": draw(1, 2, 5, 4, scale=6),
     "v": draw(1, 2, 5, 3)},
    lambda q, k, v: F.scaled_dot_product_attention(q, k, v),
)

for shape in ((2, 3, 2, 4), (5, 3)):
    channels = shape[-1]
    for training in (True, False):
        mean, variance = draw(channels), draw(channels).abs() + 0.5
        new_mean, new_variance = mean.clone(), variance.clone()
        move = nchw if len(shape) == 4 else (lambda x: x)
        back = nhwc if len(shape) == 4 else (lambda x: x)
        case(
            "batchNorm",
            {"x": draw(*shape, scale=2, shift=1), "scale": draw(channels),
             "offset": draw(channels)},
            lambda x, scale, offset: back(F.batch_norm(
                move(x), new_mean, new_variance, scale, offset,
                training, 0.25, 1e-3)),
            {"training": training, "momentum": 0.25, "epsilon": 1e-3},
            lambda: {"mean": tensor(mean), "variance": tensor(variance),
                     "runningMean": tensor(new_mean),
                     "runningVariance": tensor(new_variance)},
        )

for groups in (1, 2, 6):
    case(
        "groupNorm",
        {"x": draw(2, 2, 3, 6, scale=2, shift=1), "scale": draw(6),
         "offset": draw(6)},
        lambda x, scale, offset, g=groups: nhwc(
            F.group_norm(nchw(x), g, scale, offset, 1e-4)),
        {"groups": groups, "epsilon": 1e-4},
    )

case(
    "embeddingLookup",
    {"table": draw(4, 3), "ids": torch.tensor([2, 0, 2, 2, 3])},
    lambda table, ids: F.embedding(ids, table),
)

for smoothing in (0.0, 0.1):
    logits = draw(4, 3, scale=3)
    logits[3] = torch.tensor([200.0, -300.0, 100.0])
    case(
        "crossEntropy",
        {"logits": logits, "labels": torch.tensor([2, 0, 1, 1])},
        lambda logits, labels, s=smoothing: F.cross_entropy(
            logits, labels, reduction="none", label_smoothing=s),
        {"labelSmoothing": smoothing},
    )

for stride, padding, size, window in (
    (1, 0, (4, 5), (3, 3)), (1, 1, (4, 3), (3, 3)), (2, 1, (4, 5), (3, 3)),
    (2, 0, (4, 4), (1, 1)), (2, 3, (5, 6), (7, 7)), (1, 0, (3, 4), (2, 3)),
):
    inputs = {"x": draw(2, *size, 3), "kernel": draw(*window, 3, 2)}
    if padding == 1:
        inputs["bias"] = draw(2)
    case(
        "conv2d", inputs,
        lambda x, kernel, bias=None: nhwc(F.conv2d(
            nchw(x), kernel.permute(3, 2, 0, 1), bias, stride, padding)),
        {"stride": stride, "padding": padding},
    )

for axis in (-1, 1):
    x = draw(2, 3, 4)
    case(
        "l2Normalize", {"x": x},
        lambda x, a=axis: F.normalize(x, dim=a, eps=1e-12),
        {"axis": axis, "epsilon": 1e-12},
    )
# Shorter than epsilon: a constant divisor.
case(
    "l2Normalize", {"x": draw(2, 4, scale=0.25)},
    lambda x: F.normalize(x, dim=-1, eps=4.0),
    {"axis": -1, "epsilon": 4.0},
)

case(
    "upsampleNearest2x", {"x": draw(2, 2, 3, 2)},
    lambda x: nhwc(F.interpolate(nchw(x), scale_factor=2, mode="nearest")),
)

case(
    "linear",
    {"x": draw(2, 3, 4), "weight": draw(4, 2), "bias": draw(2)},
    lambda x, weight, bias: F.linear(x, weight.T, bias),
)
case(
    "linear", {"x": draw(3, 4), "weight": draw(4, 2)},
    lambda x, weight: F.linear(x, weight.T),
)

json.dump(
    {"torch": torch.__version__.split("+")[0], "dtype": "float64",
     "cases": cases},
    sys.stdout,
)
print()
