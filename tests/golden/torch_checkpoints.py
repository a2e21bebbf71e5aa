"""Writes torch_checkpoints.json: small checkpoints made by PyTorch (compressed with zlib, in base64), with
the values that are in them.

    pip install torch==2.13.0 && python torch_checkpoints.py > torch_checkpoints.json

What PyTorch does not write itself (zip64, big-endian, Python 2) is made here from what it writes; torch.load confirms
that it means the same.
"""

import argparse
import base64
import collections
import io
import json
import pickle
import pickletools
import struct
import warnings
import zipfile
import zlib

import torch

warnings.filterwarnings("ignore")
torch.manual_seed(0)
torch.set_num_threads(1)

matrix = torch.randn(4, 3)
every = collections.OrderedDict(
    plain=torch.randn(2, 3),
    double=torch.tensor([0.1], dtype=torch.float64),
    half=torch.tensor([0.1, -65504], dtype=torch.float16),
    brain=torch.tensor([0.1, 3e38], dtype=torch.bfloat16),
    long=torch.tensor([-(2**60), 3]),
    int=torch.tensor([[-7]], dtype=torch.int32),
    short=torch.tensor([-300], dtype=torch.int16),
    char=torch.tensor([-3], dtype=torch.int8),
    byte=torch.tensor([0, 255], dtype=torch.uint8),
    bool=torch.tensor([True, False]),
    scalar=torch.tensor(2.5),
    empty=torch.zeros(0, 4),
    parameter=torch.nn.Parameter(torch.randn(2)),
    transposed=matrix.t(),
    part=matrix[1:3, 1:],
    column=matrix[:, 2],
    shared=matrix,
    expanded=torch.tensor([[1.0], [2.0]]).expand(2, 3),
    permuted=torch.arange(24.0).reshape(2, 3, 4).permute(2, 0, 1),
)
new_types = dict(
    uint16=torch.tensor([65535], dtype=torch.uint16),
    uint32=torch.tensor([2**32 - 1], dtype=torch.uint32),
    uint64=torch.tensor([2**63 + 1], dtype=torch.uint64),
    e4m3=torch.tensor([448, 0.25, -(2**-9)]).to(torch.float8_e4m3fn),
    e5m2=torch.tensor([57344, 0.25, -(2**-16)]).to(torch.float8_e5m2),
)
unread = dict(
    weight=torch.ones(1),
    complex=torch.ones(1, dtype=torch.complex64),
    sparse=torch.eye(2).to_sparse(),
    note="text",
)
small = collections.OrderedDict([("a", torch.tensor([1.0, 2.0])), ("b", torch.tensor([[3]]))])
model = torch.nn.Linear(16, 8)
optimizer = torch.optim.Adam(model.parameters())
model(torch.ones(1, 16)).sum().backward()
optimizer.step()
training = {
    "model": collections.OrderedDict(("module." + k, v) for k, v in model.state_dict().items()),
    "ema": model.state_dict(),
    "opt": optimizer.state_dict(),
    "args": argparse.Namespace(lr=1e-4, model="DiT-S/2"),
    "epoch": 7,
    "best": torch.tensor(0.5),
}
lightning = {
    "epoch": 3,
    "state_dict": dict(weight=torch.ones(300), bias=torch.zeros(1)),
    "callbacks": {"checkpoint": {"best": torch.tensor(0.1), "path": "x"}},
    "optimizer_states": [optimizer.state_dict()],
    "loss": [0.5, 0.25],
}


def saved(value, **options):
    file = io.BytesIO()
    torch.save(value, file, **options)
    return file.getvalue()


def legacy(value, **options):
    return saved(value, _use_new_zipfile_serialization=False, **options)


def same(data, wanted):
    read = torch.load(io.BytesIO(data), weights_only=False)
    assert list(read) == list(wanted)
    for name in wanted:
        assert read[name].dtype == wanted[name].dtype, name
        assert torch.equal(read[name], wanted[name]), name
    return data


def zip64(data):
    """The same archive with every number in zip64 fields, as beyond 4 GB."""
    out, directory = io.BytesIO(), b""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        records = [(name, archive.read(name)) for name in archive.namelist()]
    for name, content in records:
        offset, name = out.tell(), name.encode()
        size = len(content)
        checksum = zlib.crc32(content)
        wide = struct.pack("<HHQQ", 1, 16, size, size)
        out.write(struct.pack("<IHHHHHIIIHH", 0x04034B50, 45, 0, 0, 0, 33, checksum, 2**32 - 1, 2**32 - 1, len(name), len(wide)))
        out.write(name + wide + content)
        wide = struct.pack("<HHQQQ", 1, 24, size, size, offset)
        fields = (0x02014B50, 45, 45, 0, 0, 0, 33, checksum, 2**32 - 1, 2**32 - 1, len(name), len(wide), 0, 0, 0, 0, 2**32 - 1)
        directory += struct.pack("<IHHHHHHIIIHHHHHII", *fields) + name + wide
    start = out.tell()
    out.write(directory)
    end = out.tell()
    out.write(struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, len(records), len(records), len(directory), start))
    out.write(struct.pack("<IIQI", 0x07064B50, 0, end, 1))
    out.write(struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 2**16 - 1, 2**16 - 1, 2**32 - 1, 2**32 - 1, 0))
    return out.getvalue()


