#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Train a small network on scikit-learn's handwritten digits; quantise it to Q16.16.

  train.py DIR    write DIR/neural_demo.bin, what the kernel gets: weights, and the
                  third of the digits that was held out of training
                  and DIR/float.npz, the same network before quantisation

Plain numpy: 64 pixels, 32 relu units, 10 classes, softmax, Adam.  The seed is fixed.
"""

import pathlib
import sys

import numpy as np
from sklearn.datasets import load_digits

from model import ONE, PIXEL_MAX, Model

SEED = 2024
HIDDEN = 32
EPOCHS = 80
BATCH = 32
RATE = 3e-3
DECAY = 1e-4


def forward(params, x):
    w1, b1, w2, b2 = params
    hidden = np.maximum(x @ w1.T + b1, 0)
    logits = hidden @ w2.T + b2
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    return hidden, p / p.sum(axis=1, keepdims=True)


def gradients(params, x, labels):
    w1, _, w2, _ = params
    hidden, p = forward(params, x)
    p[np.arange(len(labels)), labels] -= 1
    p /= len(labels)
    back = (p @ w2) * (hidden > 0)
    return [back.T @ x + DECAY * w1, back.sum(axis=0),
            p.T @ hidden + DECAY * w2, p.sum(axis=0)]


def train(rng, x, labels, outputs):
    inputs = x.shape[1]
    params = [rng.normal(0, np.sqrt(2 / inputs), (HIDDEN, inputs)), np.zeros(HIDDEN),
              rng.normal(0, np.sqrt(2 / HIDDEN), (outputs, HIDDEN)), np.zeros(outputs)]
    mean = [np.zeros_like(p) for p in params]
    square = [np.zeros_like(p) for p in params]
    step = 0
    for _ in range(EPOCHS):
        order = rng.permutation(len(x))
        for start in range(0, len(x), BATCH):
            rows = order[start:start + BATCH]
            step += 1
            for i, g in enumerate(gradients(params, x[rows], labels[rows])):
                mean[i] += 0.1 * (g - mean[i])
                square[i] += 0.001 * (g * g - square[i])
                m = mean[i] / (1 - 0.9**step)
                v = square[i] / (1 - 0.999**step)
                params[i] -= RATE * m / (np.sqrt(v) + 1e-8)
    return params


def quantise(array):
    q = np.rint(array * ONE)
    if np.abs(q).max() > np.iinfo(np.int32).max:
        raise ValueError("a weight does not fit Q16.16")
    return q.astype(np.int64)


def main(args):
    if len(args) != 1:
        sys.exit(__doc__)
    out = pathlib.Path(args[0])
    out.mkdir(parents=True, exist_ok=True)

    data = load_digits()
    pixels, labels = data.data.astype(np.uint8), data.target
    x = pixels / PIXEL_MAX
    rng = np.random.default_rng(SEED)
    order = rng.permutation(len(labels))
    held, rest = order[:len(order) // 3], order[len(order) // 3:]

    params = train(rng, x[rest], labels[rest], len(data.target_names))
    w1, b1, w2, b2 = (quantise(p) for p in params)
    model = Model([(w1, b1), (w2, b2)], labels[held], pixels[held])

    predicted = forward(params, x[held])[1]
    np.savez(out / "float.npz", probabilities=predicted)
    # Last, and in one step: it stands for a training that was finished.
    partial = out / "neural_demo.bin.new"
    partial.write_bytes(model.pack())
    partial.rename(out / "neural_demo.bin")

    right = (predicted.argmax(axis=1) == labels[held]).mean()
    print(f"trained on {len(rest)} digits, held out {len(held)}, "
          f"float accuracy {100 * right:.2f} %")


if __name__ == "__main__":
    main(sys.argv[1:])
