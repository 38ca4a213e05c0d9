// SPDX-License-Identifier: GPL-2.0-only
#include "../../simd/dispatch.h"
#include "activation.h"
#include "scale.h"

u64 neural_scale_cost(const struct neural_step *step)
{
	return step->out;
}

void neural_scale_run(const struct neural_step *step, struct neural_exec *x,
		      s32 *dst, const s32 *src, void *scratch)
{
	const struct neural_scale *scale = step->params;
	u32 r;

	for (r = 0; r < x->rows; r++) {
		const struct neural_q16_map_args args = {
			.y = dst + (size_t)r * step->out,
			.x = src + (size_t)r * step->out,
			.scale = scale->scale,
			.shift = scale->shift,
			.n = step->out,
		};

		neural_run_q16_scale(&x->section, &args, step->out);
	}
	neural_activate(&x->section, scale->act, dst, x->rows * step->out, scale->slope);
}
