"""Golden values of schedules, sampling steps and densities: NumPy and SciPy.

    python tests/golden/diffusion.py > tests/golden/diffusion.json

Written from the papers: DDPM's posterior (Ho et al., 2020, eqs. 6 and 7) on
the respaced chain, DDIM (Song et al., 2021, eqs. 12 and 16), and the learned
variance (Nichol and Dhariwal, 2021, eq. 15).
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


def variances_of(kind, steps, count):
    """Both ends of a learned variance on the respaced chain, noisiest first."""
    bars = alpha_bars(kind, steps)
    times = np.round(np.linspace(0, steps - 1, count)).astype(int)
    chain = bars[times]
    before = np.append(1.0, chain[:-1])
    beta = 1 - chain / before
    posterior = beta * (1 - before) / (1 - chain)
    learned = [
        np.exp((v + 1) / 2 * np.log(beta[1:])
               + (1 - v) / 2 * np.log(posterior[1:])) for v in RANGES]
    # The last transition has no noise.
    learned = [np.append(0.0, variance)[::-1] for variance in learned]
    return {"kind": kind, "steps": steps, "count": count,
            "forward": np.append(0.0, beta[1:])[::-1].tolist(),
            "posterior": posterior[::-1].tolist(),
            "learned": np.sqrt(learned).T.tolist()}


# The published model's outputs are not bounded: 1.5 is possible.
RANGES = [-1.0, -0.25, 0.0, 1.0, 1.5]


def posterior_of(kind, steps, times):
    """q(x_{t-1} | x_t, x_0): weights of x_0 and x_t, and variance."""
    bars = alpha_bars(kind, steps)
    rows = []
    for t in times:
        before = bars[t - 1] if t > 0 else 1.0
        beta = 1 - bars[t] / before
        # By the precision of the product of two Gaussians in x_{t-1}, not by
        # the formula of the paper; at t = 0 it is x_0 itself.
        if t == 0:
            rows.append({"time": t, "clean": 1.0, "state": 0.0,
                         "variance": 0.0})
            continue
        precision = (1 - beta) / beta + 1 / (1 - before)
        rows.append({
            "time": t,
            "clean": np.sqrt(before) / (1 - before) / precision,
            "state": np.sqrt(1 - beta) / beta / precision,
            "variance": 1 / precision,
        })
    return {"kind": kind, "steps": steps, "rows": rows}


rng = np.random.default_rng(3)
NEXT = rng.normal(size=(3, 5)).round(3)
MEAN = rng.normal(size=(3, 5)).round(3)
DEVIATION = np.exp(rng.normal(size=(3, 5))).round(3)

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
        "deviation": DEVIATION.tolist(),
        "meanOfMany": norm.logpdf(NEXT, MEAN, DEVIATION).mean(1).tolist(),
        "sumOfMany": norm.logpdf(NEXT, MEAN, DEVIATION).sum(1).tolist(),
    },
    "ranges": RANGES,
    "variances": [
        variances_of("linear", 1000, 10),
        variances_of("cosine", 1000, 6),
        variances_of("cosine", 12, 12),
    ],
    "posteriors": [
        posterior_of("linear", 1000, [0, 1, 2, 500, 999]),
        posterior_of("cosine", 1000, [0, 1, 2, 500, 999]),
    ],
    "spacedTimes": [
        {"steps": steps, "count": count,
         "even": np.round(
             np.linspace(0, steps - 1, count)).astype(int)[::-1].tolist(),
         "leading": (np.arange(count) * (steps // count))[::-1].tolist(),
         "trailing": (np.round(
             steps - np.arange(count) * (steps / count)).astype(int)
             - 1).tolist()}
        for steps, count in ((1000, 10), (1000, 7), (250, 25), (12, 5),
                             (1000, 23))
    ],
}, sys.stdout)
print()
