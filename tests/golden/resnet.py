"""Small residual networks in PyTorch, float64: values, statistics, gradients.

Written from the paper and torchvision's layout, not from ours. Weights follow
a formula (`wave`), so the file holds results only; of a gradient it holds the
norm and the product with another wave, which no two kernels share that differ
in the order of their axes.

Run: python3 resnet.py > resnet.json; deno fmt resnet.json
"""

import json
import math

import torch
from torch import nn
from torch.nn import functional as F


class Basic(nn.Module):
    expansion = 1

    def __init__(self, inputs, width, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.downsample = shortcut(inputs, width, stride)

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        h = self.bn2(self.conv2(h))
        return F.relu(h + (self.downsample(x) if self.downsample else x))


class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, inputs, width, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, 4 * width, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * width)
        self.downsample = shortcut(inputs, 4 * width, stride)

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        h = F.relu(self.bn2(self.conv2(h)))
        h = self.bn3(self.conv3(h))
        return F.relu(h + (self.downsample(x) if self.downsample else x))


def shortcut(inputs, outputs, stride):
    if stride == 1 and inputs == outputs:
        return None
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 1, stride, bias=False),
        nn.BatchNorm2d(outputs),
    )


class ResNet(nn.Module):
    def __init__(self, block, depths, channels, last_stride, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, channels, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        inputs = channels
        for stage, depth in enumerate(depths):
            stride = [1, 2, 2, last_stride][stage]
            width = channels * 2 ** stage
            blocks = []
            for i in range(depth):
                blocks.append(block(inputs, width, stride if i == 0 else 1))
                inputs = width * block.expansion
            setattr(self, f"layer{stage + 1}", nn.Sequential(*blocks))
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        h = F.max_pool2d(h, 3, 2, 1)
        h = self.layer4(self.layer3(self.layer2(self.layer1(h))))
        features = h.mean((2, 3))
        return features, self.fc(features)


def wave(count, seed):
    """Irregular numbers in [-1, 1) that both sides can compute."""
    values = []
    for i in range(count):
        x = 43758.5453 * math.sin(12.9898 * (i + 1) + 78.233 * (seed + 1))
        values.append(2 * (x - math.floor(x)) - 1)
    return torch.tensor(values).float().double()


def ours(name, tensor):
    """To the order of axes of TypeScript's side."""
    if name == "images":
        return tensor.permute(0, 2, 3, 1)
    if tensor.dim() == 4:
        return tensor.permute(2, 3, 1, 0)
    return tensor.t() if tensor.dim() == 2 else tensor


def theirs(name, tensor):
    if name == "images":
        return tensor.permute(0, 3, 1, 2)
    if tensor.dim() == 4:
        return tensor.permute(3, 2, 0, 1)
    return tensor.t() if tensor.dim() == 2 else tensor


def first_value(name, shape, seed):
    w = wave(math.prod(shape), seed).reshape(shape)
    if name.endswith("running_mean"):
        return 0.1 * w
    if name.endswith("running_var"):
        return 1 + 0.5 * w
    if len(shape) == 1:
        return 0.2 * w if name.endswith("bias") else 1 + 0.3 * w
    return w * math.sqrt(4 / math.prod(shape[:-1]))


def numbers(values):
    """Seven digits, all that float32 has."""
    values = torch.as_tensor(values)
    if values.dim() > 1:
        return [numbers(row) for row in values]
    return [float(f"{value:.7g}") for value in values.tolist()]


def case(block, depths, channels, last_stride, size, training):
    kind = {"basic": Basic, "bottleneck": Bottleneck}[block]
    model = ResNet(kind, depths, channels, last_stride, 3).double()
    state = {
        name: value for name, value in model.state_dict().items()
        if not name.endswith("num_batches_tracked")
    }
    for seed, name in enumerate(sorted(state)):
        shape = list(ours(name, state[name]).shape)
        value = first_value(name, shape, seed).float().double()
        state[name].copy_(theirs(name, value))
    batch, height, width = size
    pixels = wave(batch * height * width * 3, 1000)
    images = theirs("images", pixels.reshape(batch, height, width, 3))
    images = images.clone().requires_grad_()
    model.train(training)
    features, logits = model(images)
    slopes = wave(features.numel(), 2000), wave(logits.numel(), 3000)
    loss = (features.flatten() * slopes[0]).sum()
    loss = loss + (logits.flatten() * slopes[1]).sum()
    loss.backward()
    gradients = {}
    slopes = {n: p.grad for n, p in model.named_parameters()}
    for name, slope in {**slopes, "images": images.grad}.items():
        flat = ours(name, slope).flatten()
        along = (flat * wave(len(flat), 4000)).sum().item()
        gradients[name] = numbers([flat.norm().item(), along])
    return {
        "config": {
            "block": block,
            "depths": depths,
            "channels": channels,
            "lastStride": last_stride,
            "classes": 3,
        },
        "size": size,
        "training": training,
        "shapes": {n: list(ours(n, state[n]).shape) for n in sorted(state)},
        "features": numbers(features),
        "logits": numbers(logits),
        "statistics": {
            name: numbers(value) for name, value in state.items()
            if training and name.endswith(("running_mean", "running_var"))
        },
        "gradients": gradients,
    }


print(json.dumps({
    "cases": [
        case(block, depths, 4, last_stride, [3, 50, 37], training)
        for block, depths, last_stride in [
            ("basic", [1, 2, 1, 1], 2),
            ("bottleneck", [2, 1, 1, 1], 1),
        ]
        for training in (False, True)
    ],
}))
