"""Golden values of Stable Diffusion's autoencoder: PyTorch 2.13 on the CPU, in
double precision.

    python tests/golden/autoencoder_kl.py > tests/golden/autoencoder_kl.json

The network is the comparison's twin, bench/peers/generator_models.py, written
from the paper. Weights are not stored: they are multiples of 1/1009 that the
test computes again from tensor and index. The names of diffusers are spelled
out here from its published files, independently of the code under test.
"""

import json
import math
import sys
from pathlib import Path

import torch

peers = Path(__file__).resolve().parents[2] / "bench" / "peers"
sys.path.insert(0, str(peers))
sys.dont_write_bytecode = True
from generator_models import DiT, AutoencoderKL  # noqa: E402

torch.set_num_threads(1)
SIZE = {"widths": [8, 16, 16, 24], "blocks": 1, "groups": 4, "latent": 3,
        "scale": 0.25}
HEIGHT, WIDTH = 16, 24


def fill(model):
    """The same numbers as in the test: no rounding, whatever the machine."""
    for number, (name, w) in enumerate(sorted(model.named_parameters())):
        index = torch.arange(w.numel(), dtype=torch.int64)
        values = ((index * 7919 + number * 104729) % 1009 - 504).double() / 1009
        fan = w[0].numel() if w.dim() > 1 else 0
        scale = 2.0 ** math.floor(math.log2(3 / math.sqrt(fan))) if fan else 0.25
        is_scale = "norm" in name and name.endswith("weight")
        w.data = (is_scale + values * scale).reshape(w.shape).to(w.dtype)


def numbers(x):
    return [float(f"{v:.8g}") for v in x.detach().reshape(-1).tolist()]


def nhwc(x):
    return numbers(x.permute(0, 2, 3, 1))


def draw(*shape):
    return torch.randn(*shape, dtype=torch.float64).mul(64).round() / 64


def slope_of(y):
    """cos(0), cos(1), ... in the order of [B, C, H, W]."""
    return torch.cos(torch.arange(y.numel(), dtype=torch.float64)).reshape(y.shape)


def case():
    torch.manual_seed(1)
    model = AutoencoderKL(**SIZE).double()
    fill(model)
    images = draw(2, 3, HEIGHT, WIDTH).requires_grad_()
    latents = draw(2, SIZE["latent"], HEIGHT // 8, WIDTH // 8).requires_grad_()
    noise = draw(*latents.shape)
    mean, logvar = model.posterior(images)
    encoded = model.encode(images, noise)
    decoded = model.decode(latents)
    score = (encoded * slope_of(encoded)).sum() + (decoded * slope_of(decoded)).sum()
    score.backward()
    grads = {k: p.grad for k, p in model.named_parameters()}
    names = ["encoder.conv_in.bias", "encoder.down.1.downsample.conv.bias",
             "encoder.mid.attn_1.q.bias", "quant_conv.bias",
             "decoder.mid.attn_1.norm.weight", "decoder.up.3.upsample.conv.bias",
             "decoder.up.0.block.0.nin_shortcut.bias", "decoder.norm_out.weight"]
    return {
        "images": nhwc(images), "latents": nhwc(latents), "noise": nhwc(noise),
        "mean": nhwc(mean), "logVariance": nhwc(logvar),
        "encoded": nhwc(encoded), "decoded": nhwc(decoded),
        "imagesGradient": nhwc(images.grad),
        "latentsGradient": nhwc(latents.grad),
        "gradients": {name: numbers(grads[name]) for name in names},
    }


def diffusers_names(attention):
    """The parameters of diffusers' AutoencoderKL as its published files have
    them; `attention` are the names of query, key, value and output.
    """
    def both(*layers):
        return [f"{layer}.{kind}" for layer in layers for kind in ("weight", "bias")]

    def resnet(name, inputs, outputs):
        layers = ["norm1", "conv1", "norm2", "conv2"]
        if inputs != outputs:
            layers.append("conv_shortcut")
        return both(*(f"{name}.{layer}" for layer in layers))

    def middle(name):
        return [
            *both(*(f"{name}.mid_block.attentions.0.{layer}"
                    for layer in ["group_norm", *attention])),
            *resnet(f"{name}.mid_block.resnets.0", 1, 1),
            *resnet(f"{name}.mid_block.resnets.1", 1, 1),
        ]

    widths, blocks = SIZE["widths"], SIZE["blocks"]
    names = both("quant_conv", "post_quant_conv")
    names += both("encoder.conv_in", "encoder.conv_norm_out", "encoder.conv_out")
    names += both("decoder.conv_in", "decoder.conv_norm_out", "decoder.conv_out")
    names += middle("encoder") + middle("decoder")
    inputs = widths[0]
    for i, outputs in enumerate(widths):
        block = f"encoder.down_blocks.{i}"
        for j in range(blocks):
            names += resnet(f"{block}.resnets.{j}", inputs, outputs)
            inputs = outputs
        if i < len(widths) - 1:
            names += both(f"{block}.downsamplers.0.conv")
    for i, outputs in enumerate(reversed(widths)):
        block = f"decoder.up_blocks.{i}"
        for j in range(blocks + 1):
            names += resnet(f"{block}.resnets.{j}", inputs, outputs)
            inputs = outputs
        if i < len(widths) - 1:
            names += both(f"{block}.upsamplers.0.conv")
    return sorted(names)


def diffusers_dit(depth):
    """Names of diffusers' DiT as its published files have them."""
    names = []
    for layer in ["pos_embed.proj", "proj_out_1", "proj_out_2"]:
        names += [f"{layer}.weight", f"{layer}.bias"]
    for i in range(depth):
        block = f"transformer_blocks.{i}"
        for layer in ["norm1.emb.timestep_embedder.linear_1",
                      "norm1.emb.timestep_embedder.linear_2",
                      "norm1.linear", "attn1.to_q", "attn1.to_k", "attn1.to_v",
                      "attn1.to_out.0", "ff.net.0.proj", "ff.net.2"]:
            names += [f"{block}.{layer}.weight", f"{block}.{layer}.bias"]
        names.append(f"{block}.norm1.emb.class_embedder.embedding_table.weight")
    return sorted(names)


def shapes(model):
    return {k: list(v.shape) for k, v in model.state_dict().items()}


json.dump({
    "torch": torch.__version__.split("+")[0],
    "size": SIZE, "height": HEIGHT, "width": WIDTH,
    "names": {
        "latentDiffusion": shapes(AutoencoderKL(**SIZE)),
        "diffusers": diffusers_names(["to_q", "to_k", "to_v", "to_out.0"]),
        "oldDiffusers": diffusers_names(["query", "key", "value", "proj_attn"]),
        "dit": shapes(DiT(hidden=24, depth=2, heads=2, size=8, classes=5)),
        "diffusersDit": diffusers_dit(2),
    },
    **case(),
}, sys.stdout)
print()
