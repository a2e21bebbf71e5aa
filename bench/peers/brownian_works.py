"""Pair forces of Langevin (eq. B4) in PyTorch: the whole matrix at once, as the
released code computes it, in closed form."""

import torch
from torch.nn import functional as F

KAPPA, DISTANCE = 0.999999, 1.4


def pair_forces(tensors, variant):
    embeddings = tensors["embeddings"]

    def gradient(e):
        length = e.norm(dim=1, keepdim=True)
        units = e / length
        raw = units @ units.T
        raw.fill_diagonal_(-1)
        cosine = (raw * KAPPA).clamp(-1 + 2**-23, 1 - 2**-23)
        angle = torch.acos(cosine)
        overlap = F.relu(DISTANCE - angle)
        strength = overlap * KAPPA / torch.sqrt(1 - cosine.square())
        along = (strength * raw).sum(1, keepdim=True)
        return (strength @ units - along * units) / length, overlap

    gradient = torch.compile(gradient) if variant == "compile" else gradient

    def run():
        with torch.no_grad():
            slope, overlap = gradient(embeddings)
            # Statistics the step needs as well: energy and nearest other.
            return [slope, overlap.square().sum() / 4]

    return run
