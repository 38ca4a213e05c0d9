# SPDX-License-Identifier: GPL-2.0-only
"""A small reader of .tflite files, for the reference alone.

It shares no line with the converter, so that a field one of them misreads shows.
"""

import struct

import numpy as np

OPERATORS = {
    0: 'ADD', 1: 'AVERAGE_POOL_2D', 2: 'CONCATENATION', 3: 'CONV_2D',
    4: 'DEPTHWISE_CONV_2D', 6: 'DEQUANTIZE', 7: 'EMBEDDING_LOOKUP',
    9: 'FULLY_CONNECTED', 14: 'LOGISTIC', 17: 'MAX_POOL_2D', 18: 'MUL', 19: 'RELU',
    21: 'RELU6', 22: 'RESHAPE', 25: 'SOFTMAX', 28: 'TANH', 34: 'PAD', 36: 'GATHER',
    39: 'TRANSPOSE', 40: 'MEAN', 41: 'SUB', 43: 'SQUEEZE', 45: 'STRIDED_SLICE',
    49: 'SPLIT', 60: 'PADV2', 65: 'SLICE', 70: 'EXPAND_DIMS', 83: 'PACK', 88: 'UNPACK',
    97: 'RESIZE_NEAREST_NEIGHBOR', 98: 'LEAKY_RELU', 102: 'SPLIT_V', 114: 'QUANTIZE',
    117: 'HARD_SWISH', 126: 'BATCH_MATMUL',
}

# Of each operator's options: (name, kind, default) by field.
CONV = (('padding', 'b', 0), ('stride_w', 'i', 0), ('stride_h', 'i', 0))
DILATION = (('dilation_w', 'i', 1), ('dilation_h', 'i', 1))
POOL = CONV + (('filter_w', 'i', 0), ('filter_h', 'i', 0), ('activation', 'b', 0))
ACTIVATION = (('activation', 'b', 0),)
OPTIONS = {
    'ADD': ACTIVATION, 'SUB': ACTIVATION, 'MUL': ACTIVATION,
    'AVERAGE_POOL_2D': POOL, 'MAX_POOL_2D': POOL,
    'CONCATENATION': (('axis', 'i', 0),) + ACTIVATION,
    'CONV_2D': CONV + ACTIVATION + DILATION,
    'DEPTHWISE_CONV_2D': CONV + (('depth_multiplier', 'i', 0),) + ACTIVATION + DILATION,
    'FULLY_CONNECTED': ACTIVATION + (('weights_format', 'b', 0), ('keep_dims', 'B', 0)),
    'SOFTMAX': (('beta', 'f', 0.0),),
    'LEAKY_RELU': (('alpha', 'f', 0.0),),
    'MEAN': (('keep_dims', 'B', 0),),
    'STRIDED_SLICE': tuple((n + '_mask', 'i', 0) for n in (
        'begin', 'end', 'ellipsis', 'new_axis', 'shrink_axis')),
    'RESIZE_NEAREST_NEIGHBOR': (('align_corners', 'B', 0), ('half_pixel', 'B', 0)),
    'BATCH_MATMUL': (('adj_x', 'B', 0), ('adj_y', 'B', 0)),
    'GATHER': (('axis', 'i', 0), ('batch_dims', 'i', 0)),
    'PACK': (('values_count', 'i', 0), ('axis', 'i', 0)),
    'UNPACK': (('num', 'i', 0), ('axis', 'i', 0)),
    'SPLIT': (('num_splits', 'i', 0),),
    'SPLIT_V': (('num_splits', 'i', 0),),
}

FLOAT32, INT32, UINT8, INT64, INT16, INT8, INT4 = 0, 2, 3, 4, 7, 9, 17
NUMPY = {FLOAT32: np.float32, INT32: np.int32, UINT8: np.uint8, INT64: np.int64,
         INT16: np.int16, INT8: np.int8}


