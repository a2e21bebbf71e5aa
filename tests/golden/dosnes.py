"""Golden values of DOSNES: NumPy, float64, written from the papers. python3 tests/golden/dosnes.py > tests/golden/dosnes.json

Unlike the library: dense matrices, Brent's method for the widths, Sinkhorn-Knopp as published (rows and columns in turn,
not symmetric), the objective as a sum over a full matrix, its gradient by the formula, and checked here against
differences. Tolerances are in tests/metrics/dosnes_test.ts.
"""
import json

import numpy as np
from scipy.optimize import brentq

random = np.random.default_rng(7)


def conditional(row, perplexity):
    """exp(-width * distance), normalised, with the width at which the entropy is log(perplexity)."""
    beyond = row - row.min()

    def probabilities(log_width):
        weights = np.exp(-np.exp(log_width) * beyond)
        return weights / weights.sum()

    def excess(log_width):
        p = probabilities(log_width)
        p = p[p > 0]
        return -(p * np.log(p)).sum() - np.log(perplexity)

    return probabilities(brentq(excess, -20, 20, xtol=1e-15, rtol=1e-15))


def similarities(x, perplexity, neighbours):
    n = len(x)
    distances = ((x[:, None] - x[None]) ** 2).sum(-1)
    matrix = np.zeros((n, n))
    for i in range(n):
        others = np.array([j for j in range(n) if j != i])
        near = others[np.argsort(distances[i, others], kind="stable")[:neighbours]]
        matrix[i, near] = conditional(distances[i, near], perplexity)
    return (matrix + matrix.T) / 2


def sinkhorn(matrix):
    matrix = matrix.copy()
    for _ in range(200000):
        matrix /= matrix.sum(1, keepdims=True)
        matrix /= matrix.sum(0, keepdims=True)
        if abs(matrix.sum(1) - 1).max() < 1e-14:
            break
    assert abs(matrix - matrix.T).max() < 1e-11
    return matrix


def objective(doubly, y):
    off = ~np.eye(len(y), dtype=bool)
    p = doubly / doubly.sum()
    w = 1 / (1 + ((y[:, None] - y[None]) ** 2).sum(-1))
    w[~off] = 0
    q = w / w.sum()
    some = p > 0
    value = (p[some] * np.log(p[some] / q[some])).sum()
    gradient = 4 * (((p - q) * w)[:, :, None] * (y[:, None] - y[None])).sum(1)
    return value, gradient


cases = []
for name, neighbours in (("exact", 23), ("graph", 9)):
    x = random.normal(size=(24, 6))
    x[12:] += 2
    unit = x / np.linalg.norm(x, axis=1, keepdims=True)
    perplexity = 4.5
    plain = similarities(unit, perplexity, neighbours)
    doubly = sinkhorn(plain)
    y = random.normal(size=(24, 3))
    y = 1.7 * y / np.linalg.norm(y, axis=1, keepdims=True)
    value, gradient = objective(doubly, y)
    step = 1e-6
    for i, k in ((0, 0), (5, 1), (23, 2)):
        ahead, behind = y.copy(), y.copy()
        ahead[i, k] += step
        behind[i, k] -= step
        slope = (objective(doubly, ahead)[0] - objective(doubly, behind)[0]) / (2 * step)
        assert abs(slope - gradient[i, k]) < 1e-8, (slope, gradient[i, k])
    cases.append({
        "name": name,
        "perplexity": perplexity,
        "neighbours": neighbours,
        "width": 6,
        "features": x.ravel().tolist(),
        "similarities": plain.ravel().tolist(),
        "doublyStochastic": doubly.ravel().tolist(),
        "points": y.ravel().tolist(),
        "objective": value,
        "gradient": gradient.ravel().tolist(),
    })

print(json.dumps({"origin": "numpy " + np.__version__, "cases": cases}))
