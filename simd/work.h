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

#endif /* _NEURAL_SIMD_WORK_H */
