"""Golden values of schedules, sampling steps and densities: NumPy and SciPy.

    python tests/golden/diffusion.py > tests/golden/diffusion.json

Written from the papers: DDPM's posterior (Ho et al., 2020, eqs. 6 and 7) on
the respaced chain, and DDIM (Song et al., 2021, eqs. 12 and 16).
"""

import json
import sys

import numpy as np
from scipy.stats import norm


def linear(steps):
    return np.linspace(1e-4, 0.02, steps) * (1000 / steps)


def cosine(steps):
    def f(t):
        return np.cos((t / steps + 0.008) / 1.008 * np.pi / 2) ** 2

    t = np.arange(steps, dtype=np.float64)
    return np.minimum(1 - f(t + 1) / f(t), 0.999)


def alpha_bars(kind, steps):
    return np.cumprod(1 - {"linear": linear, "cosine": cosine}[kind](steps))


def ddpm_step(x, clean, chain, i):
    """Mean and deviation of q(x_{i-1} | x_i, x_0) on the respaced chain."""
    before = chain[i - 1] if i > 0 else 1.0
    beta = 1 - chain[i] / before
    to_clean = np.sqrt(before) * beta / (1 - chain[i])
    to_state = np.sqrt(1 - beta) * (1 - before) / (1 - chain[i])
    variance = (1 - before) / (1 - chain[i]) * beta
    return to_clean * clean + to_state * x, np.sqrt(variance)


def ddim_step(x, clean, chain, i, eta):
    before = chain[i - 1] if i > 0 else 1.0
    noise = (x - np.sqrt(chain[i]) * clean) / np.sqrt(1 - chain[i])
    sigma = eta * np.sqrt((1 - before) / (1 - chain[i])) * np.sqrt(
        1 - chain[i] / before)
    mean = np.sqrt(before) * clean + np.sqrt(1 - before - sigma**2) * noise
    return mean, sigma


# Three pairs of a state and a noise, to see both weights of the mean.
STATES = np.array([1.0, 0.0, -0.7])
NOISES = np.array([0.0, 1.0, 1.3])


def chain_of(kind, steps, count, sampler, eta):
    bars = alpha_bars(kind, steps)
    times = np.round(np.linspace(0, steps - 1, count)).astype(int)
    if count == 1:
        times = np.array([steps - 1])
    chain = bars[times]
    out = []
    for i in reversed(range(count)):
        clean = (STATES - np.sqrt(1 - chain[i]) * NOISES) / np.sqrt(chain[i])
        velocity = np.sqrt(chain[i]) * NOISES - np.sqrt(1 - chain[i]) * clean
        mean, deviation = (
            ddpm_step(STATES, clean, chain, i) if sampler == "ancestral"
            else ddim_step(STATES, clean, chain, i, eta))
        out.append({
            "time": int(times[i]), "clean": clean.tolist(),
            "velocity": velocity.tolist(), "mean": mean.tolist(),
            "deviation": float(deviation),
        })
    return {"kind": kind, "steps": steps, "count": count, "sampler": sampler,
            "eta": eta, "transitions": out}


rng = np.random.default_rng(3)
NEXT = rng.normal(size=(3, 5)).round(3)
MEAN = rng.normal(size=(3, 5)).round(3)

json.dump({
    "schedules": [
        {"kind": kind, "steps": steps,
         "alphaBars": alpha_bars(kind, steps)[::max(1, steps // 25)].tolist(),
         "last": float(alpha_bars(kind, steps)[-1])}
        for kind in ("linear", "cosine") for steps in (1000, 250, 50)
    ],
    "states": STATES.tolist(),
    "noises": NOISES.tolist(),
    "chains": [
        chain_of("linear", 1000, 10, "ancestral", 1),
        chain_of("linear", 1000, 10, "ddim", 1),
        chain_of("linear", 1000, 10, "ddim", 0),
        chain_of("cosine", 1000, 4, "ddim", 0.5),
        chain_of("cosine", 250, 7, "ancestral", 1),
        chain_of("linear", 250, 1, "ddim", 1),
        chain_of("cosine", 12, 12, "ddim", 0.3),
    ],
    "densities": {
        "next": NEXT.tolist(), "mean": MEAN.tolist(),
        "values": [
            {"deviation": d,
             "mean": norm.logpdf(NEXT, MEAN, d).mean(axis=1).tolist()}
            for d in (0.01, 0.7, 3.0)
        ],
    },
}, sys.stdout)
print()
