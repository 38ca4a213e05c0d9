# SPDX-License-Identifier: GPL-2.0-only
"""The demo's model: its file, and what the kernel has to make of it, bit for bit."""

import importlib.util
import pathlib
import struct

import numpy as np

# As in neural_demo.c: magic, version, inputs, hidden, outputs, digits; then, all
# little-endian, s32 weights and biases of both layers, u8 labels, u8 pixels.
HEADER = struct.Struct("<4s5I")
MAGIC = b"NDEM"
VERSION = 1

ONE = 1 << 16
PIXEL_MAX = 16

S32 = np.iinfo(np.int32)
TABLES = pathlib.Path(__file__).resolve().parents[1] / "gen" / "q16_tables.py"


class Model:
    """Weights in Q16.16, and digits with the labels the kernel is judged by."""

    def __init__(self, layers, labels, pixels):
        self.layers = [tuple(np.asarray(a, np.int64) for a in pair) for pair in layers]
        self.labels = np.asarray(labels, np.uint8)
        self.pixels = np.asarray(pixels, np.uint8)

    @property
    def outputs(self):
        return len(self.layers[-1][1])

    def pack(self):
        (w1, b1), (w2, b2) = self.layers
        digits, inputs = self.pixels.shape
        head = HEADER.pack(MAGIC, VERSION, inputs, len(b1), len(b2), digits)
        words = [a.astype("<i4").tobytes() for a in (w1, b1, w2, b2)]
        return head + b"".join(words) + self.labels.tobytes() + self.pixels.tobytes()

    @classmethod
    def unpack(cls, data):
        magic, version, inputs, hidden, outputs, digits = HEADER.unpack_from(data)
        if (magic, version) != (MAGIC, VERSION):
            raise ValueError("not a model of this demo")
        at = HEADER.size

        def take(dtype, *shape):
            nonlocal at
            array = np.frombuffer(data, dtype, int(np.prod(shape)), at)
            at += array.nbytes
            return array.reshape(shape)

        layers = [(take("<i4", hidden, inputs), take("<i4", hidden)),
                  (take("<i4", outputs, hidden), take("<i4", outputs))]
        return cls(layers, take("u1", digits), take("u1", digits, inputs))

    def logits(self):
        x = self.pixels.astype(np.int64) * (ONE // PIXEL_MAX)
        last = len(self.layers) - 1
        for i, (weights, bias) in enumerate(self.layers):
            x = dense(x, weights, bias)
            if i != last:
                x = np.maximum(x, 0)
        return x

    def predict(self):
        """Probabilities in Q16.16, one row per digit."""
        tables = SoftmaxTables()
        return np.array([tables.softmax(row.tolist()) for row in self.logits()])


def dense(x, weights, bias):
    """Documentation/numerics.rst: sum exactly, round half up, saturate."""
    acc = x @ weights.T + (bias << 16) + (ONE >> 1)
    return np.clip(acc >> 16, S32.min, S32.max)


class SoftmaxTables:
    """src/q16_softmax.c in Python's unbounded integers."""

    def __init__(self):
        spec = importlib.util.spec_from_file_location("q16_tables", TABLES)
        gen = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(gen)
        gen.decimal.getcontext().prec = 50
        self.unit = [gen.exp_unit(k) for k in range(gen.EXP_UNITS)]
        self.hi = [gen.exp_fine(i, 1 << 8) for i in range(256)]
        self.lo = [gen.exp_fine(i, 1 << 16) for i in range(256)]

    def exp(self, d):
        """exp(-d / 65536) in Q40."""
        if d >> 16 >= len(self.unit):
            return 0
        mantissa, shift = self.unit[d >> 16]
        p = (self.hi[d >> 8 & 255] * self.lo[d & 255] + (1 << 30)) >> 31
        return (mantissa * p + (1 << (shift - 1))) >> shift

    def softmax(self, row):
        terms = [self.exp(max(row) - x) for x in row]
        total = sum(terms)
        bits = total.bit_length()
        inverse = (1 << 63) // (total >> (bits - 32))
        bits += 22 - 16
        return [((e >> 9) * inverse + (1 << (bits - 1))) >> bits for e in terms]
