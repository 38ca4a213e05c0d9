# SPDX-License-Identifier: GPL-2.0-only
"""The log of a kernel that loaded neural_test.ko with json=1, as results.

Names are those of the lines: "predict" one call at a time, "in a row" without a look at
the clock between them, and so on.  The smallest network there can be, one weight, takes
no more in the engine than a multiply: what it takes in a row is the price of the way to
the engine and back, and is reported as "overhead".  Of a second network the name is in
front of it, and layers are those of the last one.
"""

import json
import re

import results

MARK = re.compile(r"neural_test: json (\{.*\})\s*$")
SIZES = re.compile(r"neural_test: \S+: (\d+) inputs, (\d+) outputs, ")


def rates(ns):
    """Rows a second: there are no samples any more, so by the time of one."""
    def of(value):
        return 1e9 / max(value, 1)
    mean = of(ns["mean"])
    return {"mean": mean, "std": mean * ns["std"] / max(ns["mean"], 1),
            "min": of(ns["max"]), "max": of(ns["min"])}


def result(line):
    ns = {name: line["latency"][name]
          for name in ("mean", "std", "min", "max", "p50", "p90", "p95", "p99")}
    # A clock may not tell less than this apart.
    ns["p50"] = max(ns["p50"], 1)
    return {"engine": results.OURS, "name": line["name"], "level": line["level"],
            "rows": 1, "latency": ns, "throughput": rates(ns),
            "memory": {name: line["memory"][name] for name in ("peak", "mean")}}


def layers(text):
    """A network's file "layers" in debugfs, as it is while it is profiled."""
    head, *rest = text.splitlines() or [""]
    columns = head.split()
    if "runs" not in columns or "mean_ns" not in columns:
        raise results.Wrong("not a network's layers")
    op = "op" if "op" in columns else "kind"
    made = []
    for line in rest:
        values = line.split()
        if len(values) < len(columns) - 1:
            raise results.Wrong(f"layers: '{line}' has too few columns")
        # Shapes and words are without blanks; what is last may have some.
        row = dict(zip(columns, values))
        made.append({"op": row[op], "runs": int(row["runs"]), "ns": int(row["mean_ns"]),
                     "outputs": int(row.get("out") or row.get("out_bytes") or 0)})
    return made


def parse(text, of_layers=None):
    """Results in @text, in which there is a lot else."""
    found = {}
    networks = {}	# by name: predictions one at a time
    smallest = False
    for said in text.splitlines():
        sizes = SIZES.search(said)
        if sizes:
            smallest = sizes.groups() == ("1", "1")
        match = MARK.search(said)
        if not match:
            continue
        try:
            line = json.loads(match.group(1))
            made = result(line)
            network = line["network"]
        except (ValueError, KeyError, TypeError) as e:
            raise results.Wrong(f"'{said.strip()}': {e}") from None
        if smallest:
            if made["name"] != "in a row":
                continue
            made["name"] = "overhead"
        else:
            networks.setdefault(network)
            if line["name"] == "predict":
                networks[network] = made
            if network != next(iter(networks)):
                made["name"] = f"{network} {made['name']}"
        found[results.key(made)] = made
    if not found:
        raise results.Wrong("no line of neural_test with json=1")
    if of_layers is not None:
        last = list(networks.values())[-1] if networks else None
        if last is None:
            raise results.Wrong("layers, and no network that was timed")
        last["layers"] = layers(of_layers)
    return results.make(list(found.values()), kind="kernel", model=" ".join(networks))


def read(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as f:
            return f.read()
    except OSError as e:
        raise results.Wrong(str(e)) from None


def load(path, path_of_layers=None):
    try:
        return parse(read(path), read(path_of_layers) if path_of_layers else None)
    except results.Wrong as e:
        raise results.Wrong(f"{path}: {e}") from None
