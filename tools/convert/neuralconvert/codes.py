# SPDX-License-Identifier: GPL-2.0-only
"""Numbers of the model file, as include/uapi/linux/neural_model.h has them."""

from enum import IntEnum

MAGIC = 0x5255454E
VERSION = 1
ALIGN = 64
RANK = 6
ATTRS = 20
NONE = 0xFFFFFFFF

MAX_TENSORS = 65536
MAX_OPS = 16384
MAX_OPERANDS = 262144
MAX_SECTIONS = 16
MAX_INPUTS = 16
MAX_ELEMENTS = 1 << 30
MAX_RANGES = 4096

SECTION_OPTIONAL = 1
TENSOR_CONST = 1
RANGE_OUTPUT = 1


class Section(IntEnum):
    TENSORS = 1
    OPERANDS = 2
    OPS = 3
    STRINGS = 4
    META = 5
    DATA = 6
    RANGES = 7


class DType(IntEnum):
    S8 = 1
    S16 = 2
    S32 = 3
    S64 = 4
    S4 = 5

    @property
    def bits(self):
        return {DType.S8: 8, DType.S16: 16, DType.S32: 32, DType.S64: 64,
                DType.S4: 4}[self]

    @property
    def min(self):
        return -(1 << (self.bits - 1))

    @property
    def max(self):
        return (1 << (self.bits - 1)) - 1


class OpCode(IntEnum):
    DENSE = 1
    SCALE = 2
    SOFTMAX_FIXED = 3
    FULLY_CONNECTED = 4
    CONV_2D = 5
    DEPTHWISE_CONV_2D = 6
    AVERAGE_POOL_2D = 7
    MAX_POOL_2D = 8
    MEAN = 9
    ADD = 10
    SUB = 11
    MUL = 12
    CONCAT = 13
    RESHAPE = 14
    PAD = 15
    TRANSPOSE = 16
    SLICE = 17
    RESIZE_NEAREST = 18
    SOFTMAX = 19
    RELU = 20
    LEAKY_RELU = 21
    HARD_SWISH = 22
    LOGISTIC = 23
    TANH = 24
    REQUANTIZE = 25
    LUT = 26
    QUANTIZE = 27
    DEQUANTIZE = 28
    EMBEDDING = 29
    LAYER_NORM = 30
    RMS_NORM = 31
    BATCH_MATMUL = 32


class Activation(IntEnum):
    """enum neural_activation of <linux/neural.h>."""

    LINEAR = 0
    RELU = 1
    LEAKY_RELU = 2
    SIGMOID = 3
    TANH = 4


_CONV = [("stride_h", 1), ("stride_w", 1), ("dilation_h", 1), ("dilation_w", 1),
         ("pad_top", 1), ("pad_bottom", 1), ("pad_left", 1), ("pad_right", 1),
         ("min", 1), ("max", 1)]
_POOL = [("kernel_h", 1), ("kernel_w", 1), ("stride_h", 1), ("stride_w", 1),
         ("pad_top", 1), ("pad_bottom", 1), ("pad_left", 1), ("pad_right", 1),
         ("min", 1), ("max", 1)]
_DENSE = [("shift", 1), ("bias_shift", 1), ("activation", 1), ("slope", 1)]
_ADD = [("left_shift", 1), ("multiplier_a", 1), ("shift_a", 1), ("multiplier_b", 1),
        ("shift_b", 1), ("multiplier", 1), ("shift", 1), ("min", 1), ("max", 1)]
_RESCALE = [("multiplier", 1), ("shift", 1)]
_BOUNDED = _RESCALE + [("min", 1), ("max", 1)]
_SIGMOID = [("radius", 1), ("multiplier", 1), ("shift", 1)]
_NORM = [("multiplier", 1), ("shift", 1), ("epsilon", 1), ("min", 1), ("max", 1)]

# Attributes of an op in their order: a name, and how many integers it takes.  Those of
# more than one are per dimension.
ATTRIBUTES = {
    OpCode.DENSE: _DENSE,
    OpCode.SCALE: _DENSE,
    OpCode.SOFTMAX_FIXED: [],
    OpCode.FULLY_CONNECTED: [("min", 1), ("max", 1)],
    OpCode.CONV_2D: _CONV,
    OpCode.DEPTHWISE_CONV_2D: _CONV,
    OpCode.AVERAGE_POOL_2D: _POOL,
    OpCode.MAX_POOL_2D: _POOL,
    OpCode.MEAN: [("axes", 1)] + _RESCALE,
    OpCode.ADD: _ADD,
    OpCode.SUB: _ADD,
    OpCode.MUL: _BOUNDED,
    OpCode.CONCAT: [("axis", 1)],
    OpCode.RESHAPE: [],
    OpCode.PAD: [("before", RANK), ("after", RANK), ("value", 1)],
    OpCode.TRANSPOSE: [("perm", RANK)],
    OpCode.SLICE: [("begin", RANK), ("stride", RANK)],
    OpCode.RESIZE_NEAREST: [],
    OpCode.SOFTMAX: _RESCALE + [("diff_min", 1)],
    OpCode.RELU: _BOUNDED,
    OpCode.LEAKY_RELU: _RESCALE + [("multiplier_alpha", 1), ("shift_alpha", 1)],
    OpCode.HARD_SWISH: _RESCALE + [("relu_multiplier", 1), ("relu_shift", 1)],
    OpCode.LOGISTIC: _SIGMOID,
    OpCode.TANH: _SIGMOID,
    OpCode.REQUANTIZE: _RESCALE,
    OpCode.LUT: [],
    OpCode.QUANTIZE: _RESCALE,
    OpCode.DEQUANTIZE: _RESCALE,
    OpCode.EMBEDDING: [],
    OpCode.LAYER_NORM: _NORM,
    OpCode.RMS_NORM: _NORM,
    OpCode.BATCH_MATMUL: _RESCALE + [("adj_a", 1), ("adj_b", 1), ("min", 1),
                                     ("max", 1)],
}
