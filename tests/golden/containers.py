"""Containers of data sets, written without this project's code: containers.json.

Verification sets by Python's pickle and, as Python 2 wrote them, opcode by opcode; RecordIO by struct, after the layout
of MXNet's dmlc/recordio.h and recordio.IRHeader; MAT-files of version 5 by scipy and of version 7.3 by h5py; Parquet by
pyarrow. Images are small PNG files by Pillow, stated in the golden file, too.

    python tests/golden/containers.py   # numpy 2.4, scipy 1.17, h5py 3.16, pyarrow 26, pillow 13
"""

import base64
import io
import json
import pickle
import struct
import tempfile
from pathlib import Path

import h5py
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import scipy.io
from PIL import Image

MAGIC = 0xCED7230A


def png(level: int, width: int = 4, height: int = 3) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (level, 10, 20)).save(out, "PNG")
    return out.getvalue()


IMAGES = [png(level) for level in (0, 50, 100, 150, 200, 250)]
SAME = [True, False, True]


# Verification sets.
def python2_binary() -> bytes:
    """What cPickle.dump(([str, ...], [bool, ...]), protocol=2) writes in Python 2."""
    out = b"\x80\x02]q\x01("
    for image in IMAGES:
        if len(image) < 256:
            out += b"U" + struct.pack("<B", len(image)) + image
        else:
            out += b"T" + struct.pack("<I", len(image)) + image
    out += b"e]q\x02("
    out += b"".join(b"\x88" if same else b"\x89" for same in SAME)
    return out + b"e\x86q\x03."


def python2_text() -> bytes:
    """The same in protocol 0: strings as Python literals, bools as I01 and I00."""
    out = b"((lp1\n"
    for image in IMAGES:
        literal = "".join(
            chr(b) if 32 <= b < 127 and chr(b) not in "'\\" else f"\\x{b:02x}"
            for b in image
        )
        out += b"S'" + literal.encode() + b"'\np2\na"
    out += b"(lp3\n"
    for same in SAME:
        out += b"I01\na" if same else b"I00\na"
    return out + b"tp4\n."


bins = {
    f"protocol {p}": pickle.dumps((IMAGES, SAME), protocol=p) for p in range(2, 6)
}
bins["Python 2, protocol 2"] = python2_binary()
bins["Python 2, protocol 0"] = python2_text()
bins["numpy bools"] = pickle.dumps((IMAGES, [np.bool_(s) for s in SAME]), protocol=4)
bins["a list of two"] = pickle.dumps([IMAGES, [int(s) for s in SAME]], protocol=2)
assert pickle.loads(bins["Python 2, protocol 2"], encoding="bytes") == (IMAGES, SAME)
assert pickle.loads(bins["Python 2, protocol 0"], encoding="bytes") == (IMAGES, SAME)


# RecordIO.
def part(flag: int, content: bytes) -> bytes:
    word = flag << 29 | len(content)
    return struct.pack("<II", MAGIC, word) + content + b"\0" * (-len(content) % 4)


def record(content: bytes) -> bytes:
    """As dmlc::RecordIOWriter::WriteRecord: cut at every aligned magic number, which is dropped."""
    magic = struct.pack("<I", MAGIC)
    cuts = [
        i for i in range(0, len(content) - 3, 4) if content[i : i + 4] == magic
    ]
    if not cuts:
        return part(0, content)
    starts = [0] + [cut + 4 for cut in cuts]
    ends = cuts + [len(content)]
    pieces = [content[a:b] for a, b in zip(starts, ends)]
    flags = [1] + [2] * (len(pieces) - 2) + [3]
    return b"".join(part(flag, piece) for flag, piece in zip(flags, pieces))


def labelled(label, index: int, image: bytes = b"") -> bytes:
    """recordio.pack(IRHeader(flag, label, id, id2), image): struct '<IfQQ'."""
    if isinstance(label, (int, float)):
        return struct.pack("<IfQQ", 0, label, index, 0) + image
    vector = np.asarray(label, np.float32)
    return struct.pack("<IfQQ", len(vector), 0.0, index, 0) + vector.tobytes() + image


def container(contents: list) -> tuple[bytes, str]:
    rec, idx = b"", ""
    for key, content in contents:
        idx += f"{key}\t{len(rec)}\n"
        rec += record(content)
    return rec, idx


# An image whose bytes hold the magic number where records are cut: header 24 bytes, so multiples of four from there.
cut = b"\x89PNG" + struct.pack("<I", MAGIC) + b"abcd" + struct.pack("<II", MAGIC, MAGIC) + b"xyz"
# As insightface: record 0 says images are 1 to 4 and identities 5 and 6, which hold the range of their images.
insightface, insightface_idx = container(
    [
        (0, labelled([5, 7], 0)),
        (1, labelled(0, 1, IMAGES[0])),
        (2, labelled([0, 1], 2, IMAGES[1])),
        (3, labelled(1, 3, cut)),
        (4, labelled([1.0] * 12, 4, IMAGES[3])),
        (5, labelled([1, 3], 5)),
        (6, labelled([3, 5], 6)),
    ]
)
plain, plain_idx = container(
    [(7, labelled(12.0, 7, IMAGES[0])), (3, labelled(0.5, 3, IMAGES[1])), (9, labelled(2, 9, IMAGES[2]))]
)

