# SPDX-License-Identifier: GPL-2.0-only
"""Graphs as the bytes of a .tflite file; what tflite.py reads."""

import struct

import numpy as np

import tflite

CODES = {name: code for code, name in tflite.OPERATORS.items()}
OPTIONS_TYPES = {
    'CONV_2D': 1, 'DEPTHWISE_CONV_2D': 2, 'AVERAGE_POOL_2D': 5, 'MAX_POOL_2D': 5,
    'FULLY_CONNECTED': 8, 'SOFTMAX': 9, 'CONCATENATION': 10, 'ADD': 11, 'RESHAPE': 17,
    'MUL': 21, 'PAD': 22, 'GATHER': 23, 'TRANSPOSE': 26, 'MEAN': 27, 'SUB': 28,
    'SQUEEZE': 30, 'STRIDED_SLICE': 32, 'SPLIT': 35, 'PACK': 59, 'UNPACK': 64,
    'RESIZE_NEAREST_NEIGHBOR': 74, 'LEAKY_RELU': 75, 'SPLIT_V': 79, 'BATCH_MATMUL': 101,
}


# A node is ('table', {field: (kind, value) or node}), ('vector', kind, values),
# ('tables', nodes) or ('bytes', data).

def table(**fields):
    """Fields are named f0, f1, ... by their place; None is left out."""
    return 'table', {int(k[1:]): v for k, v in fields.items() if v is not None}


def align(out, to, skip=0):
    out += bytes(-(len(out) + skip) % to)


def emit(out, node):
    """Append a node and all it refers to; where it is."""
    if node[0] == 'table':
        return emit_table(out, node[1])
    if node[0] == 'tables':
        align(out, 4)
        at = len(out)
        out += struct.pack('<I', len(node[1])) + bytes(4 * len(node[1]))
        for i, child in enumerate(node[1]):
            slot = at + 4 + 4 * i
            struct.pack_into('<I', out, slot, emit(out, child) - slot)
        return at
    if node[0] == 'vector':
        data = struct.pack(f'<{len(node[2])}{node[1]}', *node[2])
        count = len(node[2])
    else:
        data, count = node[1], len(node[1])
    align(out, 16, 4)
    at = len(out)
    out += struct.pack('<I', count) + data + b'\0'
    return at


def emit_table(out, fields):
    offsets, size = {}, 4
    for n, value in fields.items():
        width = struct.calcsize(value[0]) if len(value[0]) == 1 else 4
        size = -(-size // width) * width
        offsets[n] = size
        size += width
    slots = [offsets.get(n, 0) for n in range(max(fields, default=-1) + 1)]
    align(out, 8, 4 + 2 * len(slots))
    vtable = len(out)
    out += struct.pack(f'<HH{len(slots)}H', 4 + 2 * len(slots), size, *slots)
    at = len(out)
    out += struct.pack('<i', at - vtable) + bytes(size - 4)
    for n, value in fields.items():
        slot = at + offsets[n]
        if len(value[0]) == 1:
            struct.pack_into('<' + value[0], out, slot, value[1])
        else:
            struct.pack_into('<I', out, slot, emit(out, value) - slot)
    return at


def packed(data, kind):
    if kind != tflite.INT4:
        return np.ascontiguousarray(data, dtype=tflite.NUMPY[kind]).tobytes()
    nibbles = np.asarray(data, dtype=np.int64).reshape(-1) & 15
    nibbles = np.append(nibbles, np.zeros(nibbles.size % 2, dtype=np.int64))
    return (nibbles[0::2] | nibbles[1::2] << 4).astype(np.uint8).tobytes()


def write(graph):
    names = sorted({op.name for op in graph.operators})
    buffers = [table()]
    tensors = []
    for t in graph.tensors:
        buffer = 0
        if t.data is not None:
            buffer = len(buffers)
            buffers.append(table(f0=('bytes', packed(t.data, t.kind))))
        quantization = None
        if len(t.scales):
            quantization = table(f2=('vector', 'f', [float(s) for s in t.scales]),
                                 f3=('vector', 'q', t.zero_points),
                                 f6=('i', t.channel_dim))
        tensors.append(table(f0=('vector', 'i', t.shape), f1=('b', t.kind),
                             f2=('I', buffer), f3=('bytes', t.name.encode()),
                             f4=quantization))
    operators = []
    for op in graph.operators:
        options = {f'f{i}': (kind, op.options[key])
                   for i, (key, kind, default) in
                   enumerate(tflite.OPTIONS.get(op.name, ()))
                   if op.options.get(key, default) != default}
        kind = OPTIONS_TYPES.get(op.name)
        operators.append(table(
            f0=('I', names.index(op.name)), f1=('vector', 'i', op.inputs),
            f2=('vector', 'i', op.outputs), f3=('B', kind) if kind else None,
            f4=table(**options) if kind else None))
    subgraph = table(f0=('tables', tensors), f1=('vector', 'i', graph.inputs),
                     f2=('vector', 'i', graph.outputs), f3=('tables', operators),
                     f4=('bytes', b'main'))
    codes = [table(f0=('b', min(CODES[n], 127)), f2=('i', 1), f3=('i', CODES[n]))
             for n in names]
    out = bytearray(struct.pack('<I4s', 0, b'TFL3'))
    root = emit(out, table(f0=('I', 3), f1=('tables', codes),
                           f2=('tables', [subgraph]), f3=('bytes', b'random model'),
                           f4=('tables', buffers)))
    struct.pack_into('<I', out, 0, root)
    return bytes(out)
