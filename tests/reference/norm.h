/* SPDX-License-Identifier: GPL-2.0-only */
/* Rescaling and normalising S8, from Documentation/numerics.rst, in 128 bits. */
#ifndef _NEURAL_TEST_REFERENCE_NORM_H
#define _NEURAL_TEST_REFERENCE_NORM_H

#include "../../simd/s8_map_args.h"
#include "fixed.h"

/* Nearest to a / 2^@bits, halves away from zero. */
static inline __int128 reference_away(__int128 a, u32 bits)
{
	const __int128 unit = (__int128)1 << bits;
	const __int128 size = a < 0 ? -a : a, q = (2 * size + unit) / (2 * unit);

	return a < 0 ? -q : q;
}

/*
 * @v * @multiplier * 2^(@shift - 31), rounded at 2^-31 and at what is left of the shift.
 * The first rounding is that of a truncating division: a half below zero goes up.
 */
static inline s64 reference_rescale(s64 v, s32 multiplier, s32 shift)
{
	const __int128 p = (__int128)v * ((s64)1 << (shift > 0 ? shift : 0)) * multiplier;
	const __int128 unit = (__int128)1 << 31;
	const __int128 once = p >= 0 ? (p + unit / 2) / unit : (p + 1 - unit / 2) / unit;

	return reference_away(once, shift < 0 ? -shift : 0);
}

/* floor(sqrt(@v)) */
static inline u64 reference_root(__int128 v)
{
	u64 low = 0, high = 1ULL << 63;

	while (low < high) {
		const u64 middle = low + (high - low + 1) / 2;

		if ((__int128)middle * middle <= v)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

/* Elements @x, less @zero, by their deviation, from the mean where @centre, in Q20. */
static inline void reference_normalise(const s8 *x, s32 zero, u32 n, bool centre,
				       s32 epsilon, s64 *z)
{
	__int128 sum = 0, squares = 0, d;
	u64 inverse = 0;
	u32 i, up = 0;

	for (i = 0; i < n; i++) {
		sum += centre ? x[i] - zero : 0;
		squares += (x[i] - zero) * (x[i] - zero);
	}
	d = (n * squares - sum * sum) * 65536 + (__int128)epsilon * n * n;
	if (d) {
		while (d * ((__int128)1 << 2 * up) < (__int128)1 << 60)
			up++;
		inverse = (1ULL << 62) / reference_root(d * ((__int128)1 << 2 * up));
	}
	for (i = 0; i < n; i++)
		z[i] = reference_round128(((__int128)n * (x[i] - zero) - sum) * inverse,
					  34 - up);
}

/* The result of a normalised element, of @p without its gamma and beta. */
static inline s8 reference_norm_s8(const struct neural_s8_norm *p, s64 z, s32 gamma, s32 beta)
{
	const __int128 t = reference_round128((__int128)z * gamma, p->drop) + beta;
	const s64 y = reference_rescale(reference_clamp128(t, 32), p->multiplier, p->shift) +
		      p->zero_point;

	return clamp_t(s64, y, p->min, p->max);
}

#endif /* _NEURAL_TEST_REFERENCE_NORM_H */
