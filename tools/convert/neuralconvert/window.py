# SPDX-License-Identifier: GPL-2.0-only
"""Operators that reduce: pools, mean, softmax."""

import math

from . import quantize
from .codes import OpCode
from .error import Malformed, Unsupported
from .linear import image
from .lowering import lowers


def _pool(lo, o, code):
    x, y = lo.tensor(o, 0), lo.out(o)
    kernel = o.options["filter_height"], o.options["filter_width"]
    attr = image(lo, o, kernel, (1, 1))
    lo.same_zero(x, y)
    if x.shape[3] != y.shape[3]:
        raise Malformed(f"{x} becomes {y}: channels do not fit")
    lo.add(code, [lo.number(x)], y, kernel_h=kernel[0], kernel_w=kernel[1], **attr)


@lowers("AVERAGE_POOL_2D")
def _average_pool(lo, o):
    _pool(lo, o, OpCode.AVERAGE_POOL_2D)


@lowers("MAX_POOL_2D")
def _max_pool(lo, o):
    _pool(lo, o, OpCode.MAX_POOL_2D)


def axes_of(lo, t, rank):
    """The dimensions that a constant names, in order; negative ones from the end."""
    axes = set()
    for a in lo.constant(t, "the list of dimensions"):
        if not -rank <= a < rank:
            raise Malformed(f"{t}: there is no dimension {a}")
        axes.add(a % rank)
    return sorted(axes)


def fold_count(multiplier, shift, count):
    """A multiplier that also divides by @count."""
    more = min(count.bit_length() - 1, 32, 31 + shift)
    return (multiplier << more) // count, shift - more


@lowers("MEAN")
def _mean(lo, o):
    x, y = lo.tensor(o, 0), lo.out(o)
    lo.s8(x, y)
    axes = axes_of(lo, lo.tensor(o, 1), len(x.shape))
    count = math.prod(x.shape[d] for d in axes)
    if y.elements * count != x.elements:
        raise Malformed(f"{x} becomes {y}: the shapes do not fit")
    m, s = quantize.multiplier(float(lo.scale(x)) / float(lo.scale(y)))
    if not axes:
        lo.add(OpCode.REQUANTIZE, [lo.number(x)], y, multiplier=m, shift=s)
        return
    m, s = fold_count(m, s, count)
    lo.add(OpCode.MEAN, [lo.number(x)], y, axes=sum(1 << d for d in axes),
           multiplier=m, shift=s)


@lowers("SOFTMAX")
def _softmax(lo, o):
    x, y = lo.tensor(o, 0), lo.out(o)
    lo.s8(x, y)
    if lo.scale(y) != 1 / 256 or lo.zero_point(y) != -128:
        raise Unsupported(f"{y}: a softmax has a scale of 1/256 and a zero point of "
                          "-128")
    if x.shape != y.shape:
        raise Malformed(f"{x} becomes {y}: the shapes differ")
    real = float(o.options["beta"]) * float(lo.scale(x)) * (1 << 26)
    m, s = quantize.above_one(min(real, (1 << 31) - 1.0))
    lo.add(OpCode.SOFTMAX, [lo.number(x)], y, multiplier=m, shift=s,
           diff_min=-quantize.radius(5, s))
