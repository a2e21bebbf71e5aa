"""Executes one notebook and writes it with its outputs.

    python3 execute.py IN OUT KERNEL SECONDS

One JSON object a line on standard output: {"cell": number of the code cell, from 1, "of": how many} before each, and at
the end {"done": true} or {"error": text}. Exit code 1 where a cell failed; what was done until then is written all the
same.
"""

import json
import queue
import sys

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionComplete, CellExecutionError

# The kernel says "idle" before its last output has left: without these moments outputs are lost at random.
LATE = 0.15


class PatientClient(NotebookClient):
    async def _async_poll_output_msg(self, parent_msg_id, cell, cell_index):
        complete = False
        while True:
            try:
                timeout = LATE if complete else None
                message = await self.kc.iopub_channel.get_msg(timeout=timeout)
            except queue.Empty:
                return
            if message["parent_header"].get("msg_id") != parent_msg_id:
                continue
            try:
                self.process_message(message, cell, cell_index)
            except CellExecutionComplete:
                complete = True


def say(**record):
    print(json.dumps(record), flush=True)


def main(source, target, kernel, seconds):
    notebook = nbformat.read(source, as_version=4)
    code = [c for c in notebook.cells if c.cell_type == "code"]
    numbers = {id(cell): i + 1 for i, cell in enumerate(code)}

    client = PatientClient(
        notebook,
        timeout=int(seconds),
        kernel_name=kernel,
        resources={"metadata": {"path": str(source).rpartition("/")[0] or "."}},
        on_cell_start=lambda cell, cell_index: cell.cell_type == "code"
        and say(cell=numbers[id(cell)], of=len(code)),
    )
    error = None
    try:
        client.execute()
    except CellExecutionError as failure:
        error = f"{failure.ename}: {failure.evalue}\n{failure.traceback}"
    except Exception as failure:  # a dead kernel, time that has run out
        error = f"{type(failure).__name__}: {failure}"
    nbformat.write(notebook, target)
    say(**({"done": True} if error is None else {"error": error}))
    return 0 if error is None else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
