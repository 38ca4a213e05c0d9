# SPDX-License-Identifier: GPL-2.0-only
"""Networks of dense layers from a small text, and weights in CSV files.

The text is described in Documentation/convert.rst.
"""

import os
import shlex

import numpy as np

from . import matrix, ranges
from .codes import Activation, DType, OpCode
from .error import Error, Malformed
from .model import Model, Op, Range, Tensor

MAGIC = "neural-dense"
VERSION = "1"
MAX_FRAC = 31
MAX_SHIFT = 62
MAX_UNITS = 65536
Q16 = 16

# What a line may set beside its operands: how many words follow.
KEYS = {"weights": 1, "weights-frac": 1, "bias": 1, "bias-frac": 1, "output": 1,
        "output-frac": 1, "shift": 1, "slope": 1, "frac": 1, "transposed": 0}


def claims(blob):
    """Whether this is such a text."""
    for line in blob[:65536].splitlines():
        words = line.split(b"#")[0].split()
        if words:
            return words[0] == MAGIC.encode()
    return False


def _integer(word, least, most, what):
    try:
        value = int(word, 10)
    except ValueError:
        raise Malformed(f"{what}: '{word}' is not an integer") from None
    if not least <= value <= most:
        raise Malformed(f"{what}: {value} is not in {least} .. {most}")
    return value


def _choice(word, names, what):
    for name in names:
        if name.name.lower() == word:
            return name
    known = " ".join(n.name.lower() for n in names)
    raise Malformed(f"{what}: '{word}' is not one of {known}")


def _smallest(values, types):
    """The first of @types that holds @values; s16 leaves out -32768, whose magnitude
    kernels have no room for."""
    low, high = min(values), max(values)
    for t in types:
        if (t.min + 1 if t == DType.S16 else t.min) <= low and high <= t.max:
            return t
    raise Malformed(f"{low if abs(low) > abs(high) else high} is too large for "
                    f"{types[-1].name.lower()}; use fewer fraction bits")


def _ends(words, tensor):
    """The smallest and the largest value of a range, as elements of @tensor."""
    lo, hi = matrix.fixed([matrix.number(w) for w in words], tensor.frac)
    if lo > hi:
        raise Malformed(f"{words[0]} is larger than {words[1]}")
    if lo < tensor.dtype.min or hi > tensor.dtype.max:
        raise Malformed(f"{words[0]} .. {words[1]} does not fit "
                        f"{tensor.dtype.name.lower()} with {tensor.frac} fraction bits")
    return lo, hi


