#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""TFLite operators become the ops and numbers that were worked out by hand."""

from fractions import Fraction

from tap import run, same, test

import numpy as np

from neuralconvert import cli, lowering, model, quantize, tflite	# noqa: F401
from neuralconvert.schema import Activation, Padding, Type
from tflite_builder import build, op, tensor

HALF = 1 << 30	# 0.5 in Q0.31


def lower(tensors, ops, inputs, outputs):
    m = lowering.lower(tflite.read(build(tensors, ops, inputs, outputs)))
    return model.read(model.write(m))


def one(o, *tensors, writes=None):
    """The Model of one operator; @tensors are what it reads, the last but @writes what
    it writes, and those without values are the model's inputs."""
    writes = writes or 1
    n = len(tensors) - writes
    o = dict(o, inputs=list(range(n)), outputs=list(range(n, len(tensors))))
    inputs = [i for i, t in enumerate(tensors[:n]) if t["data"] is None]
    return lower(list(tensors), [o], inputs, o["outputs"])


def s8(name, shape, scale=1.0, zero_point=0, data=None, axis=0):
    return tensor(name, shape, Type.INT8, data, scale, zero_point, axis)


def s32(name, data):
    data = np.asarray(data)
    return tensor(name, data.shape, Type.INT32, data)


def has(attr, **expected):
    same({k: attr[k] for k in expected}, expected)


def ops(m):
    return [o.code.name for o in m.ops]


def data(m, o, i):
    return m.tensors[m.ops[o].inputs[i]].data.tolist()


@test
def fully_connected_per_tensor():
    m = one(op("FULLY_CONNECTED", [], [], fused_activation_function=Activation.RELU6),
            s8("x", [1, 3], 0.5, 4), s8("w", [2, 3], 0.25, data=[[1, 2, 3], [4, 5, -6]]),
            s32("b", [7, -8]), s8("y", [1, 2], 0.05, -10))
    same(ops(m), ["FULLY_CONNECTED"])
    has(m.ops[0].attr, min=-10, max=110)
    same(data(m, 0, 1), [[1, 2, 3], [4, 5, -6]])
    same(data(m, 0, 2), [7, -8])
    # 0.125 / 0.05 = 2.5 = 0.625 * 2^2, but for what 0.05 is in single precision.
    real = Fraction(1, 8) / Fraction(float(np.float32(0.05))) / 4
    same(data(m, 0, 3), [int(real * 2 ** 31 + Fraction(1, 2))])
    same(data(m, 0, 4), [2])
    same((m.tensors[0].zero_point, m.tensors[m.outputs[0]].zero_point), (4, -10))


@test
def fully_connected_rounds_the_product_of_scales():
    """Per tensor the product of scales is a single, per channel a double."""
    sx, sw = np.float32(0.1), np.float32(0.3)
    exact = Fraction(float(sx)) * Fraction(float(sw))
    rounded = Fraction(float(np.float32(float(exact))))
    same(exact == rounded, False)

    def multipliers(scale):
        m = one(op("FULLY_CONNECTED", [], []), s8("x", [1, 1], sx),
                s8("w", [2, 1], scale, data=[[1], [1]]), s8("y", [1, 2], 1.0))
        same(m.ops[0].inputs[2], None)
        return data(m, 0, 3), data(m, 0, 4)

    def fixed(real):
        return int(real * 2 ** 36 + Fraction(1, 2))	# 0.03 is 0.96 * 2^-5

    same(multipliers(sw), ([fixed(rounded)], [-5]))
    same(multipliers([sw, sw]), ([fixed(exact)] * 2, [-5] * 2))
    same(fixed(rounded) == fixed(exact), False)


@test
def fully_connected_shapes():
    """Images are rows of what the weights take; weights of INT4 stay packed."""
    m = one(op("FULLY_CONNECTED", [], [], keep_num_dims=1), s8("x", [2, 3, 4]),
            tensor("w", [5, 4], Type.INT4, np.arange(20).reshape(5, 4) % 16 - 8, 1.0),
            s8("y", [2, 3, 5]))
    same(ops(m), ["FULLY_CONNECTED"])
    same(m.tensors[m.ops[0].inputs[1]].dtype.name, "S4")
    same(data(m, 0, 1)[0], [-8, -7, -6, -5])
    m = one(op("FULLY_CONNECTED", [], []), s8("x", [2, 1, 2, 2]),
            s8("w", [1, 1, 3, 4], data=np.ones((1, 1, 3, 4))), s8("y", [2, 3]))
    same(np.shape(data(m, 0, 1)), (3, 4))


