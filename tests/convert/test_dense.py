#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Texts that describe networks of dense layers."""

import os
import tempfile
from fractions import Fraction

from tap import HERE, TOP, refused, run, same, test, test_of

from neuralconvert import dense, matrix, model
from neuralconvert.error import Error, Malformed

GOLDEN = os.path.join(os.environ.get("GOLDEN") or os.path.join(TOP, "../shared/data"),
                      "kernel-nets")

FILES = {"w.csv": "1,2,3\n-4,5,6\n", "wt.csv": "1,-4\n2,5\n3,6\n", "b.csv": "7\n-8\n",
         "real.csv": "0.5, -0.25 1e-1\n1 2 3\n", "row.csv": "7,-8\n",
         "large.csv": "1 2 40000\n0 0 0\n", "huge.csv": "3e9 0 0\n0 0 0\n",
         "mean.csv": "1\n2\n3\n", "deviation.csv": "2\n4\n0.5\n", "zero.csv": "1 0 1\n",
         "ragged.csv": "1,2,3\n\n4,5\n", "bad.csv": "1,2,3\n4,x,6\n", "empty.csv": "\n"}


def read(*lines):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in FILES.items():
            with open(os.path.join(folder, name), "w", encoding="ascii") as f:
                f.write(text)
        text = "\n".join(("neural-dense 1", *lines)).encode()
        return model.read(model.write(dense.read(text, folder)))


def constant(m, layer, i):
    t = m.tensors[m.ops[layer].inputs[i]]
    return t.dtype.name, t.frac, t.data.tolist()


def written(m, layer):
    t = m.tensors[m.ops[layer].outputs[0]]
    return t.dtype.name, t.frac, t.shape


@test
def integers_are_taken_as_they_are():
    m = read("name net", "description two words", "labels a b", "input 3 s8",
             "dense w.csv b.csv relu output s64")
    same((m.name, m.description, m.labels), ("net", "two words", ["a", "b"]))
    same(m.tensors[m.inputs[0]].dtype.name, "S8")
    same(constant(m, 0, 1), ("S16", 0, [[1, 2, 3], [-4, 5, 6]]))
    same(constant(m, 0, 2), ("S32", 0, [7, -8]))
    same(written(m, 0), ("S64", 0, (1, 2)))
    same(m.ops[0].attr, {"shift": 0, "bias_shift": 0, "activation": 1, "slope": 0})


@test
def transposed():
    m = read("input 3 s8", "dense wt.csv row.csv linear transposed")
    same(constant(m, 0, 1), ("S16", 0, [[1, 2, 3], [-4, 5, 6]]))
    same(constant(m, 0, 2)[2], [7, -8])


@test
def fraction_bits():
    m = read("frac 16", "input 3 s32", "dense real.csv b.csv sigmoid")
    same(constant(m, 0, 1), ("S32", 16, [[32768, -16384, 6554], [65536, 131072, 196608]]))
    same(constant(m, 0, 2), ("S32", 16, [7 << 16, -8 << 16]))
    has = m.ops[0].attr
    same((has["shift"], has["bias_shift"], has["activation"]), (16, 16, 3))
    m = read("input 3 s16 frac 4", "dense real.csv b.csv leaky_relu slope 0.5 weights s32 "
             "weights-frac 3 bias s64 bias-frac 2 output s16 output-frac 5")
    same(constant(m, 0, 1), ("S32", 3, [[4, -2, 1], [8, 16, 24]]))
    same(constant(m, 0, 2), ("S64", 2, [28, -32]))
    same(written(m, 0), ("S16", 5, (1, 2)))
    same(m.ops[0].attr, {"shift": 2, "bias_shift": 5, "activation": 2,
                         "slope": 1 << 30})
    m = read("input 3 s16 frac 4", "dense w.csv - linear shift 1 weights s8")
    same((constant(m, 0, 1)[0], m.ops[0].inputs[2], written(m, 0)),
         ("S8", None, ("S32", 3, (1, 2))))


@test
def rounding():
    half = Fraction(1, 2)
    same(matrix.fixed([half, -half, Fraction(3, 2), Fraction(-5, 4), Fraction(0)], 1),
         [1, -1, 3, -3, 0])
    same(matrix.fixed([half / 2, -half / 2, half / 4], 1), [1, -1, 0])
    same(matrix.number("-1.25e2"), Fraction(-125))


@test
def types_by_range():
    same(constant(read("input 3 s8", "dense large.csv b.csv linear"), 0, 1)[0], "S32")
    refused(Malformed, ["line 3", "weights", "40000"], read, "input 3 s8",
            "dense large.csv b.csv linear weights s16")
    refused(Malformed, ["line 3", "weights", "3000000000"], read, "input 3 s8",
            "dense huge.csv b.csv linear")


