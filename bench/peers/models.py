"""The networks of the works in plain PyTorch, as one would write them."""

import torch
from torch import nn
from torch.nn import functional as F


class DiTBlock(nn.Module):
    def __init__(self, hidden, heads):
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(hidden, elementwise_affine=False, eps=1e-6)
        self.norm2 = nn.LayerNorm(hidden, elementwise_affine=False, eps=1e-6)
        self.attn = nn.ModuleDict({
            "qkv": nn.Linear(hidden, 3 * hidden),
            "proj": nn.Linear(hidden, hidden),
        })
        self.mlp = nn.ModuleDict({
            "fc1": nn.Linear(hidden, 4 * hidden),
            "fc2": nn.Linear(4 * hidden, hidden),
        })
        self.adaLN_modulation = nn.Sequential(
            nn.SiLU(), nn.Linear(hidden, 6 * hidden)
        )

    def forward(self, x, c):
        parts = self.adaLN_modulation(c).unsqueeze(1).chunk(6, dim=-1)
        shift1, scale1, gate1, shift2, scale2, gate2 = parts
        h = self.attention(self.norm1(x) * (1 + scale1) + shift1)
        x = x + gate1 * h
        h = self.mlp["fc1"](self.norm2(x) * (1 + scale2) + shift2)
        return x + gate2 * self.mlp["fc2"](F.gelu(h, approximate="tanh"))

    def attention(self, x):
        b, t, d = x.shape
        qkv = self.attn["qkv"](x).reshape(b, t, 3, self.heads, d // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        y = F.scaled_dot_product_attention(q, k, v)
        return self.attn["proj"](y.transpose(1, 2).reshape(b, t, d))


class DiTTrunk(nn.Module):
    def __init__(self, hidden=384, depth=12, heads=6):
        super().__init__()
        self.blocks = nn.ModuleList(
            DiTBlock(hidden, heads) for _ in range(depth)
        )

    def forward(self, x, c):
        for block in self.blocks:
            x = block(x, c)
        return x


class Bottleneck(nn.Module):
    def __init__(self, inputs, width, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, 4 * width, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * width)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = None
        if stride != 1 or inputs != 4 * width:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, 4 * width, 1, stride, bias=False),
                nn.BatchNorm2d(4 * width),
            )

    def forward(self, x):
        shortcut = x if self.downsample is None else self.downsample(x)
        h = self.relu(self.bn1(self.conv1(x)))
        h = self.relu(self.bn2(self.conv2(h)))
        return self.relu(self.bn3(self.conv3(h)) + shortcut)


class ResNet50(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        inputs = 64
        for stage, depth in enumerate([3, 4, 6, 3]):
            width = 64 * 2 ** stage
            blocks = []
            for i in range(depth):
                stride = 2 if i == 0 and stage > 0 else 1
                blocks.append(Bottleneck(inputs, width, stride))
                inputs = 4 * width
            setattr(self, f"layer{stage + 1}", nn.Sequential(*blocks))
        self.fc = nn.Linear(inputs, classes) if classes else nn.Identity()

    def forward(self, x):
        h = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        h = self.layer4(self.layer3(self.layer2(self.layer1(h))))
        return self.fc(h.mean((2, 3)))


def load(model, tensors):
    """Copies tensors in the layout of TypeScript's side into a model."""
    state = model.state_dict()
    with torch.no_grad():
        for name, value in state.items():
            if name.endswith("num_batches_tracked"):
                continue
            tensor = tensors.pop(name)
            if tensor.dim() == 4:
                tensor = tensor.permute(3, 2, 0, 1)
            elif tensor.dim() == 2:
                tensor = tensor.t()
            value.copy_(tensor)
    return model
