"""Writes verification.json: the verification protocol of insightface, in NumPy, on random features and on distances made
to be awkward: ties at thresholds, all equal, folds of unequal size, listed folds.

    pip install numpy && python verification.py > verification.json

`calculate_roc` and `calculate_accuracy` do what those of recognition/arcface_torch/eval/verification.py of insightface do, whose
own code gives the same accuracies of every case to the last bit; KFold without shuffling is
numpy's array_split. Area under the curve and equal error rate are counted out from their definitions.
"""

import base64
import json

import numpy as np


def calculate_accuracy(threshold, dist, actual_issame):
    predict_issame = np.less(dist, threshold)
    tp = np.sum(np.logical_and(predict_issame, actual_issame))
    tn = np.sum(np.logical_and(np.logical_not(predict_issame), np.logical_not(actual_issame)))
    return float(tp + tn) / dist.size


def calculate_roc(thresholds, dist, actual_issame, folds):
    indices = np.arange(dist.size)
    accuracy, best_thresholds = [], []
    test_sets = (
        np.array_split(indices, folds) if isinstance(folds, int)
        else [np.flatnonzero(folds == k) for k in range(max(folds) + 1)]
    )
    for test_set in test_sets:
        train_set = np.setdiff1d(indices, test_set)
        acc_train = [calculate_accuracy(t, dist[train_set], actual_issame[train_set]) for t in thresholds]
        best = thresholds[np.argmax(acc_train)]
        best_thresholds.append(best)
        accuracy.append(calculate_accuracy(best, dist[test_set], actual_issame[test_set]))
    return np.array(accuracy), np.array(best_thresholds)


def area_under_curve(dist, same):
    positive, negative = dist[same], dist[~same]
    closer = positive[:, None] < negative[None]
    ties = positive[:, None] == negative[None]
    return float(np.mean(closer + 0.5 * ties))


def curve(dist, same):
    points = [(0.0, 0.0)]
    for t in np.unique(dist):
        points.append((float(np.mean(dist[~same] <= t)), float(np.mean(dist[same] <= t))))
    return np.array(points)


def equal_error_rate(dist, same):
    far, tar = curve(dist, same).T
    # Along the polygon, 1 - tar - far falls from 1 to -1: its zero, by linear interpolation.
    gap = 1 - tar - far
    return float(np.interp(0, -gap, far))


def true_accept_rate(dist, same, wanted):
    far, tar = curve(dist, same).T
    return float(tar[far <= wanted].max())


THRESHOLDS = np.arange(0, 4, 0.01)


def judge(dist, same, folds):
    accuracy, thresholds = calculate_roc(THRESHOLDS, dist, same, folds)
    all_pairs = [calculate_accuracy(t, dist, same) for t in THRESHOLDS]
    return {
        "folds": folds if isinstance(folds, int) else folds.tolist(),
        "same": same.astype(int).tolist(),
        "accuracy": accuracy.mean(),
        "accuracyDeviation": accuracy.std(),
        "foldAccuracies": accuracy.tolist(),
        "thresholds": thresholds.tolist(),
        "bestThreshold": THRESHOLDS[np.argmax(all_pairs)],
        "bestAccuracy": max(all_pairs),
        "areaUnderCurve": area_under_curve(dist, same),
        "equalErrorRate": equal_error_rate(dist, same),
        "trueAcceptRates": [
            [far, true_accept_rate(dist, same, far)] for far in (0.3, 0.1, 0.05) if np.sum(~same) * far >= 1
        ],
    }


def case(rng, images, width, pairs, folds, noise):
    labels = rng.integers(0, images // 5, images)
    centres = rng.standard_normal((images // 5, width))
    features = (centres[labels] + noise * rng.standard_normal((images, width))).astype(np.float32)
    first = rng.integers(0, images, pairs)
    # Every other pair from the same identity.
    second = np.array(
        [rng.choice(np.flatnonzero(labels == labels[a])) if i % 2 else rng.integers(0, images) for i, a in enumerate(first)]
    )
    same = labels[first] == labels[second]
    unit = features.astype(np.float64)
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    dist = np.sum(np.square(unit[first] - unit[second]), 1)
    return {
        "width": width,
        "features": base64.b64encode(features.tobytes()).decode(),
        "first": first.tolist(),
        "second": second.tolist(),
        **judge(dist, same, folds),
    }


def distances(name, dist, same, folds=10):
    dist, same = np.asarray(dist, np.float64), np.asarray(same, bool)
    return {"name": name, "distances": dist.tolist(), **judge(dist, same, folds)}


rng = np.random.default_rng(3)
cases = [
    case(rng, 40, 6, 203, 10, 0.9),
    case(rng, 60, 16, 400, 10, 2.0),
    case(rng, 30, 4, 120, 5, 0.3),
]
half = rng.random(97) < 0.5
near = np.where(half, 0.8, 1.2) + 0.4 * rng.standard_normal(97)
grid = rng.integers(0, 400, 120)
listed = rng.integers(0, 4, 97)
awkward = [
    distances("every distance a threshold", THRESHOLDS[grid], grid + 60 * rng.standard_normal(120) < 200),
    distances("a rounding below and above thresholds", np.nextafter(THRESHOLDS[grid], np.where(grid % 2, 5, -1)), grid % 3 == 0),
    distances("few values, many ties", rng.choice([0, 0.5, 0.505, 1, 4], 83), rng.random(83) < 0.5, 7),
    distances("all equal", np.full(40, 1.25), np.arange(40) % 2 == 0),
    distances("all 0", np.zeros(24), np.arange(24) % 3 == 0, 3),
    distances("all beyond the largest threshold", np.full(22, 3.995), np.arange(22) % 2 == 1, 2),
    distances("perfect", np.where(np.arange(60) % 2 == 0, 0.3, 1.7), np.arange(60) % 2 == 0),
    distances("reversed", np.where(np.arange(60) % 2 == 0, 1.7, 0.3), np.arange(60) % 2 == 0),
    distances("unequal folds", near, half),
    distances("as many folds as pairs", near[:20], half[:20], 20),
    distances("two folds", near, half, 2),
    distances("37 folds", near, half, 37),
    distances("folds as listed", near, half, listed),
    distances("one different pair", near[:30], np.arange(30) != 11),
    distances("folds of one kind each", np.sort(near), np.arange(97) < 50),
]
print(json.dumps({"features": cases, "distances": awkward}))
