# SPDX-License-Identifier: GPL-2.0-only
"""Fixed-point arithmetic of the int8 operators, from its definition.

Every function takes and returns numpy int64 arrays (or anything that becomes one) that
hold the values of narrower registers; what would not fit such a register is an
assertion here, not a wrap.
"""

import math

import numpy as np

S32_MIN, S32_MAX = -(1 << 31), (1 << 31) - 1
S16_MIN, S16_MAX = -(1 << 15), (1 << 15) - 1


def ints(x):
    return np.asarray(x, dtype=np.int64)


def fits(x, bits=32):
    x = ints(x)
    assert x.size == 0 or (x.min() >= -(1 << (bits - 1)) and x.max() < 1 << (bits - 1))
    return x


def div_to_zero(a, b):
    """C's division."""
    a, b = ints(a), ints(b)
    q = np.abs(a) // np.abs(b)
    return np.where((a < 0) != (b < 0), -q, q)


def high_mul(a, b, bits=32):
    """The high half of 2ab, to nearest, ties upwards; saturates in its one corner."""
    return saturate((fits(a, bits) * fits(b, bits) + (1 << (bits - 2))) >> (bits - 1), bits)


def round_shift(x, e):
    """x / 2^e to nearest, ties away from zero; e may be large or an array."""
    x, e = np.broadcast_arrays(ints(x), ints(e))
    assert np.all(e >= 0) and np.all(e < 62)
    return np.where(x < 0, -1, 1) * ((np.abs(x) + ((1 << e) >> 1)) >> e)


def saturate(x, bits=32):
    return np.clip(ints(x), -(1 << (bits - 1)), (1 << (bits - 1)) - 1)


def rescale(x, multiplier, shift):
    """x * multiplier * 2^(shift - 31), rounded twice."""
    shift = ints(shift)
    left = fits(ints(x) << np.maximum(shift, 0))
    return round_shift(high_mul(left, multiplier), np.maximum(-shift, 0))


def quantize_multiplier(real):
    """A real factor as (Q0.31 mantissa, exponent)."""
    real = float(real)
    if real == 0.0:
        return 0, 0
    fraction, shift = math.frexp(real)
    mantissa = math.floor(abs(fraction) * (1 << 31) + 0.5)
    if mantissa == 1 << 31:
        mantissa //= 2
        shift += 1
    if shift < -31:
        return 0, 0
    return (mantissa if fraction > 0 else -mantissa), shift


def away(x):
    """To the nearest integer, ties away from zero."""
    return math.floor(x + 0.5) if x >= 0 else math.ceil(x - 0.5)


# exp, logistic and tanh.  A number is Qm: m integer bits, 31 - m fraction bits.

ONE = S32_MAX                   # as near to 1.0 as Q0 gets
EXP_MINUS_EIGHTH = 1895147668
THIRD = 715827883
# exp(-2^k) for k = -2 .. 4
EXP_POWERS = (1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242)


def exp_quarter(a):
    """exp of a Q0 in [-1/4, 0), by Taylor's series around -1/8."""
    x = fits(ints(a) + (1 << 28))
    x2 = high_mul(x, x)
    x3 = high_mul(x2, x)
    x4 = high_mul(x2, x2)
    tail = round_shift(high_mul(round_shift(x4, 2) + x3, THIRD) + x2, 1)
    return fits(EXP_MINUS_EIGHTH + high_mul(EXP_MINUS_EIGHTH, x + tail))


def exp_negative(a, integer_bits):
    """exp of a Q(integer_bits) that is not positive, as Q0."""
    a = fits(a)
    assert np.all(a <= 0)
    fraction_bits = 31 - integer_bits
    quarter = 1 << (fraction_bits - 2)
    part = (a & (quarter - 1)) - quarter
    result = exp_quarter(part << integer_bits)
    rest = part - a
    for k, factor in zip(range(-2, 5), EXP_POWERS):
        if integer_bits > k:
            bit = (rest >> (fraction_bits + k)) & 1
            result = np.where(bit != 0, high_mul(result, factor), result)
    if integer_bits > 5:
        result = np.where(a < -(1 << (fraction_bits + 5)), 0, result)
    return np.where(a == 0, ONE, result)


def newton_reciprocal(a):
    """2 / (1 + a) of a Q0 in [0, 1], as Q2, in three steps of Newton's."""
    half = (ints(a) + ONE + 1) >> 1
    x = 1515870810 + high_mul(half, -1010580540)
    for _ in range(3):
        error = (1 << 29) - high_mul(half, x)
        x = fits(x + saturate(high_mul(x, error) << 2))
    return x


def one_over_one_plus(a):
    return saturate(newton_reciprocal(a) << 1)


def logistic(a):
    """Of a Q4, as Q0."""
    a = ints(a)
    positive = one_over_one_plus(exp_negative(-np.abs(a), 4))
    return np.where(a == 0, 1 << 30, np.where(a > 0, positive, ONE - positive))


def tanh(a):
    """Of a Q4, as Q0."""
    a = ints(a)
    t = saturate((newton_reciprocal(exp_negative(-np.abs(a), 5)) - (1 << 29)) << 2)
    return np.where(a == 0, 0, np.where(a > 0, t, -t))


def input_radius(integer_bits, left_shift):
    """From which distance on a Q(integer_bits) is saturated."""
    return math.floor(((1 << integer_bits) - 1) * 2.0 ** (31 - integer_bits) /
                      2.0 ** left_shift)
