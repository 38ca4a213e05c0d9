# SPDX-License-Identifier: GPL-2.0-only
"""Operators that move elements and leave them as they are."""

import math

import numpy as np

from .codes import RANK, OpCode
from .error import Malformed, Unsupported
from .lowering import lowers
from .schema import Type


@lowers("RESHAPE", "SQUEEZE", "EXPAND_DIMS")
def _reshape(lo, o):
    x, y = lo.tensor(o, 0), lo.out(o)
    if x.elements != y.elements:
        raise Malformed(f"{x} becomes {y}: the numbers of elements differ")
    lo.same_zero(x, y)
    lo.add(OpCode.RESHAPE, [lo.number(x)], y)


def _axis(axis, rank):
    if not -rank <= axis < rank:
        raise Malformed(f"there is no dimension {axis}")
    return axis % rank


@lowers("CONCATENATION")
def _concatenation(lo, o):
    y = lo.out(o)
    tensors = [lo.tensor(o, i) for i in range(len(o.inputs))]
    if not tensors:
        raise Malformed("there is nothing to read")
    if o.options["fused_activation_function"]:
        raise Unsupported("a fused activation is not supported")
    axis = _axis(o.options["axis"], len(y.shape))
    for t in tensors:
        lo.same_zero(t, y)
        if t.type == Type.INT8 and lo.scale(t) != lo.scale(y):
            raise Unsupported(f"{t}, {y}: the scales differ")
        if t.shape[:axis] + t.shape[axis + 1:] != y.shape[:axis] + y.shape[axis + 1:]:
            raise Malformed(f"{t}, {y}: the shapes do not fit")
    _concat(lo, [lo.number(t) for t in tensors], y, axis, [t.shape for t in tensors])


def _concat(lo, numbers, y, axis, shapes):
    if sum(s[axis] for s in shapes) != y.shape[axis]:
        raise Malformed(f"{y}: the shapes do not fit")
    lo.add(OpCode.CONCAT, numbers, y, axis=axis)


@lowers("PACK")
def _pack(lo, o):
    y = lo.out(o)
    axis = _axis(o.options["axis"], len(y.shape))
    shape = y.shape[:axis] + y.shape[axis + 1:]
    part = y.shape[:axis] + (1,) + y.shape[axis + 1:]
    tensors = [lo.tensor(o, i) for i in range(len(o.inputs))]
    for t in tensors:
        lo.same_zero(t, y)
        if t.shape != shape:
            raise Malformed(f"{t}, {y}: the shapes do not fit")
    _concat(lo, [lo.reshaped(t, part) for t in tensors], y, axis, [part] * len(tensors))


@lowers("PAD", "PADV2")
def _pad(lo, o):
    x, y = lo.tensor(o, 0), lo.out(o)
    lo.s8(x, y)
    lo.same_zero(x, y)
    cells = lo.constant(lo.tensor(o, 1), "the padding")
    if len(cells) != 2 * len(x.shape) or len(x.shape) > RANK or min(cells) < 0:
        raise Malformed(f"{lo.tensor(o, 1)}: this padding is not possible")
    before, after = cells[0::2], cells[1::2]
    if y.shape != tuple(b + d + a for b, d, a in zip(before, x.shape, after)):
        raise Malformed(f"{x} becomes {y}: the shapes do not fit")
    value = lo.zero_point(y)
    if o.name == "PADV2":
        lo.same_zero(lo.tensor(o, 2), y)
        value = lo.constant(lo.tensor(o, 2), "the value")[0]
    lo.add(OpCode.PAD, [lo.number(x)], y, before=before, after=after, value=value)


@lowers("TRANSPOSE")
def _transpose(lo, o):
    x, y = lo.tensor(o, 0), lo.out(o)
    lo.same_zero(x, y)
    perm = [_axis(p, len(x.shape)) for p in lo.constant(lo.tensor(o, 1), "the order")]
    if sorted(perm) != list(range(len(x.shape))):
        raise Malformed(f"{lo.tensor(o, 1)}: not an order of {len(x.shape)} dimensions")
    if y.shape != tuple(x.shape[p] for p in perm):
        raise Malformed(f"{x} becomes {y}: the shapes do not fit")
    lo.add(OpCode.TRANSPOSE, [lo.number(x)], y, perm=perm)


