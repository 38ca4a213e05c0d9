/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Loops over registers: arrays of vectors are in registers only where every index is a
 * constant, and at -O2 GCC leaves alone a loop that would grow.
 */
#ifndef _NEURAL_SIMD_X86_UNROLL_H
#define _NEURAL_SIMD_X86_UNROLL_H

/* Before a loop of a constant number of rounds, 8 at most. */
#define NEURAL_UNROLL	_Pragma("GCC unroll 8")

#endif /* _NEURAL_SIMD_X86_UNROLL_H */
