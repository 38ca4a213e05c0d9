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


def test(function):
    TESTS.append(function)
    return function


def test_of(data):
    """A test of what is in the directory @data, which need not be there: then there is
    no such test, and a line that says so."""
    def enter(function):
        if os.path.isdir(data):
            TESTS.append(function)
        else:
            print(f"{function.__name__}: left out, no {data} (GOLDEN=)", file=sys.stderr)
        return function
    return enter


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
        except Exception:	# whatever it is, the next test runs
            failed += 1
            print(f"not ok {i} - {name}")
            for line in traceback.format_exc().splitlines():
                print(f"# {line}")
        sys.stdout.flush()
    sys.exit(1 if failed else 0)