def _cut(lo, x, y, begin, stride, shape):
    """@y is what is in @x from @begin on, and may leave out dimensions of one."""
    lo.same_zero(x, y)
    if math.prod(shape) != y.elements:
        raise Malformed(f"{x} becomes {y}: the shapes do not fit")
    number = lo.number(y) if y.shape == shape else lo.like(y, shape, "/sliced")
    lo.add(OpCode.SLICE, [lo.number(x)], number, begin=begin, stride=stride)
    if y.shape != shape:
        lo.add(OpCode.RESHAPE, [number], y)


@lowers("SLICE")
def _slice(lo, o):
    x, y = lo.tensor(o, 0), lo.out(o)
    begin = lo.constant(lo.tensor(o, 1), "the start")
    size = lo.constant(lo.tensor(o, 2), "the size")
    if not len(begin) == len(size) == len(x.shape):
        raise Malformed(f"{x}: the slice has other dimensions")
    shape = tuple(d - b if n == -1 else n for b, n, d in zip(begin, size, x.shape))
    for b, n, d in zip(begin, shape, x.shape):
        if b < 0 or n < 1 or b + n > d:
            raise Malformed(f"{x}: the slice leaves it")
    if y.shape != shape:
        raise Malformed(f"{x} becomes {y}: the shapes do not fit")
    _cut(lo, x, y, begin, [1] * len(shape), shape)


