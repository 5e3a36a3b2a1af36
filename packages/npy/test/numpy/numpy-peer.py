"""NumPy behind a pipe, for the tests: one JSON request a line in, one JSON answer a line out.

Requests:
  {"op": "save", "descr", "shape", "strides", "offset", "raw"}  the array over these bytes (strides and offset in
      bytes, raw in hex) -> {"file"}: what np.save writes
  {"op": "load", "file"} -> {"descr", "shape", "data"}: what np.load reads, its elements in C order in hex
  {"op": "headers", "files": [hex]} -> {"headers"}: for each file what np.load makes of it, with room for any header:
      [descr, shape as strings, the first 256 bytes in C order in hex], or the error as a string
  {"op": "reprs", "texts": [[code point]]} -> {"reprs"}: repr() of each string
  {"op": "ranges", "stop"} -> {"unicode", "escaped", "unassigned"}: the Unicode version, and as [first, last] the code
      points below stop that repr() escapes, and those that are unassigned
  {"op": "halves"} -> {"values"}: all 65536 float16 as float64, in hex
  {"op": "to_half", "raw"} -> {"raw"}: float64 in hex to float16 in hex
  {"op": "dumps", "descr", "shape", "strides", "offset", "raw", "protocol"} -> {"pickle"}: what pickle.dumps writes of that array
  {"op": "dumps_of", "source", "protocol"} -> {"pickle"}: what pickle.dumps writes of the value of that Python expression
  {"op": "loads", "pickles": [hex]} -> {"arrays"}: what pickle.loads makes of each: [descr, shape, whether it is in Fortran order
      only, its elements in C order in hex]
  {"op": "version"} -> {"numpy", "python"}
A failure answers {"error": "ClassName: text"}.
"""
import io
import json
import pickle
import platform
import sys
import unicodedata

import numpy as np


def dtype_of(descr):
    """Returns the dtype of a descr, in which JSON has lists in place of tuples."""
    return np.lib.format.descr_to_dtype(with_tuples(descr))


def with_tuples(descr):
    if isinstance(descr, str):
        return sys.intern(descr)  # as in a program, where equal literals are one object that is pickled once
    if len(descr) == 2 and isinstance(descr[1], list) and all(isinstance(n, int) for n in descr[1]):
        return (with_tuples(descr[0]), tuple(descr[1]))
    return [
        (tuple(map(sys.intern, name)) if isinstance(name, list) else sys.intern(name), with_tuples(base), *map(tuple, shape))
        for name, base, *shape in descr
    ]


def array_of(request):
    raw = bytearray.fromhex(request["raw"])
    return np.ndarray(tuple(request["shape"]), dtype_of(request["descr"]), raw, request["offset"], tuple(request["strides"]))


def dumps(request):
    return {"pickle": pickle.dumps(array_of(request), request["protocol"]).hex()}


def dumps_of(request):
    return {"pickle": pickle.dumps(eval(request["source"], {"np": np}), request["protocol"]).hex()}


def loads(request):
    arrays = [pickle.loads(bytes.fromhex(one)) for one in request["pickles"]]
    return {"arrays": [
        [np.lib.format.dtype_to_descr(array.dtype), list(array.shape), array.flags.fnc, array.tobytes("C").hex()] for array in arrays
    ]}


def save(request):
    array = array_of(request)
    file = io.BytesIO()
    np.save(file, array)
    return {"file": file.getvalue().hex()}


def load(request):
    array = np.load(io.BytesIO(bytes.fromhex(request["file"])))
    descr = np.lib.format.dtype_to_descr(array.dtype)
    return {"descr": descr, "shape": list(array.shape), "data": array.tobytes("C").hex()}


def headers(request):
    answers = []
    for file in request["files"]:
        try:
            array = np.load(io.BytesIO(bytes.fromhex(file)), max_header_size=1_000_000)
            answers.append([np.lib.format.dtype_to_descr(array.dtype), [str(n) for n in array.shape], array.tobytes("C")[:256].hex()])
        except BaseException as error:  # np.load lets the errors of its Python parser pass, RecursionError included
            answers.append(f"{type(error).__name__}: {str(error)[:200]}")
    return {"headers": answers}


def reprs(request):
    return {"reprs": [[ord(c) for c in repr("".join(map(chr, text)))] for text in request["texts"]]}


def ranges(request):
    def runs(wanted):
        out = []
        for code in range(request["stop"]):
            if not wanted(code):
                continue
            if out and out[-1][1] == code - 1:
                out[-1][1] = code
            else:
                out.append([code, code])
        return out

    return {
        "unicode": unicodedata.unidata_version,
        "escaped": runs(lambda code: not chr(code).isprintable()),
        "unassigned": runs(lambda code: unicodedata.category(chr(code)) == "Cn"),
    }


def halves(_):
    return {"values": np.arange(65536, dtype="<u2").view("<f2").astype("<f8").tobytes().hex()}


def to_half(request):
    return {"raw": np.frombuffer(bytes.fromhex(request["raw"]), "<f8").astype("<f2").tobytes().hex()}


def version(_):
    return {"numpy": np.__version__, "python": platform.python_version()}


operations = {
    "save": save,
    "load": load,
    "headers": headers,
    "reprs": reprs,
    "ranges": ranges,
    "halves": halves,
    "to_half": to_half,
    "dumps": dumps,
    "dumps_of": dumps_of,
    "loads": loads,
    "version": version,
}

for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = operations[request["op"]](request)
    except Exception as error:  # the answer reports any error to the test
        answer = {"error": f"{type(error).__name__}: {error}"}
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
