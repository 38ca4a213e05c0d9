# SPDX-License-Identifier: GPL-2.0-only
"""What can be wrong with what we are given; each is one line for the user."""


class Error(Exception):
    """Nothing could be made of it."""

    status = 1


class Malformed(Error):
    """The input is not what it claims to be."""


class Unsupported(Error):
    """The input is fine, but says what the module cannot do, or not exactly."""

    status = 2
