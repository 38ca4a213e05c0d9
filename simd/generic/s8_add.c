// SPDX-License-Identifier: GPL-2.0-only
/*
 * An operand that is one element for all is rescaled once.  The loops differ in nothing
 * else, so they are one, with what is known about the steps put in.
 */
#include "../kernels.h"
#include "../../src/s8.h"

static __always_inline s32 neural_s8_add_a(const struct neural_s8_add *p, s32 a)
{
	return neural_mbqm((a - p->a_zero) * (1 << p->left_shift), p->a_multiplier,
			   p->a_shift);
}

static __always_inline s32 neural_s8_add_b(const struct neural_s8_add *p, s32 b)
{
	const s32 v = neural_mbqm((b - p->b_zero) * (1 << p->left_shift), p->b_multiplier,
				  p->b_shift);

	return p->subtract ? -v : v;
}

static __always_inline void neural_s8_add_loop(const struct neural_s8_add_args *args,
					       bool every_a, bool every_b)
{
	const struct neural_s8_add p = *args->p;
	s32 a = 0, b = 0;
	u32 i;

	if (!every_a)
		a = neural_s8_add_a(&p, *args->a);
	if (!every_b)
		b = neural_s8_add_b(&p, *args->b);
	for (i = 0; i < args->n; i++) {
		if (every_a)
			a = neural_s8_add_a(&p, args->a[i]);
		if (every_b)
			b = neural_s8_add_b(&p, args->b[i]);
		args->y[i] = neural_requantize_s8(neural_mbqm(a + b, p.multiplier, p.shift),
						  p.y_zero, p.min, p.max);
	}
}

void neural_s8_add__generic(const struct neural_s8_add_args *a)
{
	if (!a->n)
		return;
	if (a->a_step && a->b_step)
		neural_s8_add_loop(a, true, true);
	else if (a->a_step)
		neural_s8_add_loop(a, true, false);
	else
		neural_s8_add_loop(a, false, a->b_step);
}
