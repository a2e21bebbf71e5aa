"""The works of recognisers in PyTorch, see works.py."""

import os
import sys

import torch
from torch.nn import functional as F

from models import ResNet50, load

# Their twins: the networks that golden files are made with.
sys.path.append(os.path.join(os.path.dirname(__file__), "../../tests/golden"))

from twins.vit import TimmViT  # noqa: E402


def resnet_forward(tensors, variant):
    model = load(ResNet50(0), tensors).eval()
    images, model = laid_out(tensors["images"], model, variant)
    return features(model, images, variant)


def resnet_step(tensors, variant):
    model = load(ResNet50(len(tensors["fc.bias"])), tensors).train()
    images, model = laid_out(tensors["images"], model, variant)
    optimizer = torch.optim.Adam(
        model.parameters(), lr=1e-5, weight_decay=5e-4
    )
    return step(model, images, tensors["labels"], optimizer, variant)


def vit_forward(tensors, variant):
    model = load(TimmViT(256, 128, 16, 768, 12, 12, 0), tensors).eval()
    images, model = laid_out(tensors["images"], model, variant)
    return features(lambda x: model(x)[0], images, variant)


def vit_step(tensors, variant):
    classes = len(tensors["head.bias"])
    model = load(TimmViT(256, 128, 16, 768, 12, 12, classes), tensors)
    images, model = laid_out(tensors["images"], model, variant)
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=1e-6, weight_decay=0.05
    )
    return step(
        lambda x: model(x)[1], images, tensors["labels"], optimizer, variant
    )


def laid_out(images, model, variant):
    images = images.permute(0, 3, 1, 2).contiguous()
    if variant != "channelsLast":
        return images, model
    layout = torch.channels_last
    return images.contiguous(memory_format=layout), model.to(
        memory_format=layout
    )


def compiled(function, variant):
    return torch.compile(function) if variant == "compile" else function


def features(model, images, variant):
    forward = compiled(model, variant)

    def run():
        with torch.no_grad():
            return [forward(images)]

    return run


def step(model, images, labels, optimizer, variant):
    forward = compiled(model, variant)
    labels = labels.long()

    def run():
        optimizer.zero_grad()
        loss = F.cross_entropy(forward(images), labels)
        loss.backward()
        optimizer.step()
        return [loss]

    return run


WORKS = {
    "resnetForward": resnet_forward,
    "resnetStep": resnet_step,
    "vitForward": vit_forward,
    "vitStep": vit_step,
}
