# SPDX-License-Identifier: GPL-2.0-only
"""What a run found, as text."""

import results


def time(ns):
    return f"{ns:10.1f} ns" if ns < 10000 else f"{ns / 1000:10.2f} µs"


def speed(rate):
    """Nothing of what is no multiply-adds."""
    return f"{rate:8.2f} GMAC/s" if rate else f"{'':15}"


def peaks(data):
    yield "Peaks of this run"
    for p in data.get("peaks", []):
        if p["gmacs"]:
            yield f"  {p['name']:14} {p['gmacs']:8.1f} GMAC/s"
        else:
            yield (f"  {p['name']:14} {p['gbytes']:8.1f} GB/s, "
                   f"{p['working_set'] / 1024:.0f} KiB")


def work(found):
    yield ("Medians of the calmest round; share of what the level's instructions can do; "
           "time in that of others")
    for name in found.names():
        for level in found.levels(name):
            r = found.get(name, level)
            rate, peak = results.gmacs(r), found.peak(level)
            line = f"  {name:15} {level:11} {time(results.median(r))} {speed(rate)}"
            if rate and peak and results.of_bytes(r):
                line += f" {100 * rate / peak:5.1f} %"
            else:
                line += "        "
            for engine, peer in r.get("peers", {}).items():
                line += f"  {peer['ratio']:6.2f} {engine}"
                if peer["level"] != level:
                    line += f" {peer['level']}"
            yield line
        for engine in found.peers():
            for level in found.levels(name, engine):
                r = found.get(name, level, engine)
                yield (f"  {'':15} {level:11} {time(results.median(r))} "
                       f"{speed(results.gmacs(r))}          {engine}")


def layers(found):
    for name in found.names():
        r = found.best(name)
        if not r or not r.get("layers"):
            continue
        total = sum(layer["ns"] for layer in r["layers"])
        yield f"{name} by layer, {r['level']}, {total / 1000:.2f} µs with the clock read"
        for number, layer in enumerate(r["layers"]):
            yield (f"  {number:3} {layer['op']:18} {layer['outputs']:7} outputs "
                   f"{layer['ns'] / 1000:9.2f} µs {100 * layer['ns'] / (total or 1):5.1f} %")


def of_kernel(data):
    made = data.get("kernel", {}).get("results", [])
    if made:
        yield ""
        yield "In a kernel"
    for r in made:
        yield f"  {r['name']:15} {r['level']:11} {time(results.median(r))}"
        for number, layer in enumerate(r.get("layers", [])):
            yield (f"  {number:3} {layer['op']:18} {layer['outputs']:7} outputs "
                   f"{layer['ns']:9} ns, {layer['runs']} runs")


def lines(data):
    found = results.Found(data)
    yield from peaks(data)
    yield ""
    yield from work(found)
    yield ""
    yield from layers(found)
    yield from of_kernel(data)
