"""The works of the generator's published networks in PyTorch, see works.py."""

import torch

from generator_models import DiT, AutoencoderKL


def guided(half):
    def prepare(tensors, variant):
        latents = nchw(tensors.pop("latents"))
        times, labels = tensors.pop("times"), tensors.pop("labels").long()
        with torch.device("meta"):
            model = DiT()
        model.load_state_dict(tensors, strict=True, assign=True)
        forward = compiled(model.eval().guided, variant)
        return run(lambda: forward(latents, times, labels, 4.0), half)

    return prepare


def decode(half):
    def prepare(tensors, variant):
        latents = nchw(tensors.pop("latents"))
        with torch.device("meta"):
            model = AutoencoderKL()
        model.load_state_dict(tensors, strict=True, assign=True)
        model.eval()
        if variant == "channelsLast":
            model = model.to(memory_format=torch.channels_last)
            latents = latents.contiguous(memory_format=torch.channels_last)
        forward = compiled(model.decode, variant)
        return run(lambda: forward(latents), half)

    return prepare


def run(forward, half):
    """Autocast is PyTorch's way to bfloat16. Results in the order of ours."""

    def once():
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16, half):
            return [forward().float().permute(0, 2, 3, 1)]

    return once


def nchw(x):
    return x.permute(0, 3, 1, 2).contiguous()


def compiled(function, variant):
    return torch.compile(function) if variant == "compile" else function


GENERATOR_WORKS = {
    "ditGuided": guided(False),
    "ditGuidedBfloat16": guided(True),
    "vaeDecode": decode(False),
    "vaeDecodeBfloat16": decode(True),
}
