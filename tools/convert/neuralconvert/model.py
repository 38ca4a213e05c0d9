# SPDX-License-Identifier: GPL-2.0-only
"""A model in memory, and as the bytes of a model file."""

import struct
from dataclasses import dataclass, field
from typing import Dict, List, Optional, Tuple, Union

import numpy as np

from .codes import (ALIGN, ATTRIBUTES, ATTRS, MAGIC, MAX_ELEMENTS, MAX_INPUTS,
                    MAX_OPERANDS, MAX_OPS, MAX_RANGES, MAX_TENSORS, NONE, RANGE_OUTPUT,
                    RANK, SECTION_OPTIONAL, TENSOR_CONST, VERSION, DType, OpCode,
                    Section)
from .crc32c import crc32c
from .error import Error, Malformed

HEADER = struct.Struct("<IHHQIIIIIII20x")
CRC = struct.Struct("<16xI")
SECTION = struct.Struct("<HHIQQQ")
TENSOR = struct.Struct("<IBBH6IQfiI12x")
OP = struct.Struct("<HBBIII20i")
META = struct.Struct("<IIIII12x")
RANGE = struct.Struct("<IIIIqq")
ENTRY = {Section.TENSORS: TENSOR.size, Section.OPERANDS: 4, Section.OPS: OP.size,
         Section.STRINGS: 1, Section.META: META.size, Section.DATA: 1,
         Section.RANGES: RANGE.size}

NUMPY = {DType.S8: np.dtype("<i1"), DType.S16: np.dtype("<i2"),
         DType.S32: np.dtype("<i4"), DType.S64: np.dtype("<i8"),
         DType.S4: np.dtype("<i1")}


@dataclass
class Tensor:
    """A tensor.

    name        for people, or None
    dtype       DType
    shape       dimensions, outermost first; () is one element
    data        array of the values of a constant in this shape, of S4 one value per
                element; None where it is not constant
    scale       real = scale * (value - zero_point), for people; 0.0 for none
    zero_point  of S8 and S16
    frac        fraction bits of S16, S32 and S64
    """

    name: Optional[str]
    dtype: DType
    shape: Tuple[int, ...]
    data: Optional[np.ndarray] = None
    scale: float = 0.0
    zero_point: int = 0
    frac: int = 0

    @property
    def elements(self):
        n = 1
        for d in self.shape:
            n *= d
        return n


@dataclass
class Op:
    """An op.

    code     OpCode
    inputs   numbers of tensors, None for an operand that is absent
    outputs  numbers of tensors
    attr     by the names of codes.ATTRIBUTES: an integer, or a list of integers where
             the attribute is per dimension; what is absent is zero
    name     for people, or None
    """

    code: OpCode
    inputs: List[Optional[int]]
    outputs: List[int]
    attr: Dict[str, Union[int, List[int]]] = field(default_factory=dict)
    name: Optional[str] = None

    def words(self):
        """The attributes as the ATTRS integers of the file."""
        words = []
        left = dict(self.attr)
        for name, count in ATTRIBUTES[self.code]:
            value = left.pop(name, 0)
            values = [int(value)] if count == 1 else [int(v) for v in value or []]
            if len(values) > count:
                raise Error(f"{self.code.name}: too many values of {name}")
            words += values + [0] * (count - len(values))
        if left:
            raise Error(f"{self.code.name} has no attribute {', '.join(left)}")
        return words + [0] * (ATTRS - len(words))


@dataclass
class Range:
    """What elements of an input usually are, or elements of an output are to be.

    output  of an output, not of an input
    index   which of them
    first   first of its elements
    count   how many
    lo, hi  smallest and largest value, as it is stored
    """

    output: bool
    index: int
    first: int
    count: int
    lo: int
    hi: int