@test
def convolution_same():
    scales = [0.5, 0.25]
    m = one(op("CONV_2D", [], [], padding=Padding.SAME, stride_h=2, stride_w=2,
               fused_activation_function=Activation.RELU),
            s8("x", [1, 49, 10, 1]),
            s8("w", [2, 10, 4, 1], scales, [0, 0], np.ones((2, 10, 4, 1))),
            s32("b", [1, 2]), s8("y", [1, 25, 5, 2], 1.0, 3))
    has(m.ops[0].attr, stride_h=2, stride_w=2, dilation_h=1, dilation_w=1, pad_top=4,
        pad_bottom=5, pad_left=1, pad_right=1, min=3, max=127)
    same((data(m, 0, 3), data(m, 0, 4)), ([HALF, HALF], [0, -1]))


@test
def convolution_valid_dilated():
    m = one(op("CONV_2D", [], [], padding=Padding.VALID, stride_h=1, stride_w=3,
               dilation_h_factor=2, dilation_w_factor=1),
            s8("x", [2, 7, 8, 3]), s8("w", [1, 3, 2, 3], data=np.ones((1, 3, 2, 3))),
            s8("y", [2, 3, 3, 1], 4.0))
    has(m.ops[0].attr, stride_h=1, stride_w=3, dilation_h=2, dilation_w=1, pad_top=0,
        pad_bottom=0, pad_left=0, pad_right=0, min=-128, max=127)
    same((data(m, 0, 3), data(m, 0, 4)), ([HALF], [-1]))


@test
def depthwise_convolution():
    m = one(op("DEPTHWISE_CONV_2D", [], [], padding=Padding.SAME, stride_h=1, stride_w=1,
               depth_multiplier=2),
            s8("x", [1, 4, 4, 2]),
            s8("w", [1, 3, 2, 4], [1.0, 0.5, 2.0, 4.0], 0, np.ones((1, 3, 2, 4)), 3),
            s32("b", [0] * 4), s8("y", [1, 4, 4, 4]))
    has(m.ops[0].attr, pad_top=1, pad_bottom=1, pad_left=0, pad_right=1)
    same((data(m, 0, 3), data(m, 0, 4)), ([HALF] * 4, [1, 0, 2, 3]))


@test
def batch_matmul():
    m = one(op("BATCH_MATMUL", [], [], adj_y=1), s8("a", [4, 2, 3], 0.5, 1),
            s8("b", [5, 3], 0.5, -1), s8("y", [4, 2, 5], 0.5))
    same(ops(m), ["RESHAPE", "BATCH_MATMUL"])
    same(m.tensors[m.ops[1].inputs[1]].shape, (1, 5, 3))
    same(m.tensors[m.ops[1].inputs[1]].zero_point, -1)
    has(m.ops[1].attr, multiplier=HALF, shift=0, adj_a=0, adj_b=1, min=-128, max=127)


@test
def pools():
    for name, code in (("AVERAGE_POOL_2D", "AVERAGE_POOL_2D"),
                       ("MAX_POOL_2D", "MAX_POOL_2D")):
        m = one(op(name, [], [], padding=Padding.SAME, stride_h=2, stride_w=2,
                   filter_height=3, filter_width=2,
                   fused_activation_function=Activation.RELU_N1_TO_1),
                s8("x", [1, 5, 5, 3], 0.1, 7), s8("y", [1, 3, 3, 3], 0.1, 7))
        same(ops(m), [code])
        has(m.ops[0].attr, kernel_h=3, kernel_w=2, stride_h=2, stride_w=2, pad_top=1,
            pad_bottom=1, pad_left=0, pad_right=1, min=-3, max=17)


