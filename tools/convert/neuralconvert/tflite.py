# SPDX-License-Identifier: GPL-2.0-only
"""Reads .tflite files: a flatbuffer, of which nothing is believed.

The runtime of flatbuffers decodes scalars; where they are, and whether that is still in
the file, is found out here.
"""

import math
import struct
from dataclasses import dataclass, field
from typing import Dict, List, Optional, Tuple

import numpy as np
from flatbuffers import encode, packer

from . import schema
from .codes import MAX_ELEMENTS, MAX_OPS, MAX_TENSORS
from .error import Malformed, Unsupported
from .model import nibbles
from .schema import Type

MAX_OPERANDS = 255	# of an operator, inputs or outputs
MAX_RANK = 8
MAX_TEXT = 255		# bytes of a name

KINDS = {"byte": packer.int8, "ubyte": packer.uint8, "int": packer.int32,
         "uint": packer.uint32, "ulong": packer.uint64, "float": packer.float32}

NUMPY = {Type.FLOAT32: "<f4", Type.FLOAT16: "<f2", Type.INT32: "<i4", Type.UINT8: "u1",
         Type.INT64: "<i8", Type.BOOL: "u1", Type.INT16: "<i2", Type.INT8: "i1"}


@dataclass
class Tensor:
    """A tensor of a graph.  Arrays are views of the file; @raw is the bytes of a
    constant, None where it is not one."""

    index: int
    name: str
    type: Type
    shape: Tuple[int, ...]
    raw: Optional[np.ndarray] = None
    scales: np.ndarray = field(default_factory=lambda: np.zeros(0, np.float32))
    zero_points: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    axis: int = 0
    special: Optional[str] = None	# what we cannot do with it

    @property
    def elements(self):
        return math.prod(self.shape)

    def values(self):
        """The values of a constant, in its shape."""
        if self.type == Type.INT4:
            flat = nibbles(self.raw, self.elements)
        else:
            flat = self.raw.view(NUMPY[self.type])
        return flat.reshape(self.shape)

    def __str__(self):
        dims = "x".join(str(d) for d in self.shape) or "scalar"
        return f"tensor {self.index} '{self.name}' {self.type.name} {dims}"


@dataclass
class Operator:
    """An operator; operands are numbers of tensors, None for one that is absent."""

    index: int
    name: str
    inputs: List[Optional[int]]
    outputs: List[int]
    options: Dict[str, object]

    def __str__(self):
        return f"operator {self.index} ({self.name})"


@dataclass
class Graph:
    tensors: List[Tensor]
    operators: List[Operator]
    inputs: List[int]
    outputs: List[int]
    description: str


class _Buffer:
    """A flatbuffer, with bounds."""

    def __init__(self, blob):
        self.blob = blob

    def scalar(self, kind, at):
        if at < 0 or at + kind.size > len(self.blob):
            raise Malformed(f"damaged: offset {at} is outside of the file")
        return encode.Get(kind, self.blob, at)

    def follow(self, at):
        """Where the offset at @at points."""
        return at + self.scalar(packer.uint32, at)

    def vector(self, at, size, most):
        """(first element, count) of a vector of elements of @size bytes."""
        count = self.scalar(packer.uint32, at)
        if at + 4 + count * size > len(self.blob):
            raise Malformed(f"damaged: a vector of {count} at {at} leaves the file")
        if most is not None and count > most:
            raise Malformed(f"a vector of {count} at offset {at}, at most {most} "
                            "can be handled")
        return at + 4, count


class _Table:
    """A table in a _Buffer."""

    def __init__(self, buffer, at):
        self.buffer = buffer
        self.at = at
        self.vtable = at - buffer.scalar(packer.int32, at)
        self.slots = (buffer.scalar(packer.uint16, self.vtable) - 4) // 2

    def _field(self, slot):
        """Where a field is, or None."""
        if slot >= self.slots:
            return None
        at = self.buffer.scalar(packer.uint16, self.vtable + 4 + 2 * slot)
        return self.at + at if at else None

    def get(self, slot, kind, default=0):
        at = self._field(slot)
        return default if at is None else self.buffer.scalar(KINDS[kind], at)

    def table(self, slot):
        at = self._field(slot)
        return None if at is None else _Table(self.buffer, self.buffer.follow(at))

    def array(self, slot, dtype, most):
        """A vector of scalars, not copied; None if there is none."""
        at = self._field(slot)
        if at is None:
            return None
        dtype = np.dtype(dtype)
        first, count = self.buffer.vector(self.buffer.follow(at), dtype.itemsize, most)
        return np.frombuffer(self.buffer.blob, dtype, count, first)

    def tables(self, slot, most):
        at = self._field(slot)
        if at is None:
            return []
        first, count = self.buffer.vector(self.buffer.follow(at), 4, most)
        return [_Table(self.buffer, self.buffer.follow(first + 4 * i))
                for i in range(count)]

    def text(self, slot):
        raw = self.array(slot, "u1", None)
        if raw is None:
            return ""
        return raw[:MAX_TEXT].tobytes().decode("utf-8", "replace")


def _shape(table):
    raw = table.array(schema.TENSOR["shape"], "<i4", MAX_RANK)
    return tuple(int(d) for d in raw) if raw is not None else ()


