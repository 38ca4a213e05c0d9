/* SPDX-License-Identifier: GPL-2.0-only */
/* Fixed point of any width, in 128 bits, from Documentation/numerics.rst. */
#ifndef _NEURAL_TEST_REFERENCE_FIXED_H
#define _NEURAL_TEST_REFERENCE_FIXED_H

#include "../../src/q16.h"
#include "arith.h"

static inline __int128 reference_floor128(__int128 a, u32 bits)
{
	const __int128 unit = (__int128)1 << bits;

	return a / unit - (a % unit < 0);
}

/* Half up; nothing for no bits. */
static inline __int128 reference_round128(__int128 a, u32 bits)
{
	return bits ? reference_floor128(a + ((__int128)1 << (bits - 1)), bits) : a;
}

static inline __int128 reference_clamp128(__int128 v, u32 bits)
{
	const __int128 most = ((__int128)1 << (bits - 1)) - 1;

	return v > most ? most : v < -most - 1 ? -most - 1 : v;
}

/* From @from fraction bits to @to, into @bits. */
static inline __int128 reference_refrac(__int128 v, u32 from, u32 to, u32 bits)
{
	return reference_clamp128(from > to ? reference_round128(v, from - to) :
				  v * ((__int128)1 << (to - from)), bits);
}

/* A sum, without what rounds it, to a result of @bits with @frac fraction bits. */
static inline s64 reference_fixed(__int128 sum, u32 shift, u32 bits, u32 frac, u32 act,
				  s32 slope)
{
	const __int128 v = reference_clamp128(reference_round128(sum, shift), bits);
	s32 q;

	switch (act) {
	case NEURAL_RELU:
		return v > 0 ? v : 0;
	case NEURAL_LEAKY_RELU:
		return v >= 0 ? v : reference_round128(v * slope, 31);
	case NEURAL_SIGMOID:
	case NEURAL_TANH:
		q = reference_refrac(v, frac, 16, 32);
		q = act == NEURAL_TANH ? neural_q16_tanh(q) : neural_q16_sigmoid(q);
		return reference_refrac(q, 16, frac, bits);
	default:
		return v;
	}
}

#endif /* _NEURAL_TEST_REFERENCE_FIXED_H */
