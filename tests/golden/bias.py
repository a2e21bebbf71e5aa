"""Writes bias.json: what NumPy and SciPy say of groups of verified pairs.

    pip install numpy scipy && python bias.py > bias.json

Accuracies of folds as in verification.py; the bootstrap over identities by listing every possible draw of a few people, so
that its distribution is known exactly. Figures are exact up to rounding: tolerance 1e-12, of p-values 1e-10 of the value.
"""

import itertools
import json

import numpy as np
from scipy.stats import binomtest

THRESHOLDS = np.arange(0, 4, 0.01)
rng = np.random.default_rng(11)


def fold_accuracies(dist, same, folds=10):
    indices = np.arange(dist.size)
    result = []
    for test in np.array_split(indices, folds):
        train = np.setdiff1d(indices, test)
        right = [(np.less(dist[train], t) == same[train]).mean() for t in THRESHOLDS]
        result.append((np.less(dist[test], THRESHOLDS[np.argmax(right)]) == same[test]).mean())
    return np.array(result)


def group(noise, pairs=200):
    same = np.arange(pairs) % 2 == 0
    dist = np.clip(np.where(same, 0.8, 1.4) + noise * rng.standard_normal(pairs), 0, 4)
    return dist.round(6), same


groups = {name: group(noise) for name, noise in zip("ABCD", (0.25, 0.3, 0.35, 0.5))}
accuracies = np.array([fold_accuracies(*pairs).mean() for pairs in groups.values()])


def every_draw():
    """Five people; person 4 is in pairs with others only."""
    first, second = np.array([0, 0, 1, 2, 3, 0, 0, 1, 2, 4]), np.array([0, 0, 1, 2, 3, 1, 2, 3, 4, 3])
    same = first == second
    right = np.array([1, 0, 1, 1, 0, 1, 1, 0, 0, 1])
    values = []
    for draw in itertools.product(range(5), repeat=5):
        w = np.bincount(draw, minlength=5)
        weights = np.where(same, w[first], w[first] * w[second])
        if weights[same].sum() == 0 or weights[~same].sum() == 0:
            continue
        parts = [np.average(right[kind], weights=weights[kind]) * kind.mean() for kind in (same, ~same)]
        values.append(sum(parts))
    return {
        "first": first.tolist(),
        "second": second.tolist(),
        "same": same.astype(int).tolist(),
        "right": right.tolist(),
        "mean": np.mean(values),
        "std": np.std(values),
        "quantiles": np.quantile(values, [0.1, 0.5, 0.9]).tolist(),
    }


values = rng.standard_normal(37)
print(json.dumps({
    "groups": {name: {"distances": dist.tolist(), "same": same.astype(int).tolist()} for name, (dist, same) in groups.items()},
    "accuracies": accuracies.tolist(),
    "mean": accuracies.mean(),
    "std": accuracies.std(),
    "skewedErrorRatio": (1 - accuracies).max() / (1 - accuracies).min(),
    "draws": every_draw(),
    "values": values.tolist(),
    "intervals": [[level, *np.quantile(values, [(1 - level) / 2, (1 + level) / 2])] for level in (0.5, 0.9, 0.95, 0.99)],
    "mcNemar": [
        [b, c, binomtest(b, b + c).pvalue if b + c else 1.0]
        for b, c in ((0, 0), (0, 1), (5, 5), (3, 14), (40, 61), (700, 560), (2000, 2150), (0, 3000))
    ],
}))
