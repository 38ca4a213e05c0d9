// SPDX-License-Identifier: GPL-2.0-only
/*
 * With n <= 2^14 elements c of at most 255 in magnitude, S = sum(c), Q = sum(c^2):
 *
 *	n * Q			2^14 * 2^14 * 2^16	= 2^44
 *	D = (n Q - S^2) << 16	below			  2^60
 *	  + epsilon * n^2	2^31 * 2^28		= 2^59, together below 2^61
 *	d = n c - S		2^14 * 255		< 2^22
 *	d * inverse		2^22 * 2^32		= 2^54
 *	z			sqrt(n) in Q20		= 2^27
 *	z * gamma		2^27 * 2^15		= 2^42
 */
#include "../../src/q16.h"
#include "../../src/s8.h"
#include "../s8_norm.h"

static s64 neural_norm_drop(s64 v, u32 bits)
{
	return (v + (1LL << (bits - 1))) >> bits;
}

static s8 neural_norm_result(const struct neural_s8_norm *p, s64 z, s32 gamma, s32 beta)
{
	const s64 t = neural_norm_drop(z * gamma, p->drop) + beta;

	return neural_requantize_s8(neural_mbqm(neural_q16_saturate(t), p->multiplier,
						p->shift),
				    p->zero_point, p->min, p->max);
}

/* Of a copy of @p: @y could point into it, for all the compiler knows. */
static void neural_norm_results(const struct neural_s8_norm *p, s8 *y, const s8 *x,
				const struct neural_norm_row *row)
{
	const struct neural_s8_norm q = *p;
	const struct neural_norm_row r = *row;
	const s64 n = q.n;
	u32 i;

	for (i = 0; i < q.n; i++) {
		const s64 c = n * (x[i] - q.zero) - r.sum;
		const s64 z = neural_norm_drop(c * r.inverse, r.bits);

		y[i] = neural_norm_result(&q, z, q.gamma[i], q.beta ? q.beta[i] : 0);
	}
}

static void neural_norm_vector(const struct neural_s8_norm *p, s8 *y, const s8 *x)
{
	struct neural_norm_row row;
	s64 sum = 0, squares = 0;
	u32 i;

	for (i = 0; i < p->n; i++) {
		const s32 c = x[i] - p->zero;

		sum += c;
		squares += c * c;
	}
	row = neural_norm_row(p, sum, squares);
	neural_norm_results(p, y, x, &row);
}

void neural_s8_norm__generic(const struct neural_s8_norm_args *a)
{
	u32 r;

	for (r = 0; r < a->rows; r++)
		neural_norm_vector(a->p, a->y + (size_t)r * a->p->n,
				   a->x + (size_t)r * a->p->n);
}
