# SPDX-License-Identifier: GPL-2.0-only
"""A run as one page of HTML that needs nothing else: pictures are SVG in it."""

import html
import math

import goals
import results

COLOURS = {"neural": "#0b6e4f", "onednn": "#c8553d", "onednn-f32": "#e8a87c",
           "xnnpack": "#4a6fa5"}
OTHER = "#888888"

STYLE = """
body { font: 15px/1.45 sans-serif; max-width: 60em; margin: 2em auto; color: #222;
       padding: 0 1em; }
table { border-collapse: collapse; margin: 1em 0; font-size: 13px; }
th, td { padding: .2em .7em; border-bottom: 1px solid #ddd; text-align: left; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
.met { color: #0b6e4f; } .missed { color: #b3261e; } .none { color: #777; }
svg { background: #fff; max-width: 100%; height: auto; margin: .5em 0; }
svg text { font: 12px sans-serif; fill: #222; }
"""


def text(x, y, words, anchor="start", more=""):
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}>'
            f"{html.escape(str(words))}</text>")


def line(x1, y1, x2, y2, colour="#ccc", more=""):
    return (f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'stroke="{colour}"{more}/>')


def rect(x, y, w, h, colour, title=""):
    return (f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(w, 0.5):.1f}" height="{h:.1f}" '
            f'fill="{colour}"><title>{html.escape(title)}</title></rect>')


def dot(x, y, colour, title=""):
    return (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}">'
            f"<title>{html.escape(title)}</title></circle>")


def svg(width, height, parts, label):
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" role="img" aria-label="{html.escape(label)}">'
            + "".join(parts) + "</svg>")


def duration(ns):
    if ns < 1000:
        return f"{ns:.0f} ns"
    return f"{ns / 1000:.3g} µs" if ns < 1e6 else f"{ns / 1e6:.3g} ms"


def colour(engine):
    return COLOURS.get(engine, OTHER)


def legend(engines, x, y):
    parts = []
    for engine in engines:
        parts += [rect(x, y - 10, 12, 12, colour(engine)), text(x + 17, y, engine)]
        x += 30 + 8 * len(engine)
    return parts


class Log:
    """A logarithmic axis from @low to @high over pixels @a to @b."""

    def __init__(self, low, high, a, b):
        self.low, self.high = math.log10(low), math.log10(high)
        if self.high - self.low < 0.1:
            self.low, self.high = self.low - 0.5, self.high + 0.5
        self.a, self.b = a, b

    def __call__(self, value):
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return self.a + share * (self.b - self.a)

    def ticks(self):
        first, last = math.ceil(self.low - 1e-9), math.floor(self.high + 1e-9)
        return [10.0 ** e for e in range(first, last + 1)]


def bars(found):
    """The time of each piece of work beside what others take at their best."""
    engines = [results.OURS, *found.peers()]
    names = [n for n in found.names() if found.best(n)]
    groups = [(n, [(e, found.best(n, e)) for e in engines if found.best(n, e)])
              for n in names]
    times = [results.median(r) for _, group in groups for _, r in group]
    if not times:
        return ""
    axis = Log(min(times) / 1.5, max(times) * 1.5, 130, 720)
    parts, y = legend(engines, 130, 16), 34
    height = y + sum(14 * len(group) + 10 for _, group in groups) + 24
    for tick in axis.ticks():
        parts += [line(axis(tick), 26, axis(tick), height - 22),
                  text(axis(tick), height - 6, duration(tick), "middle")]
    for name, group in groups:
        parts.append(text(122, y + 7 * len(group) + 4, name, "end"))
        for engine, r in group:
            ns = results.median(r)
            parts += [rect(130, y, axis(ns) - 130, 12, colour(engine),
                           f"{engine} {r['level']}: {duration(ns)}"),
                      text(axis(ns) + 4, y + 10, duration(ns), more=' font-size="10"')]
            y += 14
        y += 10
    return svg(800, height, parts, "latency beside other libraries")


