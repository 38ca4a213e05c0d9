/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory and numbers that pieces of standard work are made of, and their sizes. */
#ifndef _NEURAL_SIMD_WORK_POOL_H
#define _NEURAL_SIMD_WORK_POOL_H

#include "../src/env.h"

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

#endif /* _NEURAL_SIMD_WORK_POOL_H */
