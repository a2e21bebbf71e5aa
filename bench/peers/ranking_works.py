"""An evaluation of re-identification in NumPy, in float64: distances by matmul, a stable argsort of the gallery for each
query, and hits counted along the list, as torchreid's eval_market1501 does it. Tiles of queries, so that it fits."""

import numpy as np
import torch

TILE, RANKS = 256, 50


def ranking(tensors, variant):
    sides = {name: tensor.numpy() for name, tensor in tensors.items()}

    def unit(name):
        features = sides[name].astype(np.float64)
        features /= np.linalg.norm(features, axis=1, keepdims=True)
        return features

    def run():
        query, gallery = unit("query"), unit("gallery")
        labels, cameras = sides["galleryLabels"], sides["galleryCameras"]
        precisions, penalties, curve = [], [], np.zeros(RANKS)
        for start in range(0, len(query), TILE):
            tile = slice(start, start + TILE)
            distances = 2 - 2 * (query[tile] @ gallery.T)
            order = np.argsort(distances, axis=1, kind="stable")
            same = labels[order] == sides["queryLabels"][tile, None]
            seen = same & (cameras[order] == sides["queryCameras"][tile, None])
            for hits, dropped in zip(same, seen):
                ranks = np.flatnonzero(hits[~dropped]) + 1
                if len(ranks) == 0:
                    continue
                precisions.append(np.mean(np.arange(1, len(ranks) + 1) / ranks))
                penalties.append(len(ranks) / ranks[-1])
                curve[ranks[0] - 1 :] += 1
        figures = [np.mean(precisions), np.mean(penalties)]
        return [torch.tensor(figures), torch.from_numpy(curve / len(precisions))]

    return run
