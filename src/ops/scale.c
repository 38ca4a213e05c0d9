// SPDX-License-Identifier: GPL-2.0-only
#include "../../simd/dispatch.h"
#include "activation.h"
#include "scale.h"

void neural_scale_run(const struct neural_step *step, struct neural_exec *x,
		      const struct neural_rows *dst, const struct neural_rows *src,
		      void *scratch)
{
	const struct neural_scale *scale = step->params;
	u32 r;

	for (r = 0; r < x->rows; r++) {
		const struct neural_q16_map_args args = {
			.y = neural_row(dst, r),
			.x = neural_row(src, r),
			.scale = scale->scale,
			.shift = scale->shift,
			.n = step->out,
		};

		neural_run_q16_scale(&x->section, &args, step->out);
		neural_activate(&x->section, scale->act, args.y, step->out, scale->slope);
	}
}