# CUHK03: people of camera pair 1: two; of the others: one each; most of the ten cells are empty.
folder = Path(tempfile.mkdtemp())
PEOPLE = [2, 1, 1, 1, 1]
IMAGES_OF = {0: 10, 1: 60, 5: 110, 9: 160}  # slot -> red level


def cuhk03(path: Path) -> None:
    with h5py.File(path, "w", userblock_size=512, libver="earliest") as f:
        refs = f.create_group("#refs#")
        empty = refs.create_dataset("empty", data=np.zeros(2, np.uint64))
        empty.attrs["MATLAB_empty"] = np.uint8(1)
        for boxes in ("detected", "labeled"):
            pairs = f.create_dataset(boxes, (1, 5), dtype=h5py.ref_dtype)
            for pair, count in enumerate(PEOPLE):
                people = refs.create_dataset(f"{boxes}{pair}", (10, count), dtype=h5py.ref_dtype)
                for person in range(count):
                    for slot in range(10):
                        level = IMAGES_OF.get(slot)
                        if level is None or (boxes == "labeled" and slot == 9):
                            people[slot, person] = empty.ref
                            continue
                        # MATLAB's height x width x 3 is 3 x width x height here.
                        image = np.zeros((3, 2, 4), np.uint8)
                        image[0] = level + pair
                        image[1, 1, 3] = 200 + person  # right column, bottom row
                        image[2, 1, 0] = 77  # right column, top row
                        name = f"{boxes}{pair}_{person}_{slot}"
                        data = refs.create_dataset(name, data=image)
                        people[slot, person] = data.ref
                pairs[0, pair] = people.ref
        sets = f.create_dataset("testsets", (1, 20), dtype=h5py.ref_dtype)
        for split in range(20):
            # MATLAB: rows of camera pair and person.
            rows = np.array([[1, 1 + split % 2], [3, 1]], float)
            if split < 2:
                data = refs.create_dataset(f"test{split}", data=rows.T)
            sets[0, split] = refs[f"test{split % 2}"].ref
    with open(path, "r+b") as f:
        f.write(b"MATLAB 7.3 MAT-file".ljust(124) + b"\x00\x02IM")


def cuhk03_protocol(path: Path, compress: bool) -> None:
    names, labels, cameras = [], [], []
    for person, (pair, number) in enumerate([(1, 1), (1, 2), (3, 1)]):
        for slot in sorted(IMAGES_OF):
            camera = 1 if slot < 5 else 2
            names.append(f"{pair}_{number:03d}_{camera}_{slot + 1:02d}.png")
            labels.append(person + 1)
            cameras.append(camera)
    column = np.empty((len(names), 1), object)
    column[:, 0] = names
    train = [i + 1 for i, label in enumerate(labels) if label == 2]
    query = [1, 3, 9]
    gallery = [i + 1 for i, label in enumerate(labels) if label != 2 and i + 1 not in query]
    scipy.io.savemat(
        path,
        {
            "filelist": column,
            "labels": np.array(labels, np.float64)[:, None],
            "camId": np.array(cameras, np.uint8)[:, None],
            "train_idx": np.array(train, np.float64)[None, :],
            "query_idx": np.array(query, np.uint16)[None, :],
            "gallery_idx": np.array(gallery, np.float64)[None, :],
        },
        do_compression=compress,
    )


cuhk03(folder / "cuhk-03.mat")
cuhk03_protocol(folder / "compressed.mat", True)
cuhk03_protocol(folder / "plain.mat", False)
scipy.io.savemat(
    folder / "kinds.mat",
    {
        "whole": np.array([[1, -2, 3], [4, 5, 6]], np.int16),
        "real": np.array([[0.5], [-1.25]]),
        "single": np.array([[1.5]], np.float32),
        "large": np.array([[2**53 - 1]], np.int64),
        "truth": np.array([[True, False]]),
        "text": "café ☂",
        "rows": np.array(["abc", "def"]),
        "nothing": np.zeros((0, 0)),
        "record": {"a": 1},
        "nested": np.array([[np.array([[1.0]]), "x"]], object),
    },
)

# Manifests.
table = pa.table(
    {
        "path": ["a/1.png", "a/2.png", "b/1.png"],
        "identity": pa.array([7, 7, 12], pa.int64()),
        "camera": pa.array([1, None, 3], pa.int32()),
        "group": ["x", "y", None],
        "score": [0.5, 0.25, 1.0],
    }
)
parquet = {}
for codec in ("none", "snappy", "zstd", "gzip"):
    pq.write_table(table, folder / f"{codec}.parquet", compression=codec)
    parquet[codec] = (folder / f"{codec}.parquet").read_bytes()


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


golden = {
    "origin": "tests/golden/containers.py",
    "images": [text(image) for image in IMAGES],
    "same": SAME,
    "bins": {name: text(data) for name, data in bins.items()},
    "records": {
        "insightface": {"rec": text(insightface), "idx": insightface_idx, "cut": text(cut)},
        "plain": {"rec": text(plain), "idx": plain_idx},
    },
    "mat": {p.stem: text(p.read_bytes()) for p in sorted(folder.glob("*.mat"))},
    "parquet": {name: text(data) for name, data in parquet.items()},
}
Path(__file__).with_suffix(".json").write_text(json.dumps(golden, indent=1) + "\n")
