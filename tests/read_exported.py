"""Reads an exported data set as its usual loader does, with Python's standard library alone.

python3 read_exported.py FORMAT FOLDER prints a list of [label or identity, SHA-256 of the image file], in the loader's
order.

- market1501: torchreid/data/datasets/image/market1501.py, process_dir
- recordio: insightface/recognition/arcface_torch/dataset.py, MXFaceDataset, on mxnet/recordio.py
- webdataset: one group of members per key, as the package webdataset groups them
- folder, casia: torchvision.datasets.ImageFolder: sorted classes, sorted files
"""
import glob
import hashlib
import json
import os
import re
import struct
import sys
import tarfile

form, folder = sys.argv[1:]
sha256 = lambda data: hashlib.sha256(data).hexdigest()
read = lambda path: open(path, "rb").read()


def folders():
    classes = sorted(entry.name for entry in os.scandir(folder) if entry.is_dir())
    for name in classes:
        for path in sorted(glob.glob(os.path.join(glob.escape(f"{folder}/{name}"), "*"))):
            yield name, sha256(read(path))


def market1501():
    for name in ("bounding_box_train", "query", "bounding_box_test"):
        assert os.path.isdir(f"{folder}/{name}"), name
    pattern = re.compile(r"([-\d]+)_c(\d)")
    for path in sorted(glob.glob(f"{folder}/bounding_box_train/*.jpg")):
        pid, camid = map(int, pattern.search(os.path.basename(path)).groups())
        assert 0 <= pid <= 1501 and 1 <= camid <= 6, path
        yield [pid, camid], sha256(read(path))


def records():
    data = read(f"{folder}/train.rec")

    def record(at):
        parts = []
        while True:
            magic, word = struct.unpack_from("<II", data, at)
            assert magic == 0xCED7230A
            flag, length = word >> 29, word & (1 << 29) - 1
            parts.append(data[at + 8:at + 8 + length])
            at += 8 + (length + 3) // 4 * 4
            if flag in (0, 3):
                return struct.pack("<I", 0xCED7230A).join(parts)

    def unpack(content):
        flag, label, number, _ = struct.unpack_from("<IfQQ", content)
        content = content[24:]
        if flag > 0:
            return struct.unpack_from(f"<{flag}f", content), number, content[4 * flag:]
        return label, number, content

    index = dict(map(int, line.split("\t")) for line in open(f"{folder}/train.idx"))
    head, _, _ = unpack(record(index[0]))
    listed = [line.rstrip("\n").split("\t") for line in open(f"{folder}/train.lst")]
    classes, height, width = map(int, read(f"{folder}/property").split(b","))
    assert head[1] - head[0] == classes and len(listed) == head[0] - 1
    for i in range(1, int(head[0])):
        label, number, image = unpack(record(index[i]))
        assert number == i and float(listed[i - 1][2]) == label
        yield int(label), sha256(image)
    first = 1
    for i in range(int(head[0]), int(head[1])):
        (start, end), _, rest = unpack(record(index[i]))
        assert start == first and end > start and not rest
        first = end
    assert first == head[0]


def webdataset():
    for path in sorted(glob.glob(f"{folder}/shard-*.tar")):
        samples = {}
        with tarfile.open(path) as tar:
            for member in tar:
                key, _, field = member.name.partition(".")
                samples.setdefault(key, {})[field] = tar.extractfile(member).read()
        for sample in samples.values():
            row = json.loads(sample["json"])
            image = sample.get("jpg") or sample.get("png") or sample.get("webp")
            assert int(sample["cls"]) == row["label"] and sha256(image) == row["sha256"]
            yield row["label"], row["sha256"]


readers = {
    "folder": folders,
    "casia": folders,
    "market1501": market1501,
    "recordio": records,
    "webdataset": webdataset,
}
print(json.dumps(list(readers[form]())))
