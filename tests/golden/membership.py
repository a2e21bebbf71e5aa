"""Area, clustered variance (Obuchowski 1997, eqs. 4 to 8; DeLong 1988 for clusters of one) and true positives at low
false positives, written from the papers' formulas with NumPy; areas checked against scipy's Mann-Whitney U.

    python3 tests/golden/membership.py > tests/golden/membership.json
"""
import json
import numpy as np
from scipy.stats import mannwhitneyu, norm

rng = np.random.default_rng(11)
Z = norm.ppf(0.975)


def psi(x, y):
    return (x > y) + 0.5 * (x == y)


def case(m, n, people, shift, ties):
    effect = rng.normal(size=people)
    who_x, who_y = rng.integers(people, size=m), rng.integers(people, size=n)
    x = effect[who_x] + rng.normal(size=m) + shift
    y = effect[who_y] + rng.normal(size=n)
    if ties:
        x, y = np.round(x * 2) / 2, np.round(y * 2) / 2
    table = psi(x[:, None], y[None, :])
    area = table.mean()
    assert abs(area - mannwhitneyu(x, y).statistic / (m * n)) < 1e-12
    v10, v01 = table.mean(1), table.mean(0)
    names = sorted(set(who_x) | set(who_y))
    a = np.array([(v10[who_x == k] - area).sum() for k in names])
    b = np.array([(v01[who_y == k] - area).sum() for k in names])
    i10, i01, both = len(set(who_x)), len(set(who_y)), len(names)
    s10 = i10 / ((i10 - 1) * m) * (a**2).sum()
    s01 = i01 / ((i01 - 1) * n) * (b**2).sum()
    s11 = both / (both - 1) * (a * b).sum()
    deviation = np.sqrt(s10 / m + s01 / n + 2 * s11 / (m * n))
    rates = []
    for wanted in (0.01, 0.1):
        if n * wanted < 1:
            rates.append(None)
            continue
        best = 0.0  # over all thresholds "at or above", as many as there are scores
        for t in np.concatenate([x, y]):
            if (y >= t).mean() <= wanted + 1e-12:
                best = max(best, (x >= t).mean())
        centre = (best + Z**2 / (2 * m)) / (1 + Z**2 / m)
        reach = Z / (1 + Z**2 / m) * np.sqrt(best * (1 - best) / m + Z**2 / (4 * m * m))
        rates.append({
            "truePositiveRate": best,
            "interval": [max(0, centre - reach), min(1, centre + reach)],
        })
    return {
        "members": {"scores": x.tolist(), "people": [f"p{k}" for k in who_x]},
        "nonMembers": {"scores": y.tolist(), "people": [f"p{k}" for k in who_y]},
        "expected": {
            "area": area,
            "interval": [max(0, area - Z * deviation), min(1, area + Z * deviation)],
            "rates": rates,
        },
    }


print(json.dumps({
    "origin": "tests/golden/membership.py",
    "tolerance": 1e-10,
    "cases": [case(40, 30, 8, 0.5, False), case(60, 120, 12, 0.2, True)],
}))
