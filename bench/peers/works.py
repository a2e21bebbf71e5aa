"""The works in PyTorch: each takes the shared tensors and a variant, and
returns a function that does the work once and returns what it computed.

Variants: "eager", "channelsLast" (another memory layout of images) and
"compile" (torch.compile with its defaults).
"""

import torch
from torch.nn import functional as F

from brownian_works import pair_forces
from generator_works import GENERATOR_WORKS
from models import DiTTrunk, load
from ranking_works import ranking
from recogniser_works import WORKS as RECOGNISER_WORKS
from reinforce_works import WORKS as REINFORCE_WORKS
from reward_works import reward_batch


def compiled(function, variant):
    return torch.compile(function) if variant == "compile" else function


def dit_forward(tensors, variant):
    model = compiled(load(DiTTrunk(), tensors).eval(), variant)

    def run():
        with torch.no_grad():
            return [model(tensors["tokens"], tensors["condition"])]

    return run


def dit_step(tensors, variant):
    model = load(DiTTrunk(), tensors)
    forward = compiled(model, variant)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-4)

    def run():
        optimizer.zero_grad()
        y = forward(tensors["tokens"], tensors["condition"])
        loss = y.square().mean()
        loss.backward()
        optimizer.step()
        return [loss]

    return run


def attention(tensors, variant):
    return with_gradients(
        compiled(F.scaled_dot_product_attention, variant),
        [tensors["q"], tensors["k"], tensors["v"]],
        tensors["slope"],
    )


def layer_norm(tensors, variant):
    def normalize(x, scale, offset):
        return F.layer_norm(x, x.shape[-1:], scale, offset, 1e-5)

    return with_gradients(
        compiled(normalize, variant),
        [tensors["x"], tensors["scale"], tensors["offset"]],
        tensors["slope"],
    )


def with_gradients(function, inputs, slope):
    for tensor in inputs:
        tensor.requires_grad_()

    def run():
        y = function(*inputs)
        return [y, *torch.autograd.grad(y, inputs, slope)]

    return run


WORKS = {
    "ditForward": dit_forward,
    "ditStep": dit_step,
    "attention": attention,
    "layerNorm": layer_norm,
    "rewardBatch": reward_batch,
    "pairForces": pair_forces,
    "ranking": ranking,
    **GENERATOR_WORKS,
    **RECOGNISER_WORKS,
    **REINFORCE_WORKS,
}
