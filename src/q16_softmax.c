// SPDX-License-Identifier: GPL-2.0-only
/*
 * Softmax over Q16.16 values.
 *
 * With e[i] = exp(x[i] - max) the largest term is exactly one, so the sum is in
 * [1, n].  Terms are summed in Q40: each is off by at most 2^-29 of itself, and
 * 0.5 LSB of that, which over 65536 of them is 2^-25 of the sum, or 2^-9 LSB of
 * the largest result.  A term in Q31 would be enough for the quotient but not for
 * the sum: 65535 truncated ones may hide 2^-15 of it, two LSB of the result.
 *
 * The quotient needs no more than Q31, and that is as wide as y[i], which holds
 * the term from the first pass to the second.  Thus one exponential an element,
 * no scratch memory, and one division a vector.
 *
 * No step can overflow u64, for n <= 2^16:
 *	sum of terms		2^16 * 2^40			= 2^56
 *	term * reciprocal	2^31 * 2^32, + 2^62 to round	< 2^64
 */
#include "q16_softmax.h"

/* Q40 to Q31. */
#define TERM_SHIFT	(NEURAL_Q16_EXP_BITS - 31)

void neural_q16_softmax(s32 *y, const s32 *x, u32 n)
{
	s32 top = S32_MIN;
	u64 sum = 0;
	u64 inverse, half;
	u32 bits, i;

	if (!n)
		return;

	for (i = 0; i < n; i++)
		top = max(top, x[i]);

	for (i = 0; i < n; i++) {
		const u64 e = neural_q16_exp((u32)top - (u32)x[i]);

		sum += e;
		y[i] = (s32)(e >> TERM_SHIFT);
	}

	/* 2^(bits - 1) <= sum < 2^bits */
	for (bits = NEURAL_Q16_EXP_BITS + 1; sum >> bits; bits++)
		;

	/*
	 * 2^31 <= inverse <= 2^32 is 2^(bits + 31) / sum, so a term, 2^9 smaller
	 * than the sum counts it, times it is 2^(bits + 22) times the quotient.
	 */
	inverse = div64_u64(1ULL << 63, sum >> (bits - 32));
	bits += 22 - 16;
	half = 1ULL << (bits - 1);

	for (i = 0; i < n; i++)
		y[i] = (s32)(((u32)y[i] * inverse + half) >> bits);
}
