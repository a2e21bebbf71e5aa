"""CosFace and batch-hard triplet losses in float64 NumPy, by explicit loops.

Run: python3 losses.py > losses.json
"""

import json

import numpy as np

random = np.random.default_rng(21)
features = random.normal(size=(7, 4)).astype(np.float32).astype(np.float64)
classes = random.normal(size=(4, 3)).astype(np.float32).astype(np.float64)
labels = [0, 2, 1, 1, 0, 2, 2]


def cos_face(margin, scale):
    losses = []
    for f, y in zip(features, labels):
        cosines = [
            f @ w / np.linalg.norm(f) / np.linalg.norm(w) for w in classes.T
        ]
        logits = np.array([
            scale * (c - (margin if j == y else 0))
            for j, c in enumerate(cosines)
        ])
        shifted = logits - logits.max()
        losses.append(np.log(np.exp(shifted).sum()) - shifted[y])
    return losses


def triplet(margin):
    losses = []
    for i, f in enumerate(features):
        distances = [np.linalg.norm(f - g) for g in features]
        positive = max(d for d, y in zip(distances, labels) if y == labels[i])
        negative = min(d for d, y in zip(distances, labels) if y != labels[i])
        gap = positive - negative
        losses.append(
            np.log1p(np.exp(gap)) if margin == "soft" else max(0, gap + margin)
        )
    return losses


print(json.dumps({
    "features": features.tolist(),
    "classes": classes.tolist(),
    "labels": labels,
    "cosFace": cos_face(0.35, 64),
    "cosFaceMild": cos_face(0.1, 4),
    "triplet": triplet(0.3),
    "tripletSoft": triplet("soft"),
}, indent=1))
