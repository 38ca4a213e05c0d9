# SPDX-License-Identifier: GPL-2.0-only
"""CRC-32C (Castagnoli), reflected, as the model file has it.

A CRC is linear: that of a long string follows from those of its pieces.  The bytes are
cut into LANES pieces that are gone through side by side, one array operation per byte
of a piece, and then joined pairwise.
"""

import numpy as np

POLYNOMIAL = 0x82F63B78
LANES = 1024


def _table():
    t = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        t = np.where(t & 1, (t >> 1) ^ np.uint32(POLYNOMIAL), t >> 1)
    return t.astype(np.uint32)


TABLE = _table()


def _apply(operator, crc):
    """What @operator, a matrix over GF(2) given by its columns, makes of each @crc."""
    bits = crc[None, :] >> np.arange(32, dtype=np.uint32)[:, None] & np.uint32(1)
    return np.bitwise_xor.reduce(bits * operator[:, None], axis=0)


def _zeros(count):
    """The operator that appends @count zero bytes."""
    result = np.uint32(1) << np.arange(32, dtype=np.uint32)
    power = result
    power = TABLE[power & np.uint32(0xFF)] ^ (power >> np.uint32(8))
    while count:
        if count & 1:
            result = _apply(power, result)
        power = _apply(power, power)
        count >>= 1
    return result


def crc32c(data):
    """The CRC of bytes."""
    size = len(data)
    # Leading zeros leave a state of zero alone, so the pieces are filled up in front;
    # the initial state of all ones is the same as inverting the first four bytes.
    length = max((size + 4 + LANES - 1) // LANES, 1)
    flat = np.zeros(LANES * length, np.uint8)
    first = len(flat) - size
    if size:
        flat[first:] = np.frombuffer(data, np.uint8)
    if size >= 4:
        flat[first:first + 4] ^= 0xFF
    else:
        crc = 0xFFFFFFFF
        for byte in flat[first:]:
            crc = int(TABLE[(crc ^ int(byte)) & 0xFF]) ^ (crc >> 8)
        return crc ^ 0xFFFFFFFF

    pieces = np.ascontiguousarray(flat.reshape(LANES, length).T)
    crc = np.zeros(LANES, np.uint32)
    for column in pieces:
        crc = TABLE[(crc ^ column) & np.uint32(0xFF)] ^ (crc >> np.uint32(8))
    append = _zeros(length)
    while len(crc) > 1:
        crc = _apply(append, crc[0::2]) ^ crc[1::2]
        append = _apply(append, append)
    return int(crc[0]) ^ 0xFFFFFFFF
