# SPDX-License-Identifier: GPL-2.0-only
"""Operators that are sums of products: fully connected, convolutions, matrix product."""

import numpy as np

from . import quantize
from .codes import OpCode
from .error import Malformed, Unsupported
from .lowering import lowers
from .schema import Padding, Type


def _weights(lo, w, axis):
    """Check weights: constant, INT8 or INT4, symmetric, scales of one or per channel."""
    if w.type not in (Type.INT8, Type.INT4):
        raise Unsupported(f"{w}: type of weights is not supported")
    if w.raw is None:
        raise Unsupported(f"{w}: weights are not constant")
    if np.any(w.zero_points):
        raise Unsupported(f"{w}: weights have a zero point")
    if not w.scales.size or not np.all(np.isfinite(w.scales) & (w.scales > 0)):
        raise Malformed(f"{w}: weights have no scale, or one that is not possible")
    if w.scales.size > 1 and (w.axis != axis or w.scales.size != w.shape[axis]):
        raise Unsupported(f"{w}: has {w.scales.size} scales along dimension {w.axis}")


def _bias(lo, o, n):
    """The number of the bias, None if there is none."""
    bias = lo.optional(o, 2)
    if bias is None:
        return None
    if bias.type != Type.INT32:
        raise Unsupported(f"{bias}: type of a bias is not supported")
    if bias.raw is None:
        raise Unsupported(f"{bias}: the bias is not constant")
    if bias.elements != n:
        raise Malformed(f"{bias}: should have {n} elements")
    return lo.reshaped(bias, (n,))


def _multipliers(lo, y, reals):
    """Constants of the multipliers and shifts for real ones."""
    pairs = [quantize.multiplier(r) for r in reals]
    return [lo.integers(f"{y.name}/multiplier", [m for m, _ in pairs]),
            lo.integers(f"{y.name}/shift", [s for _, s in pairs])]


def _in_double(lo, x, w, y):
    """Input times each scale of the weights over output, in double throughout."""
    return w.scales.astype(np.float64) * float(lo.scale(x)) / float(lo.scale(y))


def _in_single(lo, x, scale, y):
    """The product of the input scales rounded to single, the quotient in double."""
    return float(lo.scale(x) * np.float32(scale)) / float(lo.scale(y))


@lowers("FULLY_CONNECTED")
def _fully_connected(lo, o):
    x, w, y = lo.tensor(o, 0), lo.tensor(o, 1), lo.out(o)
    lo.s8(x, y)
    if o.options["weights_format"]:
        raise Unsupported(f"{w}: weights are shuffled")
    if len(w.shape) < 2:
        raise Malformed(f"{w}: weights are not a matrix")
    k = w.shape[-1]
    n = w.elements // k
    _weights(lo, w, len(w.shape) - 2)
    if w.scales.size > 1 and w.scales.size != n:
        raise Unsupported(f"{w}: has {w.scales.size} scales for {n} outputs")
    if x.elements % k or x.elements // k * n != y.elements:
        raise Malformed(f"{x}, {w} and {y} do not fit")
    if w.scales.size > 1:
        reals = _in_double(lo, x, w, y)
    else:
        reals = [_in_single(lo, x, w.scales[0], y)]
    low, high = lo.bounds(o, y)
    lo.add(OpCode.FULLY_CONNECTED,
           [lo.number(x), lo.reshaped(w, (n, k)), _bias(lo, o, n),
            *_multipliers(lo, y, reals)], y, min=low, max=high)


def padding(kind, size, window, stride, out):
    """(cells before, cells after) along one dimension of an image, @window being what
    the kernel spans."""
    if kind == Padding.VALID:
        right, total = -(-(size - window + 1) // stride), 0
    elif kind == Padding.SAME:
        right = -(-size // stride)
        total = max((right - 1) * stride + window - size, 0)
    else:
        raise Malformed(f"padding {kind} is not known")
    if right != out:
        raise Malformed(f"the output has {out} positions along a dimension where "
                        f"{right} are right")
    return total // 2, total - total // 2


def image(lo, o, kernel, dilation):
    """Attributes of strides and padding that convolutions and pools share."""
    x, y = lo.tensor(o, 0), lo.out(o)
    lo.s8(x, y)
    if len(x.shape) != 4 or len(y.shape) != 4 or x.shape[0] != y.shape[0]:
        raise Malformed(f"{x} becomes {y}: not images")
    stride = o.options["stride_h"], o.options["stride_w"]
    if min(*stride, *dilation, *kernel) < 1:
        raise Malformed("a kernel, stride or dilation is not positive")
    attr = {"stride_h": stride[0], "stride_w": stride[1]}
    for d, (before, after) in enumerate((("pad_top", "pad_bottom"),
                                         ("pad_left", "pad_right"))):
        window = (kernel[d] - 1) * dilation[d] + 1
        attr[before], attr[after] = padding(o.options["padding"], x.shape[1 + d],
                                            window, stride[d], y.shape[1 + d])
    attr["min"], attr["max"] = lo.bounds(o, y)
    return attr


def _convolution(lo, o, code, axis, channels):
    x, w, y = lo.tensor(o, 0), lo.tensor(o, 1), lo.out(o)
    if len(w.shape) != 4 or len(x.shape) != 4:
        raise Malformed(f"{x}, {w}: four dimensions are needed")
    n = w.shape[axis]
    channels(x, w, n)
    _weights(lo, w, axis)
    dilation = o.options["dilation_h_factor"], o.options["dilation_w_factor"]
    attr = image(lo, o, w.shape[1:3], dilation)
    if y.shape[3] != n:
        raise Malformed(f"{w}, {y}: channels do not fit")
    lo.add(code, [lo.number(x), lo.number(w), _bias(lo, o, n),
                  *_multipliers(lo, y, _in_double(lo, x, w, y))], y,
           dilation_h=dilation[0], dilation_w=dilation[1], **attr)


@lowers("CONV_2D")
def _conv_2d(lo, o):
    def channels(x, w, n):
        if w.shape[3] != x.shape[3]:
            if x.shape[3] % w.shape[3] == 0:
                raise Unsupported(f"{x}, {w}: a convolution of groups")
            raise Malformed(f"{x}, {w}: channels do not fit")
    _convolution(lo, o, OpCode.CONV_2D, 0, channels)


@lowers("DEPTHWISE_CONV_2D")
def _depthwise_conv_2d(lo, o):
    def channels(x, w, n):
        if w.shape[0] != 1 or n % x.shape[3]:
            raise Malformed(f"{x}, {w}: channels do not fit")
    _convolution(lo, o, OpCode.DEPTHWISE_CONV_2D, 3, channels)


@lowers("BATCH_MATMUL")
def _batch_matmul(lo, o):
    a, b, y = lo.tensor(o, 0), lo.tensor(o, 1), lo.out(o)
    lo.s8(a, b, y)
    rank = max(len(a.shape), len(b.shape))
    if min(len(a.shape), len(b.shape)) < 2 or len(y.shape) != rank:
        raise Malformed(f"{a}, {b} and {y} do not fit")
    m, s = quantize.multiplier(_in_single(lo, a, lo.scale(b), y))
    inputs = [lo.reshaped(t, (1,) * (rank - len(t.shape)) + t.shape) for t in (a, b)]
    lo.add(OpCode.BATCH_MATMUL, inputs, y, multiplier=m, shift=s,
           adj_a=bool(o.options["adj_x"]), adj_b=bool(o.options["adj_y"]),
           min=quantize.S8_MIN, max=quantize.S8_MAX)
