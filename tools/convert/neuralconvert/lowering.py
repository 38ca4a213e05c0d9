# SPDX-License-Identifier: GPL-2.0-only
"""From a TFLite graph to a Model: what the operators have in common.

An operator is lowered by a function that is registered under its name; see linear.py,
window.py, elementwise.py and movement.py.  It gets this Lowering and the operator, and
adds ops to the model.
"""

import numpy as np

from . import quantize
from .codes import MAX_OPERANDS, RANK, DType, OpCode
from .error import Error, Malformed, Unsupported
from .model import Model, Op, Tensor
from .schema import Activation, Type

DTYPES = {Type.INT8: DType.S8, Type.INT16: DType.S16, Type.INT32: DType.S32,
          Type.INT64: DType.S64, Type.INT4: DType.S4}

# Operators by their TFLite name.
OPERATORS = {}

# Real bounds of fused activations.
BOUNDS = {Activation.NONE: (None, None), Activation.RELU: (0.0, None),
          Activation.RELU_N1_TO_1: (-1.0, 1.0), Activation.RELU6: (0.0, 6.0)}


def lowers(*names):
    """Register a function as what lowers the operators of these names."""
    def register(function):
        for name in names:
            OPERATORS[name] = function
        return function
    return register


class Lowering:
    def __init__(self, graph):
        self.graph = graph
        self.model = Model()
        self.numbers = {}	# of model tensors by those of the graph
        self.operands = 0

    # Tensors of the graph.

    def tensor(self, o, i):
        """Operand @i an operator reads, which has to be there."""
        if i >= len(o.inputs) or o.inputs[i] is None:
            raise Malformed(f"operand {i} is absent")
        return self.graph.tensors[o.inputs[i]]

    def optional(self, o, i):
        """Operand @i, or None."""
        if i >= len(o.inputs) or o.inputs[i] is None:
            return None
        return self.tensor(o, i)

    def out(self, o):
        """What an operator writes."""
        if len(o.outputs) != 1:
            raise Malformed(f"writes {len(o.outputs)} tensors and should write one")
        return self.graph.tensors[o.outputs[0]]

    def s8(self, *tensors):
        """All of these are quantized to INT8, with one scale."""
        for t in tensors:
            if t.type != Type.INT8:
                raise Unsupported(f"{t}: type is not supported here")
            self.scale(t)

    def scale(self, t):
        """The scale of a tensor that has one; np.float32."""
        if t.scales.size != 1:
            raise Unsupported(f"{t}: has {t.scales.size} scales and should have one")
        scale = np.float32(t.scales[0])
        if not (np.isfinite(scale) and scale > 0):
            raise Malformed(f"{t}: a scale of {scale} is not possible")
        return scale

    def zero_point(self, t):
        if t.zero_points.size > 1:
            raise Unsupported(f"{t}: has {t.zero_points.size} zero points")
        zero = int(t.zero_points[0]) if t.zero_points.size else 0
        if t.type == Type.INT8 and not -128 <= zero <= 127:
            raise Malformed(f"{t}: a zero point of {zero} is not possible")
        return zero if t.type in (Type.INT8, Type.INT16) else 0

    def same_zero(self, x, y):
        """Values are moved and not rescaled between these."""
        if x.type != y.type:
            raise Unsupported(f"{x} becomes {y}: the types differ")
        if self.zero_point(x) != self.zero_point(y):
            raise Unsupported(f"{x} becomes {y}: the zero points differ")

    def constant(self, t, what):
        """The integers of a constant, as a flat list."""
        if t.raw is None:
            raise Unsupported(f"{t}: {what} is not constant")
        if t.type not in (Type.INT32, Type.INT64, Type.INT8, Type.INT16):
            raise Unsupported(f"{t}: {what} is not of integers")
        if t.elements > 64:
            raise Malformed(f"{t}: {what} has too many elements")
        return [int(v) for v in t.values().reshape(-1)]

    def bounds(self, o, y):
        """The bounds of a fused activation in steps of @y."""
        number = o.options["fused_activation_function"]
        try:
            low, high = BOUNDS[number]
        except KeyError:
            name = Activation(number).name if number in set(Activation) else number
            raise Unsupported(f"fused activation {name} is not supported") from None
        return quantize.bounds(low, high, self.scale(y), self.zero_point(y))

    # Tensors of the model.

    def number(self, t):
        """The number that a tensor of the graph has in the model, made when first
        asked for."""
        if t.index not in self.numbers:
            self._usable(t)
            self.numbers[t.index] = self.like(t, t.shape, "")
            if t.raw is not None:
                self.model.tensors[self.numbers[t.index]].data = t.values()
        return self.numbers[t.index]

    def _usable(self, t):
        if t.special:
            raise Unsupported(f"{t}: {t.special}")
        if t.type not in DTYPES or (t.type == Type.INT4 and t.raw is None):
            raise Unsupported(f"{t}: type is not supported")
        if len(t.shape) > RANK:
            raise Unsupported(f"{t}: has more than {RANK} dimensions")

    def reads(self, o, i):
        return self.number(self.tensor(o, i))

    def integers(self, name, values):
        """A constant of S32; its number."""
        return self.model.constant(name, DType.S32, np.asarray(values, np.int64))

    def like(self, t, shape, suffix):
        """A tensor of the model of the kind of @t in another shape; its number.  Of
        weights with scales per channel the scales are in the multipliers."""
        scale, zero = 0.0, 0
        if t.scales.size == 1 and np.isfinite(t.scales[0]):
            scale = float(t.scales[0])
        if t.zero_points.size == 1:
            zero = self.zero_point(t)
        return self.model.add(Tensor(t.name + suffix or None, DTYPES[t.type],
                                     tuple(shape), None, scale, zero))

    def reshaped(self, t, shape):
        """The number of what has the values of @t in @shape."""
        if t.shape == tuple(shape):
            return self.number(t)
        self._usable(t)
        if len(shape) > RANK:
            raise Unsupported(f"{t}: needs more than {RANK} dimensions")
        number = self.like(t, shape, "/reshaped")
        if t.raw is not None:
            self.model.tensors[number].data = t.values().reshape(shape)
        else:
            self.add(OpCode.RESHAPE, [self.number(t)], number)
        return number

    def add(self, code, inputs, output, **attr):
        """Append an op; @output is a number of the model or a tensor of the graph."""
        if not isinstance(output, int):
            output = self.number(output)
        self.operands += len(inputs) + 1
        if self.operands > MAX_OPERANDS:
            raise Unsupported("too many operands")
        self.model.ops.append(Op(code, list(inputs), [output], attr,
                                 self.model.tensors[output].name))


