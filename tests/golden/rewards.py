"""Reward values in float64 NumPy, written after the paper's equations 2 to 12.

Every equation is spelled out with explicit loops or sums, not with the
identities that the library uses. Run: python3 rewards.py > rewards.json
"""

import json

import numpy as np

random = np.random.default_rng(20)
WIDTH = 6
COUNTS = [5, 3, 4]  # references of each identity
SIGMA, ALPHA, EPSILON, TAU = 0.8, 0.5, 0.1, 1.0
WEIGHTS = (1.0, 0.75, 0.25)

centres = random.normal(size=(len(COUNTS), WIDTH)) * 2
references = [
    (centres[y] + random.normal(size=(n, WIDTH))) * random.uniform(0.5, 3)
    for y, n in enumerate(COUNTS)
]
labels = np.array([2, 0, 1, 0, 2, 2, 1, 0, 1, 0, 1])
generated = centres[labels] + random.normal(size=(len(labels), WIDTH)) * 0.8

# float32 is what the library gets; the oracle starts from the same numbers.
references = [r.astype(np.float32).astype(np.float64) for r in references]
generated = generated.astype(np.float32).astype(np.float64)


def unit(rows):
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)


def prototype(rows, normalize_first=False):  # (2)
    mean = (unit(rows) if normalize_first else rows).mean(0)
    return mean / np.linalg.norm(mean)


def kernel(u, v, sigma=SIGMA):  # (4)
    return np.array([
        [np.exp(-np.sum((a - b) ** 2) / (2 * sigma**2)) for b in v] for a in u
    ])


def coverage(g, r, alpha=ALPHA):  # (5)
    return kernel(g, r).mean() - alpha * kernel(g, g).mean()


def coverage_credit(g, r, exclude_self=False, factor=1.0):
    between, within = kernel(g, r), kernel(g, g)
    n = len(g)
    credit = []
    for j in range(n):
        others = [k for k in range(n) if not (exclude_self and k == j)]
        credit.append(
            between[j].mean() - factor * ALPHA * within[j, others].mean()
        )
    return np.array(credit)


def spread(rows):  # (6), (7), (8)
    return np.trace(np.cov(rows, rowvar=False, ddof=1))


def expressive(g, r):  # (9)
    return -(((spread(g) - (1 + EPSILON) * spread(r)) / TAU) ** 2)


def expressive_credit(g, r):
    return np.array([
        expressive(g, r) - expressive(np.delete(g, j, 0), r)
        for j in range(len(g))
    ])


def standardize(values):  # (10)
    return (values - values.mean()) / (values.std() + 1e-6)


def centre(values):
    return values - np.array([values[labels == y].mean() for y in labels])


def total(parts, standardized):  # (11)
    return np.tanh(sum(w * s for w, s in zip(WEIGHTS, standardized)))


def median_bandwidth():
    medians = []
    for rows in references:
        u = unit(rows)
        medians.append(np.median([
            np.linalg.norm(u[i] - u[j])
            for i in range(len(u))
            for j in range(i)
        ]))
    return np.median(medians)


def per_sample(function):
    """Scatters a per-identity function's values to the samples."""
    values = np.zeros(len(labels))
    for y in range(len(COUNTS)):
        g = unit(generated[labels == y])
        values[labels == y] = function(g, unit(references[y]), y)
    return values


semantic = per_sample(
    lambda g, r, y: (g @ prototype(references[y]) + 1) / 2
)
raw = {
    "semantic": semantic,
    "coverage": per_sample(lambda g, r, y: coverage_credit(g, r)),
    "coverageExcludeSelf": per_sample(
        lambda g, r, y: coverage_credit(g, r, True)
    ),
    "coverageMarginal": per_sample(
        lambda g, r, y: coverage_credit(g, r, False, 2.0)
    ),
    "expressive": per_sample(lambda g, r, y: expressive(g, r)),
    "expressiveLeaveOneOut": per_sample(
        lambda g, r, y: expressive_credit(g, r)
    ),
}
batch = [raw["semantic"], raw["coverage"], raw["expressive"]]
leave = [raw["semantic"], raw["coverage"], raw["expressiveLeaveOneOut"]]
by_batch = [standardize(v) for v in batch]
by_identity = [standardize(centre(v)) for v in leave]
first = unit(generated[labels == 0])


def plain(value):
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    return np.asarray(value).tolist()


print(json.dumps(plain({
    "sigma": SIGMA,
    "references": np.concatenate(references),
    "referenceLabels": np.repeat(np.arange(len(COUNTS)), COUNTS),
    "generated": generated,
    "labels": labels,
    "prototypes": [prototype(r) for r in references],
    "prototypesNormalizeFirst": [prototype(r, True) for r in references],
    "kernel": kernel(first, unit(references[0])),
    "covariance": np.cov(first, rowvar=False, ddof=1),
    "referenceSpreads": [spread(unit(r)) for r in references],
    "bandwidth": median_bandwidth(),
    "coverageValues": [
        coverage(unit(generated[labels == y]), unit(references[y]))
        for y in range(len(COUNTS))
    ],
    "expressiveValues": [
        expressive(unit(generated[labels == y]), unit(references[y]))
        for y in range(len(COUNTS))
    ],
    "raw": raw,
    "standardized": {
        "semantic": by_batch[0],
        "coverage": by_batch[1],
        "expressive": by_batch[2],
    },
    "total": total(batch, by_batch),
    "standardizedByIdentity": {
        "semantic": by_identity[0],
        "coverage": by_identity[1],
        "expressive": by_identity[2],
    },
    "totalByIdentity": total(leave, by_identity),
}), indent=1))
