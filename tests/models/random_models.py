#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Random models through converter and engine, against the reference.

random_models.py [--first SEED] [--count N] [--seconds S] [--kind KIND] NEURALCTL DIR:
prints TAP; leaves what failed in DIR.  Ends early, and says so, after S seconds.
"""

import argparse
import contextlib
import io
import pathlib
import sys
import tempfile
import time
import traceback

import numpy as np

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / 'tools/convert'))

import random_fixed  # noqa: E402
import random_graph  # noqa: E402
import random_maker  # noqa: E402
import reference  # noqa: E402
import tflite  # noqa: E402
import tflite_writer  # noqa: E402
from neuralconvert import cli, model as model_file  # noqa: E402
from runner import Case, Runner, row_of  # noqa: E402

KINDS = {tflite.INT8: '<i1', tflite.INT32: '<i4'}


def stored(graph, i, values):
    return values[i].astype(KINDS[graph.tensors[i].kind])


def inputs_of(graph, limits, rng, n):
    """Waves and noise, and after them the two ends of the range."""
    for row in range(n):
        values = []
        for i in graph.inputs:
            shape = graph.tensors[i].shape
            if i in limits:
                values.append(rng.integers(0, limits[i], shape))
            elif row and row >= n - 2:
                values.append(np.full(shape, 127 if row == n - 2 else -128))
            elif row % 2:
                values.append(random_maker.wave(rng, shape))
            else:
                values.append(random_maker.noise(rng, shape))
        yield values


def reachable(graph):
    """Tensors that an output depends on."""
    wanted = set(graph.outputs)
    for op in reversed(graph.operators):
        if wanted & set(op.outputs):
            wanted |= set(op.inputs)
    return wanted


def graph_case(name, graph, limits, rng, count):
    """A Case of a graph: through the file, so that it says what the converter is told."""
    source = tflite_writer.write(graph)
    graph = tflite.read(source)
    wanted = reachable(graph)
    made = [i for op in graph.operators for i in op.outputs if i in wanted]
    rows, outputs, layers = [], [], {graph.tensors[i].name: [] for i in made}
    for given in inputs_of(graph, limits, rng, count):
        values = reference.run(graph, given)
        rows.append(row_of([stored(graph, i, values) for i in graph.inputs]))
        outputs.append(row_of([stored(graph, i, values) for i in graph.outputs]))
        for i in made:
            layers[graph.tensors[i].name].append(stored(graph, i, values).tobytes())
    return Case(name, None, rows, outputs, layers, source)


def random_case(kind, seed):
    rng = np.random.default_rng([seed, 1])
    count = int(rng.choice((1, 2, 3, 5, 9, 17)))
    if kind == 'fixed':
        return random_fixed.case(f'fixed-{seed}', rng, count)
    graph, limits = random_graph.make(seed)
    return graph_case(f'graph-{seed}', graph, limits, rng, count)


def names_of(blob):
    return [t.name for t in model_file.read(blob).tensors]


class ConverterSays(Exception):
    pass


def convert(source, *options):
    """A .tflite file as a model file, by way of the command line."""
    said = io.StringIO()
    with tempfile.TemporaryDirectory() as work, contextlib.redirect_stderr(said):
        given, made = pathlib.Path(work, 'given.tflite'), pathlib.Path(work, 'made')
        given.write_bytes(source)
        status = cli.main([str(given), '-o', str(made), *options])
        if status:
            raise ConverterSays(f'status {status}: {said.getvalue().strip()}')
        return made.read_bytes()


def complaint(runner, case, levels):
    try:
        if case.model is None:
            case.model = convert(case.source)
        return runner.check(case, levels)
    except Exception:
        return traceback.format_exc()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--first', type=int, default=0)
    parser.add_argument('--count', type=int, default=150)
    parser.add_argument('--seconds', type=float, default=float('inf'))
    parser.add_argument('--kind', choices=('graph', 'fixed'), default='graph')
    parser.add_argument('--quick', action='store_true', help='two levels alone')
    parser.add_argument('--failures', action='store_true', help='print these alone')
    parser.add_argument('neuralctl')
    parser.add_argument('directory', type=pathlib.Path)
    args = parser.parse_args()

    start, failed = time.monotonic(), 0
    with tempfile.TemporaryDirectory() as work:
        runner = Runner(args.neuralctl, work, names_of)
        levels = runner.levels()
        if args.quick and len(levels) > 1:
            levels = [levels[0], levels[-1]]
        done = 0
        for seed in range(args.first, args.first + args.count):
            if time.monotonic() - start > args.seconds:
                print(f'# out of time after {done} of {args.count} models')
                break
            done += 1
            case = random_case(args.kind, seed)
            wrong = complaint(runner, case, levels)
            if wrong:
                failed += 1
                if case.model is None:
                    case.model = b''
                case.save(args.directory)
                wrong = wrong.replace('\n', '\n# ')
                print(f'not ok {done} {case.name}\n# {wrong}\n# kept: '
                      f'{args.directory / case.name}.*', flush=True)
            elif not args.failures:
                print(f'ok {done} {case.name}', flush=True)
        print(f'1..{done}')
    return 1 if failed or not done else 0


if __name__ == '__main__':
    sys.exit(main())
