# SPDX-License-Identifier: GPL-2.0-only
"""Random quantized graphs: any operator behind any other, seeded.

A graph grows from its inputs, one operator after the other, each over tensors that are
there.  Scales are chosen so that what comes out neither vanishes nor saturates, as far
as one row can tell; now and then they are not.
"""

import numpy as np

import reference
import tflite
from fixed import ints
from reference import Refused, f32
from tflite import INT4, INT8, INT32, Graph, Operator, Tensor

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


class Maker:
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

    def fused(self):
        return self.pick((0, 0, 0, 1, 1, 3, 2 if self.chance(0.2) else 3))

    def window(self, h, w):
        kh, kw = self.int(1, min(h + 1, 5)), self.int(1, min(w + 1, 5))
        o = {'padding': self.int(0, 1), 'stride_h': self.int(1, 3),
             'stride_w': self.int(1, 3)}
        return kh, kw, o

    def out_of_window(self, o, h, w, kh, kw):
        oh = reference.padding(o, h, kh, o['stride_h'], o.get('dilation_h', 1))[0]
        ow = reference.padding(o, w, kw, o['stride_w'], o.get('dilation_w', 1))[0]
        if oh < 1 or ow < 1:
            raise Skip
        return oh, ow

    def statistics(self, x, features):
        """Mean and variance over the samples of each of @features that make up @x."""
        given = np.stack([v[x] for v in self.samples]).reshape(-1, features)
        given = given - float(self.tensors[x].zero)
        return given.mean(axis=0), given.var(axis=0)

    def weights(self, x, shape, channel_dim, four=None):
        """Weights whose scales give sums in a range of a few units; and a bias that
        mostly takes away what is the same for all inputs."""
        four = self.chance(0.25) if four is None else four
        top = 7 if four else 127
        data = self.rng.integers(-top - four, top + 1, shape)
        if self.chance(0.1):
            data = data * (self.rng.random(shape) < 0.2)
        channels = shape[channel_dim]
        mean, var = self.statistics(x, shape[-1] if channel_dim == 0 else
                                    self.tensors[x].shape[-1])
        if channel_dim:
            times = channels // len(mean)
            mean, var = np.repeat(mean, times), np.repeat(var, times)
        over = tuple(d for d in range(len(shape)) if d != channel_dim)
        mean, spread = (data * mean).sum(axis=over), np.sqrt(
            (data.astype(float) ** 2 * var).sum(axis=over).mean()) + 1
        scale = self.rng.uniform(0.3, 4) / spread / float(self.tensors[x].scale)
        scales = [scale]
        if self.chance(0.7):
            scales = scale * np.exp(self.rng.uniform(-1.2, 1.2, channels))
        w = self.add(shape, INT4 if four else INT8, data.astype(np.int8), scales,
                     [0] * len(scales), channel_dim)
        bias = -1
        if self.chance(0.85):
            noise = self.rng.normal(0, 0.4 * spread, channels)
            values = np.rint(noise - mean * (not self.chance(0.1)))
            bias = self.add((channels,), INT32, values.astype(np.int32),
                            self.tensors[w].scales * self.tensors[x].scale,
                            [0] * len(scales))
        return w, bias

    def conv(self):
        x = self.any(4)
        n, h, w, c = self.tensors[x].shape
        kh, kw, o = self.window(h, w)
        if self.chance(0.25):
            kh = kw = 1
        o.update(dilation_h=1, dilation_w=1, activation=self.fused())
        if self.chance(0.3):
            o.update(dilation_h=self.int(1, 3), dilation_w=self.int(1, 3))
        oh, ow = self.out_of_window(o, h, w, kh, kw)
        filters = self.int(1, self.pick((4, 9, 20, 40)))
        if n * oh * ow * filters * kh * kw * c > MOST_WORK:
            raise Skip
        out = self.activation((n, oh, ow, filters))
        weights, bias = self.weights(x, (filters, kh, kw, c), 0)
        self.fitted('CONV_2D', [x, weights, bias], out, **o)

    def depthwise(self):
        x = self.any(4)
        n, h, w, c = self.tensors[x].shape
        kh, kw, o = self.window(h, w)
        times = self.pick((1, 1, 1, 2, 3, 8))
        o.update(dilation_h=1, dilation_w=1, activation=self.fused(),
                 depth_multiplier=times)
        if self.chance(0.3):
            o.update(dilation_h=self.int(1, 3), dilation_w=self.int(1, 3))
        oh, ow = self.out_of_window(o, h, w, kh, kw)
        out = self.activation((n, oh, ow, c * times))
        weights, bias = self.weights(x, (1, kh, kw, c * times), 3)
        self.fitted('DEPTHWISE_CONV_2D', [x, weights, bias], out, **o)

    def fully_connected(self):
        x = self.any()
        shape = self.tensors[x].shape
        keep = len(shape) > 1 and self.chance(0.4)
        depth = shape[-1] if keep or self.chance(0.4) else cells(shape[1:])
        rows = cells(shape) // depth
        n = self.int(1, self.pick((4, 17, 70)))
        if rows * depth * n > MOST_WORK:
            raise Skip
        out = self.activation(shape[:-1] + (n,) if keep else (rows, n))
        weights, bias = self.weights(x, (n, depth), 0)
        inputs = [x, weights, bias]
        self.fitted('FULLY_CONNECTED', inputs, out, activation=self.fused(),
                    keep_dims=int(keep), weights_format=0)

    def pool(self):
        x = self.any(4)
        n, h, w, c = self.tensors[x].shape
        kh, kw, o = self.window(h, w)
        if self.chance(0.2):
            kh, kw = h, w
        o.update(filter_h=kh, filter_w=kw, activation=self.fused())
        oh, ow = self.out_of_window(o, h, w, kh, kw)
        self.apply(self.pick(('AVERAGE_POOL_2D', 'MAX_POOL_2D')), [x],
                   self.like(x, (n, oh, ow, c)), **o)

    def mean(self):
        x = self.any()
        shape = self.tensors[x].shape
        axes = [d for d in range(len(shape)) if self.chance(0.5)]
        if len(shape) == 4 and self.chance(0.5):
            axes = [1, 2]
        if not axes:
            raise Skip
        keep = self.chance(0.5)
        result = [1 if d in axes else s for d, s in enumerate(shape)
                  if keep or d not in axes]
        if not result:
            raise Skip
        given = [d - len(shape) if self.chance(0.2) else d for d in axes]
        scale = float(self.tensors[x].scale) * self.rng.uniform(0.2, 1.2)
        self.fitted('MEAN', [x, self.numbers(given)],
                    self.activation(result, scale), keep_dims=int(keep))

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
