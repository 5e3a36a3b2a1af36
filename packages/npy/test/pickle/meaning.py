"""The meaning of a value, in a form that Python and TypeScript both produce: nested lists with the kind first, and then the parts
that distinguish values of that kind. Lists, dicts, sets, bytearrays and arrays have a number, and are ["again", number] where they
occur again. Items of sets are sorted by their meanings. Arrays and records of a subclass mean the same as those of the base class.
"""
import collections
import datetime as dt
import decimal
import fractions
import json
import struct
import uuid

import numpy as np


def bits(value):
    return struct.pack(">d", value).hex()


def dtype_meaning(dtype):
    if dtype.kind == "T":
        na = ["na", Meaning().of(dtype.na_object)] if hasattr(dtype, "na_object") else []
        return ["T", dtype.coerce, na]
    if dtype.subdtype:
        return ["sub", dtype_meaning(dtype.subdtype[0]), list(dtype.subdtype[1])]
    if dtype.names is not None:
        fields = [[name, dtype.fields[name][1], dtype_meaning(dtype.fields[name][0])] for name in dtype.names]
        return ["struct", dtype.itemsize, fields]
    return dtype.str


class Meaning:
    def __init__(self):
        self.seen = {}
        self.kept = []

    def unordered(self, x):
        return sorted((self.of(y) for y in x), key=lambda m: json.dumps(m, separators=(",", ":")))

    def of(self, x):
        t = type(x)
        if x is None or t is bool:
            return [str(x)]
        if t is int:
            return ["int", str(x)]
        if t is float:
            return ["float", bits(x)]
        if t is str:
            return ["str", [ord(c) for c in x]]
        if t is bytes:
            return ["bytes", x.hex()]
        if t is complex:
            return ["complex", bits(x.real), bits(x.imag)]
        if t is tuple:
            return ["tuple", [self.of(y) for y in x]]
        if t is frozenset:
            return ["frozenset", self.unordered(x)]
        if t is dt.date:
            return ["date", x.year, x.month, x.day]
        if t is dt.datetime:
            zone = self.of(x.tzinfo)
            return ["datetime", x.year, x.month, x.day, x.hour, x.minute, x.second, x.microsecond, x.fold, zone]
        if t is dt.time:
            return ["time", x.hour, x.minute, x.second, x.microsecond, x.fold, self.of(x.tzinfo)]
        if t is dt.timedelta:
            return ["timedelta", x.days, x.seconds, x.microseconds]
        if t is dt.timezone:
            args = x.__getinitargs__()
            return ["timezone"] + [self.of(y) for y in args]
        if t is decimal.Decimal:
            return ["decimal", str(x)]
        if t is fractions.Fraction:
            return ["fraction", str(x.numerator), str(x.denominator)]
        if t is uuid.UUID:
            return ["uuid", str(x), x.is_safe.value]
        if t is slice:
            return ["slice", self.of(x.start), self.of(x.stop), self.of(x.step)]
        if t is range:
            return ["range", str(x.start), str(x.stop), str(x.step)]
        if isinstance(x, type) or callable(x):
            return ["global", x.__name__]
        if isinstance(x, np.dtype):
            return ["dtype", dtype_meaning(x)]
        if isinstance(x, np.generic) and not x.dtype.hasobject:
            data = x.tobytes()
            if isinstance(x, (np.longdouble, np.clongdouble)) or x.dtype.itemsize == 0:
                data = b""
            return ["scalar", dtype_meaning(x.dtype), data.hex()]
        if id(x) in self.seen:
            return ["again", self.seen[id(x)]]
        number = self.seen[id(x)] = len(self.seen)
        self.kept.append(x)
        if isinstance(x, np.generic):
            return ["objects", number, dtype_meaning(x.dtype), self.of(x.item())]
        if t is list:
            return ["list", number, [self.of(y) for y in x]]
        if t is dict or t is collections.OrderedDict:
            return [t.__name__, number, [[self.of(k), self.of(v)] for k, v in x.items()]]
        if t is set:
            return ["set", number, self.unordered(x)]
        if t is bytearray:
            return ["bytearray", number, x.hex()]
        if isinstance(x, np.ndarray):
            x = np.asarray(x)
            if x.dtype.names is None and x.dtype.str[0] == ">":
                # np.load converts such arrays to little-endian, except for structured ones.
                x = x.astype(x.dtype.newbyteorder("<"))
            head = ["array", number, dtype_meaning(x.dtype), list(x.shape), bool(x.flags.fnc)]
            if x.dtype.hasobject or x.dtype.kind == "T":
                return head + [[self.of(y) for y in elements(x)]]
            return head + [x.tobytes("A").hex()]
        raise TypeError(t)


def elements(array):
    if array.dtype.names is None:
        return [array[i] for i in np.ndindex(array.shape)] if array.dtype.kind == "T" else array.flatten().tolist()
    return [array[i].item() for i in np.ndindex(array.shape)]