class _Network:
    """The Model in the making, line by line."""

    def __init__(self, folder):
        self.folder = folder
        self.model = Model()
        self.frac = 0
        self.last = None	# number of the tensor the next layer reads
        self.layer = 0
        self.normal = None	# (means, deviations) the next layer has to take in
        self.bounds = None	# what the outputs are to be

    def path(self, word):
        return os.path.join(self.folder, word)

    # Lines that describe.

    def line_name(self, words, keys):
        self._operands(words, 1)
        self.model.name = words[0]

    def line_description(self, words, keys):
        self.model.description = " ".join(words)

    def line_labels(self, words, keys):
        self.model.labels += words

    def line_frac(self, words, keys):
        self._operands(words, 1)
        self.frac = _integer(words[0], 0, MAX_FRAC, "frac")

    def line_range(self, words, keys):
        x = self._previous()
        self._operands(words, 2)
        if self.layer:
            raise Malformed("is about the input, and there is a layer already")
        lo, hi = _ends(words, x)
        if self.model.ranges:
            raise Malformed("there is a range already")
        self.model.ranges = [Range(False, 0, 0, x.elements, lo, hi)]

    def line_bounds(self, words, keys):
        self._operands(words, 2)
        self.bounds = words

    def finish(self):
        if not self.model.ops:
            raise Malformed("there is no layer")
        if self.normal:
            raise Malformed("nothing follows normalize")
        if self.bounds:
            ranges.bound_to(self.model, *_ends(self.bounds, self._previous()))
        return self.model

    # Layers.

    def line_input(self, words, keys):
        self._operands(words, 2)
        if self.last is not None:
            raise Malformed("there is an input already")
        units = _integer(words[0], 1, MAX_UNITS, "units")
        dtype = _choice(words[1], [DType.S8, DType.S16, DType.S32, DType.S64], "type")
        # S8 has no fraction bits of its own.
        frac = _integer(keys.pop("frac", "0" if dtype == DType.S8 else str(self.frac)),
                        0, 0 if dtype == DType.S8 else MAX_FRAC, "frac")
        self.last = self.model.add(Tensor("input", dtype, (1, units), frac=frac))
        self.model.inputs = [self.last]

    def line_normalize(self, words, keys):
        x = self._previous()
        self._operands(words, 2)
        if self.normal:
            raise Malformed("normalized twice")
        mean, deviation = (matrix.vector(self.path(w), x.shape[1]) for w in words)
        if 0 in deviation:
            raise Malformed(f"{words[1]}: a deviation is zero")
        self.normal = mean, deviation

    def line_dense(self, words, keys):
        x = self._previous()
        self._operands(words, 3)
        rows = self._weights(words[0], x.shape[1], "transposed" in keys)
        keys.pop("transposed", None)
        n = len(rows)
        reals = [matrix.number("0")] * n
        if words[1] != "-":
            reals = matrix.vector(self.path(words[1]), n)
        reals = self._fold(rows, reals)
        attr = self._activation(words[2], keys)
        w = self._constant("weights", [v for row in rows for v in row], (n, x.shape[1]),
                           keys, [DType.S16, DType.S32], [DType.S8])
        total = x.frac + self.model.tensors[w].frac
        b = None
        if words[1] != "-" or any(reals):
            b = self._constant("bias", reals, (n,), keys, [DType.S32, DType.S64], [])
            attr["bias_shift"] = total - self.model.tensors[b].frac
            if not 0 <= attr["bias_shift"] <= MAX_FRAC:
                raise Malformed(f"bias: {self.model.tensors[b].frac} fraction bits do "
                                f"not go with sums of {total}")
        attr["shift"], y = self._output(total, n, keys, attr["activation"])
        self._add(OpCode.DENSE, [self.last, w, b], y, attr)

    def line_scale(self, words, keys):
        x = self._previous()
        self._operands(words, 3)
        self._needs_q16(x)
        attr = self._activation(words[2], keys)
        inputs = [self.last]
        for word, what in zip(words, ("factor", "addend")):
            values = matrix.fixed(matrix.vector(self.path(word), x.shape[1]), Q16)
            _smallest(values, [DType.S32])
            inputs.append(self.model.constant(f"layer{self.layer}/{what}", DType.S32,
                                              np.array(values), frac=Q16))
        self._add(OpCode.SCALE, inputs, Tensor(None, DType.S32, x.shape, frac=Q16),
                  {**attr, "shift": Q16, "bias_shift": Q16})

    def line_softmax(self, words, keys):
        x = self._previous()
        self._operands(words, 0)
        self._needs_q16(x)
        self._add(OpCode.SOFTMAX_FIXED, [self.last],
                  Tensor(None, DType.S32, x.shape, frac=Q16), {})

    # Parts of layers.

    def _operands(self, words, count):
        if len(words) != count:
            raise Malformed(f"has {len(words)} operands and should have {count}")

    def _previous(self):
        if self.last is None:
            raise Malformed("there is no input yet")
        return self.model.tensors[self.last]

    def _needs_q16(self, x):
        if self.normal:
            raise Malformed("only a dense layer can follow normalize")
        if x.dtype != DType.S32 or x.frac != Q16:
            raise Malformed(f"needs s32 with {Q16} fraction bits, and has "
                            f"{x.dtype.name.lower()} with {x.frac}")

    def _weights(self, word, k, transposed):
        rows = matrix.load(self.path(word))
        if transposed:
            rows = matrix.transposed(rows)
        if len(rows[0]) != k:
            raise Malformed(f"{word}: has {len(rows[0])} weights for each output and "
                            f"there are {k} inputs")
        if len(rows) > MAX_UNITS:
            raise Malformed(f"{word}: has more than {MAX_UNITS} outputs")
        return rows

    def _fold(self, rows, bias):
        """Take (x - mean) / deviation into the weights, in place, and into the bias."""
        if not self.normal:
            return bias
        mean, deviation = self.normal
        self.normal = None
        # A power of two below keeps the sums short; 2^-80 is past all that is kept.
        offset = [matrix.Fraction(matrix.fixed([m / d], 80)[0], 1 << 80)
                  for m, d in zip(mean, deviation)]
        for j, row in enumerate(rows):
            bias[j] -= sum(w * o for w, o in zip(row, offset))
            rows[j] = [w / d for w, d in zip(row, deviation)]
        return bias

    def _activation(self, word, keys):
        act = _choice(word, list(Activation), "activation")
        attr = {"activation": int(act)}
        if act == Activation.LEAKY_RELU:
            slope = matrix.number(keys.pop("slope", "0.01"))
            attr["slope"] = matrix.fixed([slope], 31)[0]
            if not 0 <= attr["slope"] <= DType.S32.max:
                raise Malformed("slope: not at least 0 and below 1")
        return attr

    def _constant(self, what, reals, shape, keys, automatic, more):
        """A constant, of the type and fraction bits that the line says or of the first
        of @automatic that fits."""
        frac = _integer(keys.pop(f"{what}-frac", str(self.frac)), 0, MAX_FRAC,
                        f"{what}-frac")
        try:
            values = matrix.fixed(reals, frac)
            types = automatic
            if what in keys:
                types = [_choice(keys.pop(what), automatic + more, what)]
            dtype = _smallest(values, types)
        except Malformed as e:
            raise Malformed(f"{what}: {e}") from None
        return self.model.constant(f"layer{self.layer}/{what}", dtype,
                                   np.array(values, dtype=np.int64).reshape(shape),
                                   frac=frac)

    def _output(self, total, n, keys, act):
        """(shift, tensor) of what a dense layer writes; @total fraction bits are in its
        sums."""
        dtype = _choice(keys.pop("output", "s32"), [DType.S16, DType.S32, DType.S64],
                        "output")
        if "shift" in keys:
            shift = _integer(keys.pop("shift"), 0, MAX_SHIFT, "shift")
            frac = _integer(keys.pop("output-frac", str(total - shift)), 0, MAX_FRAC,
                            "output-frac")
        else:
            frac = _integer(keys.pop("output-frac", str(self.frac)), 0, MAX_FRAC,
                            "output-frac")
            shift = total - frac
        if shift != total - frac or not 0 <= shift <= MAX_SHIFT:
            raise Malformed(f"an output of {frac} fraction bits and a shift of {shift} "
                            f"do not go with sums of {total}")
        if act >= Activation.SIGMOID and dtype == DType.S64:
            raise Malformed("sigmoid and tanh have no s64 output")
        return shift, Tensor(None, dtype, (1, n), frac=frac)

    def _add(self, code, inputs, y, attr):
        y.name = f"layer{self.layer}"
        number = self.model.add(y)
        self.model.ops.append(Op(code, inputs, [number], attr, y.name))
        self.model.outputs = [number]
        self.last = number
        self.layer += 1


