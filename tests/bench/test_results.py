#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""What is made of results: compare, trends, the page, the table of aims, kernel logs."""

import copy
import html.parser
import json
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "convert")]

import from_kernel	# noqa: E402
import goals	# noqa: E402
import report	# noqa: E402
import results	# noqa: E402
import table	# noqa: E402
from tap import refused, run, same, test	# noqa: E402


def made(name, level, ns, engine="neural", rows=1, macs=1000000, layers=None):
    result = {
        "engine": engine, "name": name, "level": level, "rows": rows, "macs": macs,
        "bytes": 200000,
        "latency": {"mean": ns, "std": 1, "min": ns * 0.9, "max": ns * 2, "p50": ns,
                    "p90": ns, "p95": ns, "p99": ns * 1.5},
        "throughput": {"mean": 1e9 / ns, "std": 1, "min": 5e8 / ns, "max": 1.1e9 / ns},
        "memory": {"peak": 4096, "mean": 2048},
    }
    if layers:
        result["layers"] = layers
    return result


def data():
    """A machine that reads 100 GB/s and multiplies a thousand bytes a nanosecond."""
    d = results.make([
        made("mlp-b1", "generic", 50000), made("mlp-b1", "avx2", 4000),
        made("mlp-b1", "avx2", 5000, "onednn"), made("mlp-b1", "avx512vnni", 2500, "onednn"),
        made("mlp-b32", "avx2", 64000, rows=32),
        made("mlp-b32", "avx2", 32000, "onednn", rows=32),
        made("gemm-512", "generic", 1e8), made("gemm-512", "avx2", 1250),
        made("linnos", "avx2", 100), made("linnos", "auto", 90, "xnnpack"),
        made("kws", "avx2", 20000, layers=[{"op": "conv_2d", "outputs": 8, "ns": 1500},
                                          {"op": "softmax", "outputs": 2, "ns": 500}]),
    ], model="kws")
    d["peaks"] = [
        {"name": "imul-s8", "level": "generic", "gmacs": 1, "gbytes": 0, "working_set": 0},
        {"name": "pmuldq-ymm", "level": "avx2", "gmacs": 5000, "gbytes": 0,
         "working_set": 0},
        {"name": "pmaddwd-ymm", "level": "avx2", "gmacs": 1000, "gbytes": 0,
         "working_set": 0},
        {"name": "vpdpbusd-zmm", "level": "avx512vnni", "gmacs": 4000, "gbytes": 0,
         "working_set": 0},
        {"name": "read-l2-ymm", "level": "avx2", "gmacs": 0, "gbytes": 100,
         "working_set": 1 << 19},
    ]
    d["footprint"] = {"arena": 1000, "weights": 1000, "peak": 2000, "file": 1, "pages": 1}
    return results.add_ratios(d)


def tool(name, *args):
    done = subprocess.run([os.path.join(HERE, name), *args], text=True, check=False,
                          capture_output=True)
    return done.returncode, done.stdout, done.stderr


def compared(change, *options):
    """Status and words of compare with a second file that @change has been at."""
    with tempfile.TemporaryDirectory() as where:
        paths = [os.path.join(where, name) for name in ("a.json", "b.json")]
        before, now = data(), data()
        change(now)
        results.save(before, paths[0])
        results.save(now, paths[1])
        return tool("compare", *paths, *options)


def slow(of, factor):
    def change(d):
        for r in d["results"]:
            if of(r):
                r["latency"]["p50"] *= factor
    return change


def is_gemm(r):
    return r["name"] == "gemm-512" and r["level"] == "avx2"


def is_other(r):
    return r["engine"] != "neural"


@test
def the_same_file_is_no_regression():
    status, said, _ = compared(lambda d: None)
    same(status, 0)
    same("REGRESSION" in said, False)


@test
def slower_than_the_threshold_is_one():
    status, said, _ = compared(slow(is_gemm, 1.08))
    same(status, 1)
    lines = [line for line in said.splitlines() if "REGRESSION" in line]
    same(len(lines), 1)
    same(lines[0].split()[:2], ["gemm-512", "avx2"])
    same("+8.0 %" in lines[0], True)


