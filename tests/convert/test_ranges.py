#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Ranges: what samples say, how it is kept, and samples that are none."""

import os
import tempfile
from fractions import Fraction

from tap import refused, run, same, test

import numpy as np

from neuralconvert import codes, dense, model, ranges, report
from neuralconvert.codes import DType, OpCode
from neuralconvert.error import Error, Malformed
from neuralconvert.model import Model, Op, Range, Tensor


def two(first=3, second=2):
    """S8 and S32 inputs, so that a row has a gap, and both as outputs."""
    m = Model(name="two")
    a = m.add(Tensor("a", DType.S8, (first,)))
    b = m.add(Tensor("b", DType.S32, (second,)))
    c = m.add(Tensor("c", DType.S8, (first, 1)))
    d = m.add(Tensor("d", DType.S32, (second, 1)))
    m.ops = [Op(OpCode.RESHAPE, [a], [c]), Op(OpCode.RESHAPE, [b], [d])]
    m.inputs, m.outputs = [a, b], [c, d]
    return m


def sample(name, content):
    folder = tempfile.mkdtemp()
    path = os.path.join(folder, name)
    with open(path, "wb") as f:
        f.write(content)
    return path


def recorded(m, name, content, more=Fraction(0)):
    ranges.record(m, sample(name, content), more)
    return m.ranges


ROWS = b"\x01\xff\x05\0" + np.array([1000, -7], "<i4").tobytes() + \
       b"\xfe\xff\x05\0" + np.array([-1000, -7], "<i4").tobytes()
SEEN = [Range(False, 0, 0, 1, -2, 1), Range(False, 0, 1, 1, -1, -1),
        Range(False, 0, 2, 1, 5, 5), Range(False, 1, 0, 1, -1000, 1000),
        Range(False, 1, 1, 1, -7, -7)]


@test
def raw_rows():
    same(recorded(two(), "rows.bin", ROWS), SEEN)


@test
def csv_rows():
    same(recorded(two(), "rows.csv", b"1,-1,5,1000,-7\n\n-2; -1 5 , -1000 -7\n"), SEEN)


@test
def equal_neighbours_are_one():
    same(recorded(two(), "rows.csv", b"1 1 1 5 6\n0 0 0 5 6\n"),
         [Range(False, 0, 0, 3, 0, 1), Range(False, 1, 0, 1, 5, 5),
          Range(False, 1, 1, 1, 6, 6)])


@test
def large_tensors_have_one():
    n = ranges.PER_ELEMENT + 1
    m = two(first=n)
    rows = np.arange(n).astype(np.int8).tobytes() + bytes(-n % 4) + bytes(8)
    same(recorded(m, "rows.bin", rows),
         [Range(False, 0, 0, n, -128, 127), Range(False, 1, 0, 2, 0, 0)])


@test
def never_too_many():
    m = Model(name="many")
    m.inputs = [m.add(Tensor(str(i), DType.S8, (1024,))) for i in range(5)]
    m.outputs = m.inputs
    row = bytes(range(0, 128)) * 8 * 5
    same(recorded(m, "rows.bin", row),
         [Range(False, i, 0, 1024, 0, 127) for i in range(5)])


@test
def margins():
    same([ranges.margin(t) for t in ("0", "10", "2.5", "1000")],
         [0, Fraction(1, 10), Fraction(1, 40), 10])
    for text in ("-1", "1001", "ten", "1e3", "", "0x1"):
        refused(Error, ["--range-margin"], ranges.margin, text)
    # Up to the next whole number, and not past the type.
    same(recorded(two(), "rows.csv", b"0 0 -128 0 5\n5 9 127 1000 5\n", Fraction(1, 10)),
         [Range(False, 0, 0, 1, -1, 6), Range(False, 0, 1, 1, -1, 10),
          Range(False, 0, 2, 1, -128, 127), Range(False, 1, 0, 1, -100, 1100),
          Range(False, 1, 1, 1, 5, 5)])


