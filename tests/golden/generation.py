"""Writes generation.json: measures of synthetic features from their definitions, in NumPy and SciPy, float64.

    pip install numpy scipy && python generation.py > generation.json

Distances come from differences of all pairs at once; nothing is shared with the implementation. Where a covariance is
singular, SciPy's sqrtm is good for some six digits only, so "frechet" is then from the singular values of the product of
the centred features themselves, and "frechetOfSqrtm" stands beside it.
"""

import json

import numpy as np
from scipy.linalg import sqrtm

rng = np.random.default_rng(5)


def frechet(x, y):
    means = float(np.sum((x.mean(0) - y.mean(0)) ** 2))
    a, b = (np.atleast_2d(np.cov(z, rowvar=False)) for z in (x, y))
    traces = np.trace(a) + np.trace(b)
    from_sqrtm = means + traces - 2 * np.trace(sqrtm(a @ b)).real
    centred = [(z - z.mean(0)) / np.sqrt(len(z) - 1) for z in (x, y)]
    from_values = means + traces - 2 * np.linalg.svd(centred[0] @ centred[1].T, compute_uv=False).sum()
    full = max(np.linalg.cond(a), np.linalg.cond(b)) < 1e6
    return {
        "frechet": float(from_sqrtm if full else from_values),
        "frechetOfSqrtm": float(from_sqrtm),
        "means": means,
        "regular": bool(full),
    }


def kernel(x, y):
    m = min(len(x), len(y))
    x, y = x[:m], y[:m]
    k = lambda a, b: (a @ b.T / a.shape[1] + 1) ** 3
    off = lambda a: (a.sum() - np.trace(a)) / (m * (m - 1))
    return float(off(k(x, x)) + off(k(y, y)) - 2 * k(x, y).mean())


def between(x, y):
    return np.sum((x[:, None] - y[None]) ** 2, -1)  # squared: the order is the same, and a root would make new ties


def prdc(x, y, nearest):
    radius = lambda z: np.sort(between(z, z) + np.diag(np.full(len(z), np.inf)), 1)[:, nearest - 1]
    distance = between(x, y)
    in_real = distance < radius(x)[:, None]
    in_synthetic = distance < radius(y)[None]
    return [
        float(in_real.any(0).mean()),
        float(in_synthetic.any(1).mean()),
        float(in_real.sum() / (nearest * len(y))),
        float(in_real.any(1).mean()),
    ]


def angles(x, labels):
    unit = x / np.linalg.norm(x, axis=1, keepdims=True)
    a, b = np.triu_indices(len(x), 1)
    theta = np.arccos(np.clip(np.sum(unit[a] * unit[b], 1), -1, 1))
    result = {}
    for name, kind in (("intra", labels[a] == labels[b]), ("inter", labels[a] != labels[b])):
        t = theta[kind]
        if t.size:
            result[name] = {
                "count": int(t.size), "mean": t.mean(), "std": t.std(), "min": t.min(), "max": t.max(),
                "histogram": np.histogram(t, 18, (0, np.pi))[0].tolist(),
            }
    return result


def consistency(x, labels, threshold):
    unit = x / np.linalg.norm(x, axis=1, keepdims=True)
    names = np.unique(labels)
    direction = lambda z: z / np.linalg.norm(z)
    rows = []
    for name in names:
        members = np.flatnonzero(labels == name)
        if len(members) < 2:
            continue
        cosine, own, within = [], [], []
        for i in members:
            near = unit[i] @ direction(unit[members[members != i]].mean(0))
            other = [unit[i] @ direction(unit[labels == n].mean(0)) for n in names if n != name]
            cosine.append(near)
            own.append(near > max(other))
            within.append(near >= threshold)
        rows.append([np.mean(cosine), np.mean(own), np.mean(within)])
    return np.mean(rows, 0).tolist()


def case(name, x, y, nearest=5, same_size_kernel=True):
    x, y = np.asarray(x, float).round(4), np.asarray(y, float).round(4)
    return {
        "name": name, "width": x.shape[1], "real": x.ravel().tolist(), "synthetic": y.ravel().tolist(), "nearest": nearest,
        **frechet(x, y), "prdc": prdc(x, y, nearest),
        **({"kernel": kernel(x, y)} if len(x) == len(y) else {}),
    }


normal = rng.standard_normal
plane = rng.integers(-3, 4, (3, 8))
quarters = lambda n: rng.integers(-8, 9, (n, 3)) / 4  # no rounding, so that the rank stays
grid = rng.integers(0, 4, (60, 3))
labels = rng.integers(0, 9, 50)
labels[:3] = [100, 101, 100]
people = normal((102, 6))[labels] + 0.7 * normal((50, 6))
cases = [
    case("two normal distributions", normal((60, 5)), 1.3 * normal((60, 5)) + 0.2),
    case("wide features, few images", normal((12, 30)), normal((12, 30)) + 0.5, 3),
    case("one set of many images, one of few", normal((80, 10)) @ normal((10, 10)), normal((7, 10))),
    case("a rank of 3 in 8 dimensions", quarters(50) @ plane, quarters(50) @ plane + 0.125),
    case("a rank of 3 against one of 8", quarters(50) @ plane, 2 * normal((50, 8))),
    case("different subspaces", np.pad(normal((30, 2)), ((0, 0), (0, 2))), np.pad(normal((30, 2)), ((0, 0), (2, 0)))),
    case("a grid full of ties", grid[:30], grid[30:], 3),
    case("a grid of tenths far from the origin", grid[:30] / 10 + 100.1, grid[30:] / 10 + 100.1, 3),
    case("the same images", grid[:30], grid[:30], 3),
    case("all images equal", np.full((8, 3), 0.1), np.full((8, 3), 0.1)),
    case("all synthetic images equal", normal((20, 4)), np.tile(normal(4), (20, 1))),
    case("one feature", normal((25, 1)), normal((25, 1)) + 1, 1),
    case("far from the origin", 1000 + normal((40, 4)), 1000.5 + normal((40, 4))),
    case("two images", normal((2, 3)), normal((2, 3)), 1),
]
people = people.round(4)
print(json.dumps({
    "sets": cases,
    "people": {
        "width": 6, "features": people.ravel().tolist(), "labels": labels.tolist(),
        "angles": angles(people, labels), "consistency": consistency(people, labels, 0.6),
    },
}))
