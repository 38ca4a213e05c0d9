# SPDX-License-Identifier: GPL-2.0-only
"""What the fixed-point ops of a model file compute, from Documentation/numerics.rst.

In Python's integers, one element after the other: nothing can overflow here.
"""

import math
from decimal import Decimal, getcontext
from functools import lru_cache

import numpy as np

getcontext().prec = 50
BITS = {'S8': 8, 'S16': 16, 'S32': 32, 'S64': 64}
LINEAR, RELU, LEAKY_RELU, SIGMOID, TANH = range(5)


def drop(v, bits):
    """Half up."""
    return (v + (1 << bits >> 1)) >> bits


def saturate(v, dtype):
    top = 1 << (BITS[dtype] - 1)
    return max(-top, min(top - 1, v))


@lru_cache(maxsize=None)
def sigmoid_table():
    table = []
    for i in range(768):
        s = 1 / (1 + (Decimal(-i) / 64).exp())
        v = (s + s * (1 - s) * (2 * s - 1) / 65536) * (1 << 28)
        table.append(int(v.to_integral_value()))
    return table + [1 << 28]


def chord(a, bits):
    """The table at a / 2^bits nodes, in Q28."""
    i, f = a >> bits, a & ((1 << bits) - 1)
    t = sigmoid_table()
    return t[768] if i >= 768 else t[i] + (((t[i + 1] - t[i]) * f) >> bits)


def sigmoid(x):
    y = drop(chord(abs(x), 10), 12)
    return 65536 - y if x < 0 else y


def tanh(x):
    y = drop(2 * chord(abs(x), 9) - (1 << 28), 12)
    return -y if x < 0 else y


def curve(v, frac, dtype, function):
    """A function of Q16.16, of a value with another number of fraction bits."""
    up, down = max(16 - frac, 0), max(frac - 16, 0)
    y = function(saturate(drop(v, down) << up, 'S32'))
    return saturate(drop(y, up) << down, dtype)


def activate(v, kind, slope, frac, dtype):
    if kind == RELU:
        return max(v, 0)
    if kind == LEAKY_RELU:
        return v if v >= 0 else drop(v * slope, 31)
    if kind == SIGMOID:
        return curve(v, frac, dtype, sigmoid)
    if kind == TANH:
        return curve(v, frac, dtype, tanh)
    return v


def objects(x):
    """An array of Python's integers."""
    x = np.asarray(x)
    result = np.empty(x.shape, dtype=object)
    for at in np.ndindex(x.shape):
        result[at] = int(x[at])
    return result


def finish(acc, attr, frac, dtype):
    v = saturate(drop(acc, attr['shift']), dtype)
    return activate(v, attr['activation'], attr['slope'], frac, dtype)


def dense(x, w, bias, attr, frac, dtype):
    """@attr has shift, bias_shift, activation and slope; frac and dtype are the result's."""
    x, w = objects(x), objects(w)
    acc = x.reshape(-1, w.shape[1]) @ w.T
    if bias is not None:
        acc = acc + objects(bias) * (1 << attr['bias_shift'])
    done = [finish(v, attr, frac, dtype) for v in acc.reshape(-1)]
    return objects(np.array(done, dtype=object).reshape(x.shape[:-1] + (len(w),)))


def scale(x, factor, addend, attr, frac, dtype):
    acc = objects(x) * objects(factor) + objects(addend) * (1 << attr['bias_shift'])
    done = [finish(v, attr, frac, dtype) for v in acc.reshape(-1)]
    return objects(np.array(done, dtype=object).reshape(np.shape(x)))


def away(v, bits):
    """v / 2^bits to nearest, halves away from zero."""
    return drop(v, bits) if v >= 0 else -drop(-v, bits)


def quantize(x, multiplier, shift, zero):
    """Fixed point to S8: one rounding."""
    return each(x, lambda v: saturate(away(v * multiplier, 31 - shift) + zero, 'S8'))


def dequantize(x, multiplier, shift, zero):
    return each(x, lambda v: saturate(away((v - zero) * multiplier, 31 - shift), 'S32'))


def each(x, function):
    result = objects(x)
    for at in np.ndindex(result.shape):
        result[at] = function(result[at])
    return result


def rescale(v, multiplier, shift):
    """Of S8 operators: to the left, high half of twice the product, to the right."""
    return away(drop((v << max(shift, 0)) * multiplier, 31), max(-shift, 0))


def norm(x, zero, gamma, gamma_frac, beta, attr, out_zero, centred):
    """Over the last dimension; @beta may be None."""
    rows = objects(x)
    result = np.empty_like(rows)
    n = rows.shape[-1]
    for at in np.ndindex(rows.shape[:-1]):
        values = [v - zero for v in rows[at]]
        total = sum(values) if centred else 0
        squares = sum(v * v for v in values)
        d = ((n * squares - total * total) << 16) + attr['epsilon'] * n * n
        up = 0
        while d and d << 2 * up < 1 << 60:
            up += 1
        inverse = (1 << 62) // math.isqrt(d << 2 * up) if d else 0
        for i, v in enumerate(values):
            z = drop((n * v - total) * inverse, 34 - up)
            t = drop(z * int(gamma[i]), 4 + gamma_frac)
            t = saturate(t + (0 if beta is None else int(beta[i])), 'S32')
            y = rescale(t, attr['multiplier'], attr['shift']) + out_zero
            result[at + (i,)] = max(attr['min'], min(attr['max'], y))
    return result
