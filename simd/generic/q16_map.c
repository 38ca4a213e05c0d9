// SPDX-License-Identifier: GPL-2.0-only
/* The elementwise functions, each as src/q16.h defines it. */
#include "../kernels.h"
#include "../../src/q16.h"

void neural_q16_relu__generic(const struct neural_q16_map_args *a)
{
	u32 i;

	for (i = 0; i < a->n; i++)
		a->y[i] = neural_q16_relu(a->x[i]);
}

void neural_q16_leaky_relu__generic(const struct neural_q16_map_args *a)
{
	u32 i;

	for (i = 0; i < a->n; i++)
		a->y[i] = neural_q16_leaky_relu(a->x[i], a->alpha);
}

void neural_q16_sigmoid__generic(const struct neural_q16_map_args *a)
{
	u32 i;

	for (i = 0; i < a->n; i++)
		a->y[i] = neural_q16_sigmoid(a->x[i]);
}

void neural_q16_tanh__generic(const struct neural_q16_map_args *a)
{
	u32 i;

	for (i = 0; i < a->n; i++)
		a->y[i] = neural_q16_tanh(a->x[i]);
}

void neural_q16_scale__generic(const struct neural_q16_map_args *a)
{
	u32 i;

	for (i = 0; i < a->n; i++)
		a->y[i] = neural_q16_scale(a->x[i], a->scale[i], a->shift[i]);
}
