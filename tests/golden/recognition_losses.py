"""Golden values and gradients of the recognisers' losses: PyTorch 2.13 on the CPU in float64.

    python tests/golden/recognition_losses.py > tests/golden/recognition_losses.json

Written from the papers' formulas and the usual constants of their programs; the gradients are autograd's, of the mean
over the batch. ArcFace's is that of its first program (with and without easy margin), AdaFace's of its published one.
Sample 5 lies opposite to its class, so that ArcFace's margin would push it past pi; samples 0 and 6 are equal, and so
are 1 and 7: equal distances. Norms differ by a factor of 50 for AdaFace.
"""

import json
import math
import sys

import torch
import torch.nn.functional as F

torch.manual_seed(11)
torch.set_num_threads(1)


def draw(*shape):
    # Multiples of 1/64: exact in float32 and short in JSON.
    return (torch.randn(*shape, dtype=torch.float64) * 64).round() / 64


SAMPLES, WIDTH, CLASSES = 8, 6, 5
CLASS_VECTORS = draw(WIDTH, CLASSES)
LABELS = torch.tensor([0, 1, 2, 1, 0, 3, 0, 2])
FEATURES = draw(SAMPLES, WIDTH)
FEATURES[5] = -CLASS_VECTORS[:, 3] + draw(WIDTH) / 16
FEATURES[2] *= 8
FEATURES[4] /= 4
FEATURES[6] = FEATURES[0]
FEATURES[7] = FEATURES[1]


def cosines(features, classes):
    return F.normalize(features, dim=1) @ F.normalize(classes, dim=0)


def cross_entropy(features, classes, smoothing=0.0):
    return F.cross_entropy(features @ classes, LABELS, reduction="none", label_smoothing=smoothing)


def cos_face(features, classes, margin=0.35, scale=64.0):
    truth = F.one_hot(LABELS, CLASSES)
    return F.cross_entropy(scale * (cosines(features, classes) - margin * truth), LABELS, reduction="none")


def arc_face(features, classes, margin=0.5, scale=64.0, easy=False):
    cosine = cosines(features, classes).clamp(-1 + 1e-7, 1 - 1e-7)
    own = cosine[torch.arange(SAMPLES), LABELS]
    turned = own * math.cos(margin) - torch.sqrt(1 - own**2) * math.sin(margin)
    if easy:
        shifted = torch.where(own > 0, turned, own)
    else:
        shifted = torch.where(own > math.cos(math.pi - margin), turned, own - math.sin(math.pi - margin) * margin)
    truth = F.one_hot(LABELS, CLASSES).bool()
    return F.cross_entropy(scale * torch.where(truth, shifted[:, None], cosine), LABELS, reduction="none")


def ada_face(features, classes, margin=0.4, h=0.333, scale=64.0, norms=None):
    safe = features.norm(dim=1).clamp(0.001, 100).detach()
    mean, deviation = norms or (safe.mean(), safe.std())
    scaler = ((safe - mean) / (deviation + 1e-3) * h).clamp(-1, 1)
    cosine = cosines(features, classes).clamp(-1 + 1e-3, 1 - 1e-3)
    truth = F.one_hot(LABELS, CLASSES)
    angle = (cosine.acos() - truth * (margin * scaler)[:, None]).clamp(1e-3, math.pi - 1e-3)
    logits = angle.cos() - truth * (margin + margin * scaler)[:, None]
    return F.cross_entropy(scale * logits, LABELS, reduction="none")


def running(batches, momentum):
    mean, deviation = torch.tensor(20.0).double(), torch.tensor(100.0).double()
    states = []
    for batch in batches:
        safe = batch.norm(dim=1).clamp(0.001, 100)
        mean = momentum * safe.mean() + (1 - momentum) * mean
        deviation = momentum * safe.std() + (1 - momentum) * deviation
        states.append([float(mean), float(deviation)])
    return states


def triplet(features, _, margin=None):
    squares = features.pow(2).sum(1)
    distance = squares[:, None] + squares[None] - 2 * features @ features.T
    distance = distance.clamp(min=1e-12).sqrt()
    same = LABELS[:, None] == LABELS[None]
    positive, _ = torch.max(distance * same, dim=1)
    negative, _ = torch.min(distance * ~same + same * 1e9, dim=1)
    y = torch.ones_like(positive)
    if margin is None:
        return F.soft_margin_loss(negative - positive, y, reduction="none")
    return F.margin_ranking_loss(negative, positive, y, margin=margin, reduction="none")


def numbers(x):
    return [float(f"{v:.9g}") for v in x.detach().reshape(-1).tolist()]


def case(name, options, loss, **more):
    features = FEATURES.clone().requires_grad_()
    classes = CLASS_VECTORS.clone().requires_grad_()
    losses = loss(features, classes, **more)
    losses.mean().backward()
    zero = torch.zeros_like(classes)
    return {
        "loss": name,
        "options": options,
        "values": numbers(losses),
        "features": numbers(features.grad),
        "classes": numbers(classes.grad if classes.grad is not None else zero),
    }


STATES = running([FEATURES, 2 * FEATURES, FEATURES / 3], 0.3)
NORMS = [float(f"{v:.9g}") for v in STATES[-1]]
json.dump(
    {
        "torch": torch.__version__.split("+")[0],
        "features": FEATURES.tolist(),
        "classVectors": CLASS_VECTORS.tolist(),
        "labels": LABELS.tolist(),
        "normStates": STATES,
        "cases": [
            case("crossEntropy", {}, cross_entropy),
            case("crossEntropy", {"labelSmoothing": 0.1}, cross_entropy, smoothing=0.1),
            case("cosFace", {}, cos_face),
            case("cosFace", {"margin": 0.25, "scale": 24}, cos_face, margin=0.25, scale=24.0),
            case("arcFace", {}, arc_face),
            case("arcFace", {"margin": 0.3, "scale": 24}, arc_face, margin=0.3, scale=24.0),
            case("arcFace", {"easyMargin": True}, arc_face, easy=True),
            case("adaFace", {}, ada_face),
            case("adaFace", {"margin": 0.3, "scale": 24, "concentration": 0.5}, ada_face, margin=0.3, scale=24.0, h=0.5),
            case("adaFace", {"norms": NORMS}, ada_face, norms=NORMS),
            case("triplet", {"margin": 0.3}, triplet, margin=0.3),
            case("triplet", {"margin": 2}, triplet, margin=2.0),
            case("triplet", {"margin": "soft"}, triplet),
        ],
    },
    sys.stdout,
)
print()