def _live(graph):
    """The operators that the outputs depend on."""
    wanted = set(graph.outputs)
    live = []
    for o in reversed(graph.operators):
        if wanted.intersection(o.outputs):
            wanted.update(n for n in o.inputs if n is not None)
            live.append(o)
    return live[::-1]


def _check_order(graph, live):
    """Whatever is read has been written, and nothing is written twice."""
    known = {t.index for t in graph.tensors if t.raw is not None} | set(graph.inputs)
    for o in live:
        for n in o.inputs:
            if n is not None and n not in known:
                raise Malformed(f"{o} reads {graph.tensors[n]} before it is written")
        for n in o.outputs:
            if n in known:
                raise Malformed(f"{o} writes {graph.tensors[n]} a second time")
            known.add(n)
    for n in graph.outputs:
        if n not in known:
            raise Malformed(f"{graph.tensors[n]} is an output and is never written")


def _is_boundary(graph, o):
    """Real or unsigned numbers outside, INT8 inside: only a change of clothes."""
    if len(o.inputs) != 1 or o.inputs[0] is None or len(o.outputs) != 1:
        return False
    x, y = graph.tensors[o.inputs[0]], graph.tensors[o.outputs[0]]
    if o.name == "QUANTIZE" and x.index in graph.inputs and y.type == Type.INT8:
        return x.type == Type.FLOAT32 or _flipped(x, y)
    if o.name == "QUANTIZE" and y.index in graph.outputs and x.type == Type.INT8:
        return _flipped(y, x)
    return (o.name == "DEQUANTIZE" and y.index in graph.outputs and
            x.type == Type.INT8 and y.type == Type.FLOAT32)


def _flipped(u, s):
    """UINT8 @u has the scale of INT8 @s, and a zero point 128 above."""
    return (u.type == Type.UINT8 and u.scales.size == s.scales.size == 1 and
            u.scales[0] == s.scales[0] and u.zero_points.size == s.zero_points.size == 1
            and u.zero_points[0] == s.zero_points[0] + 128)


def _strip(graph, live, note):
    """Take conversions off the ends of the graph."""
    inner = []
    for o in live:
        if not _is_boundary(graph, o):
            inner.append(o)
            continue
        x, y = o.inputs[0], o.outputs[0]
        outer, inside = (x, y) if x in graph.inputs else (y, x)
        ends = graph.inputs if x in graph.inputs else graph.outputs
        note(f"{o} is left out: {graph.tensors[inside]} takes the place of "
             f"{graph.tensors[outer]}")
        ends[ends.index(outer)] = inside
    return inner


def _lower_one(lowering, o):
    try:
        if o.name not in OPERATORS:
            operands = [str(lowering.graph.tensors[n])
                        for n in o.inputs + o.outputs if n is not None]
            raise Unsupported(f"not supported; its operands are {', '.join(operands)}")
        # Numbers out of hand end up as something not finite, and are refused as that.
        with np.errstate(all="ignore"):
            OPERATORS[o.name](lowering, o)
    except Error as e:
        raise type(e)(f"{o}: {e}") from None


def lower(graph, note=lambda text: None):
    """The Model of @graph, which is changed on the way; @note gets remarks."""
    live = _live(graph)
    for o in graph.operators:
        if o not in live:
            note(f"{o} is left out: nothing depends on it")
    _check_order(graph, live)
    live = _strip(graph, live, note)
    lowering = Lowering(graph)
    model = lowering.model
    model.inputs = [lowering.number(graph.tensors[n]) for n in graph.inputs]
    for o in live:
        _lower_one(lowering, o)
    model.outputs = [lowering.number(graph.tensors[n]) for n in graph.outputs]
    model.description = graph.description or None
    return model
