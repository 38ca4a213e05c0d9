/* SPDX-License-Identifier: GPL-2.0-only */
/* A model ready to be run by the kernels of one level. */
#ifndef _NEURAL_BENCH_NET_H
#define _NEURAL_BENCH_NET_H

#include "../../src/plan/plan.h"
#include "bench.h"

/**
 * struct bench_net - a model at a level
 * @plan: built with that level in force
 * @set: its kernels
 * @wanted: any of them are vector kernels
 * @rows: rows of one call
 * @in: of them
 * @out: of them
 * @arena: memory to run in
 * @weights: bytes of the constants of the file
 * @peak: most memory in use while it was opened and built, the file included
 * @mean: memory in use by the plan and its arena
 * @model: kept for the names of its layers; the file stays as well
 */
struct bench_net {
	struct neural_plan *plan;
	const struct neural_kernel_set *set;
	bool wanted;
	u32 rows;
	u8 *in;
	u8 *out;
	u8 *arena;
	size_t weights;
	size_t peak;
	size_t mean;
	struct neural_model *model;
};

/* Ends the program where it cannot be done. */
struct bench_net *bench_net_open(const char *name, const void *file, size_t bytes,
				 enum neural_simd_level level, u32 rows);
void bench_net_run(const void *net);

#define BENCH_NET_BEST		1	/* at the best level alone */
#define BENCH_NET_LAYERS	2	/* with the time of each */
#define BENCH_NET_MACS		4	/* its work is multiply-adds */

/* Enter @file at each level it is to be measured at; compare what they make of it. */
void bench_net_add(const char *name, const void *file, size_t bytes, u32 rows, u32 flags);

#endif /* _NEURAL_BENCH_NET_H */