def _range(o, d, size, begin, end, stride):
    """(first element, how many) along a dimension of @size elements."""
    bit = 1 << d
    options = o.options
    low, high = (0, size) if stride > 0 else (-1, size - 1)
    if options["begin_mask"] & bit:
        begin = 0 if stride > 0 else size - 1
    else:
        begin = min(max(begin + (size if begin < 0 else 0), low), high)
    if options["shrink_axis_mask"] & bit:
        return begin, 1
    if options["end_mask"] & bit:
        end = size if stride > 0 else -1
    else:
        if options["offset"]:
            end += begin
        end = min(max(end + (size if end < 0 else 0), low), high)
    return begin, -((begin - end) // stride)


@lowers("STRIDED_SLICE")
def _strided_slice(lo, o):
    x, y = lo.tensor(o, 0), lo.out(o)
    if o.options["ellipsis_mask"] or o.options["new_axis_mask"]:
        raise Unsupported("an ellipsis or a new dimension is not supported")
    begin, end, stride = (lo.constant(lo.tensor(o, i), "the slice") for i in (1, 2, 3))
    if not len(begin) == len(end) == len(stride) == len(x.shape):
        raise Unsupported(f"{x}: the slice has other dimensions")
    if 0 in stride:
        raise Malformed("a stride is zero")
    cuts = [_range(o, d, *c)
            for d, c in enumerate(zip(x.shape, begin, end, stride))]
    for (first, count), size in zip(cuts, x.shape):
        if count < 1 or not 0 <= first < size:
            raise Malformed(f"{x}: the slice is empty or leaves it")
    _cut(lo, x, y, [c[0] for c in cuts], stride, tuple(c[1] for c in cuts))


def _split(lo, o, x, axis, sizes):
    if len(sizes) != len(o.outputs) or min(sizes, default=0) < 1 or \
            sum(sizes) != x.shape[axis]:
        raise Malformed(f"{x}: cannot be split into {sizes}")
    at = 0
    used = _used(lo)
    for n, size in zip(o.outputs, sizes):
        y = lo.graph.tensors[n]
        if n in used:
            begin = [0] * len(x.shape)
            begin[axis] = at
            shape = x.shape[:axis] + (size,) + x.shape[axis + 1:]
            _cut(lo, x, y, begin, [1] * len(shape), shape)
        at += size


def _used(lo):
    """Tensors that somebody reads; what is cut off and dropped needs no op."""
    used = set(lo.graph.outputs)
    for o in lo.graph.operators:
        used.update(n for n in o.inputs if n is not None)
    return used


@lowers("SPLIT")
def _lower_split(lo, o):
    x = lo.tensor(o, 1)
    axis = _axis(lo.constant(lo.tensor(o, 0), "the dimension")[0], len(x.shape))
    count = max(len(o.outputs), 1)
    if x.shape[axis] % count:
        raise Malformed(f"{x}: cannot be split into {count} parts")
    _split(lo, o, x, axis, [x.shape[axis] // count] * count)


@lowers("SPLIT_V")
def _split_v(lo, o):
    x = lo.tensor(o, 0)
    sizes = lo.constant(lo.tensor(o, 1), "the list of sizes")
    axis = _axis(lo.constant(lo.tensor(o, 2), "the dimension")[0], len(x.shape))
    if sizes.count(-1) == 1:
        sizes[sizes.index(-1)] = x.shape[axis] - sum(sizes) - 1
    _split(lo, o, x, axis, sizes)


@lowers("UNPACK")
def _unpack(lo, o):
    x = lo.tensor(o, 0)
    axis = _axis(o.options["axis"], len(x.shape))
    _split(lo, o, x, axis, [1] * x.shape[axis])


def nearest(size, out, align_corners, half_pixel):
    """For each of @out positions the one of @size that is taken, in single precision."""
    f = np.float32
    scale = f(size) / f(out)
    if align_corners and out > 1:
        scale = f(size - 1) / f(out - 1)
    at = (np.arange(out).astype(f) + f(0.5 if half_pixel else 0.0)) * scale
    # Positions are not negative, so to add a half and cut is to round away from zero.
    at = at.astype(np.float64) + (0.5 if align_corners else 0.0)
    return np.minimum(np.floor(at).astype(np.int64), size - 1)


@lowers("RESIZE_NEAREST_NEIGHBOR")
def _resize_nearest(lo, o):
    x, y = lo.tensor(o, 0), lo.out(o)
    lo.s8(x, y)
    lo.same_zero(x, y)
    if len(x.shape) != 4 or len(y.shape) != 4 or x.shape[0::3] != y.shape[0::3]:
        raise Malformed(f"{x} becomes {y}: not images")
    if lo.constant(lo.tensor(o, 1), "the size") != list(y.shape[1:3]):
        raise Malformed(f"{y}: the size is another")
    corners, half = (o.options[k] for k in ("align_corners", "half_pixel_centers"))
    rows, columns = (lo.integers(f"{y.name}/{name}",
                                 nearest(x.shape[d], y.shape[d], corners, half))
                     for d, name in ((1, "row"), (2, "column")))
    lo.add(OpCode.RESIZE_NEAREST, [lo.number(x), rows, columns], y)


def _lookup(lo, ids, table, y):
    lo.s8(table, y)
    lo.same_zero(table, y)
    if table.raw is None:
        raise Unsupported(f"{table}: the table is not constant")
    if ids.type not in (Type.INT8, Type.INT16, Type.INT32):
        raise Unsupported(f"{ids}: type is not supported here")
    if not table.shape:
        raise Malformed(f"{table}: not a table")
    if y.shape != ids.shape + table.shape[1:]:
        raise Malformed(f"{ids}, {table} and {y}: the shapes do not fit")
    rows = table.shape[0]
    width = table.elements // rows
    shape = ids.shape + (width,)
    inputs = [lo.number(ids), lo.reshaped(table, (rows, width))]
    if y.shape == shape:
        lo.add(OpCode.EMBEDDING, inputs, y)
        return
    number = lo.like(y, shape, "/looked-up")
    lo.add(OpCode.EMBEDDING, inputs, number)
    lo.add(OpCode.RESHAPE, [number], y)


@lowers("EMBEDDING_LOOKUP")
def _embedding_lookup(lo, o):
    _lookup(lo, lo.tensor(o, 0), lo.tensor(o, 1), lo.out(o))


@lowers("GATHER")
def _gather(lo, o):
    table, ids = lo.tensor(o, 0), lo.tensor(o, 1)
    if o.options["axis"] % max(len(table.shape), 1) or o.options["batch_dims"]:
        raise Unsupported("only along the first dimension, without batches")
    _lookup(lo, ids, table, lo.out(o))
