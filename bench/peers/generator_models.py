"""The generator's networks in plain PyTorch, written from their papers, with
the names of the original checkpoints: the diffusion transformer (Peebles and
Xie, 2023) and the autoencoder of latent diffusion (Rombach et al., 2022).
"""

import math

import torch
from torch import nn
from torch.nn import functional as F

from models import DiTBlock


def sinusoid(values, width):
    """Sines and cosines of value / 10000^(i / (width / 2)), apart."""
    half = width // 2
    steps = torch.arange(half, dtype=torch.float64)
    angles = values.double()[:, None] * torch.exp(-math.log(10000) * steps / half)
    return torch.sin(angles), torch.cos(angles)


def positions(rows, columns, hidden):
    """The width goes first: the first half of the channels tells the column."""
    row = torch.arange(rows).repeat_interleave(columns)
    column = torch.arange(columns).repeat(rows)
    parts = [*sinusoid(column, hidden // 2), *sinusoid(row, hidden // 2)]
    return torch.cat(parts, 1).float()[None]


class FinalLayer(nn.Module):
    def __init__(self, hidden, outputs):
        super().__init__()
        self.norm = nn.LayerNorm(hidden, elementwise_affine=False, eps=1e-6)
        self.linear = nn.Linear(hidden, outputs)
        self.adaLN_modulation = nn.Sequential(
            nn.SiLU(), nn.Linear(hidden, 2 * hidden)
        )

    def forward(self, x, c):
        shift, scale = self.adaLN_modulation(c).unsqueeze(1).chunk(2, dim=-1)
        return self.linear(self.norm(x) * (1 + scale) + shift)


class DiT(nn.Module):
    """Latents [B, C, H, W], times and classes [B] to [B, 2C, H, W]."""

    def __init__(self, hidden=1152, depth=28, heads=16, patch=2, size=32,
                 channels=4, classes=1000):
        super().__init__()
        self.patch = patch
        self.side = size // patch
        self.x_embedder = nn.ModuleDict(
            {"proj": nn.Conv2d(channels, hidden, patch, patch)}
        )
        self.t_embedder = nn.ModuleDict({"mlp": nn.Sequential(
            nn.Linear(256, hidden), nn.SiLU(), nn.Linear(hidden, hidden)
        )})
        self.y_embedder = nn.ModuleDict(
            {"embedding_table": nn.Embedding(classes + 1, hidden)}
        )
        self.pos_embed = nn.Parameter(
            positions(self.side, self.side, hidden), requires_grad=False
        )
        self.blocks = nn.ModuleList(
            DiTBlock(hidden, heads) for _ in range(depth)
        )
        self.final_layer = FinalLayer(hidden, patch * patch * 2 * channels)

    def forward(self, x, t, y):
        h = self.x_embedder["proj"](x).flatten(2).transpose(1, 2)
        h = h + self.pos_embed
        sine, cosine = sinusoid(t, 256)
        time = torch.cat([cosine, sine], 1).float()
        c = self.t_embedder["mlp"](time) + self.y_embedder["embedding_table"](y)
        for block in self.blocks:
            h = block(h, c)
        h = self.final_layer(h, c)  # [B, T, p p 2C]
        side, patch = self.side, self.patch
        h = h.reshape(-1, side, side, patch, patch, h.shape[-1] // patch**2)
        h = h.permute(0, 5, 1, 3, 2, 4)
        return h.reshape(-1, h.shape[1], side * patch, side * patch)

    def guided(self, x, t, y, scale, channels=3):
        """As published: of the prediction, the first three channels alone."""
        nulls = torch.full_like(y, len(self.y_embedder["embedding_table"].weight) - 1)
        both = self(torch.cat([x, x]), torch.cat([t, t]), torch.cat([y, nulls]))
        with_class, without = both.chunk(2)
        first = without + scale * (with_class - without)
        return torch.cat([first[:, :channels], with_class[:, channels:]], 1)


def norm(channels, groups):
    return nn.GroupNorm(groups, channels, eps=1e-6)


class ResidualBlock(nn.Module):
    def __init__(self, inputs, outputs, groups):
        super().__init__()
        self.norm1 = norm(inputs, groups)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.norm2 = norm(outputs, groups)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1)
        if inputs != outputs:
            self.nin_shortcut = nn.Conv2d(inputs, outputs, 1)

    def forward(self, x):
        h = self.conv1(F.silu(self.norm1(x)))
        h = self.conv2(F.silu(self.norm2(h)))
        if hasattr(self, "nin_shortcut"):
            x = self.nin_shortcut(x)
        return x + h


class PixelAttention(nn.Module):
    def __init__(self, channels, groups):
        super().__init__()
        self.norm = norm(channels, groups)
        self.q = nn.Conv2d(channels, channels, 1)
        self.k = nn.Conv2d(channels, channels, 1)
        self.v = nn.Conv2d(channels, channels, 1)
        self.proj_out = nn.Conv2d(channels, channels, 1)

    def forward(self, x):
        h = self.norm(x)
        q, k, v = (
            part(h).flatten(2).transpose(1, 2)[:, None]
            for part in (self.q, self.k, self.v)
        )
        y = F.scaled_dot_product_attention(q, k, v)[:, 0]
        return x + self.proj_out(y.transpose(1, 2).reshape(x.shape))


class Middle(nn.Module):
    def __init__(self, channels, groups):
        super().__init__()
        self.block_1 = ResidualBlock(channels, channels, groups)
        self.attn_1 = PixelAttention(channels, groups)
        self.block_2 = ResidualBlock(channels, channels, groups)

    def forward(self, x):
        return self.block_2(self.attn_1(self.block_1(x)))


class Down(nn.Module):
    """Zeros below and to the right alone."""

    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, 2)

    def forward(self, x):
        return self.conv(F.pad(x, (0, 1, 0, 1)))


class Up(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x):
        return self.conv(F.interpolate(x, scale_factor=2.0, mode="nearest"))


class Encoder(nn.Module):
    def __init__(self, widths, blocks, groups, latent):
        super().__init__()
        self.conv_in = nn.Conv2d(3, widths[0], 3, padding=1)
        self.down = nn.ModuleList()
        inputs = widths[0]
        for i, outputs in enumerate(widths):
            level = nn.Module()
            level.block = nn.ModuleList(
                ResidualBlock(inputs if j == 0 else outputs, outputs, groups)
                for j in range(blocks)
            )
            inputs = outputs
            if i < len(widths) - 1:
                level.downsample = Down(outputs)
            self.down.append(level)
        self.mid = Middle(inputs, groups)
        self.norm_out = norm(inputs, groups)
        self.conv_out = nn.Conv2d(inputs, 2 * latent, 3, padding=1)

    def forward(self, x):
        h = self.conv_in(x)
        for level in self.down:
            for block in level.block:
                h = block(h)
            if hasattr(level, "downsample"):
                h = level.downsample(h)
        return self.conv_out(F.silu(self.norm_out(self.mid(h))))


class Decoder(nn.Module):
    """`up` is numbered from the largest size and used from the smallest."""

    def __init__(self, widths, blocks, groups, latent):
        super().__init__()
        inputs = widths[-1]
        self.conv_in = nn.Conv2d(latent, inputs, 3, padding=1)
        self.mid = Middle(inputs, groups)
        levels = []
        for i, outputs in reversed(list(enumerate(widths))):
            level = nn.Module()
            level.block = nn.ModuleList(
                ResidualBlock(inputs if j == 0 else outputs, outputs, groups)
                for j in range(blocks + 1)
            )
            inputs = outputs
            if i > 0:
                level.upsample = Up(outputs)
            levels.insert(0, level)
        self.up = nn.ModuleList(levels)
        self.norm_out = norm(inputs, groups)
        self.conv_out = nn.Conv2d(inputs, 3, 3, padding=1)

    def forward(self, x):
        h = self.mid(self.conv_in(x))
        for level in reversed(self.up):
            for block in level.block:
                h = block(h)
            if hasattr(level, "upsample"):
                h = level.upsample(h)
        return self.conv_out(F.silu(self.norm_out(h)))


class AutoencoderKL(nn.Module):
    """Images [B, 3, H, W] to latents [B, C, H/8, W/8] times `scale` and back."""

    def __init__(self, widths=(128, 256, 512, 512), blocks=2, groups=32,
                 latent=4, scale=0.18215):
        super().__init__()
        self.scale = scale
        self.encoder = Encoder(widths, blocks, groups, latent)
        self.decoder = Decoder(widths, blocks, groups, latent)
        self.quant_conv = nn.Conv2d(2 * latent, 2 * latent, 1)
        self.post_quant_conv = nn.Conv2d(latent, latent, 1)

    def posterior(self, images):
        mean, logvar = self.quant_conv(self.encoder(images)).chunk(2, dim=1)
        return mean, logvar.clamp(-30, 20)

    def encode(self, images, noise=None):
        mean, logvar = self.posterior(images)
        if noise is not None:
            mean = mean + torch.exp(0.5 * logvar) * noise
        return mean * self.scale

    def decode(self, latents):
        return self.decoder(self.post_quant_conv(latents / self.scale))


def randomise(model, seed):
    """Every weight away from zero, results of ordinary size: gates that start
    shut and normalisations that start as one would hide mistakes.
    """
    generator = torch.Generator().manual_seed(seed)
    for name, weight in model.named_parameters():
        if name == "pos_embed":
            continue
        draw = torch.randn(weight.shape, generator=generator)
        if weight.dim() > 1:
            # A table's rows are added to others, not summed over.
            fan = 4 if "embedding_table" in name else weight[0].numel()
            weight.data = draw / math.sqrt(fan)
        else:
            is_scale = "norm" in name and name.endswith("weight")
            weight.data = is_scale + 0.2 * draw
    return model.eval()
