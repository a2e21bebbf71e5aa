"""One pass through a network of twins/, float64: results, statistics, gradients.

Weights follow a formula (`wave`) in PyTorch's order of axes, so that a file
holds results only; of a gradient or a statistic it holds the norm and the
product with another wave, which no two tensors share that differ in the order
of their values.
"""

import math

import torch


def wave(count, seed):
    """Irregular numbers in [-1, 1) that both sides can compute."""
    values = []
    for i in range(count):
        x = 43758.5453 * math.sin(12.9898 * (i + 1) + 78.233 * (seed + 1))
        values.append(2 * (x - math.floor(x)) - 1)
    return torch.tensor(values).float().double()


def first_value(name, shape, seed):
    w = wave(math.prod(shape), seed).reshape(shape)
    if name.endswith("running_mean"):
        return 0.1 * w
    if name.endswith("running_var"):
        return 1 + 0.5 * w
    if name.endswith("pool.p"):
        return 2.5 + 0 * w
    if len(shape) == 1:
        return 0.2 * w if name.endswith("bias") else 1 + 0.3 * w
    if len(shape) == 3:  # token and positions
        return w
    return w * math.sqrt(4 / math.prod(shape[1:]))


def numbers(values):
    """Seven digits, all that float32 has."""
    values = torch.as_tensor(values)
    if values.dim() > 1:
        return [numbers(row) for row in values]
    return [float(f"{value:.7g}") for value in values.tolist()]


def summary(tensor):
    flat = tensor.detach().double().flatten()
    along = (flat * wave(len(flat), 4000)).sum()
    return numbers([flat.norm().item(), along.item()])


def network_case(model, images, results, training, **rest):
    """`images` is [B, H, W], `results` the names of what the model returns."""
    model = model.double().train(training)
    state = {
        name: value for name, value in model.state_dict().items()
        if not name.endswith("num_batches_tracked")
    }
    with torch.no_grad():
        for seed, name in enumerate(sorted(state)):
            value = first_value(name, state[name].shape, seed)
            state[name].copy_(value.float().double())
        frozen = getattr(model, "neck", None)
        if frozen is not None:
            frozen.bias.zero_()
    # The order of our axes, as images have no scheme of names.
    pixels = wave(math.prod(images) * 3, 1000).reshape(*images, 3)
    pixels.requires_grad_()
    outputs = model(pixels.permute(0, 3, 1, 2))
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    loss = sum(
        (y.flatten() * wave(y.numel(), 2000 + 1000 * i)).sum()
        for i, y in enumerate(outputs)
    )
    loss.backward()
    slopes = {n: p.grad for n, p in model.named_parameters()}
    return {
        **rest,
        "images": images,
        "training": training,
        "state": {n: list(v.shape) for n, v in model.state_dict().items()},
        "results": {n: numbers(y) for n, y in zip(results, outputs)},
        "statistics": {
            name: summary(value) for name, value in state.items()
            if training and name.endswith(("running_mean", "running_var"))
        },
        "gradients": {
            name: summary(slope)
            for name, slope in {**slopes, "images": pixels.grad}.items()
            if slope is not None
        },
    }
