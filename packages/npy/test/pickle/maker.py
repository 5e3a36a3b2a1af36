"""Makes random arrays of objects from a seed: every supported kind of value, shared or not, in every kind of array."""
import collections
import datetime as dt
import decimal
import fractions
import random
import struct
import uuid

import numpy as np

TWO = not np.__version__.startswith("1.")

WORDS = ["a", "b", "ab", "abc", "numpy", "ndarray", "dtype", "builtins", "datetime", "int", "O8", "<", "|", "", "x y", "\u00e9",
         "\u20ac", "\U0001f600", "latin1", "_reconstruct", "decimal", "collections", "uuid", "complex", "\x00", "e\u0301"]
ODD = ["\ud800", "\udc00\ud800", "a\udfffb", "\ud83d\ude00", "\ud83d" + "\U0001f600"]
SIMPLE = ["?", "i1", "<i2", ">i4", "<i8", "u1", ">u2", "<f2", "<f4", ">f8", "<c8", ">c16", "S3", "<U2", ">U1", "V5",
          "<M8[s]", ">M8[25ms]", "<m8", "<m8[ns]", "<M8[D]", "S1"]


class Maker:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.made = []

    def text(self):
        r = self.r
        kind = r.randrange(12)
        if kind < 5:
            return r.choice(WORDS)
        if kind < 7:
            return "".join(list(r.choice(WORDS)))
        if kind == 7:
            return r.choice(ODD)
        if kind == 8:
            return "".join(chr(r.randrange(32, 0x300)) for _ in range(r.randrange(300)))
        return "".join(chr(r.randrange(97, 123)) for _ in range(r.randrange(8)))

    def number(self):
        r = self.r
        kind = r.randrange(8)
        if kind < 3:
            return r.randrange(-5, 300)
        if kind == 3:
            return r.choice([2**8, 2**16, 2**31, 2**32, 2**53, 2**63, 2**64]) * r.choice([1, -1]) + r.randrange(-2, 3)
        if kind == 4:
            return r.getrandbits(r.choice([40, 70, 200, 3000])) * r.choice([1, -1])
        if kind == 5:
            return r.uniform(-1e6, 1e6)
        if kind == 6:
            return float(r.choice([0, -0.0, 1, -3, 2**53, 1e300, "inf", "-inf", "nan", 5e-324, 0.1]))
        return struct.unpack(">d", r.getrandbits(64).to_bytes(8, "big"))[0]

    def zone(self):
        r = self.r
        kind = r.randrange(5)
        if kind < 2:
            return None
        if kind == 2:
            return dt.timezone.utc
        offset = dt.timedelta(seconds=r.randrange(-86399, 86400), microseconds=r.choice([0, 5]))
        return dt.timezone(offset) if kind == 3 else dt.timezone(offset, self.text())

    def moment(self):
        r = self.r
        clock = dict(hour=r.randrange(24), minute=r.randrange(60), second=r.randrange(60),
                     microsecond=r.choice([0, r.randrange(10**6)]), fold=r.randrange(2), tzinfo=self.zone())
        day = dict(year=r.choice([1, 9999, r.randrange(1900, 2100)]), month=r.randrange(1, 13), day=r.randrange(1, 29))
        kind = r.randrange(5)
        if kind == 0:
            return dt.date(**day)
        if kind == 1:
            return dt.time(**clock)
        if kind == 2:
            return dt.datetime(**day, **clock)
        if kind == 3:
            return dt.timedelta(r.randrange(-10**9 + 1, 10**9), r.randrange(86400), r.randrange(10**6))
        return self.zone()

    def hashable(self, depth):
        r = self.r
        kind = r.randrange(9)
        if kind < 3:
            return self.text()
        if kind < 5:
            return self.number()
        if kind == 5:
            return r.choice([None, True, False, b"", b"b", b"xyz", 1j, complex(0.0, float("nan"))])
        if kind == 6:
            return self.moment()
        if kind == 7 and depth > 0:
            return tuple(self.hashable(depth - 1) for _ in range(r.randrange(5)))
        if kind == 8 and depth > 0:
            return frozenset(self.hashable(depth - 1) for _ in range(r.randrange(4)))
        return r.randrange(1000)

    def dtype(self, depth=1, objects=False):
        r = self.r
        if depth == 0 or r.randrange(3):
            return np.dtype("O" if objects and r.randrange(2) else r.choice(SIMPLE))
        fields = []
        for i in range(r.randrange(1, 4)):
            name = ["a", "b", "x y", "numpy", "\u00e9"][i] if r.randrange(2) else f"f{i}"
            label = (f"t{i}", name) if r.randrange(4) == 0 else name
            base = self.dtype(depth - 1, objects)
            fields.append((label, base, r.choice([(2,), (1, 2)])) if r.randrange(4) == 0 else (label, base))
        return np.dtype(fields, align=bool(r.randrange(2)))

    def filled(self, dtype, shape, depth):
        r = self.r
        order = r.choice("CF")
        if dtype == object:
            array = np.empty(shape, object, order)
            for i in np.ndindex(array.shape):
                array[i] = self.value(depth - 1)
            return array
        size = int(np.prod(shape)) * dtype.itemsize
        if not dtype.hasobject:
            raw = bytes(r.randrange(65, 91) if dtype.kind != "b" else r.randrange(2) for _ in range(size))
            if dtype.kind == "U" or dtype.names is not None:
                raw = bytes(size)
            return np.frombuffer(raw, dtype).reshape(shape).copy(order) if dtype.itemsize else np.zeros(shape, dtype, order)
        array = np.zeros(shape, dtype, order)
        for i in np.ndindex(array.shape):
            self.fill(array, i, depth)
        return array

    def fill(self, array, i, depth):
        """Fills the fields of one element with objects, a text, or bytes that are taken for a number or a date."""
        for name in array.dtype.names:
            base = array.dtype.fields[name][0]
            if base == object:
                array[name][i] = self.value(depth - 1)
            elif base.subdtype and base.subdtype[0] == object:
                for j in np.ndindex(base.shape):
                    array[name][i + j] = self.value(depth - 1)
            elif base.names is not None and base.hasobject:
                self.fill(array[name], i, depth)
            elif base.kind == "U":
                array[name][i] = self.r.choice(["a", "bc", "\u20ac", ""])[: base.itemsize // 4]
            elif base.names is None and base.subdtype is None and base.kind in "biufcmMSV":
                raw = self.r.choice([bytes(base.itemsize), self.r.randbytes(base.itemsize), b"\x01" + bytes(base.itemsize - 1)])
                array[name][i] = np.frombuffer(raw if base.kind != "b" else b"\x01", base)[0]

    def shape(self):
        return tuple(self.r.randrange(4) for _ in range(self.r.choice([0, 1, 1, 1, 2, 3])))

    def numpy(self, depth):
        r = self.r
        kind = r.randrange(5)
        if kind == 0:
            return self.dtype(2, True)
        if kind == 1:
            return self.filled(self.dtype(1, True), self.shape(), depth)
        if kind == 2 and TWO:
            return self.strings()
        dtype = self.dtype(1, kind == 3)
        if dtype.kind == "O":
            return np.float64(1.0)
        array = self.filled(dtype, (1,), 0)
        if dtype.names is not None and r.randrange(2):
            return array.view(np.recarray)[0]
        return array[0]

    def strings(self):
        from numpy.dtypes import StringDType

        r = self.r
        na = r.choice([{}, {}, {"na_object": None}, {"na_object": float("nan")}, {"na_object": "NA" * 2}])
        dtype = StringDType(coerce=bool(r.randrange(2)), **na)
        shape = self.shape()
        array = np.empty(shape, dtype, order=r.choice("CF"))
        for i in np.ndindex(shape):
            text = self.text().replace("\x00", "")
            array[i] = na["na_object"] if na and r.randrange(3) == 0 else text.encode("utf-8", "replace").decode()
        return array

    def value(self, depth):
        r = self.r
        if self.made and r.randrange(6) == 0:
            return r.choice(self.made)
        x = self.new(depth)
        self.made.append(x)
        return x

    def new(self, depth):
        r = self.r
        kind = r.randrange(20) if depth > 0 else r.randrange(9)
        if kind < 2:
            return self.text()
        if kind < 4:
            return self.number()
        if kind == 4:
            return r.choice([None, True, False, ()])
        if kind == 5:
            return r.choice([b"", b"a", b"b", bytes(r.randrange(256) for _ in range(r.choice([1, 5, 300])))])
        if kind == 6:
            return self.moment()
        if kind == 7:
            return r.choice([complex(self.r.uniform(0, 1), 2), decimal.Decimal(r.choice(["1.50", "5", "NaN", "-Infinity", "1E+9"])),
                             fractions.Fraction(r.randrange(99), 7), uuid.UUID(int=r.getrandbits(128)),
                             uuid.UUID(int=3, is_safe=uuid.SafeUUID.safe), range(1, r.randrange(2, 9)), bytearray(b"b"),
                             bytearray(), bytearray(b"xyz"), slice(1, "a", None)])
        if kind == 8:
            return self.hashable(1)
        n = r.randrange(5)
        if kind < 11:
            return [self.value(depth - 1) for _ in range(n)]
        if kind < 13:
            return tuple(self.value(depth - 1) for _ in range(n))
        if kind < 15:
            return {self.hashable(1): self.value(depth - 1) for _ in range(n)}
        if kind == 15:
            return {self.hashable(1) for _ in range(n)} if r.randrange(2) else frozenset(self.hashable(1) for _ in range(n))
        if kind == 16:
            return collections.OrderedDict((self.text(), self.value(depth - 1)) for _ in range(n))
        if kind == 17:
            return self.cycle(depth)
        return self.numpy(depth)

    def cycle(self, depth):
        r = self.r
        x = []
        kind = r.randrange(4)
        if kind == 0:
            x.append(x)
        elif kind == 1:
            t = (x,) + tuple(range(r.choice([0, 1, 2, 5])))
            x.append(t)
            return r.choice([x, t])
        elif kind == 2:
            d = {"a": x}
            x.append(d)
            x.append(self.value(depth - 1))
            return d
        else:
            a = np.empty(1, object)
            a[0] = x
            x.append(a)
        return x

    def array(self):
        r = self.r
        kind = r.randrange(10)
        if kind == 0 and TWO:
            return self.strings()
        if kind == 1:
            dtype = self.dtype(2, True)
            while not dtype.hasobject or dtype.names is None:
                dtype = self.dtype(2, True)
            return self.filled(dtype, self.shape(), 2)
        if kind == 2:
            n = r.choice([300, 1000, 1001, 2500])
            array = np.empty(n, object)
            # Many objects of few kinds need large memo numbers, several batches, and sometimes several frames.
            big = r.randrange(4) == 0
            for i in range(n):
                array[i] = self.new(0) if not big else self.text() * 9
            return array
        if kind == 3:
            n = r.choice([999, 1000, 1001, 2000])
            big = [list(range(n)), dict.fromkeys(range(n)), set(range(n)), frozenset(range(n)),
                   collections.OrderedDict.fromkeys(range(n)), "x" * r.choice([65535, 65536, 70000]), b"y" * 65536]
            array = np.empty(3, object)
            array[:] = [r.choice(big), r.choice(big), self.value(2)]
            return array
        if kind == 4 and r.randrange(2):
            fields = [("x", r.choice(SIMPLE)), (("t", "o"), "O"), ("p", [("q", "O")])]
            return self.filled(np.dtype(fields, align=bool(r.randrange(2))), self.shape(), 2).view(np.recarray)
        if kind == 4:
            return self.filled(np.dtype(object), (r.randrange(3), r.randrange(3)), 2).view(np.matrix)
        return self.filled(np.dtype(object), self.shape(), 3)
