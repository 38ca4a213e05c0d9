// SPDX-License-Identifier: GPL-2.0-only
/* Inputs in fixed point as the kernels of panels want them. */
#include "../../simd/dispatch.h"
#include "fixed.h"

size_t neural_fixed_wide(const struct neural_fixed *f)
{
	if (!f->n)
		return 0;
	if (f->digits)
		return ALIGN(f->k, 2) * f->digits * sizeof(s16);
	return f->dtype == NEURAL_S64 ? 0 : f->k * sizeof(s64);
}

static void neural_fixed_widen16(const void *x, u8 dtype, s16 *to, u32 k)
{
	u32 i;

	if (dtype == NEURAL_S16)
		memcpy(to, x, k * sizeof(s16));
	else
		for (i = 0; i < k; i++)
			to[i] = ((const s32 *)x)[i];
	if (k % 2)
		to[k] = 0;
}

static void neural_fixed_widen64(const void *x, u8 dtype, s64 *to, u32 k)
{
	u32 i;

	if (dtype == NEURAL_S8)
		for (i = 0; i < k; i++)
			to[i] = ((const s8 *)x)[i];
	else if (dtype == NEURAL_S16)
		for (i = 0; i < k; i++)
			to[i] = ((const s16 *)x)[i];
	else
		for (i = 0; i < k; i++)
			to[i] = ((const s32 *)x)[i];
}

/* One vector of inputs to digits. */
static void neural_fixed_split(const struct neural_fixed *f, struct neural_exec *x,
			       const void *from, s16 *to)
{
	const u32 plane = ALIGN(f->k, 2);

	if (f->dtype == NEURAL_S8 || f->dtype == NEURAL_S64) {
		const struct neural_fx_split_args args = {
			.y = to, .x = from, .n = f->k, .digits = f->digits, .plane = plane,
			.x_bytes = f->dtype == NEURAL_S8 ? sizeof(s8) : sizeof(s64),
		};

		neural_run_fx_split(&x->section, &args, f->k);
	} else if (f->digits == 2) {
		const struct neural_q16_split_args args = {
			.hi = to + plane, .lo = to, .x = from, .n = f->k,
		};

		neural_run_q16_split(&x->section, &args, f->k);
	} else {
		neural_section_scalar(&x->section, f->k);
		neural_fixed_widen16(from, f->dtype, to, f->k);
	}
}

void neural_fixed_widen(const struct neural_fixed *f, struct neural_exec *x,
			const struct neural_rows *src, void *scratch,
			struct neural_rows *wide)
{
	u32 r;

	wide->at = scratch;
	wide->stride = neural_fixed_wide(f);
	if (!wide->stride)
		*wide = *src;
	else if (f->digits)
		for (r = 0; r < x->rows; r++)
			neural_fixed_split(f, x, neural_row(src, r), neural_row(wide, r));
	else
		for (r = 0; r < x->rows; r++) {
			neural_section_scalar(&x->section, f->k);
			neural_fixed_widen64(neural_row(src, r), f->dtype,
					     neural_row(wide, r), f->k);
		}
}
