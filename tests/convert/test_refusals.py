#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""What cannot be converted is named; what is damaged ends in one line, never worse."""

from tap import refused, run, same, test

import numpy as np

from neuralconvert import cli, lowering, model, tflite	# noqa: F401 cli registers
from neuralconvert.error import Error, Malformed, Unsupported
from neuralconvert.schema import Activation, Type
from tflite_builder import build, op, tensor


def s8(name, shape, scale=1.0, zero_point=0, data=None, axis=0):
    return tensor(name, shape, Type.INT8, data, scale, zero_point, axis)


def s32(name, data):
    data = np.asarray(data)
    return tensor(name, data.shape, Type.INT32, data)


def convert(blob):
    return model.write(lowering.lower(tflite.read(blob)))


def one(o, *tensors):
    n = len(tensors) - 1
    o = dict(o, inputs=list(range(n)), outputs=[n])
    inputs = [i for i, t in enumerate(tensors[:n]) if t["data"] is None]
    return build(list(tensors), [o], inputs, [n])


def unsupported(words, blob):
    refused(Unsupported, words, convert, blob)


def malformed(words, blob):
    refused(Malformed, words, convert, blob)


X, Y = s8("x", [1, 4]), s8("y", [1, 4])


@test
def operators_that_are_unknown():
    unsupported(["operator 0 (ABS)", "tensor 0 'x' INT8 1x4", "tensor 1 'y' INT8 1x4"],
                one(op("ABS", [], []), X, Y))
    blob = build([X, Y, s8("z", [1, 4])], [op("RELU", [0], [1]), op("CUSTOM", [1], [2])],
                 [0], [2])
    unsupported(["operator 1 (CUSTOM )"], blob)


@test
def types():
    real = tensor("real", [1, 4], Type.FLOAT32)
    unsupported(["operator 0 (RELU)", "'real' FLOAT32 1x4", "type"],
                one(op("RELU", [], []), X, real))
    unsupported(["tensor 0 'real' FLOAT32"], one(op("RELU", [], []), real, Y))
    # Not at an end of the graph, so it has to be computed.
    blob = build([X, real, dict(real, name="r2"), Y],
                 [op("DEQUANTIZE", [0], [1]), op("ABS", [1], [2]), op("QUANTIZE", [2], [3])],
                 [0], [3])
    unsupported(["operator 0 (DEQUANTIZE)"], blob)
    unsupported(["INT16"], one(op("ADD", [], []), tensor("a", [4], Type.INT16),
                               tensor("b", [4], Type.INT16), tensor("y", [4], Type.INT16)))


@test
def weights():
    y = s8("y", [1, 2])
    fc = op("FULLY_CONNECTED", [], [])
    w = s8("w", [2, 4], data=np.ones((2, 4)))
    unsupported(["'w'", "not constant"], one(fc, X, s8("w", [2, 4]), y))
    unsupported(["'w'", "zero point"], one(fc, X, dict(w, zero_point=1), y))
    unsupported(["'w' FLOAT32"], one(fc, X, dict(w, type=Type.FLOAT32), y))
    unsupported(["'w'", "4 scales"], one(fc, X, dict(w, scale=[1.0] * 4), y))
    unsupported(["'w'", "dimension 1"], one(fc, X, dict(w, scale=[1.0] * 2, axis=1), y))
    unsupported(["'b' INT64"], one(fc, X, w, tensor("b", [2], Type.INT64, [1, 2]), y))
    unsupported(["shuffled"], one(op("FULLY_CONNECTED", [], [], weights_format=1), X, w,
                                  y))
    malformed(["'b'", "2 elements"], one(fc, X, w, s32("b", [1, 2, 3]), y))
    malformed(["'w'", "scale"], one(fc, X, dict(w, scale=-1.0), y))
    unsupported(["groups"], one(op("CONV_2D", [], [], stride_h=1, stride_w=1, padding=1),
                                s8("x", [1, 3, 3, 4]),
                                s8("w", [2, 1, 1, 2], data=np.ones((2, 1, 1, 2))),
                                s8("y", [1, 3, 3, 2])))


@test
def activations():
    unsupported(["RELU6", "scales"], one(op("RELU6", [], []), X, dict(Y, scale=0.5)))
    unsupported(["RELU6", "zero points"],
                one(op("RELU6", [], []), X, dict(Y, zero_point=1)))
    unsupported(["TANH"], one(op("ADD", [], [],
                                 fused_activation_function=Activation.TANH), X, X, Y))
    unsupported(["1/256"], one(op("SOFTMAX", [], [], beta=1.0), X, Y))
    unsupported(["-128"], one(op("LOGISTIC", [], []), X, Y))


@test
def operands_that_are_missing_or_not_constant():
    malformed(["operator 0 (ADD)", "operand 1 is absent"], one(op("ADD", [], []), X, Y))
    unsupported(["'p'", "not constant"],
                one(op("TRANSPOSE", [], []), X, tensor("p", [2], Type.INT32),
                    s8("y", [4, 1])))
    unsupported(["ellipsis"], one(op("STRIDED_SLICE", [], [], ellipsis_mask=1), X,
                                  s32("b", [0, 0]), s32("e", [1, 4]), s32("s", [1, 1]), Y))
    unsupported(["'x'", "one"], one(op("RELU", [], []), dict(X, scale=[1.0] * 4), Y))
    unsupported(["'x'", "0 scales"], one(op("RELU", [], []), dict(X, scale=None), Y))


