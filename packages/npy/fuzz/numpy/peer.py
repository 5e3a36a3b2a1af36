"""NumPy behind a pipe, for the fuzzer: one case a frame in, one answer a frame out, in the order asked. A case may end this
process or hang it: whoever asked sees which one had no answer, and starts another.

  frame    := u32 length | one letter | payload           lengths are little-endian
  'L' file                                                what does np.load make of it?
  'S' u32 length | JSON of the array | bytes              what does np.save write for it?
  'O' seed in digits                                      an array of random objects: what is it, what does np.save write?
  answer   := 'E' text                                    it was refused: "ClassName: what it said"
            | 'A' u32 length | JSON | u32 length | values | file
                JSON {kind, descr, shape, mask?}; shape as strings; mask in hex, FF where a byte of an element says anything
                values: the first elements in C order, one a line, or `?` where NumPy cannot show them; file: what np.save writes for the array, or nothing
            | 'H' JSON {numpy, python}                    the first frame, unasked

The JSON of an array: {type, shape, strides, offset, shift, order?, version?}. `type` is a spelling, or {fields, tail} or
{fields, align}, a field being {name, title?, type, shape?, gap}. Strides, offset in elements, shift in bytes. The bytes are
repeated to fill the memory. Of an array of objects the one value is what it means, as test/pickle/meaning.py has it.
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

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "test", "pickle"))
from maker import Maker
from meaning import Meaning

warnings.simplefilter("ignore")
np.seterr(all="ignore")

MEMORY = 2 << 30
# Values and files of larger arrays are left out: elements without bytes may be any number.
MAX_VALUES = 64
MAX_ITEMS = 1000
MAX_SAVED = 65536


def floats(numbers):
    return [repr(x) for x in numbers]


def text(units):
    return "u" + units.encode("utf-16-le", "surrogatepass").hex()


def texts(array):
    """Of units past U+10FFFF there is no text: some NumPys raise, others make a string that no other string is like."""
    if array.size == 0:
        return []
    units = np.ascontiguousarray(array).view(array.dtype.byteorder + "u4").reshape(array.size, -1)
    if units.max() <= 0x10FFFF:
        return [text(x) for x in array.tolist()]
    return ["!" if units[i].max() > 0x10FFFF else text(str(array[i])) for i in range(array.size)]


def time(moment):
    try:
        return str(moment)
    except Exception:
        return "?"


def times(array):
    counts = [str(x) for x in array.astype("i8").tolist()]
    if array.dtype.kind == "m" or np.datetime_data(array.dtype)[0] == "generic":
        return counts
    return [f"{count}@{time(array[i])}" for i, count in enumerate(counts)]


def leaves(array):
    """The elements of a one-dimensional array without fields."""
    kind = array.dtype.kind
    if kind == "b":
        return ["T" if x else "F" for x in array.tolist()]
    if kind in "iu":
        return [str(x) for x in array.tolist()]
    if kind == "f":
        return floats([float(x) for x in array] if array.dtype.itemsize > 8 else array.tolist())
    if kind == "c":
        parts = [(float(x.real), float(x.imag)) for x in array] if array.dtype.itemsize > 16 else [(x.real, x.imag) for x in array.tolist()]
        return [f"{re!r}|{im!r}" for re, im in parts]
    if kind in "SU" and array.dtype.itemsize == 0:
        return [kind.lower()] * array.size
    if kind == "S":
        return ["s" + x.hex() for x in array.tolist()]
    if kind == "U":
        return texts(array)
    if kind in "Mm":
        return times(array)
    return ["v" + x.tobytes().hex() for x in array]


def values(array):
    """The elements of a one-dimensional array, one text each."""
    if array.dtype.names is None:
        return leaves(array)
    columns = [column(array.dtype.fields[name][0], array[name], array.size) for name in array.dtype.names]
    return ["(" + " ".join(column[i] for column in columns) + ")" for i in range(array.size)]


def column(dtype, items, count):
    """A field of so many elements; what it has of subarrays is in the axes of `items` behind the first."""
    if dtype.subdtype is None:
        return values(items)
    base, shape = dtype.subdtype
    many = 1
    for size in shape:
        many *= size
    if many > MAX_ITEMS:
        return ["..."] * count
    flat = column(base, items.reshape((count * many, *items.shape[1 + len(shape) :])), count * many)
    return ["[" + " ".join(flat[i * many : (i + 1) * many]) + "]" for i in range(count)]


def mask(dtype):
    """Which bytes of an element mean anything: not those between fields, not the padding of long doubles."""
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


def first(array):
    """The first elements in C order. What .flat walks through has 32 dimensions at most, and elements with bytes: of `S0` it
    gives `S1` with bytes of somebody else's."""
    count = min(array.size, MAX_VALUES)
    if array.dtype.itemsize == 0 and array.dtype.names is None:
        return np.ndarray((count,), array.dtype, b"")
    return array.flat[:count] if array.ndim <= 32 else array.reshape(array.size)[:count]


