#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The model file in Python: numbers of the header, checksum, round trip, damage."""

import os
import re
import struct

from tap import TOP, refused, run, same, test

import numpy as np

from neuralconvert import codes, model
from neuralconvert.codes import DType, OpCode
from neuralconvert.crc32c import crc32c
from neuralconvert.error import Error, Malformed
from neuralconvert.model import Model, Op, Tensor

HEADER = os.path.join(TOP, "include/uapi/linux/neural_model.h")
LAYERS = os.path.join(TOP, "include/linux/neural.h")

# Enumerations of attributes by a code that has them.
ATTRS = {
    "neural_attr_dense": ("NEURAL_DENSE_", [OpCode.DENSE, OpCode.SCALE]),
    "neural_attr_fc": ("NEURAL_FC_", [OpCode.FULLY_CONNECTED]),
    "neural_attr_conv": ("NEURAL_CONV_", [OpCode.CONV_2D, OpCode.DEPTHWISE_CONV_2D]),
    "neural_attr_pool": ("NEURAL_POOL_", [OpCode.AVERAGE_POOL_2D, OpCode.MAX_POOL_2D]),
    "neural_attr_mean": ("NEURAL_MEAN_", [OpCode.MEAN]),
    "neural_attr_add": ("NEURAL_ADD_", [OpCode.ADD, OpCode.SUB]),
    "neural_attr_rescale": ("NEURAL_RESCALE_", [OpCode.MUL, OpCode.RELU]),
    "neural_attr_concat": ("NEURAL_CONCAT_", [OpCode.CONCAT]),
    "neural_attr_pad": ("NEURAL_PAD_", [OpCode.PAD]),
    "neural_attr_transpose": ("NEURAL_TRANSPOSE_", [OpCode.TRANSPOSE]),
    "neural_attr_slice": ("NEURAL_SLICE_", [OpCode.SLICE]),
    "neural_attr_softmax": ("NEURAL_SOFTMAX_", [OpCode.SOFTMAX]),
    "neural_attr_leaky_relu": ("NEURAL_LEAKY_", [OpCode.LEAKY_RELU]),
    "neural_attr_hard_swish": ("NEURAL_HARD_SWISH_", [OpCode.HARD_SWISH]),
    "neural_attr_sigmoid": ("NEURAL_SIGMOID_", [OpCode.LOGISTIC, OpCode.TANH]),
    "neural_attr_quantize": ("NEURAL_QUANTIZE_", [OpCode.QUANTIZE, OpCode.DEQUANTIZE]),
    "neural_attr_norm": ("NEURAL_NORM_", [OpCode.LAYER_NORM, OpCode.RMS_NORM]),
    "neural_attr_matmul": ("NEURAL_MATMUL_", [OpCode.BATCH_MATMUL]),
}


def read(path):
    with open(path, encoding="ascii") as f:
        return re.sub(r"/\*.*?\*/", "", f.read(), flags=re.S)


def defines(text):
    return {name: int(value.rstrip("U"), 0) for name, value in
            re.findall(r"#define\s+(\w+)\s+(0x[0-9a-f]+U|\d+)\s*\n", text)}


def enumeration(text, name):
    """The constants of an enum, evaluated as C does."""
    body = re.search(rf"enum {name} {{(.*?)}};", text, re.S).group(1)
    known, value = dict(defines(text)), -1
    found = {}
    for item in filter(None, (i.strip() for i in body.split(","))):
        key, _, expression = (p.strip() for p in item.partition("="))
        value = eval(expression, {}, {**known, **found}) if expression else value + 1
        found[key] = value
    return found


@test
def defines_agree():
    found = defines(read(HEADER))
    for name in ("MAGIC", "VERSION", "ALIGN", "RANK", "ATTRS", "NONE", "MAX_TENSORS",
                 "MAX_OPS", "MAX_OPERANDS", "MAX_SECTIONS", "MAX_INPUTS"):
        same((name, getattr(codes, name)), (name, found[f"NEURAL_MODEL_{name}"]))
    same(codes.TENSOR_CONST, found["NEURAL_TENSOR_CONST"])
    same(codes.SECTION_OPTIONAL, found["NEURAL_SECTION_OPTIONAL"])


@test
def enumerations_agree():
    text = read(HEADER)
    ops = enumeration(text, "neural_model_op_code")
    ops.pop("NEURAL_OP_NONE")
    count = ops.pop("NEURAL_NR_OPS")
    same({f"NEURAL_OP_{c.name}": int(c) for c in OpCode}, ops)
    same(count, len(OpCode) + 1)
    same({f"NEURAL_{c.name}": int(c) for c in DType}, enumeration(text, "neural_dtype"))
    same({f"NEURAL_SECTION_{c.name}": int(c) for c in codes.Section},
         enumeration(text, "neural_model_section_kind"))
    same({f"NEURAL_{c.name}": int(c) for c in codes.Activation},
         enumeration(read(LAYERS), "neural_activation"))


@test
def attributes_agree():
    text = read(HEADER)
    same(set(re.findall(r"enum (neural_attr_\w+) {", text)), set(ATTRS))
    for name, (prefix, ops) in ATTRS.items():
        for code in ops:
            at, ours = 0, {}
            for key, count in codes.ATTRIBUTES[code]:
                ours[prefix + key.upper()] = at
                at += count
            same((code.name, ours), (code.name, enumeration(text, name)))
    same(codes.ATTRIBUTES[OpCode.REQUANTIZE], codes.ATTRIBUTES[OpCode.MUL][:2])
    same(set(codes.ATTRIBUTES), set(OpCode))


