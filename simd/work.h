/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A piece of standard work for each family of kernels, to measure them with.
 *
 * One call is at most NEURAL_SECTION_MACS, and all it reads and writes is in one piece of
 * memory.  What it computes means nothing, but is the same at every level.
 */
#ifndef _NEURAL_SIMD_WORK_H
#define _NEURAL_SIMD_WORK_H

#include "kernels.h"

/* Memory of a piece of work; its results are in the first bytes, arguments behind. */
#define NEURAL_WORK_BYTES	(512 * 1024)
#define NEURAL_WORK_RESULTS	4096

/**
 * struct neural_work - what a call of a family comes to
 * @units: multiply-adds, cells or elements
 * @unit: which of those
 * @shape: the sizes
 */
struct neural_work {
	u32 units;
	const char *unit;
	const char *shape;
};

extern const struct neural_work neural_work[NEURAL_KERNEL_NR_FAMILIES];

/*
 * Arguments of @family for neural_kernel_call(), in @memory, which is 64-byte aligned, of
 * NEURAL_WORK_BYTES, and zero.
 */
const void *neural_work_make(enum neural_kernel_family family, void *memory);

/**
 * struct neural_work_pool - memory that is dealt out
 * @results: where results go
 * @at: the next that is free, 64-byte aligned
 * @seed: of the numbers in it
 */
struct neural_work_pool {
	void *results;
	u8 *at;
	u32 seed;
};

/* @bytes of it, 64-byte aligned; what was there. */
void *neural_work_take(struct neural_work_pool *pool, size_t bytes);

/* @n numbers of @bits bits each, signed. */
s8 *neural_work_s8(struct neural_work_pool *pool, u32 n);
s16 *neural_work_s16(struct neural_work_pool *pool, u32 n, u32 bits);
s32 *neural_work_s32(struct neural_work_pool *pool, u32 n, u32 bits);
s64 *neural_work_s64(struct neural_work_pool *pool, u32 n, u32 bits);

/* The S8 families; NULL for another. */
const void *neural_work_make_s8(enum neural_kernel_family family,
				struct neural_work_pool *pool);

/* Sizes that both the table and the arguments name. */
#define NEURAL_WORK_K		256	/* inputs of a matrix */
#define NEURAL_WORK_N		256	/* its outputs */
#define NEURAL_WORK_FEW		4	/* outputs of dot products */
#define NEURAL_WORK_ELEMENTS	1024	/* of what goes by element */
#define NEURAL_WORK_CHANNELS	64
#define NEURAL_WORK_PLACES	16	/* results of a window */
#define NEURAL_WORK_WINDOW	3	/* cells down and across; of a pool one less */
#define NEURAL_WORK_INPUTS	16	/* channels that a convolution reads */
#define NEURAL_WORK_OUTPUTS	32	/* and writes */
#define NEURAL_WORK_LINES	8	/* of a frame, with one above and one below */
#define NEURAL_WORK_LINE	256	/* bytes of each, with padding on both sides */
#define NEURAL_WORK_ROWS	49	/* that are summed up */

#endif /* _NEURAL_SIMD_WORK_H */