class Table:
    """A flatbuffers table."""

    def __init__(self, buf, at):
        self.buf, self.at = buf, at
        self.vtable = at - struct.unpack_from('<i', buf, at)[0]
        self.size = struct.unpack_from('<H', buf, self.vtable)[0]

    def field(self, n):
        slot = 4 + 2 * n
        if slot >= self.size:
            return 0
        offset = struct.unpack_from('<H', self.buf, self.vtable + slot)[0]
        return self.at + offset if offset else 0

    def value(self, n, kind, default=0):
        at = self.field(n)
        return struct.unpack_from('<' + kind, self.buf, at)[0] if at else default

    def follow(self, n):
        at = self.field(n)
        return at + struct.unpack_from('<I', self.buf, at)[0] if at else 0

    def table(self, n):
        at = self.follow(n)
        return Table(self.buf, at) if at else None

    def vector(self, n, kind):
        at = self.follow(n)
        if not at:
            return ()
        count = struct.unpack_from('<I', self.buf, at)[0]
        return struct.unpack_from(f'<{count}{kind}', self.buf, at + 4)

    def tables(self, n):
        at = self.follow(n)
        refs = self.vector(n, 'I')
        return [Table(self.buf, at + 4 + 4 * i + ref) for i, ref in enumerate(refs)]

    def bytes(self, n):
        at = self.follow(n)
        if not at:
            return b''
        count = struct.unpack_from('<I', self.buf, at)[0]
        return self.buf[at + 4:at + 4 + count]


class Tensor:
    """shape, type, name, scales (numpy float32), zero_points, and data or None."""

    def __init__(self, shape, kind, name='', scales=(), zero_points=(), data=None,
                 channel_dim=0):
        self.shape = tuple(int(d) for d in shape)
        self.kind, self.name, self.data = kind, name, data
        self.scales = np.asarray(scales, dtype=np.float32)
        self.zero_points = [int(z) for z in zero_points]
        self.channel_dim = channel_dim

    @property
    def scale(self):
        return self.scales[0]

    @property
    def zero(self):
        return self.zero_points[0] if self.zero_points else 0


class Operator:
    def __init__(self, name, inputs, outputs, **options):
        self.name, self.options = name, options
        self.inputs, self.outputs = list(inputs), list(outputs)


class Graph:
    def __init__(self, tensors, operators, inputs, outputs):
        self.tensors, self.operators = tensors, operators
        self.inputs, self.outputs = list(inputs), list(outputs)


def constant(raw, shape, kind):
    count = int(np.prod(shape, dtype=np.int64))
    if kind == INT4:
        packed = np.frombuffer(raw, dtype=np.uint8)
        nibbles = np.stack([packed & 15, packed >> 4], axis=1).reshape(-1)[:count]
        values = (nibbles.astype(np.int8) ^ 8) - 8
    else:
        values = np.frombuffer(raw, dtype=NUMPY[kind], count=count)
    return values.reshape(shape)


def read(buf):
    """The first subgraph of a file as a Graph."""
    model = Table(buf, struct.unpack_from('<I', buf, 0)[0])
    codes = [OPERATORS[c.value(3, 'i') or c.value(0, 'b')] for c in model.tables(1)]
    buffers = [b.bytes(0) for b in model.tables(4)]
    subgraph = model.tables(2)[0]
    tensors = []
    for t in subgraph.tables(0):
        shape, kind = t.vector(0, 'i'), t.value(1, 'b')
        raw = buffers[t.value(2, 'I')]
        q = t.table(4)
        tensors.append(Tensor(
            shape, kind, t.bytes(3).decode(), q.vector(2, 'f') if q else (),
            q.vector(3, 'q') if q else (), constant(raw, shape, kind) if raw else None,
            q.value(6, 'i') if q else 0))
    operators = []
    for o in subgraph.tables(3):
        name = codes[o.value(0, 'I')]
        table = o.table(4)
        options = {key: table.value(i, kind, default) if table else default
                   for i, (key, kind, default) in enumerate(OPTIONS.get(name, ()))}
        operators.append(Operator(name, o.vector(1, 'i'), o.vector(2, 'i'), **options))
    return Graph(tensors, operators, subgraph.vector(1, 'i'), subgraph.vector(2, 'i'))
