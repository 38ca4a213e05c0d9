#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""damage.py MODEL DIR: files like MODEL that the demo module has to refuse."""

import pathlib
import sys

from model import HEADER, PIXEL_MAX, Model


def damaged(good):
    """Name and bytes of each; a word is a field of the header, counted from 0."""
    model = Model.unpack(good)

    def word(n, value):
        at = 4 * n
        return good[:at] + value.to_bytes(4, "little") + good[at + 4:]

    def byte(at, value):
        return good[:at] + bytes([value]) + good[at + 1:]

    labels = len(good) - model.labels.nbytes - model.pixels.nbytes
    hidden, digits = len(model.layers[0][1]), len(model.labels)
    yield "empty", b""
    yield "half-a-header", good[:HEADER.size // 2]
    yield "header-only", good[:HEADER.size]
    yield "one-byte-short", good[:-1]
    yield "one-byte-long", good + b"\0"
    yield "magic", word(0, 0)
    yield "version", word(1, 2)
    for n, name in enumerate(("inputs", "hidden", "outputs", "digits"), 2):
        yield f"no-{name}", word(n, 0)
        yield f"most-{name}", word(n, 0xFFFFFFFF)
        # Times four, or times another of these, it would be small again.
        yield f"wrapping-{name}", word(n, 1 << 30)
    yield "one-hidden-more", word(3, hidden + 1)
    yield "one-digit-less", word(5, digits - 1)
    yield "label", byte(labels, model.outputs)
    yield "pixel", byte(len(good) - 1, PIXEL_MAX + 1)


def main(args):
    if len(args) != 2:
        sys.exit(__doc__)
    good = pathlib.Path(args[0]).read_bytes()
    out = pathlib.Path(args[1])
    out.mkdir(parents=True, exist_ok=True)
    for name, data in damaged(good):
        (out / name).write_bytes(data)


if __name__ == "__main__":
    main(sys.argv[1:])
