# SPDX-License-Identifier: GPL-2.0-only
"""A test is a function under @test; run() runs them all and prints TAP."""

import os
import sys
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(TOP, "tools/convert"))

TESTS = []


class Skip(Exception):
    """Raised by a test that cannot be run here, with the reason."""


def test(function):
    TESTS.append(function)
    return function


def same(got, expected):
    if got != expected:
        raise AssertionError(f"got {got}, expected {expected}")


def refused(kind, words, function, *args):
    """@function raises @kind, and what it says contains each of @words."""
    try:
        function(*args)
    except kind as e:
        for word in words:
            if word not in str(e):
                raise AssertionError(f"'{word}' is not in '{e}'") from None
        return
    raise AssertionError("was accepted")


def run():
    print("TAP version 13")
    print(f"1..{len(TESTS)}")
    failed = 0
    for i, function in enumerate(TESTS, 1):
        name = function.__name__
        try:
            function()
            print(f"ok {i} - {name}")
        except Skip as e:
            print(f"ok {i} - {name} # SKIP {e}")
        except Exception:	# whatever it is, the next test runs
            failed += 1
            print(f"not ok {i} - {name}")
            for line in traceback.format_exc().splitlines():
                print(f"# {line}")
        sys.stdout.flush()
    sys.exit(1 if failed else 0)
