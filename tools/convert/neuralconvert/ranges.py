# SPDX-License-Identifier: GPL-2.0-only
"""What inputs usually are, from samples of them, and what outputs are to be."""

import os
import re
from fractions import Fraction

import numpy as np

from .codes import MAX_RANGES
from .error import Error, Malformed
from .model import NUMPY, Range

PER_ELEMENT = 1024	# elements of a tensor that each have a range of their own
MAX_MARGIN = 1000	# percent
BLOCK = 1 << 24		# bytes of samples looked at together
INTEGER = re.compile(r"[+-]?\d{1,20}")


def _row_type(model):
    """How an input row lies in memory: each tensor at a multiple of its elements."""
    offsets, formats, at, widest = [], [], 0, 1
    for n in model.inputs:
        t = model.tensors[n]
        width = NUMPY[t.dtype].itemsize
        at = -(-at // width) * width
        offsets.append(at)
        formats.append((NUMPY[t.dtype], (t.elements,)))
        at += t.elements * width
        widest = max(widest, width)
    names = [str(i) for i in range(len(model.inputs))]
    return np.dtype({"names": names, "formats": formats, "offsets": offsets,
                     "itemsize": -(-at // widest) * widest})


class _Seen:
    """The smallest and the largest of each element so far."""

    def __init__(self, model):
        self.tensors = [model.tensors[n] for n in model.inputs]
        self.lo = [None] * len(self.tensors)
        self.hi = [None] * len(self.tensors)

    def add(self, i, rows):
        lo, hi = rows.min(axis=0), rows.max(axis=0)
        self.lo[i] = lo if self.lo[i] is None else np.minimum(self.lo[i], lo)
        self.hi[i] = hi if self.hi[i] is None else np.maximum(self.hi[i], hi)


def _raw(path, model, seen):
    row = _row_type(model)
    name = os.path.basename(path)
    try:
        size = os.path.getsize(path)
        if size % row.itemsize or not size:
            raise Malformed(f"{name}: {size} bytes are not whole rows of {row.itemsize}")
        at_once = max(1, BLOCK // row.itemsize) * row.itemsize
        with open(path, "rb") as f:
            while blob := f.read(at_once):
                rows = np.frombuffer(blob[:len(blob) // row.itemsize * row.itemsize], row)
                for i in range(len(seen.tensors)):
                    seen.add(i, rows[str(i)])
    except OSError as e:
        raise Error(f"{path}: {e.strerror}") from None


def _line(name, number, text, tensors):
    """The values of a line, those of each input apart."""
    words = re.sub(r"[,;]", " ", text).split()
    want = sum(t.elements for t in tensors)
    if words and len(words) != want:
        raise Malformed(f"{name}:{number}: has {len(words)} numbers and a row has {want}")
    at = 0
    for t in tensors if words else ():
        values = words[at:at + t.elements]
        at += t.elements
        for word in values:
            if not INTEGER.fullmatch(word):
                raise Malformed(f"{name}:{number}: '{word[:40]}' is not an integer")
            if not t.dtype.min <= int(word) <= t.dtype.max:
                raise Malformed(f"{name}:{number}: {word} does not fit "
                                f"{t.dtype.name.lower()}")
        yield np.array([[int(word) for word in values]], NUMPY[t.dtype])


def _csv(path, seen):
    name = os.path.basename(path)
    rows = 0
    try:
        with open(path, encoding="ascii", errors="replace") as f:
            for number, text in enumerate(f, 1):
                for i, values in enumerate(_line(name, number, text, seen.tensors)):
                    seen.add(i, values)
                    rows += 1
    except OSError as e:
        raise Error(f"{path}: {e.strerror}") from None
    if not rows:
        raise Malformed(f"{name}: there are no rows in it")


def margin(text):
    """The Fraction that a percentage is."""
    if not re.fullmatch(r"\d{1,4}(\.\d{1,9})?", text) or Fraction(text) > MAX_MARGIN:
        raise Error(f"--range-margin '{text}': 0 to {MAX_MARGIN} percent are possible")
    return Fraction(text) / 100


def _wider(lo, hi, more, dtype):
    """A range and @more of its width on both sides, as far as there are values."""
    extra = -(-(hi - lo) * more.numerator // more.denominator)
    return max(lo - extra, dtype.min), min(hi + extra, dtype.max)


def _of_input(index, tensor, lo, hi, more):
    lo, hi = [int(v) for v in lo], [int(v) for v in hi]
    if tensor.elements > PER_ELEMENT:
        yield Range(False, index, 0, tensor.elements,
                    *_wider(min(lo), max(hi), more, tensor.dtype))
        return
    last = None
    for i, ends in enumerate(zip(lo, hi)):
        ends = _wider(*ends, more, tensor.dtype)
        if last and (last.lo, last.hi) == ends:
            last.count += 1
            continue
        if last:
            yield last
        last = Range(False, index, i, 1, *ends)
    yield last


def record(model, path, more=Fraction(0)):
    """Ranges of the inputs of @model from the rows in the file at @path."""
    seen = _Seen(model)
    if path.endswith(".csv"):
        _csv(path, seen)
    else:
        _raw(path, model, seen)
    found = []
    for i, t in enumerate(seen.tensors):
        found += _of_input(i, t, seen.lo[i], seen.hi[i], more)
    if len(found) + len(model.outputs) > MAX_RANGES:
        found = [Range(False, i, 0, t.elements,
                       *_wider(int(seen.lo[i].min()), int(seen.hi[i].max()), more,
                               t.dtype))
                 for i, t in enumerate(seen.tensors)]
    model.ranges = found + [r for r in model.ranges if r.output]


def bound(model, text):
    """Bounds of all outputs of @model, from "LO,HI"."""
    words = text.split(",")
    if len(words) != 2 or not all(INTEGER.fullmatch(w) for w in words):
        raise Error(f"--bounds '{text}': two integers LO,HI are needed")
    bound_to(model, int(words[0]), int(words[1]))


def bound_to(model, lo, hi):
    """The same from integers."""
    if lo > hi:
        raise Error(f"bounds: {lo} is larger than {hi}")
    bounds = []
    for i, n in enumerate(model.outputs):
        t = model.tensors[n]
        if lo < t.dtype.min or hi > t.dtype.max:
            raise Error(f"bounds: {lo} .. {hi} does not fit {t.dtype.name.lower()}, "
                        f"which output {i} is")
        bounds.append(Range(True, i, 0, t.elements, lo, hi))
    model.ranges = [r for r in model.ranges if not r.output] + bounds
