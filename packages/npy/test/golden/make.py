"""Writes the golden files beside this script with np.save: `python make.py`, with NumPy 2.4.6."""
import pathlib

import numpy as np

assert np.__version__ == "2.4.6", "the golden files come out of one pinned NumPy"

ramp = np.arange(6, dtype="<f4").reshape(2, 3)
arrays = {
    "ramp-f4": ramp,
    "ramp-f4-fortran": np.asfortranarray(ramp),
    "ramp-f4-column-slice": ramp[:, ::2],
    "ramp-i2-big-endian": np.arange(6, dtype=">i2").reshape(2, 3),
    "scalar-i8": np.array(42, dtype="<i8"),
    "empty-f8": np.zeros((0, 3), dtype="<f8"),
    "mask-bool": np.array([[True, False], [False, True]]),
    "half-f2": np.array([0, 1, -2, 65504, 2.0**-24, np.inf], dtype="<f2"),
    "extremes-i8": np.array([-(2**63), -1, 0, 2**63 - 1], dtype="<i8"),
    "extremes-u8": np.array([0, 2**53 + 1, 2**64 - 1], dtype="<u8"),
    "waves-c8": np.array([1 + 2j, -3.5j], dtype="<c8"),
    "waves-c16-big-endian": np.array([1 + 2j, -3.5j], dtype=">c16"),
    "fortran-two-axes-u1": np.asfortranarray(np.arange(24, dtype="u1").reshape(2, 12)),
    # decode refuses these files: dtypes that it does not support yet, and objects, which need a codec.
    "objects": np.array([1, "a", None], dtype=object),
    "text-u3": np.array(["abc", "de"]),
    "struct": np.array([(1, 2.5)], dtype=[("count", "<i4"), ("mean", "<f8")]),
    "days-m8": np.array(["2024-02-29"], dtype="<M8[D]"),
}

here = pathlib.Path(__file__).parent
for name, array in arrays.items():
    with open(here / f"{name}.npy", "wb") as file:
        np.save(file, array)
