# SPDX-License-Identifier: GPL-2.0-only
"""Small model files for the tests of neuralctl, in the directory named."""

import os
import sys

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "../../tools/convert"))
from neuralconvert.codes import DType, OpCode  # noqa: E402
from neuralconvert.model import Model, Op, Range, Tensor, write  # noqa: E402


def integers(rows):
    """y = w x + b in plain integers, S64: every number can be told by hand."""
    m = Model(name="integers", description='says "hello" and \\ bye, für alle')
    x = m.add(Tensor("x", DType.S32, (3,)))
    w = m.constant("w", DType.S32, np.array(rows, np.int32))
    b = m.constant("b", DType.S32, np.array([10] * len(rows), np.int32))
    y = m.add(Tensor("y", DType.S64, (len(rows),)))
    m.ops = [Op(OpCode.DENSE, [x, w, b], [y])]
    m.inputs, m.outputs = [x], [y]
    return m


def scores():
    """S8 in steps of a half, with labels; out as it came in."""
    m = Model(name="scores", labels=["cat", "Hündin", 'a "bird"'])
    x = m.add(Tensor("x", DType.S8, (3,), scale=0.5, zero_point=-1))
    y = m.add(Tensor("y", DType.S8, (1, 3), scale=0.5, zero_point=-1))
    m.ops = [Op(OpCode.RESHAPE, [x], [y])]
    m.inputs, m.outputs = [x], [y]
    return m


def pair():
    """Two inputs of different types, each reshaped to an output."""
    m = Model(name="pair")
    a = m.add(Tensor("a", DType.S8, (3,)))
    b = m.add(Tensor("b", DType.S32, (2,), frac=16))
    c = m.add(Tensor("c", DType.S8, (3, 1)))
    d = m.add(Tensor("d", DType.S32, (1, 2), frac=16))
    m.ops = [Op(OpCode.RESHAPE, [a], [c]), Op(OpCode.RESHAPE, [b], [d])]
    m.inputs, m.outputs = [a, b], [c, d]
    return m


def bounded():
    """Two inputs and outputs as above, with ranges and bounds."""
    m = pair()
    m.name = "bounded"
    m.ranges = [Range(False, 0, 0, 2, -3, 3), Range(False, 1, 0, 2, -70000, 70000),
                Range(True, 1, 0, 2, 0, 65536)]
    return m


def overflowing():
    """A sum that does not fit s64, in the second node."""
    m = Model(name="overflowing")
    a = m.add(Tensor("a", DType.S32, (1, 3)))
    x = m.add(Tensor("x", DType.S32, (3,)))
    w = m.constant("w", DType.S32, np.full((1, 3), 0x7fffffff, np.int32))
    y = m.add(Tensor("y", DType.S64, (1,)))
    m.ops = [Op(OpCode.RESHAPE, [a], [x]), Op(OpCode.DENSE, [x, w, None], [y])]
    m.inputs, m.outputs = [a], [y]
    return m


def main():
    for name, model in (("integers", integers([[1, 2, 3], [-1, 0, 1]])),
                        ("scores", scores()), ("pair", pair()),
                        ("bounded", bounded()),
                        ("overflowing", overflowing())):
        with open(os.path.join(sys.argv[1], name + ".neural"), "wb") as f:
            f.write(write(model))


main()
