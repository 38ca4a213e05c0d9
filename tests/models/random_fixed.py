# SPDX-License-Identifier: GPL-2.0-only
"""Random model files of the ops that TFLite does not have."""

import numpy as np

import reference_fixed as fixed
from neuralconvert.codes import DType, OpCode
from neuralconvert.model import Model, Op, Tensor, write
from runner import Case, row_of

STORED = {'S8': '<i1', 'S16': '<i2', 'S32': '<i4', 'S64': '<i8'}
OPS = ('dense', 'dense', 'dense', 'scale', 'scale', 'move', 'quantize', 'quantize',
       'dequantize', 'lut', 'norm', 'norm')
MOST_SUM = 1 << 62


class Skip(Exception):
    """This op does not go with what is there."""


class Maker:
    def __init__(self, rng, count):
        self.rng, self.count = rng, count
        self.model = Model(name='random', producer='tests')
        self.values = {}	# by tensor, an array of Python's integers for each row
        self.bound = {}		# by tensor, the largest magnitude it can have

    def int(self, low, high):
        if low > high:
            raise Skip
        return int(self.rng.integers(low, high, endpoint=True))

    def pick(self, values):
        values = list(values)
        if not values:
            raise Skip
        return values[self.int(0, len(values) - 1)]

    def words(self, dtype, shape, bits=64):
        """Values of some size, with the ends of the type among them."""
        top = 1 << (min(fixed.BITS[dtype], bits) - 1)
        result = np.empty(shape, dtype=object)
        for at in np.ndindex(*shape):
            v = self.int(-top, top - 1) >> self.int(0, 6) * self.int(0, 1)
            result[at] = self.pick((-top, top - 1)) if self.int(0, 15) == 0 else v
        return result

    def add(self, dtype, shape, frac=0, **more):
        n = len(self.model.tensors)
        return self.model.add(Tensor(f't{n}', DType[dtype], tuple(shape), frac=frac,
                                     **more))

    def like(self, x, shape):
        return self.add(self.dtype(x), shape, self.frac(x), zero_point=self.zero(x))

    def constant(self, dtype, values, frac=0):
        return self.model.constant(f't{len(self.model.tensors)}', DType[dtype],
                                   values.astype(STORED[dtype]), frac=frac)

    def input(self):
        dtype = self.pick(('S8', 'S16', 'S32'))
        shape = [self.int(1, self.pick((3, 20, 90)))]
        if self.int(0, 2) == 0:
            shape.insert(0, self.int(1, 4))
        frac = 16 if dtype == 'S32' and self.int(0, 1) else self.int(0, 20)
        if dtype == 'S8':
            frac = 0
        i = self.add(dtype, shape, frac)
        self.model.inputs.append(i)
        self.values[i] = [self.words(dtype, shape) for _ in range(self.count)]
        self.bound[i] = 1 << (fixed.BITS[dtype] - 1)

    def op(self, code, inputs, out, function, bound, **attr):
        self.model.ops.append(Op(OpCode[code], inputs, [out], attr))
        self.values[out] = [function(row) for row in zip(*(
            self.values.get(i, [None] * self.count) for i in inputs))]
        self.bound[out] = bound

    def shape(self, i):
        return self.model.tensors[i].shape

    def dtype(self, i):
        return self.model.tensors[i].dtype.name

    def frac(self, i):
        return self.model.tensors[i].frac

    def zero(self, i):
        return self.model.tensors[i].zero_point

    def any(self, **like):
        return self.pick(i for i in self.values if all(
            getattr(self, key)(i) == value for key, value in like.items()))

    # Ops.

    def activation(self, dtype):
        kinds = [fixed.LINEAR, fixed.RELU, fixed.LEAKY_RELU]
        if dtype != 'S64':
            kinds += [fixed.SIGMOID, fixed.TANH]
        return {'activation': self.pick(kinds),
                'slope': self.pick((0, 21474836, (1 << 31) - 1, self.int(0, 1 << 30)))}

    def dense(self):
        x = self.any(zero=0)
        k, n = self.shape(x)[-1], self.int(1, self.pick((3, 20, 70)))
        w_type, dtype = self.pick(('S8', 'S16', 'S32')), self.pick(('S16', 'S32', 'S64'))
        room = (MOST_SUM // (2 * self.bound[x] * k)).bit_length()
        w = self.words(w_type, (n, k), min(64, room))
        total = self.bound[x] * max(int(sum(abs(v) for v in row)) for row in w)
        # What comes out is of the size of its type, more or less.
        want = total.bit_length() - self.int(2, fixed.BITS[dtype] + 4)
        shift = min(max(want, 0), 62, self.frac(x) + 31)
        if w_type == 'S8':
            shift, w_frac = min(shift, self.frac(x)), 0
        elif self.frac(x) == 16 and dtype == 'S32' and self.int(0, 2) == 0:
            shift, w_frac = 16, 16
        else:
            w_frac = self.int(max(0, shift - self.frac(x)),
                              min(31, 31 + shift - self.frac(x)))
        frac = self.frac(x) + w_frac
        bias, b, bias_shift = None, None, 0
        if self.int(0, 3):
            bias_shift = self.int(max(0, frac - 31), min(31, frac))
            b_type = self.pick(('S32', 'S64'))
            b = self.words(b_type, (n,), max(1, min(total.bit_length() + 1, 61)
                                             - bias_shift))
            bias = self.constant(b_type, b, frac - bias_shift)
            total += max(abs(int(v)) for v in b) << bias_shift
        total += 1 << shift >> 1
        if total >= 1 << 63:
            raise Skip
        attr = {'shift': shift, 'bias_shift': bias_shift, **self.activation(dtype)}
        if attr['activation'] != fixed.LEAKY_RELU:
            attr['slope'] = 0
        out = self.add(dtype, self.shape(x)[:-1] + (n,), frac - shift)
        bound = min((total >> shift) + 1, 1 << (fixed.BITS[dtype] - 1))
        if attr['activation'] in (fixed.SIGMOID, fixed.TANH):
            bound = 1 << (fixed.BITS[dtype] - 1)
        weights = self.constant(w_type, w, w_frac)
        self.op('DENSE', [x, weights, bias], out, lambda row: fixed.dense(
            row[0], w, b, attr, frac - shift, dtype), bound, **attr)

    def scale(self):
        x = self.any(dtype='S32', frac=16)
        n = self.shape(x)[-1]
        factor, addend = (self.words('S32', (n,), self.pick((18, 24, 32)))
                          for _ in range(2))
        attr = {'shift': 16, 'bias_shift': 16, **self.activation('S32')}
        if attr['activation'] != fixed.LEAKY_RELU:
            attr['slope'] = 0
        out = self.add('S32', self.shape(x), 16)
        self.op('SCALE', [x, self.constant('S32', factor, 16),
                          self.constant('S32', addend, 16)], out,
                lambda row: fixed.scale(row[0], factor, addend, attr, 16, 'S32'),
                1 << 31, **attr)

    def factor(self, size):
        """A multiplier and a shift that make about S8 of what is as large as @size."""
        return self.int(1 << 30, (1 << 31) - 1), self.int(8, 10) - size.bit_length()

    def s8(self, shape):
        return self.add('S8', shape, zero_point=self.pick((0, -128, self.int(-128, 127))))

    def quantize(self):
        x = self.any(dtype='S32')
        m, s = self.factor(max(abs(int(v)) for row in self.values[x]
                               for v in row.reshape(-1)))
        out = self.s8(self.shape(x))
        self.op('QUANTIZE', [x], out, lambda row: fixed.quantize(
            row[0], m, s, self.zero(out)), 128, multiplier=m, shift=s)

    def dequantize(self):
        x = self.any(dtype='S8')
        m, s = self.int(0, (1 << 31) - 1), self.int(-3, 30)
        out = self.add('S32', self.shape(x), self.pick((16, self.int(0, 31))))
        self.op('DEQUANTIZE', [x], out, lambda row: fixed.dequantize(
            row[0], m, s, self.zero(x)), 1 << 31, multiplier=m, shift=s)

    def lut(self):
        x = self.any(dtype='S8')
        table = self.words('S8', (256,))
        self.op('LUT', [x, self.constant('S8', table)], self.s8(self.shape(x)),
                lambda row: fixed.each(row[0], lambda v: table[v + 128]), 128)

    def norm(self):
        x = self.any(dtype='S8')
        centred, n, frac = self.int(0, 1), self.shape(x)[-1], self.int(8, 15)
        gamma = self.words('S16', (n,))
        operands, beta = [x, self.constant('S16', gamma, frac)], None
        if centred and self.int(0, 2):
            beta = self.words('S32', (n,), 18)
            operands.append(self.constant('S32', beta, 16))
        elif centred and self.int(0, 1):
            operands.append(None)
        m, s = self.factor(1 << 17 + 15 - frac)
        low, high = sorted((self.int(-128, 127), self.int(-128, 127)))
        if low == high or self.int(0, 3):
            low, high = -128, 127
        attr = {'multiplier': m, 'shift': min(s, 0), 'min': low, 'max': high,
                'epsilon': self.pick((0, 1, 65536, (1 << 31) - 1, self.int(0, 1 << 20)))}
        out = self.s8(self.shape(x))
        self.op('LAYER_NORM' if centred else 'RMS_NORM', operands, out,
                lambda row: fixed.norm(row[0], self.zero(x), gamma, frac, beta, attr,
                                       self.zero(out), centred), 128, **attr)

    def move(self):
        x = self.any()
        shape = self.shape(x)
        kind = self.int(0, 3)
        if kind == 0:
            y = self.any(dtype=self.dtype(x), frac=self.frac(x), shape=shape,
                         zero=self.zero(x))
            axis = self.int(0, len(shape) - 1)
            whole = list(shape)
            whole[axis] *= 2
            self.op('CONCAT', [x, y], self.like(x, whole),
                    lambda row: np.concatenate(row, axis=axis),
                    max(self.bound[x], self.bound[y]), axis=axis)
        elif kind == 1:
            begin = [self.int(0, d - 1) for d in shape]
            stride = [self.pick((1, 1, 2, -1)) for _ in shape]
            part = tuple(slice(b, None, s) for b, s in zip(begin, stride))
            got = np.empty(shape, dtype=np.int8)[part].shape
            self.op('SLICE', [x], self.like(x, got),
                    lambda row: row[0][part], self.bound[x], begin=begin, stride=stride)
        elif kind == 2 and len(shape) == 2:
            self.op('TRANSPOSE', [x], self.like(x, shape[::-1]),
                    lambda row: row[0].T, self.bound[x], perm=[1, 0])
        else:
            flat = (int(np.prod(shape)),)
            self.op('RESHAPE', [x], self.like(x, flat),
                    lambda row: row[0].reshape(flat), self.bound[x])

    def attempt(self, name):
        before = len(self.model.tensors)
        try:
            getattr(self, name)()
        except Skip:
            del self.model.tensors[before:]


def case(name, rng, count):
    maker = Maker(rng, count)
    for _ in range(maker.pick((1, 1, 2))):
        maker.input()
    want = maker.int(1, 7)
    for _ in range(5 * want):
        if len(maker.model.ops) < want:
            maker.attempt(maker.pick(OPS))
    while not maker.model.ops:
        maker.attempt('move')
    model = maker.model
    read = {i for op in model.ops for i in op.inputs}
    model.inputs = [i for i in model.inputs if i in read]
    made = [op.outputs[0] for op in model.ops]
    model.outputs = [i for i in made if i not in read or rng.random() < 0.1][-16:]

    def rows(tensors):
        return [row_of([maker.values[i][r].astype(STORED[maker.dtype(i)])
                        for i in tensors]) for r in range(count)]

    return Case(name, write(model), rows(model.inputs), rows(model.outputs),
                {model.tensors[i].name: rows([i]) for i in made
                 if i in maker.values})
