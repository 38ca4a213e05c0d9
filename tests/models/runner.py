# SPDX-License-Identifier: GPL-2.0-only
"""Model files in neuralctl, compared byte for byte with what is expected."""

import pathlib
import re
import subprocess

import numpy as np


def row_of(arrays):
    """Tensors as neuralctl has them in a row: each at a multiple of the size of its
    elements, the row as long as makes the next one right."""
    row = b''
    for a in arrays:
        row += bytes(-len(row) % a.itemsize) + a.tobytes()
    return row + bytes(-len(row) % max(a.itemsize for a in arrays))


class Case:
    """A model file with what it makes of some rows.

    rows, outputs	a bytes object for each row
    layers		by name of a tensor, its bytes for each row
    """

    def __init__(self, name, model, rows, outputs, layers, source=None):
        self.name, self.model, self.rows, self.outputs = name, model, rows, outputs
        self.layers, self.source = layers, source

    def save(self, directory):
        directory.mkdir(parents=True, exist_ok=True)
        base = str(directory / self.name)
        files = {'.neural': self.model, '.in.bin': b''.join(self.rows),
                 '.out.bin': b''.join(self.outputs)}
        if self.source is not None:
            files['.tflite'] = self.source
        for suffix, data in files.items():
            pathlib.Path(base + suffix).write_bytes(data)


def differing(got, want):
    """Nothing, or where and how much."""
    if got == want:
        return None
    if len(got) != len(want):
        return f'{len(got)} bytes instead of {len(want)}'
    a, b = np.frombuffer(got, np.uint8), np.frombuffer(want, np.uint8)
    at = np.flatnonzero(a != b)
    return f'{at.size} of {len(want)} bytes differ, the first at {at[0]}'


class Runner:
    def __init__(self, neuralctl, work, names_of):
        self.neuralctl, self.work = neuralctl, pathlib.Path(work)
        self.names_of = names_of	# of the tensors in a model file
        self.work.mkdir(parents=True, exist_ok=True)

    def call(self, *args):
        done = subprocess.run([self.neuralctl, *map(str, args)], text=True, timeout=120,
                              stdin=subprocess.DEVNULL, capture_output=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def levels(self):
        """What this machine can do, the best last."""
        _, said = self.call('run', '--simd-level', 'none of them', 'x', 'x', 'x')
        found = re.search(r'There are: auto (.*)', said)
        if not found:
            raise RuntimeError(f'neuralctl does not name its levels: {said}')
        return found.group(1).split()

    def run(self, model, rows, *options):
        given, made = self.work / 'in.bin', self.work / 'got.bin'
        given.write_bytes(b''.join(rows))
        made.unlink(missing_ok=True)
        status, said = self.call('run', *options, model, given, made)
        if status:
            return None, f'status {status}: {said.strip()[-2000:]}'
        return made.read_bytes(), None

    def check_layers(self, case, model, level, row):
        path = self.work / 'layers.bin'
        _, wrong = self.run(model, case.rows, '--simd-level', level, '--layers', path,
                            '--layers-row', row)
        if wrong:
            return wrong
        names, data, seen = self.names_of(case.model), path.read_bytes(), set()
        for line in pathlib.Path(f'{path}.txt').read_text(encoding='utf-8').splitlines():
            word = line.split()
            number, at, size = (int(word[word.index(key) + 1]) for key in (
                'tensor', 'off', 'bytes'))
            name = names[number]
            if name not in case.layers:
                continue
            seen.add(name)
            wrong = differing(data[at:at + size], case.layers[name][row])
            if wrong:
                return f'{name}, {" ".join(word[2:3])}: {wrong}'
        missing = set(case.layers) - seen
        return f'no tensor {sorted(missing)}' if missing else None

    def check(self, case, levels):
        """What is wrong with a case, or None."""
        model = self.work / 'model.neural'
        model.write_bytes(case.model)
        want = b''.join(case.outputs)
        for level in levels:
            got, wrong = self.run(model, case.rows, '--simd-level', level)
            wrong = wrong or differing(got, want)
            if wrong:
                return f'{level}, {len(case.rows)} rows: {wrong}'
            row = len(case.rows) - 1 if level == levels[0] else 0
            wrong = self.check_layers(case, model, level, row)
            if wrong:
                return f'{level}, layers of row {row}: {wrong}'
        got, wrong = self.run(model, case.rows[:1], '--simd-level', levels[-1])
        wrong = wrong or differing(got, case.outputs[0])
        return f'{levels[-1]}, one row: {wrong}' if wrong else None
