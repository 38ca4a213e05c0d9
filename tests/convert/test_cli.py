#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The command: files, names, exit codes, and that nothing half-written is left."""

import json
import os
import subprocess
import tempfile

from tap import TOP, run, same, test, test_of

from neuralconvert import cli, model
from neuralconvert.schema import Type
from tflite_builder import build, op, tensor

COMMAND = os.path.join(TOP, "tools/convert/neural-convert")
GOLDEN = os.environ.get("GOLDEN") or os.path.join(TOP, "../shared/data")

GOOD = build([tensor("x", [1, 4], scale=0.5), tensor("y", [1, 4], scale=0.5)],
             [op("RELU", [0], [1])], [0], [1], "a sample")
BAD = build([tensor("x", [1, 4], scale=0.5), tensor("y", [1, 4], Type.INT32)],
            [op("SHAPE", [0], [1])], [0], [1])


class Place:
    """A directory of its own, and what the command does in it."""

    def __init__(self, **files):
        self.folder = tempfile.TemporaryDirectory()
        for name, content in files.items():
            self.put(name.replace("__", "."), content)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def put(self, name, content):
        with open(self.path(name), "wb") as f:
            f.write(content)

    def get(self, name):
        with open(self.path(name), "rb") as f:
            return f.read()

    def run(self, *args, **environment):
        return subprocess.run([COMMAND, *args], cwd=self.folder.name, check=False,
                              capture_output=True, text=True, timeout=120,
                              env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1",
                                   **environment})

    def fails(self, status, words, *args):
        before = sorted(os.listdir(self.folder.name))
        p = self.run(*args)
        same((p.returncode, p.stdout), (status, ""))
        same(len(p.stderr.splitlines()), 1)
        for word in words:
            if word not in p.stderr:
                raise AssertionError(f"'{word}' is not in '{p.stderr}'")
        same(sorted(os.listdir(self.folder.name)), before)

    def model(self, name):
        return model.read(self.get(name))


@test
def converts():
    p = Place(net__tflite=GOOD)
    got = p.run("net.tflite", "-o", "net.neural")
    same((got.returncode, got.stdout, got.stderr), (0, "", ""))
    m = p.model("net.neural")
    same((m.name, m.description, m.producer.split()[0]),
         ("net", "a sample", "neural-convert"))
    same(sorted(os.listdir(p.folder.name)), ["net.neural", "net.tflite"])
    p.put("plain", b"")	# the mode that any new file gets
    same(os.stat(p.path("net.neural")).st_mode, os.stat(p.path("plain")).st_mode)


@test
def names_and_labels():
    p = Place(labels=b"one\ntwo words\n\xc3\xa4\nfour\n\n")
    p.put("a b\u00e4" + "c" * 40 + ".v2.tflite", GOOD)
    source = [n for n in os.listdir(p.folder.name) if n.endswith("tflite")][0]
    same(p.run(source, "-o", "o", "--labels", "labels", "--description", "d").returncode, 0)
    m = p.model("o")
    same((m.name, m.description, m.labels),
         (("a_b_" + "c" * 40)[:31], "d", ["one", "two words", "\u00e4", "four"]))
    same(p.run(source, "-o", "o", "--name", "other-1.0").returncode, 0)
    same(p.model("o").name, "other-1.0")
    p.fails(1, ["name 'a b'"], source, "-o", "o2", "--name", "a b")
    p.put("labels", b"one\n")
    p.fails(1, ["1 labels for 4 outputs"], source, "-o", "o2", "--labels", "labels")


@test
def what_is_not_supported_leaves_nothing():
    p = Place(net__tflite=BAD)
    p.fails(2, ["net.tflite", "operator 0 (SHAPE)", "'x' INT8 1x4", "'y' INT32"],
            "net.tflite", "-o", "net.neural")


@test
def a_model_file_stays_when_the_next_one_fails():
    p = Place(net__tflite=BAD, out=b"as it was")
    p.fails(2, [], "net.tflite", "-o", "out")
    p.put("net.tflite", GOOD[:200])
    p.fails(1, ["net.tflite"], "net.tflite", "-o", "out")
    same(p.get("out"), b"as it was")


@test
def wrong_input():
    p = Place(empty=b"", text=b"hello\n", net__tflite=GOOD)
    p.fails(1, ["empty", "neither"], "empty", "-o", "o")
    p.fails(1, ["text", "neither"], "text", "-o", "o")
    p.fails(1, ["absent", "No such file"], "absent", "-o", "o")
    p.fails(1, ["nowhere/o", "No such file"], "net.tflite", "-o", "nowhere/o")
    p.fails(1, ["overwritten"], "net.tflite", "-o", "./net.tflite")
    same(p.get("net.tflite"), GOOD)