@test
def bounds():
    m = two()
    m.ranges = list(SEEN)
    ranges.bound(m, "-5,100")
    same(m.ranges, SEEN + [Range(True, 0, 0, 3, -5, 100), Range(True, 1, 0, 2, -5, 100)])
    for text in ("5", "1,2,3", "a,b", "1.5,2", "", "7,-7", "-129,0", "0,128"):
        refused(Error, ["bounds"], ranges.bound, two(), text)


@test
def samples_that_are_none():
    for name, content, words in (
            ("rows.bin", b"", ["0 bytes"]),
            ("rows.bin", ROWS[:-1], ["23 bytes", "12"]),
            ("rows.csv", b"\n \n", ["no rows"]),
            ("rows.csv", b"1 2 3 4 5\n1 2 3 4\n", ["rows.csv:2", "4 numbers", "5"]),
            ("rows.csv", b"1 2 3 4 5 6\n", ["6 numbers"]),
            ("rows.csv", b"1 2 3.5 4 5\n", ["rows.csv:1", "'3.5'"]),
            ("rows.csv", b"1 2 128 4 5\n", ["128", "s8"]),
            ("rows.csv", b"1 2 3 4 2147483648\n", ["s32"])):
        refused(Malformed, words, recorded, two(), name, content)
    refused(Error, ["No such file"], ranges.record, two(), "/nonexistent/rows.bin")
    refused(Error, ["No such file"], ranges.record, two(), "/nonexistent/rows.csv")


@test
def in_a_file():
    m = two()
    m.ranges = [Range(True, 1, 0, 2, -(1 << 31), (1 << 31) - 1)] + SEEN[::-1]
    blob = model.write(m)
    same(model.read(blob).ranges,
         SEEN + [Range(True, 1, 0, 2, -(1 << 31), (1 << 31) - 1)])
    lines = "\n".join(report.human(model.read(blob), len(blob)))
    for words in ("range        input 0 elements 0 .. 0: -2 .. 1",
                  "bounds       output 1 elements 0 .. 1: -2147483648 .. 2147483647"):
        same(words in lines, True)
    same('"lo": -1000' in report.machine(m, 0), True)
    # Without any the file is what it was.
    m.ranges = []
    same(codes.Section.RANGES in dict.fromkeys(
        kind for kind, *_ in model.SECTION.iter_unpack(
            model.write(m)[model.HEADER.size:model.HEADER.size + 6 * 32])), False)
    m.ranges = SEEN * 1000
    refused(Error, ["ranges", "4096"], model.write, m)


TEXT = """neural-dense 1
frac 16
input 2 s32
{}
dense w.csv - linear
{}
"""


def text(range_line, bounds_line):
    folder = os.path.dirname(sample("w.csv", b"0.5 0.25\n1 -1\n"))
    return dense.read(TEXT.format(range_line, bounds_line).encode(), folder)


@test
def in_a_text():
    same(text("range -1 2.5", "bounds 0 1").ranges,
         [Range(False, 0, 0, 2, -65536, 163840), Range(True, 0, 0, 2, 0, 65536)])
    same(text("bounds -3 3", "").ranges, [Range(True, 0, 0, 2, -196608, 196608)])
    same(text("", "").ranges, [])
    for lines, words in ((("range 2 1", ""), ["line 4", "larger"]),
                         (("range 1", ""), ["line 4", "operands"]),
                         (("range 0 x", ""), ["line 4", "number"]),
                         (("range 0 40000", ""), ["line 4", "fit"]),
                         (("range 0 1\nrange 0 1", ""), ["already"]),
                         (("", "range 0 1"), ["line 6", "layer"]),
                         (("", "bounds 1"), ["line 6"]),
                         (("", "bounds 1 0"), ["larger"]),
                         (("", "bounds 0 99999"), ["fit"])):
        refused(Malformed, words, text, *lines)


if __name__ == "__main__":
    run()
