# SPDX-License-Identifier: GPL-2.0-only
"""What random graphs are made of: chance, tensors, and operators one after another."""

import numpy as np

import reference
from fixed import ints
from reference import f32
from tflite import INT8, INT32, Graph, Operator, Tensor

MOST_CELLS = 1500	# of a tensor
SAMPLES = 3		# rows that scales are chosen by
MOST_WORK = 150000	# multiplications of an operator


class Skip(Exception):
    """This operator does not go with these tensors."""


def cells(shape):
    return int(np.prod(shape, dtype=np.int64))


def noise(rng, shape):
    return rng.integers(-128, 128, shape)


def wave(rng, shape):
    """What does not average out as noise does."""
    at = np.arange(cells(shape)).reshape(shape)
    clean = rng.uniform(-128, 127) + rng.uniform(0, 90) * np.cos(
        rng.uniform(0, 1) * at + rng.uniform(0, 6))
    return np.clip(np.rint(clean + rng.uniform(-9, 9, shape)), -128, 127).astype(np.int64)


class Base:
    most = MOST_CELLS

    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)
        self.tensors, self.operators, self.inputs = [], [], []
        self.live = []		# S8 tensors an operator may read
        self.samples = [{} for _ in range(SAMPLES)]	# values by tensor
        self.limits = {}	# of inputs that are ids, how many there are

    # Chance.

    def chance(self, p):
        return self.rng.random() < p

    def int(self, low, high):
        return int(self.rng.integers(low, high + 1))

    def pick(self, sequence):
        sequence = list(sequence)
        if not sequence:
            raise Skip
        return sequence[self.int(0, len(sequence) - 1)]

    def zero_point(self):
        return self.pick((-128, 127, 0, self.int(-128, 127), self.int(-30, 30)))

    def scale(self, low=0.004, high=0.12):
        return float(f32(np.exp(self.rng.uniform(np.log(low), np.log(high)))))

    # Tensors.

    def add(self, shape, kind=INT8, data=None, scales=(), zeros=(), channel_dim=0):
        if cells(shape) > 4 * self.most or any(d < 1 for d in shape):
            raise Skip
        self.tensors.append(Tensor(shape, kind, f't{len(self.tensors)}', scales, zeros,
                                   data, channel_dim))
        return len(self.tensors) - 1

    def activation(self, shape, scale=None, zero=None):
        if len(shape) > 6 or cells(shape) > self.most:
            raise Skip
        return self.add(shape, scales=[self.scale() if scale is None else scale],
                        zeros=[self.zero_point() if zero is None else zero])

    def numbers(self, values):
        values = np.asarray(values, dtype=np.int32)
        return self.add(values.shape, INT32, values)

    def like(self, i, shape):
        """An activation with the quantization of another."""
        t = self.tensors[i]
        return self.activation(shape, float(t.scale), t.zero)

    def input(self, shape):
        i = self.activation(shape)
        self.inputs.append(i)
        self.live.append(i)
        for known in self.samples:
            known[i] = noise(self.rng, shape) if self.chance(0.4) else wave(
                self.rng, shape)

    def any(self, rank=None, most=MOST_CELLS):
        return self.pick(i for i in self.live if cells(self.tensors[i].shape) <= most and
                         (rank is None or len(self.tensors[i].shape) == rank))

    # Operators.

    def compute(self, op):
        """Of each sample the values of all tensors, with those that @op writes."""
        graph = Graph(self.tensors, [op], (), ())
        return [reference.run(graph, (), known) for known in self.samples]

    def check_room(self, op):
        """A product that a shift to the left might push out of 32 bits is not defined."""
        t = [self.tensors[i] for i in op.inputs if i >= 0]
        out, largest, scale = self.tensors[op.outputs[0]], 255, t[0].scales.max(initial=0)
        if op.name in ('CONV_2D', 'DEPTHWISE_CONV_2D', 'FULLY_CONNECTED'):
            over = tuple(d for d in range(len(t[1].shape))
                         if d != (3 if op.name[0] == 'D' else 0))
            largest *= int(np.abs(ints(t[1].data)).sum(axis=over).max())
            largest += int(np.abs(ints(t[2].data)).max()) if len(t) > 2 else 0
            scale = scale * t[1].scales.max()
        elif op.name in ('MUL', 'BATCH_MATMUL'):
            largest *= 255 * (max(t[0].shape[-2:]) if op.name[0] == 'B' else 1)
            scale = scale * t[1].scale
        elif op.name == 'LEAKY_RELU':
            scale = scale * max(op.options['alpha'], 1)
        elif op.name == 'MEAN':
            largest *= cells(t[0].shape) // cells(out.shape)
            scale = scale / (largest // 255)
        elif op.name not in ('RELU', 'QUANTIZE'):
            return
        if largest * max(2 * float(scale) / float(out.scale), 1) >= 1 << 31:
            raise Skip

    def apply(self, name, inputs, out, **options):
        outs = out if isinstance(out, list) else [out]
        op = Operator(name, inputs, outs, **options)
        self.check_room(op)
        self.samples = self.compute(op)
        self.operators.append(op)
        self.live += outs
        return out

    def fitted(self, name, inputs, out, **options):
        """Like apply, but mend the output's scale where samples make little of it."""
        t = self.tensors[out]
        if (name == 'RELU' or options.get('activation')) and t.zero > 40 and \
                self.chance(0.9):
            t.zero_points = [self.int(-128, 0)]
        op = Operator(name, inputs, [out], **options)
        for _ in range(4):
            if self.chance(0.05):
                break
            self.check_room(op)
            got = np.stack([v[out] for v in self.compute(op)])
            if np.mean((got == -128) | (got == 127)) > 0.7:
                t.scales = t.scales * f32(3.1)
            elif got.size > SAMPLES and np.ptp(got) < 24:
                t.scales = t.scales / f32(4.3)
            else:
                break
        return self.apply(name, inputs, out, **options)
