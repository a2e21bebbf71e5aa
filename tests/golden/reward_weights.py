"""Weights of three rewards by multiple-gradient descent, from SciPy's solver.

The nearest point to the origin in the hull of the three standardised rewards,
scaled to length one, as a quadratic programme on the simplex (SLSQP, float64);
the library has a closed form. Parts of eq. 10 that are constant are left out.
Run: python3 reward_weights.py > reward_weights.json
"""

import json

import numpy as np
from scipy.optimize import minimize

random = np.random.default_rng(24)
SUM = 2.0  # of the paper's weights


def nearest(vectors):
    gram = vectors @ vectors.T
    count = len(gram)
    best = minimize(
        lambda a: a @ gram @ a,
        np.full(count, 1 / count),
        jac=lambda a: 2 * gram @ a,
        bounds=[(0, 1)] * count,
        constraints=[{"type": "eq", "fun": lambda a: a.sum() - 1, "jac": lambda a: np.ones(count)}],
        options={"ftol": 1e-15, "maxiter": 500},
    )
    assert best.success
    # The condition that makes it the nearest point, independent of the solver.
    assert np.all(vectors @ (best.x @ vectors) >= best.fun - 1e-6)
    return best.x


def weights(parts):
    size = np.sqrt(np.mean(parts**2, axis=1))
    heard = size >= 0.1
    result = np.zeros(len(parts))
    unit = parts[heard] / np.linalg.norm(parts[heard], axis=1, keepdims=True)
    result[heard] = nearest(unit) / size[heard]
    return SUM * result / result.sum()


def standardize(values):  # (10)
    return (values - values.mean()) / (values.std() + 1e-6)


def case(name, parts):
    parts = np.round(np.array(parts), 5)
    return {"name": name, "parts": parts.tolist(), "weights": weights(parts).tolist()}


def mixed(batch, mixture):
    """Standardised rewards with these shares of common causes."""
    causes = random.normal(size=(3, batch))
    return [standardize(row) for row in np.array(mixture) @ causes]


cases = [
    case("independent", mixed(12, np.eye(3))),
    case("all alike in part", mixed(16, [[1, 0.3, 0], [1, 0, 0.5], [1, -0.4, 0]])),
    case("two alike", mixed(16, [[1, 0, 0], [1, 0.3, 0], [0, 0, 1]])),
    case("two opposed", mixed(16, [[1, 0, 0], [-1, 0.4, 0], [0, 0, 1]])),
    case("two opposed, the third with one of them", mixed(16, [[1, 0, 0], [-1, 0.2, 0], [1, 0, 0.5]])),
    case("one constant", [*mixed(8, np.eye(3))[:2], np.zeros(8)]),
    # By running statistics parts have neither mean 0 nor deviation 1.
    case("of different sizes", np.diag([0.4, 1.7, 1]) @ (random.normal(size=(3, 10)) + [[0.3], [0], [-0.2]])),
]
print(json.dumps({"cases": cases}))
