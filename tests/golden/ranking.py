"""Writes ranking.json: re-identification metrics and k-reciprocal re-ranking in float64 NumPy, by sorting everything.

    pip install numpy && python ranking.py > ranking.json

The metrics follow the protocol's description: a stable sort of the whole gallery, junk and same-camera images of the
query's identity taken out, then hits counted along the list. Re-ranking follows Z. Zhong et al., "Re-ranking person
re-identification with k-reciprocal encoding" (CVPR 2017), section 3, with dense matrices and sets: "released" is the
form in which the paper's code fills what the text leaves open (see the comments), "paper" the equations as printed.
"""

import base64
import json

import numpy as np


def metrics(distances, query_ids, gallery_ids, query_cams=None, gallery_cams=None, ranks=10):
    gallery_ids = np.asarray(gallery_ids)
    step, trapezoidal, penalties, curve = [], [], [], []
    for q, row in enumerate(np.asarray(distances, np.float64)):
        order = np.argsort(row, kind="stable")
        dropped = gallery_ids[order] == -1
        same = gallery_ids[order] == query_ids[q]
        if query_cams is not None:
            dropped |= same & (np.asarray(gallery_cams)[order] == query_cams[q])
        hits = same[~dropped]
        if query_ids[q] == -1 or not hits.any():
            step.append(None)
            continue
        # Along the list: recall and precision after each image.
        found = np.cumsum(hits)
        precision = found / np.arange(1, len(hits) + 1)
        recall = found / hits.sum()
        step.append(float(np.sum(precision * np.diff(recall, prepend=0))))
        before = np.concatenate([[1.0], precision[:-1]])
        trapezoidal.append(float(np.sum(np.diff(recall, prepend=0) * (before + precision) / 2)))
        penalties.append(float(hits.sum() / (np.flatnonzero(hits)[-1] + 1)))
        first = np.flatnonzero(hits)[0]
        curve.append([float(first < k) for k in range(1, ranks + 1)])
    counted = [ap for ap in step if ap is not None]
    if not counted:
        return {"queries": 0, "averagePrecisions": step}
    return {
        "queries": len(counted),
        "averagePrecisions": step,
        "mAP": float(np.mean(counted)),
        "mAPTrapezoidal": float(np.mean(trapezoidal)),
        "mINP": float(np.mean(penalties)),
        "cmc": np.mean(curve, axis=0).tolist(),
    }


def squared(a, b):
    return np.sum(np.square(a[:, None, :] - b[None, :, :]), axis=2)


def re_rank(all_squared, queries, k1, k2, lam, variant):
    n = len(all_squared)
    # Open in the text: the scale of d. Released: squared, over the largest of the row.
    d = all_squared / all_squared.max(axis=1, keepdims=True)
    order = np.argsort(d, axis=1, kind="stable")
    half = int(np.around(k1 / 2))

    def neighbours(i, k):
        return order[i, : k + 1].tolist()

    def reciprocal(i, k):
        return {j for j in neighbours(i, k) if i in neighbours(j, k)}

    v = np.zeros((n, n))
    for i in range(n):
        own = reciprocal(i, k1)
        expanded = set(own)
        for j in own:
            theirs = reciprocal(j, half)
            common = len(theirs & own)
            if 3 * common > 2 * len(theirs) or (variant == "paper" and 3 * common == 2 * len(theirs)):
                expanded |= theirs
        places = sorted(expanded)
        v[i, places] = np.exp(-d[i, places])
        if variant == "released":
            v[i] /= v[i].sum()
    v = np.stack([v[order[i, :k2]].mean(axis=0) for i in range(n)])
    jaccard = np.ones((queries, n - queries))
    for q in range(queries):
        for g in range(n - queries):
            least = np.minimum(v[q], v[queries + g]).sum()
            most = np.maximum(v[q], v[queries + g]).sum()
            jaccard[q, g] = 1 - least / most
    return (1 - lam) * jaccard + lam * d[:queries, queries:]


def ranking_case(name, distances, *labels):
    with_cameras = len(labels) == 4
    return {
        "name": name,
        "distances": distances.tolist(),
        "queryIds": list(map(int, labels[0])),
        "galleryIds": list(map(int, labels[1])),
        **({"queryCams": list(map(int, labels[2])), "galleryCams": list(map(int, labels[3]))} if with_cameras else {}),
        **metrics(distances, *labels),
    }


def re_rank_case(name, query, gallery, **options):
    settings = {"k1": 20, "k2": 6, "lambda": 0.3, "variant": "released", "normalize": False} | options
    features = np.concatenate([query, gallery]).astype(np.float64)
    if settings["normalize"]:
        features = features / np.linalg.norm(features, axis=1, keepdims=True)
    distances = squared(features, features)
    k1, k2, lam, variant = (settings[key] for key in ("k1", "k2", "lambda", "variant"))
    final = re_rank(distances, len(query), k1, k2, lam, variant)
    return {
        "name": name,
        "options": settings,
        "width": query.shape[1],
        "query": base64.b64encode(query.astype(np.float32).tobytes()).decode(),
        "gallery": base64.b64encode(gallery.astype(np.float32).tobytes()).decode(),
        "final": base64.b64encode(final.tobytes()).decode(),
    }


