"""Batches of the RandomIdentitySampler rule, with the random draws they come from.

    python tests/golden/identity_sampler.py > tests/golden/identity_sampler.json

The rule is that of Open-ReID, reid-strong-baseline and TorchReID, written here with Python's own random module: every
draw is recorded as the integers or the permutation that make it, so that another program can be given the same draws.
"""

import json
import random
import sys

random.seed(5)
# 7 identities with 1 to 9 images, mixed.
LABELS = [label for label, count in enumerate([3, 9, 1, 4, 8, 2, 5]) for _ in range(count)]
random.shuffle(LABELS)
P, K, EPOCHS = 3, 2, 3


def permutation(length):
    order = list(range(length))
    random.shuffle(order)
    return order


def epoch():
    draws = {"integers": {}, "orders": {}, "identities": []}
    groups = {}
    for index, label in enumerate(LABELS):
        groups.setdefault(label, []).append(index)
    chunks = {}
    for label in sorted(groups):
        pool = list(groups[label])
        if len(pool) < K:
            integers = [random.randrange(len(pool)) for _ in range(K)]
            draws["integers"][label] = integers
            pool = [pool[i] for i in integers]
        order = permutation(len(pool))
        draws["orders"][label] = order
        pool = [pool[i] for i in order]
        chunks[label] = []
        batch = []
        for index in pool:
            batch.append(index)
            if len(batch) == K:
                chunks[label].append(batch)
                batch = []
    available = sorted(groups)
    batches = []
    while len(available) >= P:
        order = permutation(len(available))
        draws["identities"].append(order)
        selected = [available[i] for i in order[:P]]
        batch = []
        for label in selected:
            batch.extend(chunks[label].pop(0))
            if len(chunks[label]) == 0:
                available.remove(label)
        batches.append(batch)
    return {"draws": draws, "batches": batches}


json.dump({"labels": LABELS, "identities": P, "images": K, "epochs": [epoch() for _ in range(EPOCHS)]}, sys.stdout)
print()
