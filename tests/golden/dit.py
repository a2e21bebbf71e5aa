"""Golden values of the diffusion transformer: PyTorch 2.13 on the CPU.

    python tests/golden/dit.py > tests/golden/dit.json

An implementation of its own, from the description of Peebles and Xie (2023):
patches, sinusoidal time and class embeddings, blocks modulated by adaLN-Zero,
a modulated linear layer at the end. Weights are not stored: they are
multiples of 1/1009 that the test computes again from tensor and index.
"""

import json
import math
import sys

import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(1)
SIZE = {"height": 4, "width": 6, "channels": 3, "patch": 2, "hidden": 16,
        "depth": 2, "heads": 2, "classes": 3}


def sinusoid(values, width, base=10000.0):
    """Angles value / base^(i / (width / 2)), sines and cosines apart."""
    half = width // 2
    rates = torch.tensor([base ** (-i / half) for i in range(half)],
                         dtype=torch.float64)
    angles = values.double()[:, None] * rates
    return torch.sin(angles), torch.cos(angles)


def positions(rows, columns, hidden):
    row = torch.arange(rows).repeat_interleave(columns)
    column = torch.arange(columns).repeat(rows)
    return torch.cat([*sinusoid(column, hidden // 2),
                      *sinusoid(row, hidden // 2)], 1)


def times(t):
    sine, cosine = sinusoid(t, 256)
    return torch.cat([cosine, sine], 1)


class Block(nn.Module):
    def __init__(self, hidden, heads):
        super().__init__()
        self.heads = heads
        self.attn = nn.ModuleDict({
            "qkv": nn.Linear(hidden, 3 * hidden),
            "proj": nn.Linear(hidden, hidden)})
        self.mlp = nn.ModuleDict({
            "fc1": nn.Linear(hidden, 4 * hidden),
            "fc2": nn.Linear(4 * hidden, hidden)})
        self.adaLN_modulation = nn.Sequential(
            nn.SiLU(), nn.Linear(hidden, 6 * hidden))

    def attend(self, x):
        batch, count, hidden = x.shape
        q, k, v = (
            part.reshape(batch, count, self.heads, -1).transpose(1, 2)
            for part in self.attn["qkv"](x).split(hidden, 2))
        weights = torch.softmax(
            q @ k.transpose(2, 3) / math.sqrt(hidden / self.heads), 3)
        return self.attn["proj"](
            (weights @ v).transpose(1, 2).reshape(batch, count, hidden))

    def forward(self, x, c):
        parts = self.adaLN_modulation(c)[:, None].chunk(6, 2)
        shift1, scale1, gate1, shift2, scale2, gate2 = parts
        x = x + gate1 * self.attend(normal(x) * (1 + scale1) + shift1)
        h = self.mlp["fc1"](normal(x) * (1 + scale2) + shift2)
        return x + gate2 * self.mlp["fc2"](F.gelu(h, approximate="tanh"))


def normal(x):
    return F.layer_norm(x, x.shape[-1:], eps=1e-6)


class Transformer(nn.Module):
    def __init__(self, height, width, channels, patch, hidden, depth, heads,
                 classes, outputs):
        super().__init__()
        self.patch, self.outputs = patch, outputs
        self.x_embedder = nn.ModuleDict(
            {"proj": nn.Conv2d(channels, hidden, patch, patch)})
        self.t_embedder = nn.ModuleDict({"mlp": nn.Sequential(
            nn.Linear(256, hidden), nn.SiLU(), nn.Linear(hidden, hidden))})
        self.y_embedder = nn.ModuleDict(
            {"embedding_table": nn.Embedding(classes + 1, hidden)})
        self.blocks = nn.ModuleList(
            Block(hidden, heads) for _ in range(depth))
        self.final_layer = nn.ModuleDict({
            "adaLN_modulation": nn.Sequential(
                nn.SiLU(), nn.Linear(hidden, 2 * hidden)),
            "linear": nn.Linear(hidden, patch * patch * outputs)})

    def forward(self, x, t, y):
        """x is [B, C, H, W], as everything in PyTorch."""
        batch, _, height, width = x.shape
        grid = self.x_embedder["proj"](x)
        rows, columns = grid.shape[2:]
        h = grid.flatten(2).transpose(1, 2)
        h = h + positions(rows, columns, h.shape[2]).to(x.dtype)
        c = (self.t_embedder["mlp"](times(t).to(x.dtype))
             + self.y_embedder["embedding_table"](y))
        for block in self.blocks:
            h = block(h, c)
        shift, scale = self.final_layer["adaLN_modulation"](c)[:, None].chunk(2, 2)
        h = self.final_layer["linear"](normal(h) * (1 + scale) + shift)
        out = x.new_zeros(batch, self.outputs, height, width)
        for token in range(rows * columns):
            row, column = divmod(token, columns)
            square = h[:, token].reshape(batch, self.patch, self.patch, -1)
            out[:, :, row * self.patch:(row + 1) * self.patch,
                column * self.patch:(column + 1) * self.patch] = (
                    square.permute(0, 3, 1, 2))
        return out


def fill(model):
    """The same numbers as in the test: no rounding, whatever the machine."""
    for number, (name, w) in enumerate(sorted(model.named_parameters())):
        index = torch.arange(w.numel(), dtype=torch.int64)
        values = ((index * 7919 + number * 104729) % 1009 - 504).double() / 1009
        fan = w[0].numel() if w.dim() > 1 else 0
        scale = 2.0 ** round(math.log2(3 / math.sqrt(fan))) if fan else 0.25
        w.data = (values * scale).reshape(w.shape).to(w.dtype)


def numbers(x):
    return [float(f"{v:.8g}") for v in x.detach().reshape(-1).tolist()]


def case(learn_sigma):
    torch.manual_seed(1)
    outputs = SIZE["channels"] * (2 if learn_sigma else 1)
    latents = torch.randn(
        3, SIZE["channels"], SIZE["height"], SIZE["width"],
        dtype=torch.float64).mul(64).round() / 64
    t = torch.tensor([0, 17, 999])
    y = torch.tensor([2, 0, SIZE["classes"]])  # the last is the null class
    results = {}
    for dtype in (torch.float64, torch.float32):
        model = Transformer(**SIZE, outputs=outputs)
        fill(model)
        model = model.to(dtype)
        x = latents.to(dtype).clone().requires_grad_()
        out = model(x, t, y)
        slope = torch.cos(torch.arange(out.numel())).reshape(out.shape)
        (out * slope.to(dtype)).sum().backward()
        grads = {k: p.grad for k, p in model.named_parameters()}
        results[dtype] = (out.detach(), x.grad, grads)
    out, slope, grads = results[torch.float64]
    single = results[torch.float32]
    nhwc = lambda v: numbers(v.permute(0, 2, 3, 1))
    names = ["y_embedder.embedding_table.weight", "blocks.0.attn.qkv.bias",
             "blocks.1.adaLN_modulation.1.bias", "blocks.1.mlp.fc1.bias",
             "t_embedder.mlp.0.bias", "final_layer.linear.bias"]
    return {
        "learnSigma": learn_sigma,
        "latents": nhwc(latents), "times": t.tolist(), "labels": y.tolist(),
        "output": nhwc(out), "latentsGradient": nhwc(slope),
        "gradients": {name: numbers(grads[name]) for name in names},
        # How far single precision is from this in PyTorch itself.
        "float32Error": {
            "output": float((single[0] - out).abs().max()),
            "latentsGradient": float((single[1] - slope).abs().max()),
        },
    }


json.dump({
    "torch": torch.__version__.split("+")[0],
    "size": SIZE,
    "positions": {"rows": 2, "columns": 3, "hidden": 16,
                  "values": numbers(positions(2, 3, 16))},
    "times": {"times": [0, 1, 17, 250.5, 999], "values": [
        numbers(row)
        for row in times(torch.tensor([0, 1, 17, 250.5, 999]))]},
    "cases": [case(False), case(True)],
}, sys.stdout)
print()
