#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Show, and judge, what the kernel said about the digits.

  report.py [--tap] DIR OUTPUT

DIR is where train.py wrote, OUTPUT what run.sh printed.  With --tap the judgement
alone, as TAP, and of the files that damage.py wrote to DIR/bad as well.  Exit 1
where the kernel is not as good as it has to be.
"""

import itertools
import pathlib
import sys

import numpy as np

from model import ONE, PIXEL_MAX, Model

SHADES = " .:-=+*#%@"
PER_ROW = 4
RULE = "-" * 78
MAX_POINTS = 0.5


class Run:
    """What run.sh printed, and what should have come of it."""

    def __init__(self, where, output):
        self.model = Model.unpack((where / "neural_demo.bin").read_bytes())
        self.float = np.load(where / "float.npz")["probabilities"]
        self.parts = read_parts(output.read_text(errors="replace"))
        self.stats = read_pairs(self.parts.get("stats", []), ":")
        self.machine = read_pairs(self.parts.get("machine", []), None)
        self.read_results()
        want = self.model.predict()
        self.complete = (len(self.labels) == len(want)
                         and np.array_equal(self.labels, self.model.labels))
        if self.complete:
            self.differing = int((self.probabilities != want).sum())
            self.wrong_answers = int((self.answers != want.argmax(axis=1)).sum())
            self.kernel_right = 100 * (self.answers == self.labels).mean()
        self.float_right = 100 * (self.float.argmax(axis=1) == self.model.labels).mean()

    def read_results(self):
        lines = [line.split() for line in self.parts.get("results", [])
                 if not line.startswith("#")]
        width = 3 + self.model.outputs
        if all(len(line) == width for line in lines):
            rows = np.array(lines, np.int64).reshape(-1, width)
        else:
            rows = np.zeros((0, width), np.int64)
        self.labels, self.answers = rows[:, 1], rows[:, 2]
        self.probabilities = rows[:, 3:]

    def checks(self):
        """What has to hold: in words, and whether it does."""
        yield (f"the kernel classified all {len(self.model.labels)} digits, and unloaded",
               self.complete and "end" in self.parts)
        if not self.complete:
            return
        points = abs(self.kernel_right - self.float_right)
        yield (f"accuracy is within {MAX_POINTS} points of the float model's "
               f"({points:.2f})", points <= MAX_POINTS)
        yield (f"all {len(self.answers)} answers are those of the integer reference",
               self.wrong_answers == 0)
        yield (f"all {self.probabilities.size} probabilities are its bits, each "
               f"({self.differing} differ)", self.differing == 0)
        yield ("stats counts each prediction, and no error",
               self.stats.get("predictions") == str(len(self.labels))
               and self.stats.get("errors") == "0")

    def model_checks(self):
        """The same for the model from a file."""
        said = read_pairs(self.parts.get("model", []), ":")
        yield (f"the keyword model gives all {said.get('bytes', '?')} bytes of TensorFlow "
               f"Lite Micro ({said.get('differ', '?')} differ)",
               int(said.get("bytes", 0)) > 0 and said.get("differ") == "0"
               and "end" in self.parts)

    def refusals(self, names):
        verdicts = read_pairs(self.parts.get("bad", []), None)
        for name in sorted(names):
            yield (f"a file damaged as '{name}' is refused",
                   verdicts.get(name) == "refused")


def read_parts(text):
    parts, lines = {}, []
    for line in text.splitlines():
        if line.startswith("== "):
            lines = parts.setdefault(line[3:].strip(), [])
        else:
            lines.append(line)
    return parts


def read_pairs(lines, separator):
    pairs = (line.split(separator, 1) for line in lines)
    return {pair[0].strip(): pair[1].strip()
            for pair in pairs if len(pair) == 2}


def picture(pixels):
    """Eight lines of sixteen characters: they are twice as high as wide."""
    shade = pixels.astype(int).reshape(8, 8) * (len(SHADES) - 1) // PIXEL_MAX
    return ["".join(2 * SHADES[s] for s in row) for row in shade]


def show_digits(run, digits):
    for start in range(0, len(digits), PER_ROW):
        blocks = []
        for i in digits[start:start + PER_ROW]:
            answer = int(run.answers[i])
            percent = 100 * run.probabilities[i, answer] / ONE
            blocks.append(picture(run.model.pixels[i]) +
                          [f"it is  {run.labels[i]}",
                           f"kernel {answer} {percent:5.1f} %"])
        for line in zip(*blocks):
            print(("  " + "   ".join(f"{cell:16}" for cell in line)).rstrip())
        print()


def varied(run, candidates, count):
    """The first of each class, as far as they go."""
    _, first = np.unique(run.labels[candidates], return_index=True)
    return candidates[np.sort(first)[:count]]


def columns(lines, count, width):
    height = -(-len(lines) // count)
    for row in range(height):
        cells = lines[row::height]
        print(("  " + "".join(f"{cell:{width}}" for cell in cells)).rstrip())


def micro(ns):
    return f"{int(ns) / 1000:.1f} us"


def show(run):
    wrong = np.flatnonzero(run.answers != run.labels)
    right = np.flatnonzero(run.answers == run.labels)
    sure = run.probabilities[wrong, run.answers[wrong]]
    print(RULE)
    cpu = run.machine.get("cpu", "?")
    print(f"\nLinux {run.machine.get('kernel', '?')}")
    print(f"{run.machine.get('cpus', '?')} x {cpu}\n")
    for line in run.parts.get("log", []):
        print(f"  {line}"[:80])
    print("\nDigits the network was not trained on, and what the kernel said:\n")
    show_digits(run, varied(run, right, 2 * PER_ROW))
    if len(wrong):
        print(f"It got {len(wrong)} of {len(run.labels)} wrong. "
              "Those it was least sure of:\n")
        show_digits(run, wrong[np.argsort(sure, kind="stable")[:PER_ROW]])

    print("Accuracy on the digits held out of training\n")
    print(f"  in the kernel, Q16.16    {run.kernel_right:6.2f} %")
    print(f"  float model, same digits {run.float_right:6.2f} %\n")
    print("Latency of one neural_network_predict()\n")
    names = ("p50", "p90", "p95", "p99", "max")
    print("  " + "".join(f"{name:12}" for name in names).rstrip())
    print("  " + "".join(f"{micro(run.stats.get(f'latency_{name}_ns', 0)):12}"
                         for name in names).rstrip())
    if "TCG" in cpu:
        print("\n  This CPU is emulated by QEMU; a real one is far faster.")
    print(f"\n/sys/kernel/debug/neural_network/network_{run.stats.get('id', 0)}/stats\n")
    columns(run.parts["stats"], 2, 36)
    if "heard" in run.parts:
        show_model(run)
    print(f"\n{RULE}")


def show_model(run):
    print("\nA keyword-spotting model, converted from .tflite and loaded into the same kernel;")
    print("what it heard in the recording that comes with it\n")
    for line in run.parts["heard"]:
        print(f"  {line}")
    print()
    columns(run.parts.get("model-stats", []), 2, 36)


def judge(checks, tap):
    checks = list(checks)
    if tap:
        print(f"TAP version 13\n1..{len(checks)}")
    for n, (what, good) in enumerate(checks, 1):
        if tap:
            print(f"{'ok' if good else 'not ok'} {n} - {what}")
        else:
            print(f"  {' ok ' if good else 'FAIL'}  {what}")
    return all(good for _, good in checks)


def main(args):
    tap = args[:1] == ["--tap"]
    args = args[tap:]
    if len(args) != 2:
        sys.exit(__doc__)
    where = pathlib.Path(args[0])
    run = Run(where, pathlib.Path(args[1]))
    checks = run.checks()
    if (where / "model").is_dir():
        checks = itertools.chain(checks, run.model_checks())
    if tap:
        bad = [path.name for path in (where / "bad").iterdir()]
        checks = itertools.chain(checks, run.refusals(bad))
    elif run.complete:
        show(run)
    return 0 if judge(checks, tap) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
