"""Small vision transformers in PyTorch 2.13, float64 (see network_case.py), by
timm's and by torchvision's names, and positions brought to other grids by
`interpolate` in float32.

Run: python3 vit.py > vit.json
"""

import json

from torch.nn import functional as F

from network_case import network_case, numbers, wave
from twins.vit import TimmViT, TorchvisionViT

KINDS = {"timm": TimmViT, "torchvision": TorchvisionViT}
SIZES = [24, 16, 8, 24, 2, 3, 5]
KEYS = ["height", "width", "patch", "hidden", "depth", "heads", "classes"]


def resized(side, rows, columns, width, antialias):
    positions = wave(side * side * width, 5000).float()
    grid = positions.reshape(1, side, side, width).permute(0, 3, 1, 2)
    y = F.interpolate(
        grid, size=(rows, columns), mode="bicubic", align_corners=False,
        antialias=antialias,
    )
    return {
        "side": side,
        "rows": rows,
        "columns": columns,
        "width": width,
        "antialias": antialias,
        "values": numbers(y.permute(0, 2, 3, 1).flatten()),
    }


print(json.dumps({
    "cases": [
        network_case(
            kind(*SIZES), [3, 24, 16], ["features", "logits"], False,
            names=name, config=dict(zip(KEYS, SIZES)),
        )
        for name, kind in KINDS.items()
    ],
    "positions": [
        resized(*sizes, antialias)
        for sizes in [(3, 4, 2, 3), (14, 16, 8, 2), (5, 11, 5, 1)]
        for antialias in (False, True)
    ],
}))
