"""Vision transformers in PyTorch, written from the paper, with the names of
timm's and of torchvision's checkpoints."""

import torch
from torch import nn
from torch.nn import functional as F


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, x):
        b, t, d = x.shape
        qkv = self.qkv(x).reshape(b, t, 3, self.heads, d // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        y = F.scaled_dot_product_attention(q, k, v)
        return self.proj(y.transpose(1, 2).reshape(b, t, d))


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm1 = nn.LayerNorm(width, eps=1e-6)
        self.attn = Attention(width, heads)
        self.norm2 = nn.LayerNorm(width, eps=1e-6)
        self.mlp = nn.ModuleDict({
            "fc1": nn.Linear(width, 4 * width),
            "fc2": nn.Linear(4 * width, width),
        })

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        h = F.gelu(self.mlp["fc1"](self.norm2(x)))
        return x + self.mlp["fc2"](h)


class TimmViT(nn.Module):
    """Returns the class token's features and logits."""

    def __init__(self, height, width, patch, hidden, depth, heads, classes):
        super().__init__()
        count = (height // patch) * (width // patch)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, hidden))
        self.pos_embed = nn.Parameter(torch.zeros(1, 1 + count, hidden))
        self.patch_embed = nn.ModuleDict({
            "proj": nn.Conv2d(3, hidden, patch, patch)
        })
        self.blocks = nn.ModuleList(Block(hidden, heads) for _ in range(depth))
        self.norm = nn.LayerNorm(hidden, eps=1e-6)
        self.head = nn.Linear(hidden, classes) if classes else nn.Identity()

    def forward(self, images):
        x = self.patch_embed["proj"](images).flatten(2).transpose(1, 2)
        token = self.cls_token.expand(len(x), -1, -1)
        x = torch.cat([token, x], 1) + self.pos_embed
        for block in self.blocks:
            x = block(x)
        features = self.norm(x)[:, 0]
        return features, self.head(features)


class EncoderLayer(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.ln_1 = nn.LayerNorm(width, eps=1e-6)
        self.self_attention = nn.MultiheadAttention(
            width, heads, batch_first=True
        )
        self.ln_2 = nn.LayerNorm(width, eps=1e-6)
        self.mlp = nn.Sequential(
            nn.Linear(width, 4 * width), nn.GELU(), nn.Dropout(0.0),
            nn.Linear(4 * width, width), nn.Dropout(0.0),
        )

    def forward(self, x):
        h = self.ln_1(x)
        x = x + self.self_attention(h, h, h, need_weights=False)[0]
        return x + self.mlp(self.ln_2(x))


class Encoder(nn.Module):
    def __init__(self, count, width, depth, heads):
        super().__init__()
        self.pos_embedding = nn.Parameter(torch.zeros(1, count, width))
        self.layers = nn.Sequential()
        for i in range(depth):
            self.layers.add_module(
                f"encoder_layer_{i}", EncoderLayer(width, heads)
            )
        self.ln = nn.LayerNorm(width, eps=1e-6)

    def forward(self, x):
        return self.ln(self.layers(x + self.pos_embedding))


class TorchvisionViT(nn.Module):
    """Returns the class token's features and logits."""

    def __init__(self, height, width, patch, hidden, depth, heads, classes):
        super().__init__()
        count = 1 + (height // patch) * (width // patch)
        self.class_token = nn.Parameter(torch.zeros(1, 1, hidden))
        self.conv_proj = nn.Conv2d(3, hidden, patch, patch)
        self.encoder = Encoder(count, hidden, depth, heads)
        self.heads = nn.ModuleDict({"head": nn.Linear(hidden, classes)})

    def forward(self, images):
        x = self.conv_proj(images).flatten(2).transpose(1, 2)
        token = self.class_token.expand(len(x), -1, -1)
        features = self.encoder(torch.cat([token, x], 1))[:, 0]
        return features, self.heads["head"](features)


def vit_b16(kind=TimmViT, height=224, width=224, classes=1000):
    return kind(height, width, 16, 768, 12, 12, classes)