def _data(t, buffer):
    raw = buffer.array(schema.BUFFER["data"], "u1", None)
    if raw is None or raw.size == 0:
        if buffer.get(schema.BUFFER["size"], "ulong"):
            t.special = "has its values outside of the flatbuffer"
        return
    if t.type not in NUMPY and t.type != Type.INT4:
        t.special = "is a constant of a type that is not supported"
        return
    bits = 4 if t.type == Type.INT4 else np.dtype(NUMPY[t.type]).itemsize * 8
    need = (t.elements * bits + 7) // 8
    if raw.size != need:
        raise Malformed(f"{t}: has {raw.size} bytes and should have {need}")
    t.raw = raw


def _quantization(t, table):
    if table is None:
        return
    slots = schema.QUANTIZATION
    if table.get(slots["details_type"], "ubyte"):
        t.special = "has a quantization that is not supported"
    scales = table.array(slots["scale"], "<f4", None)
    zeros = table.array(slots["zero_point"], "<i8", None)
    if scales is not None:
        t.scales = scales
    if zeros is not None:
        t.zero_points = zeros
    t.axis = table.get(slots["quantized_dimension"], "int")


def _tensor(index, table, buffers):
    slots = schema.TENSOR
    number = table.get(slots["type"], "byte")
    name = table.text(slots["name"])
    if number not in set(Type):
        raise Malformed(f"tensor {index} '{name}': type {number} is not known")
    t = Tensor(index, name, Type(number), _shape(table))
    if any(d < 1 for d in t.shape):
        raise Unsupported(f"{t}: a dimension is not positive")
    if t.elements > MAX_ELEMENTS:
        raise Unsupported(f"{t}: more than {MAX_ELEMENTS} elements")
    if table.get(slots["is_variable"], "byte"):
        t.special = "is a variable"
    if table.table(slots["sparsity"]) is not None:
        t.special = "is sparse"
    _quantization(t, table.table(slots["quantization"]))
    buffer = table.get(slots["buffer"], "uint")
    if buffer >= len(buffers) and buffer:
        raise Malformed(f"{t}: buffer {buffer} does not exist")
    if buffer:
        _data(t, buffers[buffer])
    return t


def _operator_name(table):
    slots = schema.OPERATOR_CODE
    # Numbers beyond a byte have a field of their own since; the larger one counts.
    number = max(table.get(slots["deprecated_builtin_code"], "byte"),
                 table.get(slots["builtin_code"], "int"))
    if number == schema.NUMBER["CUSTOM"]:
        return f"CUSTOM {table.text(slots['custom_code'])}"
    if 0 <= number < len(schema.OPERATORS):
        return schema.OPERATORS[number]
    return f"operator code {number}"


def _options(name, table):
    union, fields = schema.OPTIONS.get(name, (0, {}))
    slots = schema.OPERATOR
    found = table.get(slots["builtin_options_type"], "ubyte")
    options = table.table(slots["builtin_options"])
    values = {}
    if options is not None and found == union:
        for key, (slot, kind, default) in fields.items():
            if kind == "ints":
                raw = options.array(slot, "<i4", MAX_RANK)
                values[key] = default if raw is None else raw.tolist()
            else:
                values[key] = options.get(slot, kind, default)
        return values
    if found and union and found != union:
        raise Malformed(f"{name} has options of number {found}, not {union}")
    return {key: default for key, (_, _, default) in fields.items()}


def _operands(table, slot, tensors, absent):
    raw = table.array(slot, "<i4", MAX_OPERANDS)
    numbers = [] if raw is None else raw.tolist()
    for n in numbers:
        if n >= tensors or n < (-1 if absent else 0):
            raise Malformed(f"tensor {n} does not exist")
    return [None if n < 0 else n for n in numbers]


def _operator(index, table, names, tensors):
    slots = schema.OPERATOR
    code = table.get(slots["opcode_index"], "uint")
    if code >= len(names):
        raise Malformed(f"operator {index}: operator code {code} does not exist")
    try:
        return Operator(index, names[code],
                        _operands(table, slots["inputs"], tensors, True),
                        _operands(table, slots["outputs"], tensors, False),
                        _options(names[code], table))
    except Malformed as e:
        raise Malformed(f"operator {index} ({names[code]}): {e}") from None


def _read(blob):
    if len(blob) < 8 or bytes(blob[4:8]) != schema.IDENTIFIER:
        raise Malformed("not a .tflite file")
    buffer = _Buffer(blob)
    model = _Table(buffer, buffer.follow(0))
    slots = schema.MODEL
    version = model.get(slots["version"], "uint")
    if version != schema.VERSION:
        raise Malformed(f"schema version {version} is not known")
    names = [_operator_name(c) for c in model.tables(slots["operator_codes"], MAX_OPS)]
    graphs = model.tables(slots["subgraphs"], MAX_OPS)
    if not graphs:
        raise Malformed("there is no graph in the file")
    buffers = model.tables(slots["buffers"], 4 * MAX_TENSORS)
    slots = schema.SUBGRAPH
    tensors = [_tensor(i, t, buffers)
               for i, t in enumerate(graphs[0].tables(slots["tensors"], MAX_TENSORS))]
    count = len(tensors)
    operators = [_operator(i, o, names, count)
                 for i, o in enumerate(graphs[0].tables(slots["operators"], MAX_OPS))]
    return Graph(tensors, operators,
                 _operands(graphs[0], slots["inputs"], count, False),
                 _operands(graphs[0], slots["outputs"], count, False),
                 model.text(schema.MODEL["description"]))


def read(blob):
    """The first Graph of a .tflite file."""
    try:
        return _read(blob)
    except (struct.error, IndexError, OverflowError) as e:
        raise Malformed(f"damaged: {e}") from None
