"""Events as TensorBoard's own writer lays them down: event_file.json.

    pip install tensorboard==2.21.0 && python3 event_file.py
"""

import io
import json
import os

from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter


def framed(event):
    buffer = io.BytesIO()
    RecordWriter(buffer).write(event.SerializeToString())
    return buffer.getvalue().hex()


def scalars(values):
    return Summary(
        value=[Summary.Value(tag=k, simple_value=v) for k, v in values.items()]
    )


cases = {
    "head": framed(Event(wall_time=1700000000.25, file_version="brain.Event:2")),
    "scalars": framed(
        Event(
            wall_time=1700000001.5,
            step=300,
            summary=scalars({"loss": 0.5, "reward/semantic": -1.25}),
        )
    ),
    "zeroth": framed(Event(wall_time=1.0, summary=scalars({"loss": 0.0}))),
    "late": framed(
        Event(wall_time=2.0, step=2**40 + 5, summary=scalars({"x": float("inf")}))
    ),
    "restart": framed(
        Event(
            wall_time=3.0, step=7, session_log=SessionLog(status=SessionLog.START)
        )
    ),
    # Longer than one varint byte can say.
    "long": framed(Event(wall_time=4.0, step=1, summary=scalars({"n" * 200: 1.0}))),
}
path = os.path.join(os.path.dirname(__file__), "event_file.json")
with open(path, "w") as file:
    json.dump(
        {"origin": "tensorboard 2.21.0, event_file.py; equal byte for byte", **cases},
        file,
        indent=2,
    )
    file.write("\n")