def roofline(found):
    """Multiply-adds a nanosecond over multiply-adds a byte of weights."""
    top = found.peak(results.LEVELS[-1])
    near, far = found.bandwidth("l2"), found.bandwidth("l3")
    points = [(n, found.best(n)) for n in found.names()]
    points = [(n, r["macs"] / r["bytes"], results.gmacs(r)) for n, r in points
              if r and r.get("macs") and r.get("bytes") and results.of_bytes(r)]
    if not top or not near or not points:
        return ""
    across = Log(min(0.5, *(p[1] for p in points)), 2 * max(p[1] for p in points), 60, 760)
    up = Log(min(p[2] for p in points) / 2, top * 2, 380, 20)
    parts = []
    for tick in across.ticks():
        parts += [line(across(tick), 20, across(tick), 380, "#eee"),
                  text(across(tick), 398, f"{tick:g}", "middle")]
    for tick in up.ticks():
        parts += [line(60, up(tick), 760, up(tick), "#eee"),
                  text(54, up(tick) + 4, f"{tick:g}", "end")]
    for number, (name, width) in enumerate((("L2", near), ("L3", far))):
        if width:
            parts += roof(across, up, width, top, name, number)
    for number, level in enumerate(found.levels("gemm-512")):
        peak = found.peak(level)
        if peak and 10 ** up.low < peak < top:
            parts.append(line(60, up(peak), 760, up(peak), "#bbb",
                              ' stroke-dasharray="3 4"'))
            parts.append(text(758 - 70 * (number % 3), up(peak) - 3, level, "end"))
    for number, (name, intensity, rate) in enumerate(points):
        x, y = across(intensity), up(rate)
        parts += [dot(x, y, COLOURS["neural"], f"{name}: {rate:.1f} GMAC/s"),
                  text(x - 6, y - 5, name, "end") if x > 650 else
                  text(x + 6, y + (12 if number % 2 else -5), name)]
    parts.append(text(410, 416, "multiply-adds a byte of weights; up: GMAC/s", "middle"))
    return svg(800, 424, parts, "roofline")


def roof(across, up, width, top, name, number):
    low = max(10 ** across.low, 10 ** up.low / width)
    corner = min(top / width, 10 ** across.high)
    more = ' stroke-width="2"' + (' stroke-dasharray="6 3"' if number else "")
    parts = [line(across(low), up(low * width), across(corner), up(corner * width),
                  "#444", more),
             text(across(low) + 12, up(low * width) + 46 * number - 34,
                  f"{name} {width:.0f} GB/s")]
    if not number:
        parts += [line(across(corner), up(top), 760, up(top), "#444", more),
                  text(758, up(top) - 5, f"{top:.0f} GMAC/s", "end")]
    return parts


def batch(found):
    """The time of a row in batches."""
    sizes = sorted(int(n[5:]) for n in found.names()
                   if n.startswith("mlp-b") and n[5:].isdigit())
    curves = {}
    for engine in (results.OURS, *found.peers()):
        curve = [(s, found.best(f"mlp-b{s}", engine)) for s in sizes]
        curve = [(s, results.median(r) / s) for s, r in curve if r]
        if len(curve) > 1:
            curves[engine] = curve
    if not curves:
        return ""
    times = [ns for curve in curves.values() for _, ns in curve]
    across, up = Log(sizes[0], sizes[-1], 70, 740), Log(min(times) / 1.3,
                                                        max(times) * 1.3, 300, 30)
    parts = legend(curves, 70, 16)
    for tick in up.ticks():
        parts += [line(70, up(tick), 740, up(tick), "#ddd"),
                  text(64, up(tick) + 4, duration(tick), "end")]
    for size in sizes:
        parts.append(text(across(size), 320, size, "middle"))
    for engine, curve in curves.items():
        path = " ".join(f"{across(s):.1f},{up(ns):.1f}" for s, ns in curve)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour(engine)}" '
                     'stroke-width="2"/>')
        parts += [dot(across(s), up(ns), colour(engine), f"{engine}, {s} rows: "
                      f"{duration(ns)} a row") for s, ns in curve]
    parts.append(text(405, 340, "rows in a batch; up: time of one", "middle"))
    return svg(800, 348, parts, "batch scaling")


def ladder(found):
    """How much faster than generic each level is."""
    names = [n for n in found.names() if len(found.levels(n)) > 1]
    if not names:
        return ""
    shades = dict(zip(results.LEVELS, ("#c9d6cf", "#9fc2b0", "#74ad92", "#559d7e",
                                       "#2f8a65", "#0b6e4f")))
    factors = {(n, level): results.median(found.get(n, found.levels(n)[0])) /
               results.median(found.get(n, level))
               for n in names for level in found.levels(n)}
    axis = Log(min(0.8, *factors.values()), max(factors.values()) * 1.5, 130, 740)
    levels = [v for v in results.LEVELS if any((n, v) in factors for n in names)]
    parts, x, y = [], 130, 34
    for level in levels:
        parts += [rect(x, 6, 12, 12, shades[level]), text(x + 16, 16, level)]
        x += 40 + 7 * len(level)
    height = y + sum(11 * len(found.levels(n)) + 9 for n in names) + 24
    for tick in axis.ticks():
        parts += [line(axis(tick), 26, axis(tick), height - 22),
                  text(axis(tick), height - 6, f"{tick:g} x", "middle")]
    for name in names:
        parts.append(text(122, y + 5.5 * len(found.levels(name)) + 4, name, "end"))
        for level in found.levels(name):
            factor = factors[name, level]
            left, right = sorted((axis(1), axis(factor)))
            parts.append(rect(left, y, right - left, 10, shades.get(level, OTHER),
                              f"{name} {level}: {factor:.2f} x"))
            y += 11
        y += 9
    return svg(800, height, parts, "levels beside generic")


