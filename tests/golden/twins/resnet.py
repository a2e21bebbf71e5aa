"""Residual networks in PyTorch, written from the papers: "Deep Residual
Learning" with the stride in the 3 x 3 convolution, the neck of "Bag of Tricks"
and generalised-mean pooling. Without these two, the state has torchvision's
names."""

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


class GeneralizedMean(nn.Module):
    def __init__(self, power):
        super().__init__()
        self.p = nn.Parameter(torch.tensor([float(power)]))

    def forward(self, x):
        return x.clamp(min=1e-6).pow(self.p).mean((2, 3)).pow(1 / self.p)


class ResNet(nn.Module):
    """Returns features, the pooled map they are made of, and logits."""

    def __init__(
        self, block, depths, channels=64, last_stride=2, classes=1000,
        power=None, neck=False,
    ):
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
        self.pool = GeneralizedMean(power) if power else None
        self.neck = nn.BatchNorm1d(inputs) if neck else None
        if neck:
            self.neck.bias.requires_grad_(False)
        self.fc = nn.Linear(inputs, classes, bias=not neck)

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        h = F.max_pool2d(h, 3, 2, 1)
        h = self.layer4(self.layer3(self.layer2(self.layer1(h))))
        pooled = self.pool(h) if self.pool else h.mean((2, 3))
        features = self.neck(pooled) if self.neck else pooled
        return features, pooled, self.fc(features)


def resnet50(**options):
    return ResNet(Bottleneck, [3, 4, 6, 3], **options)