@test
def checksum():
    # The check value, and those of RFC 3720.
    for data, crc in ((b"123456789", 0xE3069283), (bytes(32), 0x8A9136AA),
                      (b"\xff" * 32, 0x62A8AB43), (bytes(range(32)), 0x46DD794E),
                      (b"", 0), (b"a", 0xC1D04330)):
        same((data, crc32c(data)), (data, crc))
    # One bit at a time, for every length around the places where it changes course.
    rng = np.random.default_rng(1)
    for size in (*range(1, 12), 1019, 1020, 1021, 1024, 1025, 5000):
        data = rng.integers(0, 256, size, np.uint8).tobytes()
        state = 0xFFFFFFFF
        for byte in data:
            state ^= byte
            for _ in range(8):
                state = state >> 1 ^ (0x82F63B78 if state & 1 else 0)
        same((size, crc32c(data)), (size, state ^ 0xFFFFFFFF))


def sample():
    m = Model(name="n", description="d\u00e9", producer="p", labels=["a", "b", "a"])
    x = m.add(Tensor("x", DType.S8, (1, 3), None, 0.5, -7))
    w = m.constant("w", DType.S4, np.array([[-8, 7, 1], [0, -1, 2], [3, 3, -3]]))
    big = m.constant("x", DType.S64, np.array([-2 ** 63, 2 ** 63 - 1, 5]), frac=3)
    y = m.add(Tensor(None, DType.S32, (1, 3), frac=16))
    m.ops.append(Op(OpCode.PAD, [x, None, w, big], [y],
                    {"before": [0, 1], "after": [2], "value": -5}, "pad"))
    m.inputs, m.outputs = [x], [y]
    return m


@test
def round_trip():
    blob = model.write(sample())
    m = model.read(blob)
    same(model.write(m), blob)
    same((m.name, m.description, m.producer, m.labels),
         ("n", "d\u00e9", "p", ["a", "b", "a"]))
    same(m.tensors[1].data.tolist(), [[-8, 7, 1], [0, -1, 2], [3, 3, -3]])
    same(m.tensors[2].data.tolist(), [-2 ** 63, 2 ** 63 - 1, 5])
    same((m.tensors[0].scale, m.tensors[0].zero_point, m.tensors[2].frac), (0.5, -7, 3))
    same(m.ops[0].inputs, [0, None, 1, 2])
    same(m.ops[0].attr, {"before": [0, 1, 0, 0, 0, 0], "after": [2, 0, 0, 0, 0, 0],
                         "value": -5})


@test
def layout():
    """As the header has it, read without what wrote it."""
    blob = model.write(sample())
    magic, version, header, size, crc, flags, count = struct.unpack_from("<IHHQIII", blob)
    same((magic, version, header, size, flags, count),
         (0x5255454E, 1, 64, len(blob), 0, 6))
    same(crc, crc32c(blob[:16] + bytes(4) + blob[20:]))
    end, sizes = header + 32 * count, {}
    for i in range(count):
        kind, flags, entry, at, size, zero = struct.unpack_from("<HHIQQQ", blob,
                                                                header + 32 * i)
        same((kind, flags, at % 64, zero), (i + 1, 0, 0, 0))
        same(any(blob[end:at]), False)
        same(size % entry, 0)
        end, sizes[kind] = at + size, (entry, at, size)
    same(end, len(blob))
    same([sizes[k][0] for k in sizes], [64, 4, 96, 1, 32, 1])
    # S4, low nibble first, is where the second tensor says.
    flags, = struct.unpack_from("<H", blob, sizes[1][1] + 64 + 6)
    data, = struct.unpack_from("<Q", blob, sizes[1][1] + 64 + 32)
    same((flags, data % 64), (1, 0))
    same(blob[sizes[6][1] + data:][:5], bytes([0x78, 0x01, 0x2F, 0x33, 0x0D]))


@test
def what_cannot_be_written():
    m = sample()
    m.tensors[1].data = m.tensors[1].data + 1
    refused(Error, ["w", "s4"], model.write, m)
    m = sample()
    m.ops[0].attr["axis"] = 1
    refused(Error, ["PAD", "axis"], model.write, m)
    m = sample()
    m.outputs = []
    refused(Error, ["outputs"], model.write, m)
    m = sample()
    m.tensors[0].shape = (1,) * 7
    refused(Error, ["x", "dimensions"], model.write, m)


@test
def damage_is_refused():
    blob = model.write(sample())
    for at in range(len(blob)):
        damaged = bytearray(blob)
        damaged[at] ^= 1 << at % 8
        refused(Malformed, [], model.read, bytes(damaged))
        refused(Malformed, [], model.read, blob[:at])


@test
def damage_with_a_right_checksum():
    """May be read or not, but never ends in anything but Malformed."""
    blob = model.write(sample())
    read = 0
    for at in range(20, len(blob)):
        for value in (0x7F, 0xFF):
            damaged = bytearray(blob)
            damaged[at] = value
            damaged[16:20] = bytes(4)
            struct.pack_into("<I", damaged, 16, crc32c(bytes(damaged)))
            try:
                model.read(bytes(damaged))
                read += 1
            except Malformed:
                pass
    same(0 < read < 2 * len(blob), True)


if __name__ == "__main__":
    run()
