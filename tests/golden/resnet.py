"""Small residual networks in PyTorch 2.13, float64 (see network_case.py).

Run: python3 resnet.py > resnet.json
"""

import json

from network_case import network_case
from twins.resnet import Basic, Bottleneck, ResNet


def case(block, depths, last_stride, training, power=None, neck=False):
    kind = {"basic": Basic, "bottleneck": Bottleneck}[block]
    model = ResNet(kind, depths, 4, last_stride, 3, power, neck)
    # Of few images, some features hardly vary and the neck enlarges noise.
    images = [6 if neck else 3, 50, 37]
    return network_case(
        model, images, ["features", "pooled", "logits"], training,
        config={
            "block": block,
            "depths": depths,
            "channels": 4,
            "lastStride": last_stride,
            "pooling": {"power": power, "learned": True} if power
            else "average",
            "neck": neck,
            "classes": 3,
        },
    )


print(json.dumps({
    "cases": [
        case(*options, training)
        for options in [("basic", [1, 2, 1, 1], 2)]
        for training in (False, True)
    ] + [
        case("bottleneck", [2, 1, 1, 1], 1, False),
        case("bottleneck", [2, 1, 1, 1], 1, False, 2.5, True),
        case("bottleneck", [2, 1, 1, 1], 1, True, 2.5, True),
    ],
}))
