/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The walk of the pools over results and channels, sixteen of them at a time.
 *
 * Whoever includes this has defined neural_pool_divide(), neural_pool_average_few() and
 * neural_pool_max_few(), which are inlined for a constant 16 and once more for fewer.
 */
#ifndef _NEURAL_SIMD_X86_S8_POOL_WALK_H
#define _NEURAL_SIMD_X86_S8_POOL_WALK_H

static __always_inline void neural_pool_average_walk(const struct neural_s8_pool_args *a)
{
	const struct neural_xmm_s8 bounds = neural_xmm_s8_load(0, a->min, a->max);
	const struct neural_s8_window v = a->window;
	const struct neural_pool_divide d = neural_pool_divide(v.rows * v.cols);
	u32 c, p;

	for (p = 0; p < a->results; p++) {
		const s8 *x = v.x + p * v.x_step;
		s8 *out = a->out + p * a->out_step;

		for (c = 0; c + 16 <= a->n; c += 16)
			neural_pool_average_few(&v, &d, &bounds, x + c, out + c, 16);
		if (c < a->n)
			neural_pool_average_few(&v, &d, &bounds, x + c, out + c, a->n - c);
	}
}

static __always_inline void neural_pool_max_walk(const struct neural_s8_pool_args *a)
{
	u32 c, p;

	for (p = 0; p < a->results; p++) {
		const s8 *x = a->window.x + p * a->window.x_step;
		s8 *out = a->out + p * a->out_step;

		for (c = 0; c + 16 <= a->n; c += 16)
			neural_pool_max_few(a, x + c, out + c, 16);
		if (c < a->n)
			neural_pool_max_few(a, x + c, out + c, a->n - c);
	}
}

#endif /* _NEURAL_SIMD_X86_S8_POOL_WALK_H */
