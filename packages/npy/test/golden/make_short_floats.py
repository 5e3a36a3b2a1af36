"""Writes the golden files of short floats beside this script: `python make_short_floats.py`, with NumPy 2.4.6 and ml_dtypes 0.6.0.

Each dtype NAME has three files. short-floats/NAME.npy has every value of eight bits (a sample of bfloat16) as np.save writes it.
NAME-values.npy has the same values as float64. NAME-rounded.npy has the numbers of numbers.npy rounded to the dtype, as its bits.
"""
import pathlib

import ml_dtypes
import numpy as np

assert np.__version__ == "2.4.6" and ml_dtypes.__version__ == "0.6.0", "golden files come out of pinned versions"

names = """bfloat16 float8_e3m4 float8_e4m3 float8_e4m3b11fnuz float8_e4m3fn float8_e4m3fnuz float8_e5m2 float8_e5m2fnuz
float8_e8m0fnu""".split()
random = np.random.default_rng(1)
numbers = np.concatenate(
    [
        np.array([0.0, -0.0, 1, -1, np.inf, -np.inf, np.nan, 1e30, -1e30, 448, 449, 464, 465, 480, 240, 247, 248, 249]),
        np.array([57344, 61439, 61440, 61441, 65504, 2.0**-10, 2.0**-9, 3 * 2.0**-10, 15.5, 15.75, 15.8, 16, 30, 31]),
        np.array([3.3895e38, 3.4e38, 2.0**-127, 2.0**-128, 1.5 * 2.0**-126, 2.0**127, 1.5 * 2.0**127, 1.4 * 2.0**127]),
        random.standard_normal(300) * 2.0 ** random.integers(-20, 20, 300),
    ]
).astype("<f4")

here = pathlib.Path(__file__).parent / "short-floats"
here.mkdir(exist_ok=True)


def save(name, array):
    with open(here / f"{name}.npy", "wb") as file:
        np.save(file, array)


save("numbers", numbers)
for name in names:
    dtype = np.dtype(getattr(ml_dtypes, name))
    bits = np.dtype(f"u{dtype.itemsize}")
    count = 256 ** dtype.itemsize
    every = np.arange(0, count, 1 if count == 256 else 97).astype(bits).view(dtype)
    save(name, every)
    save(f"{name}-values", every.astype("<f8"))
    save(f"{name}-rounded", numbers.astype(dtype).view(bits))