@test
def the_threshold_can_be_set():
    same(compared(slow(is_gemm, 1.08), "--threshold", "9")[0], 0)
    same(compared(slow(is_gemm, 1.08), "--threshold", "7")[0], 1)
    same(compared(slow(is_gemm, 1.08), "--threshold", "-1")[0], 2)


@test
def faster_is_none():
    status, said, _ = compared(slow(is_gemm, 0.5))
    same(status, 0)
    same("-50.0 %  faster" in said, True)


@test
def what_is_gone_is_a_regression():
    def change(d):
        d["results"] = [r for r in d["results"] if not is_gemm(r)]
    status, said, _ = compared(change)
    same(status, 1)
    same("gone" in said, True)


@test
def what_is_new_is_none():
    status, said, _ = compared(lambda d: d["results"].append(made("new", "sse2", 1)))
    same(status, 0)
    same(any(line.startswith("new ") for line in said.splitlines()), True)


@test
def other_libraries_are_no_regression_of_ours():
    same(compared(slow(is_other, 2))[0], 0)


@test
def a_slower_machine_can_be_taken_off():
    same(compared(slow(lambda r: True, 1.5))[0], 1)
    same(compared(slow(lambda r: True, 1.5), "--drift")[0], 0)
    same(compared(slow(lambda r: not is_other(r), 1.5), "--drift")[0], 1)


@test
def files_that_cannot_be_compared():
    same(compared(lambda d: d.update(results=[made("other", "sse2", 1)]))[0], 2)
    with tempfile.TemporaryDirectory() as where:
        path = os.path.join(where, "a.json")
        results.save(data(), path)
        same(tool("compare", path, os.path.join(where, "none"))[0], 2)
        for broken in ("", "[]", "{}", '{"benchmark_info": {}, "results": [{}]}'):
            with open(path + "x", "w", encoding="utf-8") as f:
                f.write(broken)
            same(tool("compare", path, path + "x")[0], 2)


@test
def a_result_without_a_time_is_refused():
    for value in (0, -1, None, "1"):
        d = data()
        d["results"][3]["latency"]["p50"] = value
        refused(results.Wrong, ["result 3", "median"], results.check, d, "f")


@test
def trends_are_in_order_of_time():
    with tempfile.TemporaryDirectory() as where:
        paths = []
        for number, (when, factor) in enumerate((("2001", 2), ("2003", 1), ("2002", 1.5))):
            d = data()
            d["benchmark_info"]["timestamp"] = when
            slow(is_gemm, factor)(d)
            paths.append(os.path.join(where, f"{number}.json"))
            results.save(d, paths[-1])
        status, said, _ = tool("trends", *paths)
        same(status, 0)
        line = [l for l in said.splitlines() if "gemm-512" in l and "avx2" in l][0]
        same(line.split()[3:], ["2500.0", "1250.0", "ns", "-50.0", "%", "█▅▁"])
        same("onednn" in said, False)
        same("onednn" in tool("trends", "--all", *paths)[1], True)
        same(tool("trends", paths[0], os.path.join(where, "none"))[0], 2)


@test
def ratios_are_of_the_same_level_or_the_best():
    found = results.Found(data())
    same(found.get("mlp-b1", "avx2")["peers"]["onednn"], {"level": "avx2", "ratio": 0.8})
    same(found.get("mlp-b1", "generic")["peers"], {})
    same(found.get("linnos", "avx2")["peers"]["xnnpack"]["level"], "auto")


@test
def peaks_are_those_of_bytes_up_to_a_level():
    found = results.Found(data())
    same([found.peak(v) for v in ("generic", "avx2", "avx512", "avx512vnni")],
         [1, 1000, 1000, 4000])


def verdicts():
    return {(g.work, g.what): (g.figure, g.verdict()) for g in goals.goals(data())}