@test
def mean():
    # 1/6: 2^30 * 2^2 / 6, one bit less because 1.0 is a half shifted by one.
    m = one(op("MEAN", [], []), s8("x", [1, 2, 3, 4]), s32("axes", [-2, 1]),
            s8("y", [1, 4]))
    same(m.ops[0].attr, {"axes": 0b110, "multiplier": 715827882, "shift": -1})
    # There is no room for a shift below -31: with 2^-31 nothing more goes in.
    m = one(op("MEAN", [], []), s8("x", [1, 4], 2.0 ** -32), s32("axes", [1]),
            s8("y", [1]))
    same(m.ops[0].attr, {"axes": 0b10, "multiplier": HALF >> 2, "shift": -31})


@test
def softmax():
    m = one(op("SOFTMAX", [], [], beta=1.0), s8("x", [1, 9], 0.5),
            s8("y", [1, 9], 1 / 256, -128))
    same(m.ops[0].attr, {"multiplier": HALF, "shift": 26, "diff_min": -31})
    m = one(op("SOFTMAX", [], [], beta=64.0), s8("x", [1, 9], 1.0),
            s8("y", [1, 9], 1 / 256, -128))
    has(m.ops[0].attr, multiplier=(1 << 31) - 1, shift=31, diff_min=0)


@test
def addition():
    m = one(op("ADD", [], [], fused_activation_function=Activation.RELU),
            s8("a", [1, 2, 4], 0.5, 1), s8("b", [4], 0.25, 2), s8("y", [1, 2, 4], 1.0, 3))
    same(ops(m), ["RESHAPE", "ADD"])
    same(m.ops[1].attr, {"left_shift": 20, "multiplier_a": HALF, "shift_a": 0,
                         "multiplier_b": HALF, "shift_b": -1, "multiplier": HALF,
                         "shift": -19, "min": 3, "max": 127})
    same(m.tensors[m.ops[1].inputs[1]].shape, (1, 1, 4))


@test
def addition_in_double_subtraction_in_single():
    sa, sb, sy = (np.float32(v) for v in (0.1, 0.07, 0.3))

    def numbers(name):
        m = one(op(name, [], []), s8("a", [3], sa), s8("b", [3], sb), s8("y", [3], sy))
        a = m.ops[0].attr
        return a["multiplier_b"], a["multiplier"]

    def fixed(real):
        while real < Fraction(1, 2):
            real *= 2
        return int(real * 2 ** 31 + Fraction(1, 2))

    a, b, y = (Fraction(float(s)) for s in (sa, sb, sy))
    add = fixed(b / (2 * a)), fixed(2 * a / y)
    sub = tuple(fixed(Fraction(float(np.float32(float(r))))) for r in
                (b / (2 * a), 2 * a / y))
    same(numbers("ADD"), add)
    same(numbers("SUB"), sub)
    same(add[0] == sub[0] or add[1] == sub[1], False)


@test
def multiplication():
    m = one(op("MUL", [], []), s8("a", [2, 1], 0.5), s8("b", [1, 3], 0.25, data=[[1, 2, 3]]),
            s8("y", [2, 3], 1.0))
    same(ops(m), ["MUL"])
    same(m.ops[0].attr, {"multiplier": HALF, "shift": -2, "min": -128, "max": 127})


@test
def activations():
    def attr(name, sx, sy, zero=0, **options):
        return one(op(name, [], [], **options), s8("x", [2, 5], sx),
                   s8("y", [2, 5], sy, zero)).ops[0].attr

    same(attr("RELU", 0.5, 1.0, 5), {"multiplier": HALF, "shift": 0, "min": 5,
                                     "max": 127})
    same(attr("RELU6", 0.1, 0.1), {"multiplier": HALF, "shift": 1, "min": 0, "max": 60})
    same(attr("RELU_N1_TO_1", 0.1, 0.1), {"multiplier": HALF, "shift": 1, "min": -10,
                                          "max": 10})
    same(attr("LEAKY_RELU", 0.5, 0.25, alpha=0.25),
         {"multiplier": HALF, "shift": 2, "multiplier_alpha": HALF, "shift_alpha": 0})
    # 0.5/128 over 0.5 is 2^-7; over 3/32768 it is 42 2/3, two thirds of 2^6.
    same(attr("HARD_SWISH", 0.5, 0.5),
         {"multiplier": 1 << 14, "shift": -6, "relu_multiplier": 21845, "relu_shift": 6})
    sigmoid = {"radius": 120, "multiplier": HALF, "shift": 24}
    same(attr("LOGISTIC", 1 / 16, 1 / 256, -128), sigmoid)
    same(attr("TANH", 1 / 16, 1 / 128), sigmoid)
    same(attr("QUANTIZE", 3.0, 2.0), {"multiplier": 3 << 29, "shift": 1})