@test
def normalization_goes_into_weights():
    m = read("frac 16", "input 3 s32", "normalize mean.csv deviation.csv",
             "dense w.csv b.csv linear")
    # Weights over deviations, and their products with means off the bias.
    same([[v / 65536 for v in row] for row in constant(m, 0, 1)[2]],
         [[0.5, 0.5, 6.0], [-2.0, 1.25, 12.0]])
    same([v / 65536 for v in constant(m, 0, 2)[2]],
         [7 - 0.5 - 1.0 - 18.0, -8 + 2.0 - 2.5 - 36.0])
    m = read("frac 16", "input 3 s32", "normalize mean.csv deviation.csv",
             "dense w.csv - linear")
    same(constant(m, 0, 2)[2][0], int(-19.5 * 65536))


@test
def other_layers():
    m = read("frac 16", "input 3 s32", "scale mean.csv deviation.csv tanh",
             "dense w.csv b.csv linear", "softmax")
    same([o.code.name for o in m.ops], ["SCALE", "DENSE", "SOFTMAX_FIXED"])
    same((constant(m, 0, 1), m.ops[0].attr["shift"], m.ops[0].attr["activation"]),
         (("S32", 16, [65536, 131072, 196608]), 16, 4))


@test
def mistakes_have_a_line():
    layer = "dense w.csv b.csv linear"
    for words, lines in (
            (["line 2", "neural-dense 1"], []),
            (["line 3", "'conv'"], ["input 3 s8", "conv w.csv"]),
            (["line 2", "no input"], [layer]),
            (["line 2", "s7"], ["input 3 s7"]),
            (["line 2", "units"], ["input 0 s8"]),
            (["line 2", "'three'"], ["input three s8"]),
            (["line 3", "already"], ["input 3 s8", "input 3 s8"]),
            (["line 4", "'elu'"], ["input 3 s8", "", "dense w.csv b.csv elu"]),
            (["line 3", "4 inputs"], ["input 4 s8", layer]),
            (["line 3", "real.csv", "not an integer"],
             ["input 3 s8", "dense real.csv b.csv linear"]),
            (["line 3", "ragged.csv:3"], ["input 3 s8", "dense ragged.csv b.csv linear"]),
            (["line 3", "bad.csv:2", "'x'"], ["input 3 s8", "dense bad.csv b.csv linear"]),
            (["line 3", "empty.csv"], ["input 3 s8", "dense empty.csv b.csv linear"]),
            (["line 3", "absent.csv"], ["input 3 s8", "dense absent.csv b.csv linear"]),
            (["line 3", "mean.csv", "2 numbers"],
             ["input 3 s8", "dense w.csv mean.csv linear"]),
            (["line 3", "frac"], ["input 3 s8", layer + " output-frac 3"]),
            (["line 3", "said twice"], ["input 3 s8", layer + " shift 0 shift 0"]),
            (["line 3", "missing"], ["input 3 s8", layer + " shift"]),
            (["line 3", "slope", "no meaning"], ["input 3 s8", layer + " slope 0.1"]),
            (["line 3", "s64"], ["input 3 s8", "dense w.csv b.csv tanh output s64"]),
            (["line 3", "16"], ["input 3 s8", "softmax"]),
            (["line 3", "zero"], ["input 3 s8", "normalize mean.csv zero.csv"]),
            (["nothing follows"], ["input 3 s8", layer, "normalize row.csv b.csv"]),
            (["no layer"], ["input 3 s8"]),
            (["line 2", "quotation"], ["name \"net"])):
        if not lines:
            refused(Malformed, ["line 1", "neural-dense"], dense.read, b"input 3 s8", "")
            continue
        refused(Error, [w for w in words if w != "real.csv"], read, *lines)


@test
def what_claims_to_be_one():
    same(dense.claims(b"\n # a comment\n neural-dense 1\n"), True)
    same(dense.claims(b"neural-dense-not 1\n"), False)
    same(dense.claims(b""), False)
    refused(Malformed, ["line 1"], dense.read, b"neural-dense 2\n", "")


@test_of(GOLDEN)
def published_networks():
    """The descriptions in nets/ go with the files of their networks."""
    sizes = {}
    for name in sorted(os.listdir(os.path.join(HERE, "nets"))):
        with open(os.path.join(HERE, "nets", name), "rb") as f:
            m = model.read(model.write(dense.read(f.read(), GOLDEN)))
        sizes[name] = [m.tensors[m.inputs[0]].elements] + [
            m.tensors[o.outputs[0]].elements for o in m.ops]
    same(sizes, {"linnos.dense": [31, 256, 2], "linnos_sde.dense": [31, 256, 2],
                 "linnos_sde_plus1.dense": [31, 256, 256, 2],
                 "linnos_sde_plus2.dense": [31, 256, 256, 256, 2],
                 "kml.dense": [5, 15, 5, 4], "mllb.dense": [15, 10, 1]})


if __name__ == "__main__":
    run()
