"""The elements of an array as text, one text each, so that both sides can be compared without loss.

    T  F            bool                        s HEX   bytes
    DIGITS          an integer                  u HEX   text, as UTF-16
    REPR            a float                     v HEX   void
    REPR|REPR       a complex number            !       text with a unit past U+10FFFF
    COUNT@TEXT      a moment or a duration      (…) […] fields, subarrays
    ?               NumPy cannot show it        ...     a subarray that is too large
"""
import numpy as np

# Larger arrays are shortened to this many elements: of elements without bytes there may be any number.
MAX_VALUES = 64
MAX_ITEMS = 1000


def floats(numbers):
    return [repr(x) for x in numbers]


def text(units):
    return "u" + units.encode("utf-16-le", "surrogatepass").hex()


def texts(array):
    """Returns `!` for text with units past U+10FFFF: some NumPys raise, others make a string that equals no other string."""
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
    """Returns the elements of a one-dimensional array without fields."""
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
    """Returns the elements of a one-dimensional array, one text each."""
    if array.dtype.names is None:
        return leaves(array)
    columns = [column(array.dtype.fields[name][0], array[name], array.size) for name in array.dtype.names]
    return ["(" + " ".join(column[i] for column in columns) + ")" for i in range(array.size)]


def column(dtype, items, count):
    """Returns the values of one field for `count` elements. The axes of `items` behind the first are the field's subarray."""
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


def first(array):
    """Returns the first elements in C order.

    .flat takes 32 dimensions at most, and elements with bytes: for `S0` it gives `S1` with bytes of other memory.
    """
    count = min(array.size, MAX_VALUES)
    if array.dtype.itemsize == 0 and array.dtype.names is None:
        return np.ndarray((count,), array.dtype, b"")
    return array.flat[:count] if array.ndim <= 32 else array.reshape(array.size)[:count]


def first_values(array):
    """Returns the values of the first elements.

    A field of 64 axes can be loaded and not be read: with the array's own axis it has one more than NumPy supports.
    """
    try:
        return values(first(array))
    except ValueError as error:
        if "number of dimensions" not in str(error) and "maximum supported dimension" not in str(error):
            raise
        return ["?"]
