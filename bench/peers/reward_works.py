"""The rewards of a batch (eqs. 3 to 11) in PyTorch, an identity's samples in a
row. What belongs to the references alone is computed once."""

import torch
from torch.nn import functional as F

SIGMA, ALPHA, EPSILON, TAU, EPS0 = 1.0, 0.5, 0.1, 1.0, 1e-6


def reward_batch(tensors, variant):
    features, labels = tensors["features"], tensors["labels"].long()
    references = tensors["references"]
    identities = int(tensors["referenceLabels"].max()) + 1
    batch, width = features.shape
    samples = batch // identities
    bank = references.view(identities, -1, width)
    prototypes = F.normalize(bank.mean(1), dim=1)
    bank = F.normalize(bank, dim=2)
    count = bank.shape[1]
    spreads = (bank - bank.mean(1, keepdim=True)).square().sum((1, 2))
    wished = (1 + EPSILON) * spreads / (count - 1)
    weights = torch.tensor([1.0, 0.75, 0.25])

    def score(features, labels):
        unit = F.normalize(features, dim=1).view(-1, samples, width)
        label = labels.view(-1, samples)[:, 0]
        semantic = (torch.bmm(unit, prototypes[label].unsqueeze(2)) + 1) / 2
        # Of unit-length vectors |u - v|^2 / 2 = 1 - u . v.
        to_bank = 1 - torch.bmm(unit, bank[label].transpose(1, 2))
        within = 1 - torch.bmm(unit, unit.transpose(1, 2))
        coverage = torch.exp(to_bank / -(SIGMA**2)).mean(2)
        coverage = coverage - ALPHA * torch.exp(within / -(SIGMA**2)).mean(2)
        spread = within.sum((1, 2)) / (samples * (samples - 1))
        expressive = -((spread - wished[label]) / TAU).square()
        expressive = expressive.unsqueeze(1).expand(-1, samples)
        raw = torch.stack(
            [semantic.reshape(-1), coverage.reshape(-1), expressive.reshape(-1)]
        )
        deviation, mean = torch.std_mean(raw, 1, correction=0, keepdim=True)
        standardized = (raw - mean) / (deviation + EPS0)
        return torch.tanh(weights @ standardized), raw, standardized

    score = torch.compile(score) if variant == "compile" else score

    def run():
        with torch.no_grad():
            total, raw, standardized = score(features, labels)
            return [total, *raw.unbind(), *standardized.unbind()]

    return run
