"""Writes pickles.json: the same object pickled by Python in protocols 0 to 5, and pickles as Python 2 writes them.

    python pickles.py > pickles.json

The pickles of Python 2 are spelled out opcode by opcode (a Python 2 is hard to come by); Python's own reader is asked
what they mean, with encoding="bytes".
"""

import base64
import collections
import datetime
import json
import pickle

shared = ["shared"]
plain = {
    "none": None,
    "flags": [True, False],
    "integers": [0, -1, 255, 256, 65535, 65536, -(2**31), 2**31, 2**53 - 1, -(2**53) + 1],
    "wide": [2**53, -(2**53), 2**63, -(2**80), 2**2100],
    "floats": [0.5, -1e300, 1e-5, float("inf"), float("-inf")],
    "text": ["", "é€😀", "line\nend\\u0041 \\ 'quotes\"", "x" * 300],
    "bytes": [b"", bytes(range(256)), b"y" * 300],
    "bytearray": bytearray(b"\x00\xff"),
    "tuples": [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)],
    "nested": {"a": {"b": [{"c": ()}]}, 3: "three", (1, 2): "tuple"},
    "sets": [set(), {1}, frozenset({2}), frozenset()],
    "shared": [shared, shared],
    "many": list(range(300)),
}
ordered = collections.OrderedDict([("b", 1), ("a", 2)])


class Person:
    def __init__(self):
        self.name = "nobody"


class Outer:
    def __reduce__(self):
        import os

        return os.system, ("touch /tmp/outis-was-executed",)


class Eval:
    def __reduce__(self):
        return eval, ("__import__('os').system('touch /tmp/outis-was-executed')",)


def encoded(value):
    return base64.b64encode(value).decode()


# str of Python 2: STRING, SHORT_BINSTRING and BINSTRING, tagged with no encoding.
python2 = {
    "protocol0": b"(dp0\nS'images'\np1\n(lp2\nS'\\xff\\xd8\\'\"\\n'\np3\naI01\naI12\naL34L\nas.",
    "protocol2": b"\x80\x02}q\x00U\x06imagesq\x01]q\x02(U\x02\xff\xd8q\x03T\x03\x00\x00\x00abc\x88K\x0ce" + b"s.",
}
meant = {name: pickle.loads(value, encoding="bytes")[b"images"] for name, value in python2.items()}
assert meant["protocol0"] == [b"\xff\xd8'\"\n", True, 12, 34], meant
assert meant["protocol2"] == [b"\xff\xd8", b"abc", True, 12], meant

print(
    json.dumps(
        {
            "plain": [encoded(pickle.dumps(plain, p)) for p in range(6)],
            "ordered": [encoded(pickle.dumps(ordered, p)) for p in range(6)],
            "state": [encoded(pickle.dumps(Person(), p)) for p in range(6)],
            "date": [encoded(pickle.dumps(datetime.date(2020, 1, 2), p)) for p in range(6)],
            "system": [encoded(pickle.dumps({"weights": Outer()}, p)) for p in range(6)],
            "eval": [encoded(pickle.dumps([Eval()], p)) for p in range(6)],
            "python2": {name: encoded(value) for name, value in python2.items()},
        },
        indent=1,
    )
)
