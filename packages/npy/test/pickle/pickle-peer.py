"""Arrays of Python objects behind a pipe, for the tests: one JSON request a line in, one JSON answer a line out.

Requests:
  {"op": "random", "seed", "count", "protocol"} -> {"cases": [{"header", "body", "value"}]}: arrays of random objects, each
      as np.save writes it (protocol null), or as a pickle of that protocol without a header, and what it means
  {"op": "save", "source"} -> {"header", "body"}: what np.save writes for the value of that Python expression
  {"op": "load", "bodies"} -> {"values"}: what np.load(allow_pickle=True) makes of each
  {"op": "equal", "bodies"} -> {"values"}: whether the two items of each array are one key of a dict
  {"op": "read", "bodies"} -> {"values"}: what the pickle machine makes of each; it may name no
      more than what is known here, as what it reads may be damaged
  {"op": "data"} -> {"files": [{"name", "file", "values"}]}: the files that NumPy brings for tests of its own, members of .npz
      each by itself, and what np.load makes of each by encoding
What a value means is told in meaning.py. In the place of a value that there is not stands the error, a string.
"""
import collections
import datetime as dt
import decimal
import fractions
import io
import json
import os
import pickle
import resource
import sys
import uuid
import zipfile

import numpy as np
from maker import TWO, Maker
from meaning import Meaning


def saved(array):
    file = io.BytesIO()
    np.save(file, array)
    file.seek(0)
    version = np.lib.format.read_magic(file)
    read_header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format._read_array_header
    read_header(file, *(() if version == (1, 0) else (version,)))
    return file.getvalue()[: file.tell()], file.read()


def loaded(body):
    array = pickle.loads(body)
    file = io.BytesIO()
    header = {"descr": "|O", "fortran_order": bool(array.flags.fnc), "shape": array.shape}
    np.lib.format.write_array_header_1_0(file, header)
    file.write(body)
    file.seek(0)
    return np.load(file, allow_pickle=True)


KNOWN = {
    "numpy": ["ndarray", "matrix", "recarray", "record", "dtype"],
    "numpy.rec": ["recarray"],
    **{f"numpy.{core}.multiarray": ["_reconstruct", "scalar"] for core in ("core", "_core")},
    **{f"numpy.{core}.numeric": ["_frombuffer"] for core in ("core", "_core")},
    **{f"numpy.{core}._internal": ["_convert_to_stringdtype_kwargs"] for core in ("core", "_core")},
    **{name: ["object", "complex", "set", "frozenset", "bytes", "bytearray", "slice", "range", "xrange"]
       for name in ("builtins", "__builtin__")},
    "_codecs": ["encode"],
    "copyreg": ["_reconstructor"],
    "copy_reg": ["_reconstructor"],
    "collections": ["OrderedDict"],
    "datetime": ["date", "time", "datetime", "timedelta", "timezone"],
    "decimal": ["Decimal"],
    "fractions": ["Fraction"],
    "uuid": ["UUID"],
}


class Unpickler(pickle.Unpickler):
    def find_class(self, module, name):
        if name not in KNOWN.get(module, ()):
            raise pickle.UnpicklingError(f"{module}.{name} is not known")
        return super().find_class(module, name)


def random_cases(request):
    cases = []
    for i in range(request["count"]):
        maker = Maker(request["seed"] + i)
        array = maker.array()
        if maker.r.randrange(4) == 0:
            array = loaded(saved(array)[1])
        protocol = request["protocol"]
        header, body = saved(array) if protocol is None else (b"", pickle.dumps(array, protocol))
        meant = array if protocol is None else pickle.loads(body)
        # Protocol 3 may lose the attribute `fold`, which later protocols keep.
        meant = pickle.loads(body) if not TWO else meant
        cases.append({"header": header.hex(), "body": body.hex(), "value": Meaning().of(meant)})
    return {"cases": cases}


def save(request):
    names = {"np": np, "dt": dt, "decimal": decimal, "fractions": fractions, "uuid": uuid, "collections": collections}
    header, body = saved(eval(request["source"], names))
    return {"header": header.hex(), "body": body.hex()}


def attempt(make, body):
    try:
        return make(bytes.fromhex(body))
    except BaseException as error:  # a damaged pickle may call anything, and so raise anything
        return f"{type(error).__name__}: {str(error)[:200]}"


def load(request):
    return {"values": [attempt(lambda body: Meaning().of(loaded(body)), body) for body in request["bodies"]]}


def equal(request):
    return {"values": [len(dict.fromkeys(loaded(bytes.fromhex(body)))) == 1 for body in request["bodies"]]}


def read_one(body):
    return Meaning().of(Unpickler(io.BytesIO(body), encoding="latin1").load())


def apart(body):
    """Reads a pickle in a child process, because NumPy reads outside of its memory if an array's state is damaged."""
    receive, send = os.pipe()
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_AS, (2**32, 2**32))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        with os.fdopen(send, "w") as file:
            file.write(json.dumps(attempt(read_one, body)))
        os._exit(0)
    os.close(send)
    with os.fdopen(receive) as file:
        answer = file.read()
    _, status = os.waitpid(child, 0)
    return json.loads(answer) if status == 0 else f"crash: {status}"


def read(request):
    return {"values": [apart(body) for body in request["bodies"]]}


def data(request):
    folder = os.path.join(os.path.dirname(np.__file__), "lib", "tests", "data")
    files = {}
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        if name.endswith(".npz"):
            with zipfile.ZipFile(path) as archive:
                files.update({f"{name}/{member}": archive.read(member) for member in archive.namelist()})
        elif name.endswith(".npy"):
            with open(path, "rb") as file:
                files[name] = file.read()
    return {"files": [{"name": name, "file": file.hex(), "values": by_encoding(file.hex())} for name, file in files.items()]}


def by_encoding(file):
    def means(encoding):
        return lambda file: Meaning().of(np.load(io.BytesIO(file), allow_pickle=True, encoding=encoding))

    return {encoding.lower(): attempt(means(encoding), file) for encoding in ("ASCII", "latin1", "bytes")}


operations = {"random": random_cases, "save": save, "load": load, "equal": equal, "read": read, "data": data}

for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = operations[request["op"]](request)
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
