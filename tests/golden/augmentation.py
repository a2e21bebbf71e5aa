"""Writes augmentation.json: colour changes of torchvision 0.28.0 (torch 2.13.0) on small random images.

Run it beside this file: python3 augmentation.py. Float32, so the tolerance of the tests is 1e-5.
"""
import importlib
import importlib.util
import json
import sys
import types

import torch

# Only the functions on tensors, which need no compiled part of torchvision.
root = importlib.util.find_spec("torchvision").submodule_search_locations[0]
for name in ("torchvision", "torchvision.transforms"):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = [root + name[11:].replace(".", "/")]
F = importlib.import_module("torchvision.transforms._functional_tensor")

torch.manual_seed(0)
images = torch.rand(4, 3, 3, 2)
images[3] = 0.25  # grey: no hue
images[2, :, 0, 0] = torch.tensor([1.0, 0.0, 0.0])
images[2, :, 0, 1] = torch.tensor([0.0, 0.0, 1.0])
factors = {
    "brightness": [0.4, 1.7, 0.0, 1.3],
    "contrast": [0.3, 1.9, 0.0, 1.5],
    "saturation": [0.2, 2.5, 0.0, 1.5],
    "hue": [-0.5, 0.1, 0.37, 0.25],
}
signed = lambda x: (2 * x - 1).permute(0, 2, 3, 1).flatten().tolist()
results = {
    name: signed(torch.stack([
        getattr(F, f"adjust_{name}")(image, factor)
        for image, factor in zip(images, values)
    ]))
    for name, values in factors.items()
}
with open("augmentation.json", "w") as file:
    json.dump({"images": signed(images), "factors": factors, "results": results}, file)
