#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The reference against outputs that the original kernels produced.

golden.py DIRECTORY: every NAME.tflite in it or below it that comes with NAME.in.bin and
NAME.out.bin, and NAME.layers.bin where there is one.  Prints TAP.
"""

import pathlib
import sys

import numpy as np

import reference
import tflite


def int8_border(graph):
    """Inputs and outputs of the part between QUANTIZE and DEQUANTIZE."""
    ends = {}
    for op in graph.operators:
        if op.name in ('QUANTIZE', 'DEQUANTIZE'):
            x, y = op.inputs[0], op.outputs[0]
            if graph.tensors[x].kind == tflite.FLOAT32:
                ends[x] = y
            elif graph.tensors[y].kind == tflite.FLOAT32:
                ends[y] = x
    graph.inputs = [ends.get(i, i) for i in graph.inputs]
    graph.outputs = [ends.get(i, i) for i in graph.outputs]
    return graph


def split(graph, row):
    parts, at = [], 0
    for i in graph.inputs:
        shape = graph.tensors[i].shape
        n = int(np.prod(shape, dtype=np.int64))
        parts.append(row[at:at + n].reshape(shape))
        at += n
    return parts


def differing(path):
    graph = int8_border(tflite.read(path.read_bytes()))
    size = sum(int(np.prod(graph.tensors[i].shape)) for i in graph.inputs)
    given = np.fromfile(path.with_suffix('.in.bin'), dtype=np.int8).reshape(-1, size)
    expected = np.fromfile(path.with_suffix('.out.bin'), dtype=np.int8)
    expected = expected.reshape(len(given), -1)
    wrong = total = 0
    for n, (row, want) in enumerate(zip(given, expected)):
        values = reference.run(graph, split(graph, row))
        got = np.concatenate([values[i].reshape(-1) for i in graph.outputs])
        wrong += int((got != want).sum())
        total += got.size
        layers = path.with_suffix('.layers.txt')
        if n == 0 and layers.exists():
            data = np.fromfile(path.with_suffix('.layers.bin'), dtype=np.int8)
            for line in layers.read_text().splitlines():
                word = line.split()
                key = dict(zip(word[word.index('tensor')::2],
                               word[word.index('tensor') + 1::2]))
                at, size = int(key['off']), int(key['bytes'])
                got = values[int(key['tensor'])].reshape(-1)
                wrong += int((got != data[at:at + size]).sum())
                total += size
    return wrong, total


def main():
    paths = sorted(p for p in pathlib.Path(sys.argv[1]).rglob('*.tflite')
                   if p.with_suffix('.in.bin').exists())
    print(f'1..{len(paths)}')
    failed = 0
    for n, path in enumerate(paths, 1):
        wrong, total = differing(path)
        failed += wrong != 0
        print(f'{"not " if wrong else ""}ok {n} {path.stem}: '
              f'{wrong} of {total} bytes differ')
    return 1 if failed or not paths else 0


if __name__ == '__main__':
    sys.exit(main())
