# SPDX-License-Identifier: GPL-2.0-only
"""The command line."""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile

from . import VERSION, dense, lowering, model, ranges, report, tflite
# What these lower is registered when they are imported.
from . import elementwise, linear, movement, window  # noqa: F401
from .error import Error, Malformed

NAME_MAX = 31
FILE_MAX = 1 << 31


class _Parser(argparse.ArgumentParser):
    """2 is for what is not supported, so a wrong command line is 1 like other errors."""

    def error(self, message):
        self.print_usage(sys.stderr)
        self.exit(1, f"{self.prog}: {message}\n")


def _arguments(argv):
    p = _Parser(prog="neural-convert",
                description="Make a model file of the neural kernel module.")
    p.add_argument("source", metavar="MODEL", nargs="?",
                   help="a .tflite file, or the text of a dense network")
    p.add_argument("-o", "--output", metavar="FILE", help="model file to write")
    p.add_argument("--name", help="name of the model (default: from the file name)")
    p.add_argument("--description", help="what it is for")
    p.add_argument("--labels", metavar="FILE", help="labels of the outputs, one a line")
    p.add_argument("--data", metavar="DIR",
                   help="where CSV files are (default: beside the text)")
    p.add_argument("--ranges", metavar="SAMPLES",
                   help="record ranges of the inputs from these rows, raw or .csv")
    p.add_argument("--range-margin", metavar="PCT",
                   help="with --ranges: make them wider by so much of their width")
    p.add_argument("--bounds", metavar="LO,HI",
                   help="what elements of the outputs are to be; --bounds=-5,5")
    p.add_argument("--inspect", metavar="FILE", help="show what is in a model file")
    p.add_argument("--json", action="store_true", help="with --inspect: as JSON")
    p.add_argument("--verify", metavar="FILE",
                   help="have a model file checked by the verifier of the kernel module")
    p.add_argument("-v", "--verbose", action="store_true", help="say what is done")
    p.add_argument("--version", action="version", version=f"%(prog)s {VERSION}")
    args = p.parse_args(argv)
    modes = [args.source, args.inspect, args.verify]
    if sum(m is not None for m in modes) != 1:
        p.error("give one of MODEL, --inspect FILE and --verify FILE")
    if (args.source is None) != (args.output is None):
        p.error("MODEL and -o FILE go together")
    if args.source is None and (args.ranges, args.bounds) != (None, None):
        p.error("--ranges and --bounds go with MODEL")
    if args.range_margin is not None and args.ranges is None:
        p.error("--range-margin goes with --ranges")
    if args.json and args.inspect is None:
        p.error("--json goes with --inspect")
    return args


def _read(path):
    try:
        with open(path, "rb") as f:
            if os.fstat(f.fileno()).st_size > FILE_MAX:
                raise Malformed(f"{path}: is larger than {FILE_MAX} bytes")
            return f.read()
    except OSError as e:
        raise Error(f"{path}: {e.strerror}") from None


def _write(path, blob):
    """All of it or nothing: a file beside it that takes its name when it is whole."""
    folder, name = os.path.split(path)
    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{name}.", dir=folder or ".")
        with os.fdopen(handle, "wb") as f:
            f.write(blob)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)
        os.replace(temporary, path)
        temporary = None
    except OSError as e:
        raise Error(f"{path}: {e.strerror}") from None
    finally:
        if temporary is not None:
            os.unlink(temporary)


def model_name(path):
    """What a model is called that comes from @path."""
    stem = os.path.splitext(os.path.basename(path))[0]
    return re.sub(r"[^A-Za-z0-9_.-]", "_", stem)[:NAME_MAX] or "model"


def _checked_name(name):
    if not re.fullmatch(rf"[A-Za-z0-9_.-]{{1,{NAME_MAX}}}", name):
        raise Error(f"name '{name}': 1 to {NAME_MAX} of A-Z a-z 0-9 _ . - are possible")
    return name


def _labels(path):
    lines = _read(path).decode("utf-8", "replace").splitlines()
    while lines and not lines[-1].strip():
        lines.pop()
    return [line.strip() for line in lines]


def _load(args, note):
    blob = _read(args.source)
    if blob[4:8] == b"TFL3":
        return lowering.lower(tflite.read(blob), note)
    if dense.claims(blob):
        return dense.read(blob, args.data or os.path.dirname(args.source))
    raise Malformed("neither a .tflite file nor the text of a dense network")


def _convert(args):
    def note(text):
        if args.verbose:
            print(f"{args.source}: {text}", file=sys.stderr)

    try:
        if os.path.exists(args.output) and os.path.samefile(args.source, args.output):
            raise Error("would be overwritten by its own model file")
    except OSError as e:
        raise Error(f"{args.source}: {e.strerror}") from None
    try:
        m = _load(args, note)
        if args.labels is not None:
            m.labels = _labels(args.labels)
        outputs = m.tensors[m.outputs[0]].elements
        if m.labels and len(m.labels) != outputs:
            raise Malformed(f"there are {len(m.labels)} labels for {outputs} outputs")
        if args.ranges is not None:
            ranges.record(m, args.ranges, ranges.margin(args.range_margin or "0"))
        if args.bounds is not None:
            ranges.bound(m, args.bounds)
        m.name = _checked_name(args.name or m.name or model_name(args.source))
        if args.description is not None:
            m.description = args.description
        m.producer = f"neural-convert {VERSION}"
        blob = model.write(m)
    except Error as e:
        text = str(e)
        if not text.startswith(args.source):
            text = f"{args.source}: {text}"
        raise type(e)(text) from None
    _write(args.output, blob)
    note(f"{len(m.ops)} ops, {len(blob)} bytes in {args.output}")


def _inspect(args):
    blob = _read(args.inspect)
    try:
        m = model.read(blob)
    except Error as e:
        raise type(e)(f"{args.inspect}: {e}") from None
    if args.json:
        print(report.machine(m, len(blob)))
    else:
        for line in report.human(m, len(blob)):
            print(line)


def _verify(args):
    """The verifier is the kernel module's own; neuralctl has it."""
    top = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../..")
    beside = os.path.normpath(os.path.join(top, "build/tools/neuralctl"))
    ctl = os.environ.get("NEURALCTL")
    if not ctl:
        ctl = beside if os.access(beside, os.X_OK) else shutil.which("neuralctl")
    if not ctl:
        raise Error("neuralctl is not in the path; 'make tools' builds it")
    try:
        return subprocess.run([ctl, "verify", args.verify], check=False).returncode
    except OSError as e:
        raise Error(f"{ctl}: {e.strerror}") from None


def main(argv=None):
    args = _arguments(argv)
    try:
        if args.inspect is not None:
            _inspect(args)
        elif args.verify is not None:
            return _verify(args)
        else:
            _convert(args)
        return 0
    except Error as e:
        # One line, whatever names in a file contain.
        text = "".join(c if c.isprintable() else "?" for c in str(e))
        print(f"neural-convert: {text}", file=sys.stderr)
        return e.status
    except MemoryError:
        print("neural-convert: out of memory", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Whoever read our output has gone; do not complain at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130
