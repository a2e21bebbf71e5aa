"""Writes verification.json: the verification protocol of insightface, in NumPy, on random features.

    pip install numpy && python verification.py > verification.json

`calculate_roc` and `calculate_accuracy` follow src/eval/verification.py of insightface; KFold without shuffling is
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


def calculate_roc(thresholds, dist, actual_issame, nrof_folds):
    indices = np.arange(dist.size)
    accuracy, best_thresholds = [], []
    for test_set in np.array_split(indices, nrof_folds):
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
    accuracy, thresholds = calculate_roc(np.arange(0, 4, 0.01), dist, same, folds)
    return {
        "width": width,
        "folds": folds,
        "features": base64.b64encode(features.tobytes()).decode(),
        "first": first.tolist(),
        "second": second.tolist(),
        "same": same.astype(int).tolist(),
        "accuracy": accuracy.mean(),
        "accuracyDeviation": accuracy.std(),
        "foldAccuracies": accuracy.tolist(),
        "thresholds": thresholds.tolist(),
        "areaUnderCurve": area_under_curve(dist, same),
        "equalErrorRate": equal_error_rate(dist, same),
        "trueAcceptRates": [[far, true_accept_rate(dist, same, far)] for far in (0.3, 0.1, 0.05)],
    }


rng = np.random.default_rng(3)
cases = [
    case(rng, 40, 6, 203, 10, 0.9),
    case(rng, 60, 16, 400, 10, 2.0),
    case(rng, 30, 4, 120, 5, 0.3),
]
print(json.dumps(cases))
