"""The face recogniser of "ArcFace" in PyTorch, written from the paper, with
the names of insightface's checkpoints."""

import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, inputs, width, stride):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(inputs, eps=1e-5)
        self.conv1 = nn.Conv2d(inputs, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width, eps=1e-5)
        self.prelu = nn.PReLU(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(width, eps=1e-5)
        self.downsample = None
        if stride != 1 or inputs != width:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, width, 1, stride, bias=False),
                nn.BatchNorm2d(width, eps=1e-5),
            )

    def forward(self, x):
        h = self.prelu(self.bn2(self.conv1(self.bn1(x))))
        h = self.bn3(self.conv2(h))
        return h + (self.downsample(x) if self.downsample else x)


class IResNet(nn.Module):
    def __init__(self, depths, channels=64, size=112, features=512):
        super().__init__()
        self.conv1 = nn.Conv2d(3, channels, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels, eps=1e-5)
        self.prelu = nn.PReLU(channels)
        inputs = channels
        for stage, depth in enumerate(depths):
            width = channels * 2 ** stage
            blocks = []
            for i in range(depth):
                blocks.append(Block(inputs, width, 2 if i == 0 else 1))
                inputs = width
            setattr(self, f"layer{stage + 1}", nn.Sequential(*blocks))
        self.bn2 = nn.BatchNorm2d(inputs, eps=1e-5)
        self.fc = nn.Linear(inputs * (size // 16) ** 2, features)
        self.features = nn.BatchNorm1d(features, eps=1e-5)
        self.features.weight.requires_grad_(False)

    def forward(self, x):
        h = self.prelu(self.bn1(self.conv1(x)))
        h = self.layer4(self.layer3(self.layer2(self.layer1(h))))
        return self.features(self.fc(torch.flatten(self.bn2(h), 1)))


def iresnet50():
    return IResNet([3, 4, 14, 3])