def looked_at(array):
    """A field of 64 axes loads and cannot be looked at: with the array's own axis it has one more than NumPy knows."""
    try:
        return values(first(array))
    except ValueError as error:
        if "number of dimensions" not in str(error) and "maximum supported dimension" not in str(error):
            raise
        return ["?"]


def described(array, file):
    dtype = array.dtype
    said = {
        "kind": f"{dtype.kind}{dtype.itemsize}",
        "descr": np.lib.format.dtype_to_descr(dtype),
        "shape": [str(size) for size in array.shape],
    }
    # Where the file holds no element there is nothing to mask, and one may be of any size.
    used = mask(dtype) if dtype.itemsize <= len(file) else b""
    if 0 in used:
        said["mask"] = used.hex()
    return answer(said, "\n".join(looked_at(array)), file)


def answer(said, text, file):
    head, lines = json.dumps(said).encode(), text.encode()
    return b"".join((b"A", struct.pack("<I", len(head)), head, struct.pack("<I", len(lines)), lines, file))


def load(payload):
    array = np.load(io.BytesIO(payload))
    if not isinstance(array, np.ndarray):
        raise TypeError(f"np.load gives a {type(array).__name__}")
    return described(array, again(array))


def again(array):
    """What np.save writes; nothing where the array is too large, or its axes are for NumPy's iterators."""
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


def dtype_of(recipe):
    if isinstance(recipe, str):
        return np.dtype(recipe)
    names, formats, offsets, titles = [], [], [], []
    end = 0
    for field in recipe["fields"]:
        base = dtype_of(field["type"])
        shape = field.get("shape")
        whole = np.dtype((base, tuple(shape))) if shape is not None else base
        names.append(field["name"])
        formats.append(whole)
        titles.append(field.get("title"))
        offsets.append(end + field["gap"])
        end += field["gap"] + whole.itemsize
    if recipe.get("align"):
        return np.dtype({"names": names, "formats": formats, "titles": titles}, align=True)
    return np.dtype({"names": names, "formats": formats, "titles": titles, "offsets": offsets, "itemsize": end + recipe["tail"]})


def memory(dtype, asked, pattern):
    """The array over the pattern, as often as it takes."""
    size = dtype.itemsize
    strides = [step * size for step in asked["strides"]]
    start = asked["offset"] * size + asked["shift"]
    end = start + size
    if 0 not in asked["shape"]:
        end += sum((n - 1) * step for n, step in zip(asked["shape"], strides) if step > 0)
    times = -(-max(end, 1) // len(pattern))
    return np.ndarray(tuple(asked["shape"]), dtype, bytearray(pattern * times), start, tuple(strides))


def save(payload):
    (length,) = struct.unpack_from("<I", payload)
    asked = json.loads(payload[4 : 4 + length])
    array = memory(dtype_of(asked["type"]), asked, payload[4 + length :])
    if asked.get("order"):
        array = np.array(array, order=asked["order"])
    return described(array, saved(array, asked.get("version")))


def objects(payload):
    array = Maker(int(payload)).array()
    file = saved(array)
    meant = Meaning().of(np.load(io.BytesIO(file), allow_pickle=True, max_header_size=1_000_000))
    said = {"kind": "O", "descr": "|O", "shape": [str(size) for size in array.shape]}
    return answer(said, json.dumps(meant), file)


asks = {b"L": load, b"S": save, b"O": objects}


def main():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
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
            said = asks[frame[:1]](frame[1:])
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # np.load raises what its Python parser raises, RecursionError and SystemError included
            said = f"E{type(error).__name__}: {str(error)[:200]}".encode("utf-8", "backslashreplace")
        send(said)


main()
