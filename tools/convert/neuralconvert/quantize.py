# SPDX-License-Identifier: GPL-2.0-only
"""From real scales to the integers of an op, as TensorFlow Lite Micro does it.

Whether a product is rounded to float32 on the way decides the last bit of a multiplier,
so each caller says which it is: scales are np.float32, and a plain float is double.
"""

import math

import numpy as np

from .error import Unsupported

S8_MIN, S8_MAX = -128, 127


def round_away(x):
    """To the nearest integer, halves away from zero."""
    return int(math.copysign(math.floor(abs(x) + 0.5), x))


def multiplier(real):
    """(multiplier in Q0.31, shift to the left) of a double."""
    real = float(real)
    if not math.isfinite(real):
        raise Unsupported("a scale is not finite")
    if real == 0.0:
        return 0, 0
    q, shift = math.frexp(real)
    fixed = round_away(q * (1 << 31))
    if fixed == 1 << 31:
        fixed //= 2
        shift += 1
    if shift < -31:
        return 0, 0
    if shift > 31:
        raise Unsupported(f"a ratio of scales of {real:g} is too large")
    return fixed, shift


def below_one(real):
    """multiplier() of what has to be below one."""
    if not 0.0 < float(real) < 1.0:
        raise Unsupported(f"a ratio of scales of {float(real):g} is not below one")
    return multiplier(real)


def above_one(real):
    """multiplier() of what has to be above one."""
    if not float(real) > 1.0:
        raise Unsupported("the scale of the input is too small")
    return multiplier(real)


def high_half(m):
    """A multiplier in Q0.31 as one in Q0.15."""
    if m >= (1 << 31) - 1 - (1 << 15):
        return (1 << 15) - 1
    return (m + (1 << 15)) >> 16


def radius(integer_bits, left_shift):
    """The largest input that stays below 2^integer_bits once shifted, in Q31."""
    return (((1 << integer_bits) - 1) << (31 - integer_bits)) >> left_shift


def quantized(value, scale, zero_point):
    """The integer that stands for @value, before it is clamped."""
    with np.errstate(all="ignore"):
        ratio = float(np.float32(value) / np.float32(scale))
    if not abs(ratio) <= 2 ** 31 - 1:
        raise Unsupported(f"{value:g} cannot be had at a scale of {float(scale):g}")
    return zero_point + round_away(ratio)


def bounds(low, high, scale, zero_point):
    """The S8 values of the real bounds of an activation; None for no bound."""
    lo, hi = S8_MIN, S8_MAX
    if low is not None:
        lo = max(lo, quantized(low, scale, zero_point))
    if high is not None:
        hi = min(hi, quantized(high, scale, zero_point))
    return lo, hi