rng = np.random.default_rng(7)


def labels(queries, gallery, identities, cameras, junk=0.0):
    gallery_ids = rng.integers(0, identities, gallery)
    gallery_ids[rng.random(gallery) < junk] = -1
    return (
        rng.integers(0, identities, queries),
        gallery_ids,
        rng.integers(1, cameras + 1, queries),
        rng.integers(1, cameras + 1, gallery),
    )


def uniform(queries, gallery):
    return np.round(rng.random((queries, gallery)), 6)


ranking = [
    ranking_case("random", uniform(12, 70), *labels(12, 70, 6, 3)),
    ranking_case("ties", rng.integers(0, 4, (12, 50)).astype(float), *labels(12, 50, 5, 3)),
    ranking_case("all equal", np.ones((4, 30)), *labels(4, 30, 4, 2)),
    ranking_case("junk and ties", rng.integers(0, 6, (10, 60)).astype(float), *labels(10, 60, 5, 3, junk=0.5)),
    ranking_case("all junk", uniform(3, 8), *labels(3, 8, 2, 2, junk=1.1)),
    ranking_case("single query", uniform(1, 40), *labels(1, 40, 4, 2)),
    ranking_case("single image", uniform(1, 1), [3], [3], [1], [2]),
    ranking_case("some without positives", uniform(10, 20), *labels(10, 20, 15, 2)),
    ranking_case("one camera", uniform(6, 20), *labels(6, 20, 3, 1)),
    ranking_case("camera-less", uniform(8, 40), *labels(8, 40, 5, 1)[:2]),
    ranking_case("camera-less with junk queries", uniform(4, 20), [-1, 0, -1, 1], labels(1, 20, 2, 1, junk=0.3)[1]),
]


def clusters(queries, gallery, identities, width, noise):
    centres = rng.standard_normal((identities, width))
    pick = rng.integers(0, identities, queries + gallery)
    all_features = (centres[pick] + noise * rng.standard_normal((queries + gallery, width))).astype(np.float32)
    return all_features[:queries], all_features[queries:], pick[:queries], pick[queries:]


def grid(count, side):
    return rng.integers(0, side, (count, 3)).astype(np.float32)


some = clusters(8, 60, 9, 8, 0.7)
re_ranking = [
    re_rank_case("clusters", *some[:2], normalize=True),
    re_rank_case("clusters, as printed", *some[:2], normalize=True, variant="paper"),
    re_rank_case("odd k1, no averaging", *some[:2], k1=7, k2=1),
    re_rank_case("k1 that rounds up to even", *some[:2], k1=11, k2=15),
    re_rank_case("more neighbours than images", *clusters(3, 9, 3, 4, 0.5)[:2]),
    re_rank_case("lambda 0", *some[:2], k1=5, k2=3, **{"lambda": 0.0}),
    re_rank_case("lambda 1", *some[:2], k1=5, k2=3, **{"lambda": 1.0}),
    re_rank_case("ties: points of a grid, many twice", grid(10, 4), grid(80, 4), k1=9, k2=4),
    re_rank_case("ties, as printed", grid(6, 3), grid(50, 3), k1=6, k2=3, variant="paper"),
    re_rank_case("one query", *clusters(1, 12, 3, 4, 0.5)[:2], k1=4, k2=2),
]


def feature_case(name, reranked):
    query, gallery, query_ids, gallery_ids = clusters(9, 60, 7, 6, 0.9)
    gallery_ids = np.where(rng.random(60) < 0.2, -1, gallery_ids)
    query_cams, gallery_cams = rng.integers(1, 4, 9), rng.integers(1, 4, 60)
    unit = [f.astype(np.float64) for f in (query, gallery)]
    unit = [f / np.linalg.norm(f, axis=1, keepdims=True) for f in unit]
    distances = squared(*unit)
    if reranked:
        people = gallery_ids != -1
        both = np.concatenate([unit[0], unit[1][people]])
        distances = np.zeros((9, 60))
        distances[:, people] = re_rank(squared(both, both), 9, 20, 6, 0.3, "released")
    case = ranking_case(name, distances, query_ids, gallery_ids, query_cams, gallery_cams)
    del case["distances"]
    encode = lambda f: base64.b64encode(f.astype(np.float32).tobytes()).decode()
    return case | {"reRank": reranked, "width": 6, "query": encode(query), "gallery": encode(gallery)}


features = [feature_case("features", False), feature_case("features, re-ranked", True)]
print(json.dumps({"ranking": ranking, "reRanking": re_ranking, "features": features}))
