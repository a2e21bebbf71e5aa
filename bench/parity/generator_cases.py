"""The generator's networks, see cases.py."""

import torch

from generator_models import DiT, AutoencoderKL, positions, randomise


def nhwc(x):
    return x.permute(0, 2, 3, 1).contiguous()


def dit(empty=False, **sizes):
    # Without the initialisation that is overwritten anyway.
    with torch.device("meta"):
        model = DiT(**sizes)
    if empty:
        return model, None
    model = model.to_empty(device="cpu")
    model.pos_embed.data = positions(
        model.side, model.side, model.pos_embed.shape[2]
    )
    randomise(model, 1)

    def compute(model):
        size = model.side * model.patch
        x = torch.randn(1, 4, size, size)
        t, y = torch.tensor([417]), torch.tensor([2])
        null = len(model.y_embedder["embedding_table"].weight) - 1
        both = model(x.repeat(2, 1, 1, 1), t.repeat(2), torch.tensor([2, null]))
        return {
            "latents": nhwc(x),
            "times": t.float(),
            "labels": y.int(),
        }, {
            "prediction": nhwc(both),
            "guided": nhwc(model.guided(x, t, y, 4.0)),
        }

    return model, compute


def autoencoder(empty=False):
    model = AutoencoderKL()
    if empty:
        return model, None
    randomise(model, 2)

    def compute(model):
        images = torch.rand(1, 3, 256, 256) * 2 - 1
        latents = torch.randn(1, 4, 32, 32) * model.scale
        mean, logvar = model.posterior(images)
        return {"images": nhwc(images), "latents": nhwc(latents)}, {
            "mean": nhwc(mean),
            "logVariance": nhwc(logvar),
            "decoded": nhwc(model.decode(latents)),
        }

    return model, compute


def dit_s8(empty=False):
    return dit(empty, hidden=384, depth=12, heads=6, patch=8)


GENERATORS = {"ditXL2": dit, "ditS8": dit_s8, "autoencoderKl": autoencoder}
