"""Lookahead utility (eq. 12) of a linear softmax classifier in float64 NumPy.

The gradient is the closed form x (p - y)^T, not automatic differentiation.
Run: python3 lookahead.py > lookahead.json
"""

import json

import numpy as np

random = np.random.default_rng(22)
D, C, B, N = 4, 3, 6, 5
kernel = random.normal(size=(D, C))
bias = random.normal(size=C)
images, candidates = random.normal(size=(B, D)), random.normal(size=(N, D))
kernel, bias, images, candidates = (
    x.astype(np.float32).astype(np.float64)
    for x in (kernel, bias, images, candidates)
)
labels = random.integers(0, C, B)
candidate_labels = random.integers(0, C, N)
RATE = 0.3


def probabilities(x, w, b):
    logits = x @ w + b
    e = np.exp(logits - logits.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def losses(x, y, w, b):
    return -np.log(probabilities(x, w, b)[np.arange(len(y)), y])


error = probabilities(images, kernel, bias) - np.eye(C)[labels]
virtual_kernel = kernel - RATE * images.T @ error / B
virtual_bias = bias - RATE * error.mean(0)


# First order: the gradient of one candidate's loss is x (p - y)^T too.
own = probabilities(candidates, kernel, bias) - np.eye(C)[candidate_labels]
kernel_gradient, bias_gradient = images.T @ error / B, error.mean(0)
inner = np.einsum("nd,nc,dc->n", candidates, own, kernel_gradient)
first_order = -RATE * (inner + own @ bias_gradient)


def utility(w, b):
    after = losses(candidates, candidate_labels, w, b)
    return after - losses(candidates, candidate_labels, kernel, bias)


print(json.dumps({
    "kernel": kernel.tolist(),
    "bias": bias.tolist(),
    "images": images.tolist(),
    "labels": labels.tolist(),
    "candidates": candidates.tolist(),
    "candidateLabels": candidate_labels.tolist(),
    "learningRate": RATE,
    "utility": utility(virtual_kernel, virtual_bias).tolist(),
    "utilityBiasOnly": utility(kernel, virtual_bias).tolist(),
    "firstOrder": first_order.tolist(),
    "firstOrderBiasOnly": (-RATE * own @ bias_gradient).tolist(),
}, indent=1))