def row(cells, tag="td", numbers=()):
    return "<tr>" + "".join(f'<{tag}{" class=n" if i in numbers else ""}>'
                            f"{c if str(c).startswith('<span') else html.escape(str(c))}"
                            f"</{tag}>" for i, c in enumerate(cells)) + "</tr>"


def goal_table(data):
    words = {True: "met", False: "missed", None: "none"}
    rows = [row(("work", "figure", "aim", "found", ""), "th", (2, 3))]
    for goal in goals.goals(data):
        found = "-" if goal.figure is None else goal.text(goal.figure)
        rows.append(row((goal.work, goal.what, goal.aim(), found,
                         f"<span class={words[goal.met()]}>{goal.verdict()}</span>"),
                        numbers=(2, 3)))
    return "<table>" + "".join(rows) + "</table>"


def result_table(found):
    head = ("work", "engine", "level", "p50", "p90", "p99", "std", "GMAC/s",
            "rows/s", "memory KiB")
    rows = [row(head, "th", range(3, 10))]
    for name in found.names():
        for r in (r for r in found.data["results"] if r["name"] == name):
            ns = r["latency"]
            rate = results.gmacs(r)
            rows.append(row((name, r["engine"], r["level"], duration(ns["p50"]),
                             duration(ns["p90"]), duration(ns["p99"]),
                             duration(ns["std"]), f"{rate:.2f}" if rate else "",
                             f"{r['throughput']['mean']:.3g}",
                             f"{r['memory']['peak'] / 1024:.0f}"), numbers=range(3, 10)))
    return "<table>" + "".join(rows) + "</table>"


def layer_tables(found):
    for name in found.names():
        r = found.best(name)
        if not r or not r.get("layers"):
            continue
        total = sum(layer["ns"] for layer in r["layers"]) or 1
        yield f"<h3>{html.escape(name)}, {html.escape(r['level'])}</h3><table>"
        yield row(("", "operation", "outputs", "time", "share"), "th", (0, 2, 3, 4))
        for number, layer in enumerate(r["layers"]):
            yield row((number, layer["op"], layer["outputs"], duration(layer["ns"]),
                       f"{100 * layer['ns'] / total:.1f} %"), numbers=(0, 2, 3, 4))
        yield "</table>"


def section(title, picture, words):
    if not picture:
        return ""
    return f"<h2>{title}</h2><p>{words}</p>{picture}"


def page(data):
    found = results.Found(data)
    info = data["benchmark_info"]
    machine = info["system"]
    parts = [
        "<!DOCTYPE html><html lang=en><head><meta charset=utf-8>",
        f"<title>neural: {html.escape(info['timestamp'])}</title>",
        f"<style>{STYLE}</style></head><body><h1>neural, measured</h1>",
        f"<p>{html.escape(info['timestamp'])} · {html.escape(machine['cpu'])} · "
        f"{machine['memory'] >> 20} MiB · {html.escape(machine['os'])} · "
        f"{html.escape(' '.join(machine['isa']))}</p>",
        "<h2>What it is meant to reach</h2>", goal_table(data),
        section("Beside other libraries", bars(found),
                "Medians, each library at its highest level. Shorter is better; the scale "
                "is logarithmic."),
        section("Roofline", roofline(found),
                "Dots are ours at the best level. Under a slope, bytes of weights bound "
                "the work; under the roof, multiply-adds do."),
        section("Batches", batch(found), "The network of 784, 256 and 10 units."),
        section("Levels", ladder(found), "How many times as fast as generic code."),
        "<h2>All results</h2>", result_table(found),
    ]
    tables = "".join(layer_tables(found))
    if tables:
        parts += ["<h2>Layers</h2>", tables]
    return "".join(parts) + "</body></html>\n"
