# SPDX-License-Identifier: GPL-2.0-only
"""Model files of the neural kernel module, and how other formats become them."""

VERSION = "1.0"