@dataclass
class Model:
    """A model: ops in order of execution over tensors; see neural_model.h."""

    tensors: List[Tensor] = field(default_factory=list)
    ops: List[Op] = field(default_factory=list)
    inputs: List[int] = field(default_factory=list)
    outputs: List[int] = field(default_factory=list)
    name: Optional[str] = None
    description: Optional[str] = None
    producer: Optional[str] = None
    labels: List[str] = field(default_factory=list)
    ranges: List[Range] = field(default_factory=list)

    def add(self, tensor):
        """Append a tensor; its number."""
        self.tensors.append(tensor)
        return len(self.tensors) - 1

    def constant(self, name, dtype, values, **more):
        """Append a constant made of an array; its number."""
        values = np.asarray(values)
        return self.add(Tensor(name, dtype, values.shape, values, **more))


class _Strings:
    """The strings section in the making; equal strings are stored once."""

    def __init__(self):
        self.blob = bytearray(b"\0")
        self.at = {}

    def add(self, text):
        if text is None:
            return NONE
        text = clean(text)
        if text not in self.at:
            self.at[text] = self.append([text])
        return self.at[text]

    def append(self, texts):
        """Strings that follow each other; where the first is."""
        if not texts:
            return NONE
        at = len(self.blob)
        for text in texts:
            self.blob += clean(text).encode() + b"\0"
        return at


def clean(text):
    """What a string can be in a file: UTF-8 without control characters."""
    text = text.encode("utf-8", "replace").decode()
    return "".join(" " if ord(c) < 32 or 127 <= ord(c) < 160 else c for c in text)


