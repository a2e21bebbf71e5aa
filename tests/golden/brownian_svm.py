"""Planes of the linear support vector machine, for tests/brownian/linear_svm_test.ts.

min_w 1/2 (|w|^2 + b^2) + C sum_i max(0, 1 - y_i (w . x_i + b)), by its dual,
min_a 1/2 a^T Q a - sum a with 0 <= a <= C, Q_ij = y_i y_j (x_i . x_j + 1),
solved by scipy's L-BFGS-B in float64. `gap` is the difference of the primal
and the dual value: as the primal is strongly convex, the plane lies within
sqrt(2 gap) of the best one. Run:

    python3 tests/golden/brownian_svm.py > tests/golden/brownian_svm.json
"""

import json

import numpy as np
from scipy.optimize import minimize

POINTS, WIDTH = 40, 5


def solve(x, y, cost):
    z = np.hstack([x, np.ones((len(x), 1))]) * y[:, None]
    q = z @ z.T

    def value(a):
        return 0.5 * a @ q @ a - a.sum(), q @ a - 1

    a = minimize(
        value,
        np.zeros(len(x)),
        jac=True,
        method="L-BFGS-B",
        bounds=[(0, cost)] * len(x),
        options={"maxiter": 100000, "maxfun": 1000000, "ftol": 0, "gtol": 1e-12},
    ).x
    w = z.T @ a
    hinge = np.maximum(0, 1 - z @ w).sum()
    gap = 0.5 * w @ w + cost * hinge + value(a)[0]
    return {"cost": cost, "weights": w[:-1].tolist(), "bias": w[-1], "gap": gap}


def main():
    random = np.random.default_rng(7)
    y = np.where(np.arange(POINTS) % 3 == 0, 1.0, -1.0)
    x = random.normal(size=(POINTS, WIDTH)) + np.outer(y, [0.8, -0.3, 0, 0, 0.2])
    x = np.round(x, 4)
    print(
        json.dumps(
            {
                "points": x.ravel().tolist(),
                "labels": y.astype(int).tolist(),
                "planes": [solve(x, y, c) for c in (0.05, 1.0)],
            }
        )
    )


main()
