#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""make_set.py DIR: the project's own models, with inputs and expected outputs.

NAME.neural, NAME.in.bin and NAME.out.bin for each: rows of raw bytes, concatenated.
The same bytes every time.  Their weights are random, their shapes are those of networks
that people use.
"""

import pathlib
import sys

import numpy as np

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / 'tools/convert'))

import random_fixed  # noqa: E402
import random_graph  # noqa: E402
import random_models  # noqa: E402
import reference_fixed  # noqa: E402
from neuralconvert import model as model_file  # noqa: E402
from random_maker import cells  # noqa: E402
from reference import padding  # noqa: E402
from runner import Case  # noqa: E402
from tflite import Graph  # noqa: E402

SAME, VALID = 0, 1
NONE, RELU, RELU6 = 0, 1, 3
ROWS = 8


class Net(random_graph.Maker):
    """Layers by what they are, and not by chance."""

    most = 1 << 16

    def shape(self, x):
        return self.tensors[x].shape

    def start(self, *shape):
        self.input(shape)
        return self.inputs[0]

    def windowed(self, x, kernel, stride, pad):
        _, h, w, _ = self.shape(x)
        o = {'padding': pad, 'stride_h': stride, 'stride_w': stride}
        return o, padding(o, h, kernel[0], stride)[0], padding(o, w, kernel[1], stride)[0]

    def conv_layer(self, x, filters, kernel, stride=1, activation=RELU, four=False):
        o, oh, ow = self.windowed(x, kernel, stride, SAME)
        depth = self.shape(x)[-1]
        w, bias = self.weights(x, (filters, *kernel, depth), 0, four)
        return self.fitted('CONV_2D', [x, w, bias], self.activation(
            (1, oh, ow, filters)), activation=activation, dilation_h=1, dilation_w=1, **o)

    def depthwise_layer(self, x, kernel, activation=RELU, four=False):
        o, oh, ow = self.windowed(x, kernel, 1, SAME)
        depth = self.shape(x)[-1]
        w, bias = self.weights(x, (1, *kernel, depth), 3, four)
        return self.fitted('DEPTHWISE_CONV_2D', [x, w, bias], self.activation(
            (1, oh, ow, depth)), activation=activation, depth_multiplier=1, dilation_h=1,
            dilation_w=1, **o)

    def dense_layer(self, x, n, activation=NONE, four=False):
        depth = cells(self.shape(x))
        w, bias = self.weights(x, (n, depth), 0, four)
        return self.fitted('FULLY_CONNECTED', [x, w, bias], self.activation((1, n)),
                           activation=activation, weights_format=0, keep_dims=0)

    def add_layer(self, a, b, activation=RELU):
        return self.fitted('ADD', [a, b], self.activation(self.shape(a)),
                           activation=activation)

    def global_pool(self, x):
        _, h, w, c = self.shape(x)
        return self.apply('AVERAGE_POOL_2D', [x], self.like(x, (1, 1, 1, c)),
                          padding=VALID, stride_h=h, stride_w=w, filter_h=h, filter_w=w,
                          activation=NONE)

    def softmax_layer(self, x):
        return self.apply('SOFTMAX', [x], self.activation(self.shape(x), 1 / 256, -128),
                          beta=1.0)

    def function_layer(self, name, x, scale, zero):
        return self.apply(name, [x], self.activation(self.shape(x), scale, zero))


def keywords(net):
    """Depthwise-separable convolutions over a spectrogram."""
    x = net.conv_layer(net.start(1, 49, 10, 1), 24, (10, 4), 2)
    for _ in range(3):
        x = net.conv_layer(net.depthwise_layer(x, (3, 3)), 24, (1, 1))
    return net.softmax_layer(net.dense_layer(net.global_pool(x), 12))


def residual(net):
    """Convolutions with ways around them."""
    x = net.conv_layer(net.start(1, 16, 16, 3), 8, (3, 3))
    y = net.conv_layer(net.conv_layer(x, 8, (3, 3)), 8, (3, 3), activation=NONE)
    x = net.add_layer(x, y)
    y = net.conv_layer(net.conv_layer(x, 16, (3, 3), 2), 16, (3, 3), activation=NONE)
    x = net.add_layer(net.conv_layer(x, 16, (1, 1), 2, NONE), y)
    return net.softmax_layer(net.dense_layer(net.global_pool(x), 10))


def autoencoder(net):
    x = net.start(1, 96)
    for n in (64, 32, 8, 32, 64):
        x = net.dense_layer(x, n, RELU)
    return net.dense_layer(x, 96)


def nibbles(net):
    """Weights of four bits in all layers that can have them."""
    x = net.conv_layer(net.start(1, 12, 12, 5), 9, (3, 3), four=True)
    x = net.depthwise_layer(x, (3, 3), RELU6, four=True)
    return net.dense_layer(x, 7, four=True)


def control(net):
    """A controller with tanh between its layers."""
    x = net.start(1, 30)
    for n in (32, 16):
        x = net.function_layer('TANH', net.dense_layer(x, n), 1 / 128, 0)
    return net.dense_layer(x, 1)


def classifier(net):
    return net.softmax_layer(net.dense_layer(net.dense_layer(net.start(1, 16), 24, RELU), 5))


GRAPHS = (keywords, residual, autoencoder, nibbles, control, classifier)
LABELS = {'classifier': ['alpha', 'beta', 'gamma', 'delta', 'epsilon'],
          'keywords': [f'word {i}' for i in range(12)]}


def graph_case(make, seed):
    net = Net(seed)
    out = make(net)
    case = random_models.graph_case(
        make.__name__, Graph(net.tensors, net.operators, net.inputs, [out]), {},
        net.rng, ROWS)
    model = model_file.read(random_models.convert(case.source, '--name', make.__name__))
    model.labels = LABELS.get(make.__name__, [])
    case.model, case.source = model_file.write(model), None
    return case


def latency(dtype):
    """Plain integers: two layers that say whether a disk will be slow."""
    maker = random_fixed.Maker(np.random.default_rng(31), ROWS)
    model = maker.model
    model.name = f'latency_{dtype.lower()}'
    x = maker.add(dtype, (31,))
    model.inputs.append(x)
    maker.values[x] = [maker.words(dtype, (31,), 12) for _ in range(ROWS)]
    for n, result, shift, activation in ((256, dtype, 0, 1), (2, 'S64', 0, 0)):
        k = maker.shape(x)[-1]
        w, b = maker.words('S16', (n, k), 7), maker.words('S32', (n,), 14)
        attr = {'shift': shift, 'bias_shift': 0, 'activation': activation, 'slope': 0}
        out = maker.add(result, (n,))
        maker.op('DENSE', [x, maker.constant('S16', w), maker.constant('S32', b)], out,
                 lambda row, w=w, b=b, attr=attr, result=result: reference_fixed.dense(
                     row[0], w, b, attr, 0, result), 0, **attr)
        x = out
    model.outputs.append(x)

    def rows(i):
        return [v.astype(random_fixed.STORED[maker.dtype(i)]).tobytes()
                for v in maker.values[i]]

    return Case(model.name, model_file.write(model), rows(model.inputs[0]), rows(x), {})


def main():
    directory = pathlib.Path(sys.argv[1])
    for seed, make in enumerate(GRAPHS):
        graph_case(make, seed).save(directory)
    for dtype in ('S16', 'S32'):
        latency(dtype).save(directory)


if __name__ == '__main__':
    main()
