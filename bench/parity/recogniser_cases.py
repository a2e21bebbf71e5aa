"""The recognisers, see cases.py. Their networks are the twins of the golden
files: tests/golden/twins."""

import os
import sys

import torch

sys.path.append(os.path.join(os.path.dirname(__file__), "../../tests/golden"))

from twins.iresnet import iresnet50  # noqa: E402
from twins.resnet import resnet50  # noqa: E402
from twins.vit import TimmViT, TorchvisionViT, vit_b16  # noqa: E402


def recogniser(make, height, width):
    def case(empty=False):
        model = make().eval()
        if empty:
            return model, None
        randomise(model)

        def compute(model):
            x = torch.rand(2, 3, height, width) * 2 - 1
            results = model(x)
            features, *rest = (
                results if isinstance(results, tuple) else (results,)
            )
            outputs = {"features": features}
            if rest:
                outputs["logits"] = rest[-1]
            return {"images": x.permute(0, 2, 3, 1).contiguous()}, outputs

        return model, compute

    return case


@torch.no_grad()
def randomise(model):
    """PyTorch's own first weights; what begins at 0 or 1 comes off it."""
    for name, tensor in model.state_dict().items():
        if not tensor.is_floating_point() or tensor.dim() == 0:
            continue
        if name.endswith("running_var") or tensor.dim() == 1:
            tensor.add_(0.1 * torch.rand_like(tensor))
        elif tensor.dim() == 3:  # class token and positions
            tensor.normal_(0, 0.02)


RECOGNISERS = {
    "resnet50": recogniser(resnet50, 256, 128),
    "vitB16Timm": recogniser(lambda: vit_b16(TimmViT), 224, 224),
    "vitB16Torchvision": recogniser(lambda: vit_b16(TorchvisionViT), 224, 224),
    "iresnet50": recogniser(iresnet50, 112, 112),
}
