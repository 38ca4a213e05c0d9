# SPDX-License-Identifier: GPL-2.0-only
"""Numbers in text: one row a line, separated by commas or blanks, kept exact."""

import os
import re
from fractions import Fraction

from .error import Error, Malformed

# Exponents of more digits would be numbers of more digits than there is memory.
NUMBER = re.compile(r"[+-]?(\d{1,40}\.?\d{0,40}|\.\d{1,40})([eE][+-]?\d{1,3})?")
MAX_ELEMENTS = 1 << 24


def number(text):
    """The Fraction that @text is."""
    if not NUMBER.fullmatch(text):
        raise Malformed(f"'{text[:40]}' is not a number")
    return Fraction(text)


def _row(name, line, text):
    try:
        return [number(word) for word in text.replace(",", " ").split()]
    except Malformed as e:
        raise Malformed(f"{name}:{line}: {e}") from None


def load(path):
    """The rows of a file as lists of Fractions, all of the same length."""
    name = os.path.basename(path)
    rows, count = [], 0
    try:
        with open(path, encoding="ascii", errors="replace") as f:
            for line, text in enumerate(f, 1):
                row = _row(name, line, text)
                if not row:
                    continue
                if rows and len(row) != len(rows[0]):
                    raise Malformed(f"{name}:{line}: has {len(row)} numbers and the "
                                    f"first line has {len(rows[0])}")
                rows.append(row)
                count += len(row)
                if count > MAX_ELEMENTS:
                    raise Malformed(f"{name}:{line}: more than {MAX_ELEMENTS} numbers")
    except OSError as e:
        raise Error(f"{path}: {e.strerror}") from None
    if not rows:
        raise Malformed(f"{name}: there are no numbers in it")
    return rows


def vector(path, size):
    """A file of @size numbers, on one line or on one each."""
    rows = load(path)
    flat = [v for row in rows for v in row]
    if len(flat) != size or (len(rows) > 1 and len(rows[0]) > 1):
        raise Malformed(f"{os.path.basename(path)}: has {len(rows)} lines of "
                        f"{len(rows[0])} and should have {size} numbers")
    return flat


def transposed(rows):
    return [list(column) for column in zip(*rows)]


def fixed(values, frac):
    """Integers of @frac fraction bits, nearest to @values, halves away from zero.
    Without fraction bits the values have to be integers."""
    out = []
    for v in values:
        if frac == 0 and v.denominator != 1:
            raise Malformed(f"{float(v):g} is not an integer, and there are no fraction "
                            "bits")
        # Twice the value, cut towards zero, plus one away from it, and halved.
        twice = abs(v.numerator) * (2 << frac) // v.denominator
        out.append((twice + 1) // 2 * (1 if v >= 0 else -1))
    return out
