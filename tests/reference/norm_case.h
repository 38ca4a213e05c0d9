/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers that a normalisation may be given, and elements that are to be normalised. */
#ifndef _NEURAL_TEST_REFERENCE_NORM_CASE_H
#define _NEURAL_TEST_REFERENCE_NORM_CASE_H

#include "../../simd/s8_map_args.h"
#include "arith.h"

/*
 * Of @n elements; every second time such that results are some steps, the other times any
 * that are allowed.  @gamma and @beta are filled in, and for the caller to place.
 */
static inline void norm_case_random(struct neural_s8_norm *p, u32 n, s16 *gamma,
				    s32 *beta, u64 *seed)
{
	const bool usual = reference_random(seed) % 2;
	const u32 less = usual ? 0 : reference_random(seed) % 16;
	u32 i;

	*p = (struct neural_s8_norm){
		.n = n, .zero = reference_between(seed, -128, 127),
		.centre = reference_random(seed) % 2,
		.epsilon = reference_between(seed, 0, reference_random(seed) % 3 ? 4096 :
						      NEURAL_FP_MAX),
		.drop = usual ? 16 : reference_between(seed, 4, 35),
		.multiplier = reference_between(seed, 1 << 30, NEURAL_FP_MAX),
		.shift = usual ? -10 : reference_between(seed, -31, 0),
		.zero_point = reference_between(seed, -128, 127),
		.min = -128, .max = 127,
	};
	if (!(reference_random(seed) % 3)) {
		p->min = reference_between(seed, -128, 127);
		p->max = reference_between(seed, p->min, 127);
	}
	for (i = 0; i < n; i++) {
		gamma[i] = usual ? reference_between(seed, 1 << 11, 1 << 13) :
				   reference_between(seed, -32768, 32767) >> less;
		beta[i] = usual ? reference_between(seed, -65536, 65536) :
				  reference_any(seed);
	}
}

/* From any to none of a difference between them. */
static inline void norm_case_elements(s8 *x, u32 n, u64 *seed)
{
	const u32 down = reference_random(seed) % 3 ? 0 : reference_random(seed) % 9;
	u32 i;

	for (i = 0; i < n; i++)
		x[i] = reference_between(seed, -128, 127) >> down;
}

#endif /* _NEURAL_TEST_REFERENCE_NORM_CASE_H */
