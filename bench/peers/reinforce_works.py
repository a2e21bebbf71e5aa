"""The inner step of reinforcement in plain PyTorch, as one would write it."""

import math

import torch
from torch import nn
from torch.nn import functional as F

from models import DiTBlock

HIDDEN, DEPTH, HEADS, CHANNELS, PATCH, GRID = 192, 6, 6, 12, 2, 8


class SmallDiT(nn.Module):
    def __init__(self, classes, positions):
        super().__init__()
        self.positions = positions
        self.x_embedder = nn.ModuleDict({
            "proj": nn.Conv2d(CHANNELS, HIDDEN, PATCH, PATCH)
        })
        self.t_embedder = nn.ModuleDict({
            "mlp": nn.Sequential(
                nn.Linear(256, HIDDEN), nn.SiLU(), nn.Linear(HIDDEN, HIDDEN)
            )
        })
        self.y_embedder = nn.ModuleDict({
            "embedding_table": nn.Embedding(classes, HIDDEN)
        })
        self.blocks = nn.ModuleList(
            DiTBlock(HIDDEN, HEADS) for _ in range(DEPTH)
        )
        self.final_layer = nn.ModuleDict({
            "adaLN_modulation": nn.Sequential(
                nn.SiLU(), nn.Linear(HIDDEN, 2 * HIDDEN)
            ),
            "linear": nn.Linear(HIDDEN, PATCH * PATCH * CHANNELS),
        })

    def forward(self, x, times, labels):
        h = self.x_embedder["proj"](x).flatten(2).transpose(1, 2)
        h = h + self.positions
        c = self.t_embedder["mlp"](times)
        c = c + self.y_embedder["embedding_table"](labels)
        for block in self.blocks:
            h = block(h, c)
        shift, scale = (
            self.final_layer["adaLN_modulation"](c).unsqueeze(1).chunk(2, -1)
        )
        h = F.layer_norm(h, (HIDDEN,), eps=1e-6) * (1 + scale) + shift
        y = self.final_layer["linear"](h)
        rows = GRID // PATCH
        y = y.reshape(-1, rows, rows, PATCH, PATCH, CHANNELS)
        return torch.einsum("nhwpqc->nchpwq", y).reshape(-1, CHANNELS, GRID, GRID)


def network(tensors, classes, factor=None):
    """A network with the shared weights; `factor` on what is trained."""
    model = SmallDiT(classes, tensors["positions"])
    state = model.state_dict()
    with torch.no_grad():
        for name, value in state.items():
            tensor = tensors[name]
            if tensor.dim() == 4:
                tensor = tensor.permute(3, 2, 0, 1)
            elif tensor.dim() == 2 and "embedding_table" not in name:
                tensor = tensor.t()
            value.copy_(tensor)
        if factor is not None:
            for name, value in state.items():
                if factor(name):
                    value.mul_(0.99)
    return model


def reinforce_step(trains):
    def prepare(tensors, variant):
        classes = len(tensors["y_embedder.embedding_table.weight"])
        model = network(tensors, classes)
        cold = network(tensors, classes, trains)
        names = sorted(n for n, _ in model.named_parameters() if trains(n))
        trained = dict(model.named_parameters())
        for name, parameter in trained.items():
            parameter.requires_grad_(trains(name))
        for parameter in cold.parameters():
            parameter.requires_grad_(False)
        state = tensors["state"].permute(0, 3, 1, 2).contiguous()
        after = tensors["next"].permute(0, 3, 1, 2).contiguous()
        labels = tensors["labels"].long()
        times, advantage = tensors["times"], tensors["advantage"]
        a, b, deviation = tensors["numbers"].tolist()
        compiled = variant == "compile"
        now = torch.compile(model) if compiled else model
        then = torch.compile(cold) if compiled else cold
        constant = math.log(deviation) + 0.5 * math.log(2 * math.pi)

        def run():
            with torch.no_grad():
                reference = a * state + b * then(state, times, labels)
            mean = a * state + b * now(state, times, labels)
            square = ((after - mean) / deviation).square().mean((1, 2, 3))
            log_density = -(0.5 * square + constant)
            kl = (
                0.5 * ((mean - reference) / deviation).square().mean((1, 2, 3))
            ).mean()
            loss = -(advantage * log_density).mean() + 0.01 * kl
            gradients = torch.autograd.grad(
                loss, [trained[name] for name in names]
            )
            return [
                log_density,
                kl,
                *(
                    layout(name, g) for name, g in zip(names, gradients)
                ),
            ]

        return run

    return prepare


def layout(name, gradient):
    """As the other side stores it: a view, for the comparison alone."""
    if gradient.dim() == 4:
        return gradient.permute(2, 3, 1, 0)
    if gradient.dim() == 2 and "embedding_table" not in name:
        return gradient.t()
    return gradient


WORKS = {
    "reinforceStepModulation": reinforce_step(
        lambda name: "y_embedder" in name or "adaLN_modulation" in name
    ),
    "reinforceStepAll": reinforce_step(lambda name: True),
}