def rezipped(data, change, method=zipfile.ZIP_STORED):
    """The same archive with other records."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", method) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


def big_endian(name, content):
    if name.endswith("/byteorder"):
        return b"big"
    widths = {"/data/0": 4, "/data/1": 8}
    width = next((w for end, w in widths.items() if name.endswith(end)), 1)
    return b"".join(content[i : i + width][::-1] for i in range(0, len(content), width))


def as_python2(data):
    """Unicode strings of protocol 2 as Python 2's str: another opcode of the same length."""
    data, at = bytearray(data), 0
    for _ in range(5):
        for code, _, place in pickletools.genops(bytes(data[at:])):
            if code.name == "BINUNICODE":
                data[at + place] = ord("T")
            end = at + place + 1
        at = end
    return bytes(data)


class System:
    def __reduce__(self):
        import os

        return os.system, ("touch /tmp/outis-was-executed",)


class Eval:
    def __reduce__(self):
        return eval, ("__import__('os').system('touch /tmp/outis-was-executed')",)


def forged(offset=0, size=(2,), stride=(1,), numel=2):
    """A checkpoint whose only tensor says other things than its storage holds."""

    class Tensor:
        def __reduce__(self):
            return torch._utils._rebuild_tensor_v2, (storage, offset, size, stride, False, collections.OrderedDict())

    class Storage:
        pass

    storage = Storage()

    class Pickler(pickle.Pickler):
        def persistent_id(self, value):
            if value is storage:
                return ("storage", torch.FloatStorage, "0", "cpu", numel)

    out = io.BytesIO()
    Pickler(out, 2).dump({"weight": Tensor()})
    return rezipped(
        saved({"weight": torch.tensor([1.0, 2.0])}),
        lambda name, content: out.getvalue() if name.endswith("/data.pkl") else content,
    )


def legacy_view():
    """A tensor of a view of a storage, as PyTorch before 0.4 wrote them."""

    class Tensor:
        def __reduce__(self):
            return torch._utils._rebuild_tensor_v2, (view, 1, (2,), (1,), False, collections.OrderedDict())

    class View:
        pass

    view = View()

    class Pickler(pickle.Pickler):
        def persistent_id(self, value):
            if value is view:
                return ("storage", torch.FloatStorage, "root", "cpu", 5, ("view", 2, 3))

    out = io.BytesIO()
    for value in (torch.serialization.MAGIC_NUMBER, torch.serialization.PROTOCOL_VERSION, {"little_endian": True}):
        pickle.dump(value, out, 2)
    Pickler(out, 2).dump({"weight": Tensor()})
    pickle.dump(["root"], out, 2)
    out.write(struct.pack("<q5f", 5, 0, 1, 2, 3, 4))
    # Elements 2, 3 and 4 are the view's; the tensor starts at its second.
    return same(out.getvalue(), {"weight": torch.tensor([3.0, 4.0])})


def without_checksums(value):
    from torch.utils.serialization import config

    config.save.compute_crc32 = False
    try:
        return saved(value)
    finally:
        config.save.compute_crc32 = True


scripted = io.BytesIO()
torch.jit.save(torch.jit.script(torch.nn.Identity()), scripted)

files = {
    **{f"zip{p}": saved(every, pickle_protocol=p) for p in (2, 5)},
    "legacy2": legacy(every),
    "newTypes": saved(new_types),
    "newTypesLegacy": legacy(new_types),
    **{f"small{p}": saved(small, pickle_protocol=p) for p in (2, 3, 4, 5)},
    **{f"smallLegacy{p}": legacy(small, pickle_protocol=p) for p in (2, 3, 4, 5)},
    "zip64": same(zip64(saved(small)), small),
    "bigEndian": same(rezipped(saved(small), big_endian), small),
    "python2": same(as_python2(legacy(small)), small),
    "compressed": rezipped(saved(small), lambda _, content: content, zipfile.ZIP_DEFLATED),
    "withoutChecksums": without_checksums(small),
    "training": saved(training),
    "trainingLegacy": legacy(training),
    "lightning": saved(lightning),
    "unread": saved(unread),
    "module": saved(model),
    "script": scripted.getvalue(),
    "list": saved([torch.ones(1)]),
    "system": saved({"model": {"weight": torch.ones(1), "bias": System()}}),
    "systemLegacy": legacy({"model": {"weight": torch.ones(1), "bias": System()}}),
    "eval": saved({"weight": torch.ones(1), "args": [Eval()]}),
    "forgedOffset": forged(offset=1),
    "forgedSize": forged(size=(3,)),
    "forgedOverflow": forged(size=(2**31, 2**31, 2**31), stride=(0, 0, 0)),
    "forgedExpansion": forged(size=(2**40,), stride=(0,)),
    "forgedNegative": forged(size=(2,), stride=(-1,), offset=1),
    "forgedStrides": forged(size=(2,), stride=(1, 1)),
    "forgedCount": forged(size=(4,), numel=4),
    "forgedNumel": forged(numel=1),
    "view": legacy_view(),
    "forgedBool": forged(size=(True,)),
}


def listed(tensors):
    wide = (torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.float8_e4m3fn, torch.float8_e5m2)
    return {
        name: {
            "dtype": str(tensor.dtype).removeprefix("torch."),
            "shape": list(tensor.shape),
            "data": [str(v) for v in (tensor.double() if tensor.dtype in wide else tensor).flatten().tolist()],
        }
        for name, tensor in tensors.items()
    }


print(
    json.dumps(
        {
            "every": listed(every),
            "newTypes": listed(new_types),
            "small": listed(small),
            "linear": listed(model.state_dict()),
            "files": {name: base64.b64encode(zlib.compress(data, 9)).decode() for name, data in files.items()},
        },
        indent=1,
    )
)
