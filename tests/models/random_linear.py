# SPDX-License-Identifier: GPL-2.0-only
"""Random operators that are sums of products over windows or vectors."""

import numpy as np

import reference
from random_maker import MOST_WORK, Base, Skip, cells
from tflite import INT4, INT8, INT32


class Linear(Base):
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
