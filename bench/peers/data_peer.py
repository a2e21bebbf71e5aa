"""Reads folders of JPEG files with PIL and torch's DataLoader, as asked by lines of JSON (see data.ts).

{"folder": ..., "workers": n} is answered by {"seconds": ..., "images": n}: one shuffled epoch in batches of 64, float
tensors [64, 3, H, W] in [-1, 1]. Workers stay alive between epochs and the first epoch of each kind is not counted.
"""
import glob
import json
import sys
import time

import numpy
import torch
from PIL import Image

torch.set_num_threads(1)


class Images(torch.utils.data.Dataset):
    def __init__(self, folder):
        self.files = sorted(glob.glob(f"{folder}/*/*.jpg"))

    def __len__(self):
        return len(self.files)

    def __getitem__(self, i):
        pixels = numpy.array(Image.open(self.files[i]).convert("RGB"))
        return torch.from_numpy(pixels).permute(2, 0, 1).float().div_(127.5).sub_(1)


loaders = {}


def epoch(folder, workers):
    begin = time.perf_counter()
    images = sum(len(batch) for batch in loaders[folder, workers])
    return {"seconds": time.perf_counter() - begin, "images": images}


if __name__ == "__main__":
    print(json.dumps({"torch": torch.__version__}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        key = request["folder"], request["workers"]
        if key not in loaders:
            loaders[key] = torch.utils.data.DataLoader(
                Images(key[0]),
                batch_size=64,
                shuffle=True,
                num_workers=key[1],
                persistent_workers=key[1] > 0,
            )
            epoch(*key)
        print(json.dumps(epoch(*key)), flush=True)
