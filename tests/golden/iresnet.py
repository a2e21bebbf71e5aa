"""A small IResNet in PyTorch 2.13, float64 (see network_case.py).

Run: python3 iresnet.py > iresnet.json
"""

import json

from network_case import network_case
from twins.iresnet import IResNet

print(json.dumps({
    "cases": [
        network_case(
            IResNet([1, 2, 1, 1], 4, 32, 6), [3, 32, 32], ["features"],
            training, config={
                "depths": [1, 2, 1, 1],
                "channels": 4,
                "size": 32,
                "features": 6,
            },
        )
        for training in (False, True)
    ],
}))