@test
def usage():
    p = Place(net__tflite=GOOD)
    for args in ((), ("net.tflite",), ("-o", "x"), ("--inspect", "a", "--verify", "b"),
                 ("net.tflite", "-o", "x", "--json"), ("--unknown",)):
        got = p.run(*args)
        same((args, got.returncode, got.stdout), (args, 1, ""))
    same(os.listdir(p.folder.name), ["net.tflite"])
    same(p.run("--version").returncode, 0)
    same(p.run("--help").returncode, 0)


@test
def verbose_says_what_is_left_out():
    p = Place()
    p.put("n.tflite", build(
        [tensor("real", [4], Type.FLOAT32), tensor("x", [4], scale=0.5),
         tensor("y", [4], scale=0.5), tensor("z", [4], scale=0.5)],
        [op("QUANTIZE", [0], [1]), op("RELU", [1], [2]), op("TANH", [1], [3])], [0], [2]))
    got = p.run("n.tflite", "-o", "o", "-v")
    same(got.returncode, 0)
    for words in ("operator 0 (QUANTIZE) is left out", "'x' INT8 4 takes the place of",
                  "operator 2 (TANH) is left out", "bytes in o"):
        same((words, words in got.stderr), (words, True))


@test
def inspects():
    p = Place(net__tflite=GOOD)
    p.run("net.tflite", "-o", "o")
    got = p.run("--inspect", "o")
    same(got.returncode, 0)
    for words in ("name         net", "input        0 'x' s8 1x4 scale 0.5 zero 0",
                  "0: relu multiplier=1073741824 shift=1 min=0 max=127"):
        same((words, words in got.stdout), (words, True))
    found = json.loads(p.run("--inspect", "o", "--json").stdout)
    same((found["name"], found["ops"][0]["attributes"]["max"], found["bytes"]),
         ("net", 127, len(p.get("o"))))
    p.put("o", p.get("o")[:-1])
    p.fails(1, ["o: "], "--inspect", "o")


@test
def verifies_with_neuralctl():
    p = Place(o=b"")
    p.put("ctl", b'#!/bin/sh\necho "$@"\nexit 3\n')
    os.chmod(p.path("ctl"), 0o755)
    got = p.run("--verify", "o", NEURALCTL=p.path("ctl"))
    same((got.returncode, got.stdout), (3, "verify o\n"))
    got = p.run("--verify", "o", NEURALCTL=p.path("absent"))
    same((got.returncode, "absent" in got.stderr), (1, True))


@test
def dense_text():
    p = Place(net__dense=b"neural-dense 1\ninput 2 s8\ndense w.csv - relu\n",
              w__csv=b"1,2\n3,4\n")
    same(p.run("net.dense", "-o", "o").returncode, 0)
    same(p.model("o").name, "net")
    os.mkdir(p.path("data"))
    os.rename(p.path("w.csv"), p.path("data/w.csv"))
    p.fails(1, ["net.dense", "line 3", "w.csv"], "net.dense", "-o", "o2")
    same(p.run("net.dense", "-o", "o", "--data", "data").returncode, 0)


@test_of(GOLDEN)
def published_models():
    """Every model at hand, trained ones and single operators, can be converted."""
    found = [os.path.join(folder, name) for folder, _, names in sorted(os.walk(GOLDEN))
             for name in sorted(names) if name.endswith(".tflite")]
    assert found
    p = Place()
    for path in found:
        same((path, cli.main([path, "-o", p.path("o")])), (path, 0))
        m = p.model("o")
        same((path, model.write(m) == p.get("o")), (path, True))


@test
def ranges_and_bounds():
    p = Place(net__tflite=GOOD, rows__csv=b"1 2 3 4\n-1 2 3 0\n")
    got = p.run("net.tflite", "-o", "net.neural", "--ranges", "rows.csv",
                "--range-margin", "50", "--bounds=-7,7")
    same((got.returncode, got.stderr), (0, ""))
    same([(r.output, r.first, r.count, r.lo, r.hi) for r in p.model("net.neural").ranges],
         [(False, 0, 1, -2, 2), (False, 1, 1, 2, 2), (False, 2, 1, 3, 3),
          (False, 3, 1, -2, 6), (True, 0, 4, -7, 7)])
    p.fails(1, ["rows.bin", "No such file"], "net.tflite", "-o", "other",
            "--ranges", "rows.bin")
    p.fails(1, ["--range-margin 'x'"], "net.tflite", "-o", "other", "--ranges", "rows.csv",
            "--range-margin", "x")
    p.fails(1, ["bounds", "200"], "net.tflite", "-o", "other", "--bounds", "0,200")
    for words in (["--range-margin", "1"], ["--inspect", "net.neural", "--bounds", "1,2"],
                  ["--verify", "net.neural", "--ranges", "rows.csv"]):
        same(p.run(*words).returncode, 1)


if __name__ == "__main__":
    run()
