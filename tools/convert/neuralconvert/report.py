# SPDX-License-Identifier: GPL-2.0-only
"""What is in a Model, for people and for programs."""

import json


def _shape(t):
    return "x".join(str(d) for d in t.shape) or "1"


def _tensor_text(model, n):
    if n is None:
        return "-"
    t = model.tensors[n]
    name = f" '{t.name}'" if t.name else ""
    text = f"{n}{name} {t.dtype.name.lower()} {_shape(t)}"
    if t.scale or t.zero_point:
        text += f" scale {t.scale:.9g} zero {t.zero_point}"
    if t.frac:
        text += f" frac {t.frac}"
    if t.data is not None:
        text += " const"
    return text


def _attr_text(op):
    return " ".join(f"{k}={','.join(map(str, v)) if isinstance(v, list) else v}"
                    for k, v in op.attr.items())


def human(model, size):
    """Lines about a Model whose file has @size bytes."""
    yield f"name         {model.name or '-'}"
    yield f"description  {model.description or '-'}"
    yield f"producer     {model.producer or '-'}"
    yield f"bytes        {size}"
    if model.labels:
        yield f"labels       {', '.join(model.labels)}"
    for n in model.inputs:
        yield f"input        {_tensor_text(model, n)}"
    for n in model.outputs:
        yield f"output       {_tensor_text(model, n)}"
    for r in model.ranges:
        yield (f"{'bounds' if r.output else 'range ':12} "
               f"{'output' if r.output else 'input'} {r.index} elements {r.first} .. "
               f"{r.first + r.count - 1}: {r.lo} .. {r.hi}")
    for i, op in enumerate(model.ops):
        yield f"{i}: {op.code.name.lower()} {_attr_text(op)}".rstrip()
        for n in op.inputs:
            yield f"    < {_tensor_text(model, n)}"
        for n in op.outputs:
            yield f"    > {_tensor_text(model, n)}"


def _tensor(t):
    return {"name": t.name, "type": t.dtype.name.lower(), "shape": list(t.shape),
            "scale": t.scale, "zero_point": t.zero_point, "frac": t.frac,
            "constant": t.data is not None}


def machine(model, size):
    """The same as JSON text."""
    return json.dumps({
        "name": model.name, "description": model.description,
        "producer": model.producer, "bytes": size, "labels": model.labels,
        "inputs": model.inputs, "outputs": model.outputs,
        "tensors": [_tensor(t) for t in model.tensors],
        "ops": [{"code": op.code.name.lower(), "name": op.name, "inputs": op.inputs,
                 "outputs": op.outputs, "attributes": op.attr} for op in model.ops],
        "ranges": [vars(r) for r in model.ranges],
    }, indent=1)
