/* SPDX-License-Identifier: GPL-2.0-only */
/* Packed S8 weights and the walk over them, for whatever comes down to rows of inputs. */
#ifndef _NEURAL_OPS_GEMM_H
#define _NEURAL_OPS_GEMM_H

#include "channels.h"
#include "op.h"

/* Most rows of one kernel call. */
#define NEURAL_GEMM_ROWS	64

/**
 * struct neural_gemm - packed weights; at the start of one block of memory
 * @k: inputs
 * @n: outputs
 * @segment: of the inputs, each of which begins at a whole group; @k if there is one
 * @tile: rows that are best run together: they stay in the innermost cache
 * @s4: weights are S4, two groups a byte
 * @w_zero_point: of the weights
 * @zero_point: of the outputs
 * @min: smallest output
 * @max: largest output
 * @w: panels, see &struct neural_s8_gemm_args and &struct neural_s8_conv_args
 * @bias_u8: per output, see there
 * @params: per output
 */
struct neural_gemm {
	u32 k;
	u32 n;
	u32 segment;
	u32 tile;
	bool s4;
	s32 w_zero_point;
	s32 zero_point;
	s32 min;
	s32 max;
	const s8 *w;
	const s32 *bias_u8;
	struct neural_channel_params params;
};

/*
 * Weights and parameters of verified operands in one block, the first @head bytes of
 * which, a struct neural_gemm at least, are the caller's: all but zero point, min and
 * max is filled in.  Every @segment inputs, @c->k if there is nothing between them, are
 * padded to whole groups; 0 for @c->k and neural_gemm_run() alone, which S4 can be left to.
 * NULL with @why where memory is short.
 */
void *neural_gemm_pack(struct neural_account *account, const struct neural_channels *c,
		       u32 segment, size_t head, struct neural_reason *why);

/*
 * @rows rows, any number, in kernel calls that each fit a section; @gemm is of one
 * segment.
 */
void neural_gemm_run(const struct neural_gemm *gemm, struct neural_exec *x, s8 *out,
		     size_t out_stride, const s8 *in, size_t in_stride, u64 rows);

#endif /* _NEURAL_OPS_GEMM_H */