@test
def shapes():
    malformed(["shapes"], one(op("ADD", [], []), s8("a", [2]), s8("b", [3]), s8("y", [3])))
    malformed(["elements"], one(op("RESHAPE", [], []), X, s8("y", [5])))
    malformed(["7 positions", "2 are right"],
              one(op("MAX_POOL_2D", [], [], stride_h=2, stride_w=2, filter_height=2,
                     filter_width=2, padding=1), s8("x", [1, 4, 4, 1]),
                  s8("y", [1, 7, 2, 1])))
    malformed(["shapes"], one(op("TRANSPOSE", [], []), X, s32("p", [1, 0]), Y))
    malformed(["leaves it"], one(op("SLICE", [], []), X, s32("b", [0, 2]),
                                 s32("n", [1, 3]), s8("y", [1, 3])))
    unsupported(["not positive"], one(op("RELU", [], []), s8("x", [0, 4]), Y))
    unsupported(["dimensions"], one(op("RELU", [], []), s8("x", [1] * 7), s8("y", [1] * 7)))
    unsupported(["zero points"], one(op("RESHAPE", [], []), X, dict(Y, zero_point=1)))


@test
def graphs():
    z = s8("z", [1, 4])
    malformed(["before it is written"],
              build([X, Y, z], [op("RELU", [1], [2]), op("RELU", [0], [1])], [0], [2]))
    malformed(["a second time"],
              build([X, Y], [op("RELU", [0], [1]), op("RELU", [0], [1])], [0], [1]))
    malformed(["never written"], build([X, Y], [], [0], [1]))
    malformed(["does not exist"], build([X, Y], [op("RELU", [5], [1])], [0], [1]))
    refused(Error, ["no ops"], convert, build([X], [], [0], [0]))


@test
def numbers_out_of_hand():
    tiny, huge = float(np.float32(1e-38)), 3e38
    for name in ("RELU", "QUANTIZE", "LEAKY_RELU", "HARD_SWISH", "LOGISTIC", "TANH"):
        for sx, sy in ((huge, tiny), (huge, 1.0), (float("nan"), 1.0),
                       (1.0, float("inf")), (0.0, 1.0)):
            refused(Error, [name], convert,
                    one(op(name, [], [], **({"alpha": 1.0} if name == "LEAKY_RELU"
                                            else {})),
                        dict(X, scale=sx), dict(Y, scale=sy, zero_point=-128
                                                if name == "LOGISTIC" else 0)))
    refused(Error, ["ADD"], convert, one(op("ADD", [], []), dict(X, scale=huge),
                                         dict(X, name="b", scale=tiny), Y))
    malformed(["zero point of 300"], one(op("RELU", [], []), dict(X, zero_point=300), Y))


def whole():
    """A graph in which every kind of table occurs."""
    return build(
        [s8("x", [1, 6, 6, 2], 0.5, 3),
         s8("w", [3, 3, 3, 2], [0.1, 0.2, 0.3], 0, np.arange(54).reshape(3, 3, 3, 2)),
         s32("b", [1, 2, 3]), s8("c", [1, 6, 6, 3], 0.7, -4), s32("axes", [1, 2]),
         s8("m", [1, 3], 0.5), tensor("v", [4, 3], Type.INT4, np.ones((4, 3)), 0.25),
         s8("l", [1, 4], 0.25, 5), s8("p", [1, 4], 1 / 256, -128)],
        [op("CONV_2D", [0, 1, 2], [3], padding=0, stride_h=1, stride_w=1,
            fused_activation_function=1), op("MEAN", [3, 4], [5], keep_dims=0),
         op("FULLY_CONNECTED", [5, 6, -1], [7]), op("SOFTMAX", [7], [8], beta=1.0)],
        [0], [8])


def attempt(blob):
    try:
        convert(bytes(blob))
        return True
    except Error:
        return False


@test
def truncation():
    blob = whole()
    same(attempt(blob), True)
    for size in range(len(blob)):
        attempt(blob[:size])
    for size in range(48):
        same((size, attempt(blob[:size])), (size, False))


@test
def damage():
    """Anything but an Error ends this test."""
    blob = whole()
    accepted = 0
    for at in range(len(blob)):
        for value in (0x00, 0x01, 0x7F, 0x80, 0xFF):
            damaged = bytearray(blob)
            damaged[at] = value
            accepted += attempt(damaged)
    same(0 < accepted < 5 * len(blob), True)


@test
def words_of_chance():
    """Offsets and counts are four bytes, and so is what is put in their place."""
    blob = whole()
    rng = np.random.default_rng(7)
    refusals = 0
    for _ in range(3000):
        damaged = bytearray(blob)
        for _ in range(rng.integers(1, 4)):
            at = int(rng.integers(0, len(blob) // 4)) * 4
            word = int(rng.choice([0, 4, len(blob), 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF,
                                   rng.integers(0, 1 << 32)]))
            damaged[at:at + 4] = word.to_bytes(4, "little")
        refusals += not attempt(damaged)
    same(refusals > 1000, True)


if __name__ == "__main__":
    run()
