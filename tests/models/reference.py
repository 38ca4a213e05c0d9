# SPDX-License-Identifier: GPL-2.0-only
"""What a quantized TFLite graph computes: the definition that tests compare with.

Written from the semantics of the int8 operators with double rounding, at the level of
a .tflite file: scales are real numbers, and every multiplier is derived here.  Nothing
is shared with the converter or with the engine, and nothing is fast.
"""

import numpy as np

import fixed
from fixed import ints

f32 = np.float32
S8_MIN, S8_MAX = -128, 127


class Refused(Exception):
    """The operator's result is not defined."""


def activation_range(kind, tensor):
    """What a fused activation leaves of S8, in steps of the output."""
    def step(x):
        return tensor.zero + fixed.away(float(f32(x) / tensor.scale))

    low = {1: 0, 2: -1, 3: 0}.get(kind)
    high = {2: 1, 3: 6}.get(kind)
    if kind not in (0, 1, 2, 3):
        raise Refused(f'activation {kind}')
    return (S8_MIN if low is None else max(S8_MIN, step(low)),
            S8_MAX if high is None else min(S8_MAX, step(high)))


def finish(acc, multiplier, shift, out, bounds=(S8_MIN, S8_MAX)):
    return np.clip(fixed.rescale(acc, multiplier, shift) + out.zero, *bounds)


def channel_multipliers(x, w, out):
    """Of convolutions: the product of scales is taken in double."""
    pairs = [fixed.quantize_multiplier(float(x.scale) * float(s) / float(out.scale))
             for s in w.scales]
    return ints([m for m, _ in pairs]), ints([s for _, s in pairs])


def padding(o, size, kernel, stride, dilation=1):
    """(output size, cells added before the first) of one dimension."""
    reach = (kernel - 1) * dilation + 1
    if o['padding'] == 1:
        return (size - reach + stride) // stride, 0
    count = (size + stride - 1) // stride
    return count, max((count - 1) * stride + reach - size, 0) // 2


def windows(o, image, kernel_h, kernel_w, outside):
    """[n, oh, ow, kh, kw, c] of an image [n, h, w, c]; what lies outside is @outside."""
    n, h, w, c = image.shape
    dh, dw = o.get('dilation_h', 1), o.get('dilation_w', 1)
    oh, top = padding(o, h, kernel_h, o['stride_h'], dh)
    ow, left = padding(o, w, kernel_w, o['stride_w'], dw)
    sh, sw = o['stride_h'], o['stride_w']
    high, wide = top + h + sh + kernel_h * dh, left + w + sw + kernel_w * dw
    around = np.full((n, high, wide, c), outside, dtype=np.int64)
    around[:, top:top + h, left:left + w] = image
    result = np.empty((n, oh, ow, kernel_h, kernel_w, c), dtype=np.int64)
    for i in range(kernel_h):
        for j in range(kernel_w):
            result[:, :, :, i, j] = around[:, i * dh:i * dh + (oh - 1) * sh + 1:sh,
                                           j * dw:j * dw + (ow - 1) * sw + 1:sw]
    return result


def conv_2d(o, t, v):
    x, w, out = t[0], t[1], t[-1]
    cells = windows(o, v[0] - x.zero, w.shape[1], w.shape[2], 0)
    n, oh, ow = cells.shape[:3]
    acc = cells.reshape(n, oh, ow, -1) @ v[1].reshape(w.shape[0], -1).T
    if v[2] is not None:
        acc = acc + v[2]
    return finish(acc, *channel_multipliers(x, w, out), out,
                  activation_range(o['activation'], out))


def depthwise_conv_2d(o, t, v):
    x, w, out = t[0], t[1], t[-1]
    cells = windows(o, v[0] - x.zero, w.shape[1], w.shape[2], 0)
    times = w.shape[3] // x.shape[3]
    acc = (np.repeat(cells, times, axis=-1) * v[1][0]).sum(axis=(3, 4))
    if v[2] is not None:
        acc = acc + v[2]
    return finish(acc, *channel_multipliers(x, w, out), out,
                  activation_range(o['activation'], out))