def _keys(words):
    """(operands, settings) of the words of a line."""
    operands, keys = [], {}
    words = list(words)
    while words:
        word = words.pop(0)
        if word not in KEYS:
            if keys:
                raise Malformed(f"'{word}' is not known")
            operands.append(word)
            continue
        if word in keys:
            raise Malformed(f"{word} is said twice")
        if len(words) < KEYS[word]:
            raise Malformed(f"{word}: a word is missing")
        keys[word] = words.pop(0) if KEYS[word] else ""
    return operands, keys


def _line(network, words):
    method = getattr(network, f"line_{words[0]}", None)
    if method is None:
        raise Malformed(f"'{words[0]}' is not known")
    if words[0] in ("name", "description", "labels", "frac", "range", "bounds"):
        method(words[1:], {})
        return
    operands, keys = _keys(words[1:])
    method(operands, keys)
    if keys:
        raise Malformed(f"{', '.join(keys)}: has no meaning here")


def read(blob, folder):
    """The Model that a text describes, with CSV files relative to @folder."""
    network = _Network(folder)
    begun = False
    for number, text in enumerate(blob.decode("utf-8", "replace").splitlines(), 1):
        try:
            words = shlex.split(text, comments=True)
            if words and not begun:
                if words != [MAGIC, VERSION]:
                    raise Malformed(f"'{MAGIC} {VERSION}' should be first")
                begun = True
            elif words:
                _line(network, words)
        except ValueError as e:
            raise Malformed(f"line {number}: {e}") from None
        except Error as e:
            raise type(e)(f"line {number}: {e}") from None
    return network.finish()
