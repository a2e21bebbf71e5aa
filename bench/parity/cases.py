"""The networks of the parity check by name. Each is a function that makes the
network, with random weights away from zero unless `empty`, and returns with it
a function that computes inputs and outputs, images and latents in [B, H, W, C].
"""

from generator_cases import GENERATORS
from recogniser_cases import RECOGNISERS

CASES = {**GENERATORS, **RECOGNISERS}