@test
def multipliers():
    same(quantize.multiplier(1.0 - 2.0 ** -40), (HALF, 1))	# rounds up to 2^31
    same(quantize.multiplier(2.0 ** -33), (0, 0))
    same(quantize.multiplier(2.0 ** -32), (HALF, -31))
    same(quantize.multiplier(-0.25), (-HALF, -1))
    same(quantize.round_away(-2.5), -3)
    same(quantize.high_half((1 << 31) - 1), 32767)


@test
def moves():
    x = s8("x", [2, 3])
    m = one(op("RESHAPE", [], []), x, s32("to", [3, 2]), s8("y", [3, 2]))
    same((ops(m), len(m.ops[0].inputs)), (["RESHAPE"], 1))
    m = one(op("EXPAND_DIMS", [], []), x, s32("at", [0]), s8("y", [1, 2, 3]))
    same(ops(m), ["RESHAPE"])
    m = one(op("SQUEEZE", [], []), s8("x", [1, 2, 3]), s8("y", [2, 3]))
    same(ops(m), ["RESHAPE"])
    m = one(op("TRANSPOSE", [], []), s8("x", [2, 3, 4]), s32("order", [2, -3, 1]),
            s8("y", [4, 2, 3]))
    same(m.ops[0].attr, {"perm": [2, 0, 1, 0, 0, 0]})
    m = one(op("PAD", [], []), s8("x", [2, 3], 1.0, 9), s32("cells", [[1, 0], [0, 2]]),
            s8("y", [3, 5], 1.0, 9))
    same(m.ops[0].attr, {"before": [1, 0, 0, 0, 0, 0], "after": [0, 2, 0, 0, 0, 0],
                         "value": 9})
    m = one(op("PADV2", [], []), x, s32("cells", [[1, 0], [0, 2]]),
            s8("v", [], data=-5), s8("y", [3, 5]))
    has(m.ops[0].attr, value=-5)
    m = one(op("CONCATENATION", [], [], axis=-1), x, s8("z", [2, 1]), s8("y", [2, 4]))
    same(m.ops[0].attr, {"axis": 1})
    m = one(op("PACK", [], [], axis=1, values_count=2), x, s8("z", [2, 3]),
            s8("y", [2, 2, 3]))
    same(ops(m), ["RESHAPE", "RESHAPE", "CONCAT"])
    same([m.tensors[n].shape for n in m.ops[2].inputs], [(2, 1, 3)] * 2)


@test
def slices():
    def cut(m, shape, begin, stride, more=()):
        same(ops(m), ["SLICE", *more])
        n = len(begin)
        same((m.tensors[m.ops[0].outputs[0]].shape, m.ops[0].attr["begin"][:n],
              m.ops[0].attr["stride"][:n]), (shape, begin, stride))

    x = s8("x", [6, 4])
    cut(one(op("SLICE", [], []), x, s32("b", [1, 2]), s32("n", [3, -1]),
            s8("y", [3, 2])), (3, 2), [1, 2], [1, 1])

    def strided(begin, end, stride, shape, **masks):
        return one(op("STRIDED_SLICE", [], [], **masks), x, s32("b", begin),
                   s32("e", end), s32("s", stride), s8("y", shape))

    cut(strided([1, 0], [-1, 4], [2, 1], [2, 4]), (2, 4), [1, 0], [2, 1])
    cut(strided([0, 0], [0, 0], [-2, -1], [3, 4], begin_mask=3, end_mask=3), (3, 4),
        [5, 3], [-2, -1])
    cut(strided([-2, 1], [0, 99], [1, 1], [3], shrink_axis_mask=1), (1, 3), [4, 1],
        [1, 1], ["RESHAPE"])
    cut(strided([1, 0], [3, 2], [1, 1], [3, 2], offset=1), (3, 2), [1, 0], [1, 1])


