/* SPDX-License-Identifier: GPL-2.0-only */
/* What the vector kernels from fixed point to S8 share. */
#ifndef _NEURAL_SIMD_S8_QUANTIZE_H
#define _NEURAL_SIMD_S8_QUANTIZE_H

#include "kernels.h"

/* A result that is past the bounds, whatever the zero point. */
#define NEURAL_QUANTIZE_PAST	512

/* Where a division shifts out more than this, no input comes near those. */
#define NEURAL_QUANTIZE_FAR	52

/*
 * A magnitude of the input, 2^31 at most, that gives what is past the bounds: all beyond
 * give no less, and may be taken for it.  Its own result is below 2^31, for it is no more
 * than that plus what one step of the input makes, so nothing has to be saturated on the
 * way.
 */
static inline u32 neural_s8_quantize_most(const struct neural_s8_quantize_args *a)
{
	const u64 all = 1ULL << 31;

	if (!a->multiplier || a->right > NEURAL_QUANTIZE_FAR)
		return all;
	return min(all, div_u64((u64)NEURAL_QUANTIZE_PAST << a->right, a->multiplier) + 1);
}

/* Half of the divisor. */
static inline u64 neural_s8_quantize_half(const struct neural_s8_quantize_args *a)
{
	return (1ULL << a->right) >> 1;
}

#endif /* _NEURAL_SIMD_S8_QUANTIZE_H */
