"""NumPy behind a pipe, for the tests: one JSON request a line in, one JSON answer a line out.

Requests:
  {"op": "save", "descr", "shape", "strides", "offset", "raw"}  the array over these bytes (strides and offset in
      bytes, raw in hex) -> {"file"}: what np.save writes
  {"op": "load", "file"} -> {"descr", "shape", "data"}: what np.load reads, its elements in C order in hex
  {"op": "version"} -> {"numpy", "python"}
A failure answers {"error": "ClassName: text"}.
"""
import io
import json
import platform
import sys

import numpy as np


def save(request):
    raw = bytearray.fromhex(request["raw"])
    array = np.ndarray(tuple(request["shape"]), np.dtype(request["descr"]), raw, request["offset"], tuple(request["strides"]))
    file = io.BytesIO()
    np.save(file, array)
    return {"file": file.getvalue().hex()}


def load(request):
    array = np.load(io.BytesIO(bytes.fromhex(request["file"])))
    return {"descr": array.dtype.str, "shape": list(array.shape), "data": array.tobytes("C").hex()}


def version(_):
    return {"numpy": np.__version__, "python": platform.python_version()}


operations = {"save": save, "load": load, "version": version}

for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = operations[request["op"]](request)
    except Exception as error:  # the answer carries it to the test that asked
        answer = {"error": f"{type(error).__name__}: {error}"}
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