def fully_connected(o, t, v):
    x, w, out = t[0], t[1], t[-1]
    acc = (v[0] - x.zero).reshape(-1, w.shape[1]) @ v[1].T
    if v[2] is not None:
        acc = acc + v[2]
    if len(w.scales) > 1:
        multipliers = channel_multipliers(x, w, out)
    else:
        product = f32(x.scale * w.scale)
        multipliers = fixed.quantize_multiplier(float(product) / float(out.scale))
    return finish(acc, *multipliers, out, activation_range(o['activation'], out))


def pool(o, t, v, average):
    out = t[-1]
    outside = S8_MIN - 1
    cells = windows(o, v[0], o['filter_h'], o['filter_w'], outside)
    if average:
        inside = cells != outside
        count = inside.sum(axis=(3, 4))
        total = np.where(inside, cells, 0).sum(axis=(3, 4))
        result = fixed.div_to_zero(total + np.where(total > 0, 1, -1) * (count // 2),
                                   count)
    else:
        result = cells.max(axis=(3, 4))
    return np.clip(result, *activation_range(o['activation'], out))


def mean(o, t, v):
    x, out = t[0], t[-1]
    axes = tuple(sorted({int(a) % len(x.shape) for a in v[1].reshape(-1)}))
    count = int(np.prod([x.shape[a] for a in axes], dtype=np.int64))
    multiplier, shift = fixed.quantize_multiplier(float(x.scale) / float(out.scale))
    more = min(count.bit_length() - 1, 32, 31 + shift)
    return finish((v[0] - x.zero).sum(axis=axes), (multiplier << more) // count,
                  shift - more, out)


def add_scales(a, b, out, double):
    if double:
        twice = 2 * max(float(a.scale), float(b.scale))
        real = (float(a.scale) / twice, float(b.scale) / twice,
                twice / ((1 << 20) * float(out.scale)))
    else:
        twice = f32(2) * max(a.scale, b.scale)
        real = (a.scale / twice, b.scale / twice, twice / (f32(1 << 20) * out.scale))
    return [fixed.quantize_multiplier(r) for r in real]


def add(o, t, v, sign=1):
    a, b, out = t
    m_a, m_b, m_out = add_scales(a, b, out, sign > 0)
    total = (fixed.rescale((v[0] - a.zero) << 20, *m_a) +
             sign * fixed.rescale((v[1] - b.zero) << 20, *m_b))
    return finish(total, *m_out, out, activation_range(o['activation'], out))


def mul(o, t, v):
    a, b, out = t
    real = float(a.scale) * float(b.scale) / float(out.scale)
    return finish((v[0] - a.zero) * (v[1] - b.zero), *fixed.quantize_multiplier(real),
                  out, activation_range(o['activation'], out))


def batch_matmul(o, t, v):
    a, b, out = t
    left, right = v[0] - a.zero, v[1] - b.zero
    left = left.swapaxes(-1, -2) if o['adj_x'] else left
    right = right.swapaxes(-1, -2) if o['adj_y'] else right
    real = float(f32(a.scale * b.scale)) / float(out.scale)
    return finish(left @ right, *fixed.quantize_multiplier(real), out)


def same_quantization(*tensors):
    if any(x.scale != tensors[0].scale or x.zero != tensors[0].zero for x in tensors):
        raise Refused('scales differ')


def concatenation(o, t, v):
    if len(t[0].scales):
        same_quantization(*t)
    if o['activation']:
        raise Refused('activation')
    return np.concatenate(v, axis=o['axis'])


def pad(o, t, v):
    same_quantization(t[0], t[-1])
    value = int(v[2].reshape(-1)[0]) if len(v) > 2 else t[0].zero
    return np.pad(v[0], [tuple(int(p) for p in pair) for pair in v[1]],
                  constant_values=value)


def strided_slice(o, t, v):
    if o['ellipsis_mask'] or o['new_axis_mask']:
        raise Refused('mask')
    index = []
    for d in range(len(v[1])):
        begin, end, stride = (int(x[d]) for x in v[1:4])
        if o['shrink_axis_mask'] >> d & 1:
            index.append(begin)
            continue
        index.append(slice(None if o['begin_mask'] >> d & 1 else begin,
                           None if o['end_mask'] >> d & 1 else end, stride))
    return v[0][tuple(index)]


def slice_(o, t, v):
    begin = [int(b) for b in v[1]]
    size = [int(s) for s in v[2]]
    return v[0][tuple(slice(b, None if s < 0 else b + s) for b, s in zip(begin, size))]


def nearest(o, size, count):
    """Which of @size cells each of @count is nearest to, in single precision."""
    if o['align_corners'] and count > 1:
        step = f32(size - 1) / f32(count - 1)
    else:
        step = f32(size) / f32(count)
    at = (np.arange(count, dtype=f32) + f32(0.5 if o['half_pixel'] else 0)) * step
    at = np.floor(at + f32(0.5)) if o['align_corners'] else np.floor(at)
    return np.clip(at.astype(np.int64), 0, size - 1)


def resize_nearest(o, t, v):
    _, h, w, _ = t[0].shape
    _, oh, ow, _ = t[-1].shape
    return v[0][:, nearest(o, h, oh)][:, :, nearest(o, w, ow)]


def softmax(o, t, v):
    x = t[0]
    real = min(float(f32(o['beta'])) * float(x.scale) * (1 << 26), (1 << 31) - 1.0)
    multiplier, shift = fixed.quantize_multiplier(real)
    least = -fixed.input_radius(5, shift)
    diff = v[0] - v[0].max(axis=-1, keepdims=True)
    counts = diff >= least
    scaled = np.where(counts, diff, 0) << shift
    exps = fixed.exp_negative(fixed.high_mul(scaled, multiplier), 5)
    total = np.where(counts, fixed.round_shift(exps, 12), 0).sum(axis=-1, keepdims=True)
    result = np.empty_like(diff)
    for at in np.ndindex(total.shape[:-1]):
        bits = int(total[at + (0,)]).bit_length()
        reciprocal = fixed.one_over_one_plus(
            (int(total[at + (0,)]) << (32 - bits)) - (1 << 31))
        result[at] = fixed.round_shift(fixed.high_mul(reciprocal, exps[at]),
                                       bits - 20 + 23)
    return np.where(counts, np.clip(result + S8_MIN, S8_MIN, S8_MAX), S8_MIN)


def relu(o, t, v):
    x, out = t
    low, high = activation_range(1, out)
    return finish(v[0] - x.zero,
                  *fixed.quantize_multiplier(x.scale / out.scale), out, (low, high))


def relu6(o, t, v):
    x, out = t
    same_quantization(x, out)
    return np.clip(v[0], *activation_range(3, out))


def leaky_relu(o, t, v):
    x, out = t
    value = v[0] - x.zero
    plain = fixed.quantize_multiplier(x.scale / out.scale)
    steep = fixed.quantize_multiplier(f32(x.scale * f32(o['alpha'])) / out.scale)
    return np.where(value >= 0, finish(value, *plain, out), finish(value, *steep, out))


def short_multiplier(real):
    multiplier, shift = fixed.quantize_multiplier(real)
    return min((multiplier + (1 << 15)) >> 16, fixed.S16_MAX), shift


def hard_swish(o, t, v):
    x, out = t
    fine = f32(1 / 128) * x.scale
    m_out, s_out = short_multiplier(fine / out.scale)
    m_relu, s_relu = short_multiplier(fine / (f32(3) / f32(32768)))
    if s_out > 0:
        raise Refused('scales')
    value = (v[0] - x.zero) << 7
    gate = value
    if s_relu > 0:
        gate = fixed.saturate(gate << (s_relu - 1), 16)
    gate = fixed.high_mul(gate, m_relu, 16)
    if s_relu > 0:
        gate = fixed.saturate(gate << 1, 16)
    if s_relu < 0:
        gate = fixed.round_shift(gate, -s_relu)
    gate = (gate + (1 << 15)) >> 1
    product = fixed.div_to_zero(gate * fixed.high_mul(value, m_out, 16), 1 << 15)
    return np.clip(fixed.round_shift(product, -s_out) + out.zero, S8_MIN, S8_MAX)


def sigmoid(o, t, v, function, fraction_bits, zero):
    x, out = t
    if out.scale != f32(2.0 ** -fraction_bits) or out.zero != zero:
        raise Refused('output quantization')
    multiplier, shift = fixed.quantize_multiplier(float(x.scale) * (1 << 27))
    radius = fixed.input_radius(4, shift)
    value = v[0] - x.zero
    inside = np.abs(value) < radius
    q4 = fixed.rescale(np.where(inside, value, 0), multiplier, shift)
    result = fixed.round_shift(function(q4), 31 - fraction_bits) + zero
    return np.where(inside, np.clip(result, S8_MIN, S8_MAX),
                    np.where(value <= -radius, S8_MIN, S8_MAX))


def quantize(o, t, v):
    x, out = t
    return finish(v[0] - x.zero, *fixed.quantize_multiplier(
        float(x.scale) / float(out.scale)), out)


def pack(o, t, v):
    same_quantization(*t)
    return np.stack(v, axis=o['axis'])


def unpack(o, t, v):
    return [np.take(v[0], i, axis=o['axis']) for i in range(o['num'])]


def split(o, t, v):
    axis = int(v[0].reshape(-1)[0])
    return np.split(v[1], o['num_splits'], axis=axis)


def split_v(o, t, v):
    axis, sizes = int(v[2].reshape(-1)[0]), [int(s) for s in v[1]]
    if -1 in sizes:
        sizes[sizes.index(-1)] += v[0].shape[axis] - sum(sizes)
    return np.split(v[0], np.cumsum(sizes)[:-1], axis=axis)


def gather(o, t, v):
    """Rows of the first of v by the second."""
    if len(t[0].scales):
        same_quantization(t[0], t[-1])
    if o.get('axis', 0) or o.get('batch_dims', 0):
        raise Refused('axis')
    if v[1].size and (v[1].min() < 0 or v[1].max() >= len(v[0])):
        raise Refused('no such row')
    return v[0][v[1]]


OPERATORS = {
    'ADD': add,
    'AVERAGE_POOL_2D': lambda o, t, v: pool(o, t, v, True),
    'BATCH_MATMUL': batch_matmul,
    'CONCATENATION': concatenation,
    'CONV_2D': conv_2d,
    'DEPTHWISE_CONV_2D': depthwise_conv_2d,
    'EMBEDDING_LOOKUP': lambda o, t, v: gather(o, (t[1], t[2]), (v[1], v[0])),
    'EXPAND_DIMS': lambda o, t, v: v[0],
    'FULLY_CONNECTED': fully_connected,
    'GATHER': gather,
    'HARD_SWISH': hard_swish,
    'LEAKY_RELU': leaky_relu,
    'LOGISTIC': lambda o, t, v: sigmoid(o, t, v, fixed.logistic, 8, -128),
    'MAX_POOL_2D': lambda o, t, v: pool(o, t, v, False),
    'MEAN': mean,
    'MUL': mul,
    'PACK': pack,
    'PAD': pad,
    'PADV2': pad,
    'QUANTIZE': quantize,
    'RELU': relu,
    'RELU6': relu6,
    'RESHAPE': lambda o, t, v: v[0],
    'RESIZE_NEAREST_NEIGHBOR': resize_nearest,
    'SLICE': slice_,
    'SOFTMAX': softmax,
    'SPLIT': split,
    'SPLIT_V': split_v,
    'SQUEEZE': lambda o, t, v: v[0],
    'STRIDED_SLICE': strided_slice,
    'SUB': lambda o, t, v: add(o, t, v, -1),
    'TANH': lambda o, t, v: sigmoid(o, t, v, fixed.tanh, 7, 0),
    'TRANSPOSE': lambda o, t, v: v[0].transpose([int(p) for p in v[1]]),
    'UNPACK': unpack,
}


def run(graph, inputs, known=()):
    """Values of all tensors, by number, of one row; inputs in the graph's order."""
    values = {i: ints(t.data) for i, t in enumerate(graph.tensors)
              if t.data is not None and t.kind != 0}
    values.update(known)
    values.update(zip(graph.inputs, (ints(x) for x in inputs)))
    for op in graph.operators:
        if op.name in ('QUANTIZE', 'DEQUANTIZE') and any(
                graph.tensors[i].kind == 0 for i in op.inputs + op.outputs):
            continue    # the border to float is not ours
        tensors = [graph.tensors[i] for i in op.inputs + op.outputs if i >= 0]
        operands = [values[i] if i >= 0 else None for i in op.inputs]
        if op.name in ('CONV_2D', 'DEPTHWISE_CONV_2D', 'FULLY_CONNECTED'):
            operands += [None] * (3 - len(operands))
        results = OPERATORS[op.name](op.options, tensors, operands)
        if len(op.outputs) == 1 and not isinstance(results, list):
            results = [results]
        for i, result in zip(op.outputs, results, strict=True):
            values[i] = result.reshape(graph.tensors[i].shape)
    return values
