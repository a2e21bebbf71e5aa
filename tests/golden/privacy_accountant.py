"""Golden values of the privacy accountant: Opacus 1.6.0 and dp-accounting 0.6.0, each with its own defaults.

    pip install --no-deps opacus==1.6.0 dp-accounting==0.6.0    # beside numpy scipy torch absl-py attrs mpmath
    python tests/golden/privacy_accountant.py > tests/golden/privacy_accountant.json

Tolerance in the tests: 1e-6, absolute, for every epsilon.
"""

import itertools
import json
import sys
import warnings
from importlib.metadata import version

import dp_accounting
import opacus
from dp_accounting import dp_event, mechanism_calibration
from dp_accounting.rdp import RdpAccountant
from dp_accounting.rdp.rdp_privacy_accountant import _compute_rdp_poisson_subsampled_gaussian
from opacus.accountants import RDPAccountant
from opacus.accountants.analysis import rdp
from opacus.accountants.utils import get_noise_multiplier

warnings.filterwarnings("ignore")  # that the best order is at an end of the list


def by_opacus(parts, delta):
    accountant = RDPAccountant()
    accountant.history = [(noise, rate, steps) for rate, noise, steps in parts]
    return accountant.get_privacy_spent(delta=delta)


def event(rate, noise, steps):
    step = dp_event.PoissonSampledDpEvent(rate, dp_event.GaussianDpEvent(noise))
    return dp_event.SelfComposedDpEvent(step, steps)


def by_dp_accounting(parts, delta):
    accountant = RdpAccountant()
    for part in parts:
        accountant.compose(event(*part))
    epsilon, order = accountant.get_epsilon_and_optimal_order(delta)
    return float(epsilon), float(order)


rates = [0.001, 0.01, 0.05, 0.2, 0.5, 1.0]
noises = [0.5, 0.8, 1.0, 1.5, 3.0, 8.0]
lengths = [1, 100, 10_000]
deltas = [1e-3, 1e-5, 1e-8]
cases = [[[list(part)], delta] for *part, delta in itertools.product(rates, noises, lengths, deltas)]
mixed = [
    [[[1e-5, 1.0, 10], [1e-4, 3.0, 4]], 1e-5],
    [[[0.1, 1.2, 50], [0.02, 0.9, 200], [1.0, 6.0, 1]], 1e-6],
    [[[0.5, 4.0, 20], [0.25, 2.0, 20]], 1e-4],
]
rows = [
    {"parts": parts, "delta": delta, "opacus": by_opacus(parts, delta), "dpAccounting": by_dp_accounting(parts, delta)}
    for parts, delta in cases + mixed
]
orders = [1.1, 1.5, 2, 2.5, 7.3, 10.9, 32, 63]
divergences = [
    {
        "rate": rate,
        "noise": noise,
        "opacus": [float(x) for x in rdp.compute_rdp(q=rate, noise_multiplier=noise, steps=1, orders=orders)],
        "dpAccounting": [
            x if x < float("inf") else None
            for x in map(float, _compute_rdp_poisson_subsampled_gaussian(rate, noise, orders))
        ],
    }
    for rate, noise in itertools.product([0.001, 0.05, 0.5, 1.0], [0.6, 1.0, 2.5])
]
targets = [
    {
        "epsilon": epsilon,
        "rate": rate,
        "steps": steps,
        "opacus": get_noise_multiplier(
            target_epsilon=epsilon,
            target_delta=1e-5,
            sample_rate=rate,
            steps=steps,
            accountant="rdp",
            epsilon_tolerance=1e-4,
        ),
        "dpAccounting": mechanism_calibration.calibrate_dp_mechanism(
            RdpAccountant, lambda noise: event(rate, noise, steps), epsilon, 1e-5, tol=1e-6
        ),
    }
    for epsilon, rate, steps in [(1, 0.01, 1000), (3, 0.1, 300), (8, 0.02, 5000), (10, 1.0, 50)]
]
json.dump(
    {
        "origin": f"Opacus {opacus.__version__}, dp-accounting {version('dp-accounting')}",
        "columns": "opacus and dpAccounting of a row: epsilon, best order",
        "orders": orders,
        "rows": rows,
        "divergences": divergences,
        "targets": targets,
    },
    sys.stdout,
    separators=(",", ":"),
)
print()
