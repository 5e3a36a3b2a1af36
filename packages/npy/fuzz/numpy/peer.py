"""NumPy behind a pipe, for the fuzzer: each frame in is one case, each frame out its answer, in the same order.

A case may end or hang this process. The fuzzer sees which case has no answer, and starts another process.

  frame    := u32 length | one letter | payload           lengths are little-endian
  'L' file                                                what does np.load make of it?
  'S' u32 length | JSON of a recipe | bytes               what does np.save write for that array? (recipes.py)
  'O' seed in digits                                      an array of random objects: what is it, and what does np.save write?
  answer   := 'E' text                                    NumPy raised: "ClassName: message"
            | 'A' u32 length | JSON | u32 length | values | file
                JSON    {kind, descr, shape, mask?}: shape as strings; mask in hex, with FF for each byte of an element that counts
                values  the first elements in C order, one a line (element_text.py)
                file    what np.save writes for the array, or nothing
            | 'H' JSON {numpy, python}                    the first frame, unasked

The one value of an array of objects is what the objects mean, as test/pickle/meaning.py writes it.
"""
import io
import json
import os
import platform
import resource
import struct
import sys
import warnings

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[threads] = "1"

import numpy as np

from element_text import first_values
from recipes import array_of

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "test", "pickle"))
from maker import Maker
from meaning import Meaning

warnings.simplefilter("ignore")
np.seterr(all="ignore")

MEMORY_BYTES = 2 << 30
# np.save is not called for larger arrays: of elements without bytes there may be any number.
MAX_SAVED = 65536


def mask(dtype):
    """Returns FF for each byte of an element that counts, 00 for bytes between fields and the padding of long doubles."""
    if dtype.itemsize == 0:
        return b""
    if dtype.subdtype is not None:
        base = dtype.subdtype[0]
        return mask(base) * (dtype.itemsize // base.itemsize)
    if dtype.names is not None:
        used = bytearray(dtype.itemsize)
        for name in dtype.names:
            base, offset = dtype.fields[name][:2]
            used[offset : offset + base.itemsize] = mask(base)
        return bytes(used)
    if dtype.kind in "fc" and dtype.itemsize in (16, 32) and (dtype.kind, dtype.itemsize) != ("c", 16):
        one = bytes([255] * 10 + [0] * 6) if np.little_endian == (dtype.byteorder in "=<") else bytes([0] * 6 + [255] * 10)
        return one * (dtype.itemsize // 16)
    return bytes([255]) * dtype.itemsize


def array_answer(array, file):
    """Returns the answer for an array; `file` is what np.save writes for it."""
    dtype = array.dtype
    shown = {
        "kind": f"{dtype.kind}{dtype.itemsize}",
        "descr": np.lib.format.dtype_to_descr(dtype),
        "shape": [str(size) for size in array.shape],
    }
    # An element may be larger than the file if the file holds none: there is nothing to mask then.
    used = mask(dtype) if dtype.itemsize <= len(file) else b""
    if 0 in used:
        shown["mask"] = used.hex()
    return answer(shown, "\n".join(first_values(array)), file)


def answer(shown, text, file):
    head, lines = json.dumps(shown).encode(), text.encode()
    return b"".join((b"A", struct.pack("<I", len(head)), head, struct.pack("<I", len(lines)), lines, file))


def load(payload):
    array = np.load(io.BytesIO(payload))
    if not isinstance(array, np.ndarray):
        raise TypeError(f"np.load gives a {type(array).__name__}")
    return array_answer(array, saved_or_nothing(array))


def saved_or_nothing(array):
    """Returns what np.save writes; nothing if the array is too large, or has more axes than NumPy's iterators take."""
    if array.size > MAX_SAVED:
        return b""
    try:
        return saved(array)
    except ValueError:
        return b""


def saved(array, version=None):
    file = io.BytesIO()
    if version is None:
        np.save(file, array)
    else:
        np.lib.format.write_array(file, array, version=tuple(version))
    return file.getvalue()


def save(payload):
    (length,) = struct.unpack_from("<I", payload)
    recipe = json.loads(payload[4 : 4 + length])
    array = array_of(recipe, payload[4 + length :])
    if recipe.get("order"):
        array = np.array(array, order=recipe["order"])
    return array_answer(array, saved(array, recipe.get("version")))


def objects(payload):
    array = Maker(int(payload)).array()
    file = saved(array)
    meaning = Meaning().of(np.load(io.BytesIO(file), allow_pickle=True, max_header_size=1_000_000))
    shown = {"kind": "O", "descr": "|O", "shape": [str(size) for size in array.shape]}
    return answer(shown, json.dumps(meaning), file)


answers = {b"L": load, b"S": save, b"O": objects}


def main():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    read, write = sys.stdin.buffer.read, sys.stdout.buffer.write

    def send(frame):
        write(struct.pack("<I", len(frame)))
        write(frame)
        sys.stdout.buffer.flush()

    send(b"H" + json.dumps({"numpy": np.__version__, "python": platform.python_version()}).encode())
    while True:
        prefix = read(4)
        if len(prefix) < 4:
            return
        (length,) = struct.unpack("<I", prefix)
        frame = read(length)
        try:
            reply = answers[frame[:1]](frame[1:])
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # np.load raises what its Python parser raises, RecursionError and SystemError included
            reply = f"E{type(error).__name__}: {str(error)[:200]}".encode("utf-8", "backslashreplace")
        send(reply)


main()
