"""Golden values of the variational bound, float64 NumPy and SciPy.

Written from the formulas of Nichol and Dhariwal (2021): the divergence of two normal distributions, and the exact
normal distribution function at t = 0 (the project uses the published tanh approximation of it, hence the tolerance).
Run: python3 variational_bound.py > variational_bound.json
"""
import json

import numpy as np
from scipy.stats import norm

random = np.random.default_rng(7)
steps = 1000
betas = np.linspace(1e-4, 0.02, steps)
bars = np.cumprod(1 - betas)
before = np.append(1.0, bars[:-1])
posterior = betas * (1 - before) / (1 - bars)

times = [0, 1, 500, 999]
shape = (4, 2, 2, 3)
clean = random.uniform(-0.9, 0.9, shape)
clean[0, 0, 0] = [-1, 1, 0]
noise = random.standard_normal(shape)
output = noise + 0.1 * random.standard_normal(shape)
ranges = random.uniform(-1, 1, shape)
state = np.stack([np.sqrt(bars[t]) * clean[i] + np.sqrt(1 - bars[t]) * noise[i] for i, t in enumerate(times)])

bound = []
for i, t in enumerate(times):
    guess = (state[i] - np.sqrt(1 - bars[t]) * output[i]) / np.sqrt(bars[t])
    c1 = np.sqrt(before[t]) * betas[t] / (1 - bars[t])
    c2 = np.sqrt(1 - betas[t]) * (1 - before[t]) / (1 - bars[t])
    true_mean, mean = c1 * clean[i] + c2 * state[i], c1 * guess + c2 * state[i]
    low = np.log(posterior[max(t, 1)])
    log_variance = (ranges[i] + 1) / 2 * np.log(betas[t]) + (1 - ranges[i]) / 2 * low
    if t > 0:
        s1, s2 = np.exp(low), np.exp(log_variance)
        terms = 0.5 * (np.log(s2 / s1) + (s1 + (true_mean - mean) ** 2) / s2 - 1)
    else:
        deviation = np.exp(0.5 * log_variance)
        upper = np.where(clean[i] > 0.999, np.inf, clean[i] + 1 / 255)
        lower = np.where(clean[i] < -0.999, -np.inf, clean[i] - 1 / 255)
        p = norm.cdf(upper, mean, deviation) - norm.cdf(lower, mean, deviation)
        terms = -np.log(np.maximum(p, 1e-12))
    bound.append(float(terms.mean() / np.log(2)))

print(json.dumps({
    "times": times,
    "shape": shape,
    "clean": clean.ravel().tolist(),
    "state": state.ravel().tolist(),
    "output": output.ravel().tolist(),
    "range": ranges.ravel().tolist(),
    "bound": bound,
}))
