# SPDX-License-Identifier: GPL-2.0-only
"""Operators on each element: arithmetic with broadcast, activations, requantization."""

import math

import numpy as np

from . import quantize
from .codes import OpCode
from .error import Malformed, Unsupported
from .lowering import lowers

ADD_SHIFT = 20


def _operands(lo, o):
    """Both tensors read, the one written, and the numbers of the former with as many
    dimensions as the latter."""
    a, b, y = lo.tensor(o, 0), lo.tensor(o, 1), lo.out(o)
    lo.s8(a, b, y)
    rank = max(len(a.shape), len(b.shape))
    shapes = [(1,) * (rank - len(t.shape)) + t.shape for t in (a, b)]
    for p, q in zip(*shapes):
        if p != q and 1 not in (p, q):
            raise Malformed(f"{a}, {b}: the shapes do not fit")
    if y.shape != tuple(max(p, q) for p, q in zip(*shapes)):
        raise Malformed(f"{a}, {b} and {y}: the shapes do not fit")
    return a, b, y, [lo.reshaped(t, shape) for t, shape in zip((a, b), shapes)]


def _add(lo, o, code, number):
    """@number is the type in which ratios are computed."""
    a, b, y, inputs = _operands(lo, o)
    sa, sb, sy = (number(lo.scale(t)) for t in (a, b, y))
    twice = number(2) * max(sa, sb)
    ma, ha = quantize.below_one(sa / twice)
    mb, hb = quantize.below_one(sb / twice)
    my, hy = quantize.below_one(twice / (number(1 << ADD_SHIFT) * sy))
    low, high = lo.bounds(o, y)
    lo.add(code, inputs, y, left_shift=ADD_SHIFT, multiplier_a=ma, shift_a=ha,
           multiplier_b=mb, shift_b=hb, multiplier=my, shift=hy, min=low, max=high)


@lowers("ADD")
def _lower_add(lo, o):
    _add(lo, o, OpCode.ADD, np.float64)


@lowers("SUB")
def _lower_sub(lo, o):
    _add(lo, o, OpCode.SUB, np.float32)


@lowers("MUL")
def _mul(lo, o):
    a, b, y, inputs = _operands(lo, o)
    m, s = quantize.multiplier(float(lo.scale(a)) * float(lo.scale(b)) /
                               float(lo.scale(y)))
    low, high = lo.bounds(o, y)
    lo.add(OpCode.MUL, inputs, y, multiplier=m, shift=s, min=low, max=high)


def _unary(lo, o):
    x, y = lo.tensor(o, 0), lo.out(o)
    lo.s8(x, y)
    if x.shape != y.shape:
        raise Malformed(f"{x} becomes {y}: the shapes differ")
    return x, y


def _ratio(lo, x, y):
    """Of the scales, rounded to single."""
    return quantize.multiplier(lo.scale(x) / lo.scale(y))


@lowers("RELU")
def _relu(lo, o):
    x, y = _unary(lo, o)
    m, s = _ratio(lo, x, y)
    low, high = quantize.bounds(0.0, None, lo.scale(y), lo.zero_point(y))
    lo.add(OpCode.RELU, [lo.number(x)], y, multiplier=m, shift=s, min=low, max=high)


@lowers("RELU6", "RELU_N1_TO_1")
def _clamp(lo, o):
    x, y = _unary(lo, o)
    if lo.scale(x) != lo.scale(y) or lo.zero_point(x) != lo.zero_point(y):
        raise Unsupported(f"{x} becomes {y}: scales or zero points differ, and "
                          "TensorFlow's implementations disagree on what that means")
    real = (0.0, 6.0) if o.name == "RELU6" else (-1.0, 1.0)
    low, high = quantize.bounds(*real, lo.scale(y), lo.zero_point(y))
    m, s = quantize.multiplier(1.0)
    lo.add(OpCode.RELU, [lo.number(x)], y, multiplier=m, shift=s, min=low, max=high)


@lowers("LEAKY_RELU")
def _leaky_relu(lo, o):
    x, y = _unary(lo, o)
    m, s = _ratio(lo, x, y)
    alpha = np.float32(o.options["alpha"])
    ma, sa = quantize.multiplier(lo.scale(x) * alpha / lo.scale(y))
    lo.add(OpCode.LEAKY_RELU, [lo.number(x)], y, multiplier=m, shift=s,
           multiplier_alpha=ma, shift_alpha=sa)


@lowers("HARD_SWISH")
def _hard_swish(lo, o):
    x, y = _unary(lo, o)
    fine = np.float32(1 / 128) * lo.scale(x)
    m, s = quantize.multiplier(fine / lo.scale(y))
    if s > 0:
        raise Unsupported(f"{x} becomes {y}: the ratio of scales is too large")
    mr, sr = quantize.multiplier(fine / (np.float32(3) / np.float32(32768)))
    lo.add(OpCode.HARD_SWISH, [lo.number(x)], y, multiplier=quantize.high_half(m),
           shift=s, relu_multiplier=quantize.high_half(mr), relu_shift=sr)


def _sigmoid(lo, o, code, zero_point):
    x, y = _unary(lo, o)
    if lo.zero_point(y) != zero_point:
        raise Unsupported(f"{y}: the zero point should be {zero_point}")
    q, shift = math.frexp(float(lo.scale(x)) * (1 << 27))
    if not 0 <= shift <= 31:
        raise Unsupported(f"{x}: the scale is too small or too large")
    lo.add(code, [lo.number(x)], y, radius=quantize.radius(4, shift),
           multiplier=quantize.round_away(q * (1 << 31)), shift=shift)


@lowers("LOGISTIC")
def _logistic(lo, o):
    _sigmoid(lo, o, OpCode.LOGISTIC, -128)


@lowers("TANH")
def _tanh(lo, o):
    _sigmoid(lo, o, OpCode.TANH, 0)


@lowers("QUANTIZE")
def _quantize(lo, o):
    x, y = _unary(lo, o)
    m, s = quantize.multiplier(float(lo.scale(x)) / float(lo.scale(y)))
    lo.add(OpCode.REQUANTIZE, [lo.number(x)], y, multiplier=m, shift=s)