@test
def aims_met_and_missed():
    v = verdicts()
    # 4000 ns beside the best of the other library, 2500, and not that of the same level
    same(v["int8 MLP 784-256-10, batch 1", "of oneDNN"],
         (1.6, "missed by a factor of 2.46"))
    # 200000 bytes in 4000 ns are half of what can be read
    same(v["", "of the L2 bandwidth measured"], (50, "missed by a factor of 1.50"))
    same(v["the same, batch 32", "of oneDNN"], (2, "missed by a factor of 2.00"))
    same(v["int8 GEMM 512", "of what avx2 can do"], (80, "met"))
    same(v["int8 GEMM 512", "of what sse2 can do"], (None, "not measured here"))
    same(v["LinnOS 31-256-2", "whole predict"], (100, "met"))
    same(v["whole model kws", "one row"], (20, "met"))
    same(v["whole model ic", "one row"], (None, "not measured here"))
    same(v["engine and kws, most memory", "arena, weights and 64 KiB"][1], "met")


@test
def aims_are_a_command():
    with tempfile.TemporaryDirectory() as where:
        path = os.path.join(where, "a.json")
        results.save(data(), path)
        status, said, _ = tool("goals", path)
        same(status, 0)
        same(said.splitlines()[-1].split()[1], "met,")
        same(tool("goals", os.path.join(where, "none"))[0], 1)


@test
def the_table_has_every_result():
    said = "\n".join(table.lines(data()))
    for word in ("mlp-b1", "0.80 onednn", "80.0 %", "75.0 %", "auto", "xnnpack"):
        if word not in said:
            raise AssertionError(f"'{word}' is not in\n{said}")


class Page(html.parser.HTMLParser):
    """What a page asks for from elsewhere, and whether its tags are in order."""

    def __init__(self):
        super().__init__()
        self.foreign, self.open, self.words = [], [], []

    def handle_starttag(self, tag, attrs):
        if tag in ("script", "link", "img", "iframe", "object", "embed"):
            self.foreign.append(tag)
        self.foreign += [v for k, v in attrs if k in ("src", "href", "xlink:href")]
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        same(self.open.pop(), tag)

    def handle_data(self, said):
        self.words.append(said)


@test
def the_page_needs_nothing_else():
    page = report.page(data())
    parsed = Page()
    parsed.feed(page)
    same(parsed.foreign, [])
    same(parsed.open, [])
    same("url(" in page or "@import" in page, False)
    words = " ".join(parsed.words)
    for word in ("Roofline", "Batches", "Levels", "conv_2d", "missed by", "mlp-b32"):
        if word not in words:
            raise AssertionError(f"'{word}' is not in the page")


@test
def pictures_are_well_formed_and_within_bounds():
    page = report.page(data())
    pictures = page.split("<svg")[1:]
    same(len(pictures), 4)
    for picture in pictures:
        root = xml.etree.ElementTree.fromstring("<svg" + picture.split("</svg>")[0] +
                                                "</svg>")
        width, height = (float(root.get(name)) for name in ("width", "height"))
        for element in root.iter():
            for name, most in (("x", width), ("cx", width), ("x1", width), ("x2", width),
                               ("y", height), ("cy", height), ("y1", height),
                               ("y2", height)):
                at = float(element.get(name, 0))
                if not 0 <= at <= most:
                    raise AssertionError(f"{name}={at} in a picture of {width}x{height}")


@test
def a_page_of_little():
    for keep in (0, 1, 2):
        d = data()
        d["results"] = d["results"][:keep]
        d["peaks"] = []
        del d["footprint"]
        parsed = Page()
        parsed.feed(report.page(d))
        same(parsed.open, [])
        list(table.lines(d))


@test
def names_are_not_markup():
    d = data()
    d["results"][0]["name"] = d["benchmark_info"]["system"]["cpu"] = "<script>&"
    parsed = Page()
    parsed.feed(report.page(d))
    same(parsed.foreign, [])


LINE = {"name": "predict", "network": "test", "level": "avx2",
        "latency": {"mean": 500, "std": 10, "min": 400, "max": 1000, "p50": 480,
                    "p90": 600, "p95": 700, "p99": 900},
        "memory": {"peak": 9000, "mean": 8000}}