@test
def splits():
    x = s8("x", [2, 6])
    m = one(op("SPLIT", [], [], num_splits=3), s32("axis", 1), x, s8("p", [2, 2]),
            s8("q", [2, 2]), s8("r", [2, 2]), writes=3)
    same([o.attr["begin"][:2] for o in m.ops], [[0, 0], [0, 2], [0, 4]])
    m = one(op("SPLIT_V", [], [], num_splits=2), x, s32("sizes", [-1, 2]),
            s32("axis", -1), s8("p", [2, 4]), s8("q", [2, 2]), writes=2)
    same([m.tensors[o.outputs[0]].shape for o in m.ops], [(2, 4), (2, 2)])
    # Of what is cut off only that is made which somebody wants.
    m = lower([x, s8("p", [6]), s8("q", [6])],
              [op("UNPACK", [0], [1, 2], num=2, axis=0)], [0], [2])
    same((ops(m), m.ops[0].attr["begin"][:2]), (["SLICE", "RESHAPE"], [1, 0]))


@test
def resize():
    def tables(size, out, **options):
        m = one(op("RESIZE_NEAREST_NEIGHBOR", [], [], **options),
                s8("x", [1, size, size, 2]), s32("size", [out, out]),
                s8("y", [1, out, out, 2]))
        same(data(m, 0, 1), data(m, 0, 2))
        return data(m, 0, 1)

    same(tables(2, 4), [0, 0, 1, 1])
    same(tables(3, 5, align_corners=1), [0, 1, 1, 2, 2])
    same(tables(4, 2, half_pixel_centers=1), [1, 3])
    same(tables(3, 1, align_corners=1), [0])
    # 7 * (3/7) in single precision is 3 and not a little less.
    same(tables(3, 7), [0, 0, 0, 1, 1, 2, 2])


@test
def lookups():
    table = s8("t", [5, 2], 0.5, 3, np.arange(10).reshape(5, 2))
    ids = tensor("ids", [4], Type.INT32)
    m = one(op("EMBEDDING_LOOKUP", [], []), ids, table, s8("y", [4, 2], 0.5, 3))
    same((ops(m), m.tensors[m.inputs[0]].dtype.name), (["EMBEDDING"], "S32"))
    m = one(op("GATHER", [], []), table, ids, s8("y", [4, 2], 0.5, 3))
    same(ops(m), ["EMBEDDING"])
    same(data(m, 0, 1)[4], [8, 9])
    m = one(op("GATHER", [], []), s8("t", [5], data=np.arange(5)), ids, s8("y", [4]))
    same(ops(m), ["EMBEDDING", "RESHAPE"])


@test
def ends_of_a_graph():
    """Conversions from real or unsigned numbers come off, and nothing else."""
    real = tensor("real", [1, 4], Type.FLOAT32)
    unsigned = tensor("unsigned", [1, 4], Type.UINT8, None, 0.5, 130)
    for x, y in ((real, tensor("out", [1, 4], Type.FLOAT32)), (unsigned, None)):
        last = y or dict(unsigned, name="out")
        m = lower([x, s8("a", [1, 4], 0.5, 2), s8("b", [1, 4], 0.5, 2), last],
                  [op("QUANTIZE", [0], [1]), op("RELU", [1], [2]),
                   op("DEQUANTIZE" if y else "QUANTIZE", [2], [3])], [0], [3])
        same(ops(m), ["RELU"])
        same([m.tensors[n].name for n in m.inputs + m.outputs], ["a", "b"])
        same(len(m.tensors), 2)


@test
def what_nobody_needs_is_left_out():
    m = lower([s8("x", [4]), s8("y", [4]), s8("z", [4]), s8("unused", [4])],
              [op("RELU", [0], [1]), op("ABS", [0], [2])], [0], [1])
    same((ops(m), len(m.tensors)), (["RELU"], 2))


@test
def more_than_one_end():
    m = lower([s8("a", [4]), s8("b", [4]), s8("y", [4]), s8("z", [4])],
              [op("RELU", [0], [2]), op("RELU", [1], [3])], [1, 0], [3, 2, 3])
    same([m.tensors[n].name for n in m.inputs], ["b", "a"])
    same([m.tensors[n].name for n in m.outputs], ["z", "y", "z"])


if __name__ == "__main__":
    run()