def _up(n):
    return -(-n // ALIGN) * ALIGN


def _bytes_of(t):
    """The bytes of a constant."""
    flat = np.asarray(t.data).reshape(-1)
    if flat.size != t.elements:
        raise Error(f"{t.name}: {flat.size} values for a shape of {t.elements}")
    if flat.size and (int(flat.min()) < t.dtype.min or int(flat.max()) > t.dtype.max):
        raise Error(f"{t.name}: a value does not fit {t.dtype.name.lower()}")
    flat = flat.astype(NUMPY[t.dtype])
    if t.dtype != DType.S4:
        return flat.tobytes()
    nibbles = np.zeros((flat.size + 1) // 2 * 2, np.uint8)
    nibbles[:flat.size] = flat.view(np.uint8) & 15
    return (nibbles[0::2] | nibbles[1::2] << 4).astype(np.uint8).tobytes()


def _tensor_entry(t, strings, data):
    if len(t.shape) > RANK:
        raise Error(f"{t.name}: {len(t.shape)} dimensions, at most {RANK} are possible")
    if any(d < 1 for d in t.shape) or t.elements > MAX_ELEMENTS:
        raise Error(f"{t.name}: shape {list(t.shape)} is not possible")
    flags = at = 0
    if t.data is not None:
        flags = TENSOR_CONST
        data += bytes(_up(len(data)) - len(data))
        at = len(data)
        data += _bytes_of(t)
    dim = [int(d) for d in t.shape] + [0] * (RANK - len(t.shape))
    return TENSOR.pack(strings.add(t.name), t.dtype, len(t.shape), flags, *dim, at,
                       t.scale, t.zero_point, t.frac)


def _check_limits(model):
    for what, count, least, most in (
            ("tensors", len(model.tensors), 1, MAX_TENSORS),
            ("ops", len(model.ops), 1, MAX_OPS),
            ("model inputs", len(model.inputs), 1, MAX_INPUTS),
            ("model outputs", len(model.outputs), 1, MAX_INPUTS),
            ("ranges", len(model.ranges), 0, MAX_RANGES)):
        if count < least:
            raise Error(f"the model has no {what}")
        if count > most:
            raise Error(f"{count} {what}, at most {most} are possible")


def _ranges(model):
    """The ranges section: inputs before outputs, in the order of a row."""
    ordered = sorted(model.ranges, key=lambda r: (r.output, r.index, r.first))
    return b"".join(RANGE.pack(RANGE_OUTPUT if r.output else 0, r.index, r.first, r.count,
                               r.lo, r.hi) for r in ordered)


def write(model):
    """The bytes of the model file of @model."""
    _check_limits(model)
    strings = _Strings()
    operands = list(model.inputs) + list(model.outputs)
    data = bytearray()
    tensors = b"".join(_tensor_entry(t, strings, data) for t in model.tensors)
    ops = bytearray()
    for op in model.ops:
        ops += OP.pack(op.code, len(op.inputs), len(op.outputs), strings.add(op.name),
                       len(operands), 0, *op.words())
        operands += [NONE if i is None else i for i in op.inputs] + list(op.outputs)
    if len(operands) > MAX_OPERANDS:
        raise Error(f"{len(operands)} operands, at most {MAX_OPERANDS} are possible")
    meta = META.pack(strings.add(model.name), strings.add(model.description),
                     strings.add(model.producer), strings.append(model.labels),
                     len(model.labels))
    sections = [
        (Section.TENSORS, tensors),
        (Section.OPERANDS, struct.pack(f"<{len(operands)}I", *operands)),
        (Section.OPS, bytes(ops)),
        (Section.STRINGS, bytes(strings.blob)),
        (Section.META, meta),
        (Section.DATA, bytes(data)),
    ]
    if model.ranges:
        sections.append((Section.RANGES, _ranges(model)))
    return _assemble(model, sections)


def _assemble(model, sections):
    out = bytearray(HEADER.size + SECTION.size * len(sections))
    for i, (kind, content) in enumerate(sections):
        out += bytes(_up(len(out)) - len(out))
        flags = SECTION_OPTIONAL if kind == Section.RANGES else 0
        SECTION.pack_into(out, HEADER.size + SECTION.size * i, kind, flags, ENTRY[kind],
                          len(out), len(content), 0)
        out += content
    HEADER.pack_into(out, 0, MAGIC, VERSION, HEADER.size, len(out), 0, 0, len(sections),
                     0, len(model.inputs), len(model.inputs), len(model.outputs))
    crc = crc32c(bytes(out))
    struct.pack_into("<I", out, 16, crc)
    return bytes(out)


class _Reader:
    """The sections of a file.  Checked as far as reading them needs; whether the model
    can be run is for the verifier to say."""

    def __init__(self, blob):
        self.blob = blob
        if len(blob) < HEADER.size:
            raise Malformed("not a model file: too short")
        (magic, version, header, size, crc, flags, count, self.inputs, self.nr_inputs,
         self.outputs, self.nr_outputs) = HEADER.unpack_from(blob)
        if magic != MAGIC:
            raise Malformed("not a model file: wrong magic number")
        if version != VERSION or flags:
            raise Malformed(f"model file version {version}, flags {flags:#x} "
                            "are not known")
        if size != len(blob):
            raise Malformed(f"the file has {len(blob)} bytes and should have {size}")
        zeroed = bytearray(blob)
        struct.pack_into("<I", zeroed, 16, 0)
        if crc32c(bytes(zeroed)) != crc:
            raise Malformed("checksum mismatch: the file is damaged")
        self.sections = {}
        for i in range(count):
            at = header + i * SECTION.size
            self._need(at, SECTION.size)
            kind, _, entry, offset, size, _ = SECTION.unpack_from(blob, at)
            self._need(offset, size)
            self.sections[kind] = (offset, size, entry)

    def _need(self, at, size):
        if at < 0 or at + size > len(self.blob):
            raise Malformed(f"offset {at} is past the end of the file")

    def entries(self, kind):
        """Offsets of the entries of a section."""
        offset, size, entry = self.sections.get(kind, (0, 0, ENTRY[kind]))
        if entry < ENTRY[kind] or size % entry:
            raise Malformed(f"section {kind.name} has entries of {entry} bytes")
        return range(offset, offset + size, entry)

    def string(self, at):
        if at == NONE:
            return None
        offset, size, _ = self.sections.get(Section.STRINGS, (0, 0, 1))
        if at >= size:
            raise Malformed(f"string {at} is past the end of the strings")
        end = self.blob.find(b"\0", offset + at, offset + size)
        if end < 0:
            raise Malformed(f"string {at} does not end")
        return self.blob[offset + at:end].decode("utf-8", "replace")

    def labels(self, at, count):
        texts = []
        for _ in range(count if at != NONE else 0):
            text = self.string(at)
            texts.append(text)
            at += len(text.encode()) + 1
        return texts

    def data(self, at, shape, dtype):
        offset, size, _ = self.sections.get(Section.DATA, (0, 0, 1))
        count = 1
        for d in shape:
            count *= d
        need = (count * dtype.bits + 7) // 8
        if at + need > size:
            raise Malformed(f"constant at {at} is past the end of the data")
        raw = self.blob[offset + at:offset + at + need]
        if dtype != DType.S4:
            return np.frombuffer(raw, NUMPY[dtype]).reshape(shape)
        return nibbles(np.frombuffer(raw, np.uint8), count).reshape(shape)

    def operands(self, first, count):
        at = self.entries(Section.OPERANDS)
        if first + count > len(at):
            raise Malformed(f"operand {first + count - 1} does not exist")
        return [struct.unpack_from("<I", self.blob, at[i])[0]
                for i in range(first, first + count)]


def nibbles(raw, count):
    """@count signed values of four bits in an array of bytes, low nibble first."""
    packed = np.asarray(raw, np.uint8)
    out = np.empty(packed.size * 2, np.int8)
    out[0::2] = packed & 15
    out[1::2] = packed >> 4
    return ((out ^ 8) - 8)[:count].astype(np.int8)


def _read_tensor(reader, at):
    name, dtype, rank, flags, *rest = TENSOR.unpack_from(reader.blob, at)
    dim, (data, scale, zero_point, frac) = rest[:RANK], rest[RANK:]
    if rank > RANK or dtype not in set(DType):
        raise Malformed(f"tensor at offset {at}: rank {rank}, type {dtype}")
    t = Tensor(reader.string(name), DType(dtype), tuple(dim[:rank]), None, scale,
               zero_point, frac)
    if flags & TENSOR_CONST:
        t.data = reader.data(data, t.shape, t.dtype)
    return t


def _read_op(reader, at):
    code, nr_in, nr_out, name, first, _, *words = OP.unpack_from(reader.blob, at)
    if code not in set(OpCode):
        raise Malformed(f"op at offset {at}: code {code} is not known")
    numbers = [None if n == NONE else n for n in reader.operands(first, nr_in + nr_out)]
    attr, next_word = {}, 0
    for key, count in ATTRIBUTES[OpCode(code)]:
        value = words[next_word:next_word + count]
        attr[key] = value[0] if count == 1 else value
        next_word += count
    return Op(OpCode(code), numbers[:nr_in], numbers[nr_in:], attr, reader.string(name))


def read(blob):
    """The Model in the bytes of a model file."""
    reader = _Reader(bytes(blob))
    model = Model()
    model.tensors = [_read_tensor(reader, at)
                     for at in reader.entries(Section.TENSORS)]
    model.ops = [_read_op(reader, at) for at in reader.entries(Section.OPS)]
    model.inputs = reader.operands(reader.inputs, reader.nr_inputs)
    model.outputs = reader.operands(reader.outputs, reader.nr_outputs)
    used = model.inputs + model.outputs
    for op in model.ops:
        used += [n for n in op.inputs if n is not None] + op.outputs
    if any(n is None or n >= len(model.tensors) for n in used):
        raise Malformed("an operand names a tensor that does not exist")
    for at in list(reader.entries(Section.META))[:1]:
        name, text, producer, labels, count = META.unpack_from(reader.blob, at)
        model.name = reader.string(name)
        model.description = reader.string(text)
        model.producer = reader.string(producer)
        model.labels = reader.labels(labels, count)
    for at in reader.entries(Section.RANGES):
        flags, *rest = RANGE.unpack_from(reader.blob, at)
        model.ranges.append(Range(bool(flags & RANGE_OUTPUT), *rest))
    return model
