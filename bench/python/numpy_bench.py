"""NumPy's side of the benchmarks: one JSON request a line on stdin, one JSON answer a line on stdout.

{"op": "version"} -> {"version": "2.4.6"}
{"op": "load", "bytes": 1048576, "repeats": 100, "clock": "wall"} -> {"seconds": 0.0123}  np.load(io.BytesIO(file))
{"op": "save", "bytes": 1048576, "repeats": 100, "clock": "cpu"}  -> {"seconds": 0.0123}  np.save(io.BytesIO(), array)

The array is float32, one axis, of that many bytes of data. Only the repeated call is timed, and here, so that the pipe
between the processes is not.
"""

import functools
import io
import json
import sys
import time

import numpy as np


@functools.lru_cache(maxsize=1)
def array_of(size):
    return np.arange(size // 4, dtype=np.float32)


@functools.lru_cache(maxsize=1)
def file_of(size):
    stream = io.BytesIO()
    np.save(stream, array_of(size))
    return stream.getvalue()


def time_load(size, repeats, now):
    file = file_of(size)
    start = now()
    for _ in range(repeats):
        np.load(io.BytesIO(file))
    return now() - start


def time_save(size, repeats, now):
    array = array_of(size)
    start = now()
    for _ in range(repeats):
        np.save(io.BytesIO(), array)
    return now() - start


def answer(request):
    if request["op"] == "version":
        return {"version": np.__version__}
    run = {"load": time_load, "save": time_save}[request["op"]]
    now = {"wall": time.perf_counter, "cpu": time.process_time}[request["clock"]]
    return {"seconds": run(request["bytes"], request["repeats"], now)}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