def log(*lines):
    text = "[    1.0] something else\n"
    for inputs, name, median in lines:
        line = copy.deepcopy(LINE)
        line["name"], line["latency"]["p50"] = name, median
        text += (f"[    2.0] neural_test: test: {inputs} inputs, {inputs} outputs, 10 calls, "
                 "simd on, level avx2\n"
                 f"<6>[    2.1] neural_test: json {json.dumps(line)}\n")
    return text


@test
def a_kernel_log_has_the_same_schema():
    d = from_kernel.parse(log((256, "predict", 480), (256, "in a row", 450)))
    results.check(d, "log")
    same(d["benchmark_info"]["type"], "kernel")
    same(d["benchmark_info"]["model"], "test")
    same([r["name"] for r in d["results"]], ["predict", "in a row"])
    same(d["results"][0]["throughput"]["mean"], 2e6)
    same(d["results"][0]["throughput"]["min"], 1e6)
    same(d["results"][0]["memory"]["peak"], 9000)


@test
def the_smallest_network_is_the_overhead():
    d = from_kernel.parse(log((256, "in a row", 450), (1, "predict", 90),
                              (1, "in a row", 70)))
    same([(r["name"], r["latency"]["p50"]) for r in d["results"]],
         [("in a row", 450), ("overhead", 70)])
    whole = data()
    whole["kernel"] = d
    same([g.figure for g in goals.goals(whole) if "kernel" in g.work], [70])


@test
def layers_come_from_a_network_that_is_profiled():
    text = ("node  op                 type shape      out_bytes bytes packed_bytes runs "
            "mean_ns name\n"
            "    0 conv_2d            S8   1x25x5x64  8000      2560  3072         7    "
            "1234    first layer\n")
    d = from_kernel.parse(log((9, "predict", 480)), text)
    same(d["results"][0]["layers"],
         [{"op": "conv_2d", "runs": 7, "ns": 1234, "outputs": 8000}])
    same(from_kernel.layers(
        "layer kind   activation in out bytes packed_bytes runs mean_ns packing\n"
        "    0 dense  relu        8  16   576          832    9     123 w32\n"),
         [{"op": "dense", "runs": 9, "ns": 123, "outputs": 16}])
    refused(results.Wrong, ["not a network's layers"], from_kernel.layers, "nothing\n")
    refused(results.Wrong, ["too few"], from_kernel.layers, text + "    1 relu\n")


@test
def of_two_networks_layers_are_the_last_ones():
    text = "layer kind in out runs mean_ns\n 0 dense 8 16 9 123\n"
    both = log((9, "predict", 480), (9, "in a row", 450)) + \
        log((490, "predict", 9000), (490, "in a row", 8000)).replace('"test"', '"kws"') + \
        log((1, "predict", 90), (1, "in a row", 70))
    d = from_kernel.parse(both, text)
    same(d["benchmark_info"]["model"], "test kws")
    same([(r["name"], r["latency"]["p50"], "layers" in r) for r in d["results"]],
         [("predict", 480, False), ("in a row", 450, False), ("kws predict", 9000, True),
          ("kws in a row", 8000, False), ("overhead", 70, False)])
    refused(results.Wrong, ["no network"], from_kernel.parse, log((1, "in a row", 70)), text)


@test
def logs_that_say_nothing():
    refused(results.Wrong, ["no line"], from_kernel.parse, "neural_test: predict min 1\n")
    refused(results.Wrong, ["neural_test"], from_kernel.parse,
            'neural_test: json {"name": "predict"}\n')
    refused(results.Wrong, ["neural_test"], from_kernel.parse, "neural_test: json {x}\n")


@test
def a_log_is_a_command():
    with tempfile.TemporaryDirectory() as where:
        path, to = os.path.join(where, "log"), os.path.join(where, "k.json")
        with open(path, "w", encoding="utf-8") as f:
            f.write(log((256, "predict", 480)))
        same(tool("from_kernel", path, "-o", to)[0], 0)
        same(len(results.load(to)["results"]), 1)
        same(tool("from_kernel", path + "x")[0], 1)
        same(tool("report", to, os.path.join(where, "k.html"))[0], 0)


run()
