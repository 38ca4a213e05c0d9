# SPDX-License-Identifier: GPL-2.0-only
"""Makes .tflite files for tests, without a training framework.

    from tflite_builder import build, op, tensor

    x = tensor("x", [1, 4], scale=0.5, zero_point=-3)
    w = tensor("w", [2, 4], data=weights, scale=[0.1, 0.2])	per channel
    y = tensor("y", [1, 2], scale=0.25)
    blob = build([x, w, y], [op("FULLY_CONNECTED", [0, 1, -1], [2])], [0], [2])

Tensors are numbered by their place in the list; -1 is an operand that is absent.
"""

import os
import sys

import flatbuffers
import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "../../tools/convert"))
from neuralconvert import schema  # noqa: E402
from neuralconvert.schema import Type  # noqa: E402

NUMPY = {Type.FLOAT32: "<f4", Type.INT32: "<i4", Type.UINT8: "u1", Type.INT64: "<i8",
         Type.INT16: "<i2", Type.INT8: "i1", Type.BOOL: "u1", Type.FLOAT16: "<f2"}


def tensor(name, shape, type=Type.INT8, data=None, scale=None, zero_point=0, axis=0):
    """A tensor of build().

    data        values of a constant, an array of integers or reals; INT4 is packed
    scale       a number, or a list of one per channel of dimension @axis
    zero_point  likewise
    """
    return {"name": name, "shape": list(shape), "type": Type(type), "data": data,
            "scale": scale, "zero_point": zero_point, "axis": axis}


def op(name, inputs, outputs, **options):
    """An operator of build(): its TFLite name, numbers of tensors, and options by their
    names in schema.OPTIONS."""
    return {"name": name, "inputs": list(inputs), "outputs": list(outputs),
            "options": options}


def _raw(t):
    data = np.asarray(t["data"])
    if t["type"] != Type.INT4:
        return data.astype(NUMPY[t["type"]]).tobytes()
    flat = data.reshape(-1).astype(np.int8).view(np.uint8) & 15
    flat = np.append(flat, np.zeros(flat.size % 2, np.uint8))
    return (flat[0::2] | flat[1::2] << 4).astype(np.uint8).tobytes()


class _Writer(flatbuffers.Builder):
    def table(self, fields):
        """A table of (slot, kind, value); vectors and tables go by their offset."""
        fields = [f for f in fields if f[2] is not None]
        self.StartObject(max((f[0] for f in fields), default=-1) + 1)
        prepend = {"byte": self.PrependInt8Slot, "ubyte": self.PrependUint8Slot,
                   "int": self.PrependInt32Slot, "uint": self.PrependUint32Slot,
                   "float": self.PrependFloat32Slot,
                   "offset": self.PrependUOffsetTRelativeSlot}
        for slot, kind, value in fields:
            prepend[kind](slot, value, 0 if kind == "offset" else None)
        return self.EndObject()

    def array(self, values, dtype):
        return self.CreateNumpyVector(np.asarray(values, dtype))

    def bytes_aligned(self, raw):
        self.StartVector(1, len(raw), 16)
        self.head -= len(raw)
        self.Bytes[self.head:self.head + len(raw)] = raw
        return self.EndVector()

    def offsets(self, items):
        self.StartVector(4, len(items), 4)
        for item in reversed(items):
            self.PrependUOffsetTRelative(item)
        return self.EndVector()


def _options(w, o):
    """(number in the union, table) of the options of operator @o."""
    if o["name"] not in schema.OPTIONS:
        return None, None
    number, known = schema.OPTIONS[o["name"]]
    fields = []
    for key, value in o["options"].items():
        slot, kind, _ = known[key]
        if kind == "ints":
            fields.append((slot, "offset", w.array(value, np.int32)))
        else:
            fields.append((slot, kind, value))
    return number, w.table(fields)


def _tensor(w, t, buffer):
    name = w.CreateString(t["name"])
    shape = w.array(t["shape"], np.int32)
    quantization = None
    if t["scale"] is not None:
        scales = np.atleast_1d(np.asarray(t["scale"], np.float32))
        zeros = np.broadcast_to(np.asarray(t["zero_point"], np.int64), scales.shape)
        f = schema.QUANTIZATION
        quantization = w.table([
            (f["scale"], "offset", w.array(scales, np.float32)),
            (f["zero_point"], "offset", w.array(zeros, np.int64)),
            (f["quantized_dimension"], "int", t["axis"])])
    f = schema.TENSOR
    return w.table([(f["shape"], "offset", shape), (f["type"], "byte", t["type"]),
                    (f["buffer"], "uint", buffer), (f["name"], "offset", name),
                    (f["quantization"], "offset", quantization)])


def _operator(w, o, codes):
    number, options = _options(w, o)
    inputs = w.array(o["inputs"], np.int32)
    outputs = w.array(o["outputs"], np.int32)
    f = schema.OPERATOR
    return w.table([(f["opcode_index"], "uint", codes.index(o["name"])),
                    (f["inputs"], "offset", inputs),
                    (f["outputs"], "offset", outputs),
                    (f["builtin_options_type"], "ubyte", number),
                    (f["builtin_options"], "offset", options)])


def _operator_code(w, name):
    number = schema.NUMBER[name]
    f = schema.OPERATOR_CODE
    return w.table([(f["deprecated_builtin_code"], "byte",
                     min(number, schema.PLACEHOLDER)),
                    (f["version"], "int", 1), (f["builtin_code"], "int", number)])


def build(tensors, ops, inputs, outputs, description="made for a test"):
    """The bytes of a .tflite file of one subgraph."""
    w = _Writer(1024)
    buffers = [w.table([])]		# the empty one
    entries = []
    for t in tensors:
        number = 0
        if t["data"] is not None:
            raw = w.bytes_aligned(_raw(t))
            number = len(buffers)
            buffers.append(w.table([(schema.BUFFER["data"], "offset", raw)]))
        entries.append(_tensor(w, t, number))
    codes = list(dict.fromkeys(o["name"] for o in ops))
    operators = [_operator(w, o, codes) for o in ops]
    f = schema.SUBGRAPH
    graph = w.table([(f["tensors"], "offset", w.offsets(entries)),
                     (f["inputs"], "offset", w.array(inputs, np.int32)),
                     (f["outputs"], "offset", w.array(outputs, np.int32)),
                     (f["operators"], "offset", w.offsets(operators))])
    f = schema.MODEL
    text = w.CreateString(description)
    known = w.offsets([_operator_code(w, name) for name in codes])
    model = w.table([(f["version"], "uint", schema.VERSION),
                     (f["operator_codes"], "offset", known),
                     (f["subgraphs"], "offset", w.offsets([graph])),
                     (f["description"], "offset", text),
                     (f["buffers"], "offset", w.offsets(buffers))])
    w.Finish(model, file_identifier=schema.IDENTIFIER)
    return bytes(w.Output())
