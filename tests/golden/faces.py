"""Similarity transforms, aligned faces and perceptual hashes, by others: faces.json.

Transforms by scikit-image's estimate of a SimilarityTransform (Umeyama 1991, by singular values); warping by numpy in
float64, and by OpenCV's warpAffine, which rounds positions to 1/32 pixel; hashes by scipy's DCT.

    python tests/golden/faces.py   # numpy 2.4, scipy 1.17, scikit-image 0.26, opencv-python-headless 5.0
"""

import json
from pathlib import Path

import cv2
import numpy as np
from scipy.fft import dctn
from skimage.transform import SimilarityTransform

TEMPLATE = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]]
)
SIZE = 28
HEIGHT, WIDTH = 26, 34

rng = np.random.default_rng(6)


def estimate(points: np.ndarray, target: np.ndarray) -> np.ndarray:
    transform = SimilarityTransform.from_estimate(points, target)
    return np.asarray(transform.params)[:2]


def warp(image: np.ndarray, matrix: np.ndarray, size: int) -> np.ndarray:
    inverse = np.linalg.inv(np.vstack([matrix, [0, 0, 1]]))
    rows, columns = np.mgrid[0:size, 0:size]
    x, y, _ = inverse @ np.stack([columns.ravel(), rows.ravel(), np.ones(size * size)])
    padded = np.pad(image.astype(float), ((1, 1), (1, 1), (0, 0)))
    x0, y0 = np.floor(x).astype(int), np.floor(y).astype(int)
    total = np.zeros((size * size, 3))
    for dy in (0, 1):
        for dx in (0, 1):
            weight = (1 - abs(x - x0 - dx)) * (1 - abs(y - y0 - dy))
            i, j = np.clip(y0 + dy + 1, 0, HEIGHT + 1), np.clip(x0 + dx + 1, 0, WIDTH + 1)
            total += weight[:, None] * padded[i, j]
    return total.reshape(size, size, 3)


coarse = rng.integers(0, 256, (6, 8, 3)).astype(np.uint8)
image = cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
base = TEMPLATE * 0.2 + [6, 2]
turn = np.deg2rad(20)
rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
cases = {
    "upright": base,
    "turned": (base - base.mean(0)) @ rotation.T + [17, 12],
    "noisy": base + rng.normal(0, 0.7, base.shape),
    "beyond the edge": base + [14, -6],
    "mirrored": base * [-1, 1] + [34, 0],
}
faces = {}
for name, points in cases.items():
    points = points.round(4)
    matrix = estimate(points, TEMPLATE * SIZE / 112)
    opencv = cv2.warpAffine(image, matrix, (SIZE, SIZE), borderValue=0.0)
    exact = warp(image, matrix, SIZE)
    assert np.abs(exact - opencv).max() < 16, np.abs(exact - opencv).max()
    faces[name] = {
        "landmarks": points.tolist(),
        "matrix": matrix.tolist(),
        "numpy": exact.round(3).ravel().tolist()[::7],
        "opencv": opencv.ravel().tolist()[::7],
    }

hashes = []
for seed in range(6):
    noise = np.random.default_rng(seed).integers(0, 256, (5, 5)).astype(np.uint8)
    grey = cv2.resize(noise, (32, 32), interpolation=cv2.INTER_LINEAR)

    def phash(picture: np.ndarray) -> str:
        block = dctn(picture.astype(float), type=2)[1:9, 1:9]
        bits = (block > np.median(block)).ravel()
        return "".join("01"[int(bit)] for bit in bits)

    hashes.append(
        {
            "grey": grey.ravel().tolist(),
            "upright": phash(grey),
            "flipped": phash(grey[:, ::-1]),
        }
    )

golden = {
    "origin": "tests/golden/faces.py",
    "size": SIZE,
    "every": 7,
    "image": {"height": HEIGHT, "width": WIDTH, "bytes": image.ravel().tolist()},
    "faces": faces,
    "hashes": hashes,
}
Path(__file__).with_suffix(".json").write_text(json.dumps(golden) + "\n")
