# SPDX-License-Identifier: GPL-2.0-only
"""Random quantized graphs: any operator behind any other, seeded.

A graph grows from its inputs, one operator after the other, each over tensors that are
there.  Scales are chosen so that what comes out neither vanishes nor saturates, as far
as a few rows can tell; now and then they are not.
"""

import numpy as np

from random_linear import Linear
from random_maker import MOST_CELLS, MOST_WORK, Skip, cells
from reference import Refused, f32
from tflite import INT8, INT32, Graph


class Maker(Linear):
    def partner(self, x):
        """Something that an elementwise operator can take beside @x."""
        shape = self.tensors[x].shape
        kind = self.int(0, 3)
        if kind == 0:
            return self.pick(i for i in self.live if self.tensors[i].shape == shape)
        if kind == 1:
            other = []
            for i in self.live:
                try:
                    both = np.broadcast_shapes(shape, self.tensors[i].shape)
                except ValueError:
                    continue
                if cells(both) <= MOST_CELLS:
                    other.append(i)
            return self.pick(other)
        less = list(shape)
        if kind == 3:
            less = [1 if self.chance(0.5) else d for d in shape]
            less = less[self.int(0, len(less) - 1):] if self.chance(0.5) else less
        return self.add(less, INT8, self.rng.integers(-128, 128, less).astype(np.int8),
                        [self.scale()], [self.zero_point()])

    def binary(self):
        a = self.any()
        b = self.partner(a)
        ta, tb = self.tensors[a], self.tensors[b]
        if self.chance(0.3):
            a, b = b, a
        name = self.pick(('ADD', 'ADD', 'SUB', 'MUL'))
        scale = float(ta.scale) + float(tb.scale)
        if name == 'MUL':
            scale = float(ta.scale) * float(tb.scale) * 60
        self.fitted(name, [a, b],
                    self.activation(np.broadcast_shapes(ta.shape, tb.shape), scale),
                    activation=self.fused())

    def batch_matmul(self):
        a = self.any()
        shape = self.tensors[a].shape
        if len(shape) < 2:
            raise Skip
        adj_a, adj_b = self.int(0, 1), self.int(0, 1)
        m, k = shape[-2:][::-1] if adj_a else shape[-2:]
        b = None
        for i in self.live:
            other = self.tensors[i].shape
            if len(other) == len(shape) and other[:-2] == shape[:-2] and \
                    other[-1 if adj_b else -2] == k:
                b = i
        n = self.tensors[b].shape[-2 if adj_b else -1] if b is not None else \
            self.int(1, 9)
        if b is None:
            right = shape[:-2] + ((n, k) if adj_b else (k, n))
            b = self.add(right, INT8, self.rng.integers(-128, 128, right)
                         .astype(np.int8), [self.scale()], [self.zero_point()])
        if cells(shape) * n > MOST_WORK:
            raise Skip
        scale = float(self.tensors[a].scale * self.tensors[b].scale) * 50 * np.sqrt(k)
        self.fitted('BATCH_MATMUL', [a, b], self.activation(shape[:-2] + (m, n), scale),
                    adj_x=adj_a, adj_y=adj_b)

    def concat(self):
        x = self.any()
        t = self.tensors[x]
        axis = self.int(0, len(t.shape) - 1)
        parts = [x]
        for _ in range(self.int(1, 3)):
            y = self.pick(i for i in self.live if
                          len(self.tensors[i].shape) == len(t.shape) and all(
                              a == b for d, (a, b) in enumerate(zip(
                                  self.tensors[i].shape, t.shape)) if d != axis))
            u = self.tensors[y]
            if (u.scale, u.zero) != (t.scale, t.zero):
                y = self.apply('QUANTIZE', [y], self.like(x, u.shape))
            parts.append(y)
        shape = list(t.shape)
        shape[axis] = sum(self.tensors[i].shape[axis] for i in parts)
        self.apply('CONCATENATION', parts, self.like(x, shape), activation=0,
                   axis=axis - len(shape) if self.chance(0.3) else axis)

    def reshape(self):
        x = self.any()
        shape = self.tensors[x].shape
        kind = self.int(0, 2)
        if kind == 0 and 1 in shape:
            kept = [d for d in shape if d != 1]
            if not kept:
                raise Skip
            self.apply('SQUEEZE', [x], self.like(x, kept))
            return
        if kind == 1 and len(shape) < 6:
            at = self.int(0, len(shape))
            self.apply('EXPAND_DIMS', [x, self.numbers((at,))],
                       self.like(x, shape[:at] + (1,) + shape[at:]))
            return
        left, result = cells(shape), []
        while left > 1 and len(result) < 5:
            d = self.pick(d for d in range(1, left + 1) if left % d == 0)
            result.append(d)
            left //= d
        if left > 1 or not result:
            result.append(left)
        self.apply('RESHAPE', [x, self.numbers(result)], self.like(x, result))

    def split(self):
        x = self.any()
        shape = self.tensors[x].shape
        d = self.int(0, len(shape) - 1)
        axis = d - len(shape) if self.chance(0.3) else d
        kind = self.int(0, 3)
        if kind == 0:
            if len(shape) < 2 or shape[d] > 5:
                raise Skip
            outs = [self.like(x, shape[:d] + shape[d + 1:]) for _ in range(shape[d])]
            self.apply('UNPACK', [x], outs, num=shape[d], axis=axis)
            return
        if kind == 1:
            parts = self.pick(n for n in range(1, 6) if shape[d] % n == 0)
            sizes = [shape[d] // parts] * parts
            inputs = [self.numbers((axis,)), x]
        else:
            cuts = sorted({self.int(1, shape[d]) for _ in range(3)} | {shape[d]})
            sizes = [b - a for a, b in zip([0] + cuts, cuts)]
            given = list(sizes)
            if self.chance(0.3):
                given[self.int(0, len(given) - 1)] = -1
            inputs = [x, self.numbers(given), self.numbers((axis,))]
        outs = [self.like(x, shape[:d] + (n,) + shape[d + 1:]) for n in sizes]
        self.apply('SPLIT' if kind == 1 else 'SPLIT_V', inputs, outs,
                   num_splits=len(sizes))

    def stack(self):
        x = self.any(most=MOST_CELLS // 3)
        t = self.tensors[x]
        if len(t.shape) > 5:
            raise Skip
        parts = [x]
        for _ in range(self.int(0, 2)):
            y = self.pick(i for i in self.live if self.tensors[i].shape == t.shape)
            if (self.tensors[y].scale, self.tensors[y].zero) != (t.scale, t.zero):
                y = self.apply('QUANTIZE', [y], self.like(x, t.shape))
            parts.append(y)
        at = self.int(0, len(t.shape))
        self.apply('PACK', parts, self.like(x, t.shape[:at] + (len(parts),) + t.shape[at:]),
                   values_count=len(parts),
                   axis=at - len(t.shape) - 1 if self.chance(0.3) else at)

    def pad(self):
        x = self.any()
        shape = self.tensors[x].shape
        pads = [[self.int(0, 2), self.int(0, 2)] if self.chance(0.5) else [0, 0]
                for _ in shape]
        out = self.like(x, [d + sum(p) for d, p in zip(shape, pads)])
        inputs = [x, self.numbers(pads)]
        if self.chance(0.4):
            t = self.tensors[x]
            inputs.append(self.add((1,), INT8, self.rng.integers(-128, 128, 1)
                                   .astype(np.int8), t.scales, t.zero_points))
        self.apply('PADV2' if len(inputs) > 2 else 'PAD', inputs, out)

    def transpose(self):
        x = self.any()
        shape = self.tensors[x].shape
        order = [int(d) for d in self.rng.permutation(len(shape))]
        self.apply('TRANSPOSE', [x, self.numbers(order)],
                   self.like(x, [shape[d] for d in order]))

    def slice(self):
        x = self.any()
        shape = self.tensors[x].shape
        begin = [self.int(0, d - 1) for d in shape]
        size = [self.int(1, d - b) for d, b in zip(shape, begin)]
        if self.chance(0.4):
            given = [-1 if b + s == d and self.chance(0.5) else s
                     for d, b, s in zip(shape, begin, size)]
            self.apply('SLICE', [x, self.numbers(begin), self.numbers(given)],
                       self.like(x, size))
            return
        end, stride, result, masks = [], [], [], [0, 0, 0]
        for d, n in enumerate(shape):
            step = self.pick((1, 1, 2, 3, -1, -2))
            first, last = sorted((self.int(0, n - 1), self.int(0, n - 1)))
            if step < 0:
                first, last = last, first
            if self.chance(0.2):
                masks[2] |= 1 << d
                begin[d] = first - n if self.chance(0.3) else first
                end.append(first + 1)
                stride.append(1)
                continue
            until = last + (1 if step > 0 else -1)
            open_begin, open_end = self.chance(0.2), self.chance(0.2) or until < 0
            masks[0] |= open_begin << d
            masks[1] |= open_end << d
            begin[d] = first - n if self.chance(0.3) else first
            end.append(until - n if 0 <= until < n and self.chance(0.3) else until)
            stride.append(step)
            result.append(len(range(*slice(None if open_begin else begin[d],
                                           None if open_end else end[d],
                                           step).indices(n))))
        if not result:
            raise Skip
        self.apply('STRIDED_SLICE', [x] + [self.numbers(v) for v in (
            begin, end, stride)], self.like(x, result), begin_mask=masks[0],
            end_mask=masks[1], shrink_axis_mask=masks[2], ellipsis_mask=0,
            new_axis_mask=0)

    def resize(self):
        x = self.any(4)
        n, h, w, c = self.tensors[x].shape
        oh, ow = self.int(1, 2 * h + 1), self.int(1, 2 * w + 1)
        mode = self.pick(((0, 0), (0, 1), (1, 0)))
        self.apply('RESIZE_NEAREST_NEIGHBOR', [x, self.numbers((oh, ow))],
                   self.like(x, (n, oh, ow, c)), align_corners=mode[0],
                   half_pixel=mode[1])

    def softmax(self):
        x = self.any()
        self.apply('SOFTMAX', [x], self.activation(self.tensors[x].shape, 1 / 256, -128),
                   beta=float(f32(self.pick((1, 1, 0.5, 3)))))

    def function(self):
        x = self.any()
        t = self.tensors[x]
        name = self.pick(('RELU', 'RELU6', 'LEAKY_RELU', 'HARD_SWISH', 'LOGISTIC', 'TANH',
                          'QUANTIZE'))
        if name == 'RELU6':
            self.apply(name, [x], self.like(x, t.shape))
        elif name in ('LOGISTIC', 'TANH'):
            if not 2.0 ** -20 < t.scale < 16 * self.pick((0.2, 1)):
                raise Skip
            scale, zero = (1 / 256, -128) if name == 'LOGISTIC' else (1 / 128, 0)
            self.apply(name, [x], self.activation(t.shape, scale, zero))
        else:
            options = {}
            if name == 'LEAKY_RELU':
                options['alpha'] = float(f32(self.pick((0.01, 0.1, 0.3, 1.5))))
            scale = float(t.scale) * self.rng.uniform(0.3, 1.5)
            self.fitted(name, [x], self.activation(t.shape, scale), **options)

    def gather(self):
        rows, width = self.int(1, 40), self.int(1, 12)
        ids = self.add(tuple(self.int(1, 4) for _ in range(self.int(1, 2))), INT32)
        table = self.add((rows, width), INT8, self.rng.integers(
            -128, 128, (rows, width)).astype(np.int8), [self.scale()],
            [self.zero_point()])
        self.inputs.append(ids)
        shape = self.tensors[ids].shape
        for known in self.samples:
            known[ids] = self.rng.integers(0, rows, shape)
        self.limits[ids] = rows
        self.apply('GATHER', [table, ids], self.like(table, shape + (width,)), axis=0,
                   batch_dims=0)


WEIGHTS = {
    'conv': 5, 'depthwise': 4, 'fully_connected': 4, 'pool': 3, 'mean': 2, 'binary': 5,
    'batch_matmul': 2, 'concat': 3, 'reshape': 2, 'pad': 2, 'transpose': 2, 'slice': 2,
    'split': 2, 'stack': 1, 'resize': 2, 'softmax': 2, 'function': 5, 'gather': 1,
}


def image(maker):
    return (maker.pick((1, 1, 1, 2)), maker.int(1, 12), maker.int(1, 12),
            maker.int(1, maker.pick((3, 8, 24))))


def make(seed, operators=12, only=None):
    """A Graph, and for its inputs that are ids how many rows there are to choose."""
    maker = Maker(seed)
    first = image(maker) if maker.chance(0.7) else tuple(
        maker.int(1, 9) for _ in range(maker.int(1, 5)))
    try:
        maker.input(first)
    except Skip:
        maker.input((1, 4, 5, 3))
    for _ in range(maker.pick((0, 0, 0, 1, 2))):
        try:
            maker.input(first if maker.chance(0.6) else image(maker))
        except Skip:
            pass
    names = [n for n, w in WEIGHTS.items() for _ in range(w)] if only is None else only
    want = maker.int(1, operators)
    for _ in range(6 * want):
        if len(maker.operators) >= want:
            break
        before = len(maker.tensors), len(maker.operators), list(maker.live), list(
            maker.inputs)
        try:
            getattr(maker, maker.pick(names))()
        except (Skip, Refused):
            # Nothing is left of an attempt.
            del maker.tensors[before[0]:], maker.operators[before[1]:]
            maker.live, maker.inputs = before[2:]
            maker.samples = [{i: v for i, v in known.items() if i < before[0]}
                             for known in maker.samples]
    return finished(maker)


def finished(maker):
    if not maker.operators:
        maker.apply('RESHAPE', [maker.inputs[0], maker.numbers((-1,))],
                    maker.like(maker.inputs[0],
                               (cells(maker.tensors[maker.inputs[0]].shape),)))
    read = {i for op in maker.operators for i in op.inputs}
    inputs = [i for i in maker.inputs if i in read]
    made = [i for op in maker.operators for i in op.outputs]
    outputs = [i for i in made if i not in read]
    outputs += [i for i in made if i in read and maker.chance(0.08)]
    if maker.chance(0.3):
        maker.rng.shuffle(outputs)
    outputs = outputs[:16]
    return Graph(maker.tensors, maker.operators, inputs,
                 [int(i) for i in outputs]), maker.limits
