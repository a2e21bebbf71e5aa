"""Golden values of objectives, divergences and advantages: PyTorch and NumPy, float64.

    python tests/golden/policy.py > tests/golden/policy.json

Objectives are written from the papers (Williams, 1992; Fan et al., 2023;
Schulman et al., 2017, eq. 7), their gradients are autograd's. Divergences are
torch.distributions'. Advantages are taken group by group in loops.
"""

import json
import sys

import numpy as np
import torch
from torch.distributions import Normal, kl_divergence

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
rng = np.random.default_rng(11)

OLD = rng.normal(-1, 0.5, 8).round(4)
# Inside, at and beyond both clips, in both directions; two on the ratio 1.
LOG_RATIO = np.array([0.0, 0.0, 0.05, -0.05, 0.3, -0.3, 1.5, -2.0])
ADVANTAGE = np.array([1.5, -0.7, 0.4, -2.0, 1.0, 0.8, -1.2, -0.5])
KL = rng.uniform(0, 1, 8).round(4)
CLIPS = [0.2, 1e-4, None]


def reinforce(log, old, a, clip):
    return -(a * log).mean()


def dpok(log, old, a, clip):
    r = (log - old).exp()
    return -(a * (r if clip is None else r.clamp(1 - clip, 1 + clip))).mean()


def ppo(log, old, a, clip):
    r = (log - old).exp()
    if clip is None:
        return -(a * r).mean()
    return -torch.minimum(a * r, a * r.clamp(1 - clip, 1 + clip)).mean()


def objective(fn, clip, weight):
    log = torch.tensor(OLD + LOG_RATIO, requires_grad=True)
    kl = torch.tensor(KL)
    loss = fn(log, torch.tensor(OLD), torch.tensor(ADVANTAGE), clip)
    loss = loss + weight * kl.mean()
    loss.backward()
    return {"name": fn.__name__, "clip": clip, "klWeight": weight,
            "loss": loss.item(), "slope": log.grad.tolist()}


def divergences():
    shape = (3, 4)
    mean, other = rng.normal(size=(2, *shape)).round(3)
    deviation = np.exp(rng.normal(0, 1, shape)).round(3)
    nearly = deviation * (1 + 1e-3 * rng.normal(size=shape))
    far = np.exp(rng.normal(0, 2, shape)).round(3)
    out = []
    for m, s in ((other, far), (other, nearly), (mean, nearly)):
        kl = kl_divergence(Normal(torch.tensor(mean), torch.tensor(deviation)),
                           Normal(torch.tensor(m), torch.tensor(s)))
        out.append({"other": m.tolist(), "otherDeviation": s.tolist(),
                    "mean": kl.mean(1).tolist(), "sum": kl.sum(1).tolist()})
    return {"mean": mean.tolist(), "deviation": deviation.tolist(),
            "cases": out}


REWARDS = rng.normal(3, 2, 11).round(3)
LABELS = [4, 0, 4, 7, 0, 4, 4, 9, 7, 0, 4]  # 9 is alone


def advantages(baseline, scale, clip, epsilon):
    left = np.zeros(len(REWARDS))
    for j, (reward, label) in enumerate(zip(REWARDS, LABELS)):
        own = [i for i, other in enumerate(LABELS) if other == label]
        others = [i for i in own if i != j]
        expected = {
            "none": 0.0,
            "batch": REWARDS.mean(),
            "identity": REWARDS[own].mean(),
            "leaveOneOut": REWARDS[others].mean() if others else reward,
        }[baseline]
        left[j] = reward - expected
    values = []
    for j, label in enumerate(LABELS):
        own = [i for i, other in enumerate(LABELS) if other == label]
        spread = {
            "none": None,
            "batch": left.std(),
            "identity": left[own].std(),
            "rewards": REWARDS.std(),
        }[scale]
        value = left[j] if spread is None else left[j] / (spread + epsilon)
        values.append(float(np.clip(value, -clip, clip)))
    return {"baseline": baseline, "scale": scale, "clip": clip,
            "epsilon": epsilon, "values": values}


def statistics(clip):
    r = np.exp(LOG_RATIO)
    return {"clip": clip, "ratio": r.mean(),
            "clipFraction": (np.abs(r - 1) > clip).mean(),
            "effectiveSampleSize": r.sum() ** 2 / (len(r) * (r**2).sum()),
            "approximateKl": (r - 1 - LOG_RATIO).mean()}


json.dump({
    "old": OLD.tolist(), "logRatio": LOG_RATIO.tolist(),
    "advantage": ADVANTAGE.tolist(), "kl": KL.tolist(),
    "objectives": [
        objective(fn, clip, weight)
        for fn in (reinforce, dpok, ppo) for clip in CLIPS
        for weight in (0, 0.3) if fn is not reinforce or clip is None],
    "divergences": divergences(),
    "rewards": REWARDS.tolist(), "labels": LABELS,
    "advantages": [
        advantages(baseline, scale, 1e6, epsilon)
        for baseline in ("batch", "identity", "leaveOneOut", "none")
        for scale, epsilon in (("batch", 1e-6), ("identity", 0.1),
                               ("rewards", 1e-4), ("none", 1e-6))]
    + [advantages("identity", "batch", 0.5, 1e-6)],
    "statistics": [statistics(clip) for clip in (0.2, 1e-4)],
}, sys.stdout)
print()
