"""Arrays made of a recipe that the fuzzer sends as JSON: {type, shape, strides, offset, shift, order?, version?}.

`type` is a spelling, or {fields, tail} or {fields, align}; a field is {name, title?, type, shape?, gap}. Strides and offset
are in elements, shift is in bytes. The bytes that come with a recipe are repeated to fill the array's memory.
"""
import numpy as np


def dtype_of(type):
    """Returns the dtype of a recipe's `type`."""
    if isinstance(type, str):
        return np.dtype(type)
    names, formats, offsets, titles = [], [], [], []
    end = 0
    for field in type["fields"]:
        base = dtype_of(field["type"])
        shape = field.get("shape")
        whole = np.dtype((base, tuple(shape))) if shape is not None else base
        names.append(field["name"])
        formats.append(whole)
        titles.append(field.get("title"))
        offsets.append(end + field["gap"])
        end += field["gap"] + whole.itemsize
    if type.get("align"):
        return np.dtype({"names": names, "formats": formats, "titles": titles}, align=True)
    return np.dtype({"names": names, "formats": formats, "titles": titles, "offsets": offsets, "itemsize": end + type["tail"]})


def array_of(recipe, pattern):
    """Returns the array of a recipe; `pattern` is repeated to fill its memory."""
    dtype = dtype_of(recipe["type"])
    size = dtype.itemsize
    strides = [step * size for step in recipe["strides"]]
    start = recipe["offset"] * size + recipe["shift"]
    end = start + size
    if 0 not in recipe["shape"]:
        end += sum((n - 1) * step for n, step in zip(recipe["shape"], strides) if step > 0)
    times = -(-max(end, 1) // len(pattern))
    return np.ndarray(tuple(recipe["shape"]), dtype, bytearray(pattern * times), start, tuple(strides))
