/* SPDX-License-Identifier: GPL-2.0-only */
/* Argument blocks of the elementwise S8 families, which say what those compute. */
#ifndef _NEURAL_SIMD_S8_MAP_ARGS_H
#define _NEURAL_SIMD_S8_MAP_ARGS_H

#include "../src/env.h"

/**
 * struct neural_s8_lut_args - a function of one S8 value by its table
 * @y: @n results; may be @x itself, otherwise does not overlap
 * @x: @n inputs
 * @table: 256 results, that of x at (u8)x, 64-byte aligned
 * @n: elements, 0 is allowed
 */
struct neural_s8_lut_args {
	s8 *y;
	const s8 *x;
	const s8 *table;
	u32 n;
};

/**
 * struct neural_s8_add - numbers of a sum of two S8 tensors
 * @a_zero: zero point of a
 * @b_zero: zero point of b
 * @y_zero: zero point of the result
 * @left_shift: of both differences, before they are rescaled
 * @a_multiplier: Q0.31, not negative
 * @a_shift: of the same rescaling
 * @b_multiplier: Q0.31, not negative
 * @b_shift: of the same rescaling
 * @multiplier: of the sum, Q0.31, not negative
 * @shift: of the same rescaling
 * @min: least result
 * @max: largest result
 * @subtract: a - b
 *
 * It has been made sure that for the values a and b can have no shift to the left and
 * no sum loses bits.
 */
struct neural_s8_add {
	s32 a_zero;
	s32 b_zero;
	s32 y_zero;
	u32 left_shift;
	s32 a_multiplier;
	s32 a_shift;
	s32 b_multiplier;
	s32 b_shift;
	s32 multiplier;
	s32 shift;
	s32 min;
	s32 max;
	bool subtract;
};

/**
 * struct neural_s8_add_args - sum or difference of two S8 tensors
 * @y: @n results; may be @a or @b where all @n of that are read, otherwise overlaps
 *	neither
 * @a: @n elements, or one where @a_step is zero
 * @b: @n elements, or one where @b_step is zero
 * @p: what to do with them
 * @n: elements, 0 is allowed
 * @a_step: 1, or 0 to take the one element every time
 * @b_step: the same of @b
 *
 * With a' = mbqm((a - a_zero) << left_shift, a_multiplier, a_shift), b' likewise and
 * neural_mbqm() as src/s8.h defines it:
 * y = clamp(mbqm(a' + b', multiplier, shift) + y_zero, min, max), or a' - b'.
 */
struct neural_s8_add_args {
	s8 *y;
	const s8 *a;
	const s8 *b;
	const struct neural_s8_add *p;
	u32 n;
	u32 a_step;
	u32 b_step;
};

/**
 * struct neural_s8_mul - numbers of a product of two S8 tensors
 * @a_zero: zero point of a
 * @b_zero: zero point of b
 * @y_zero: zero point of the result
 * @multiplier: of the product, Q0.31, not negative
 * @shift: of the same rescaling; loses no bits
 * @min: least result
 * @max: largest result
 */
struct neural_s8_mul {
	s32 a_zero;
	s32 b_zero;
	s32 y_zero;
	s32 multiplier;
	s32 shift;
	s32 min;
	s32 max;
};

/**
 * struct neural_s8_mul_args - product of two S8 tensors
 * @y: as in &struct neural_s8_add_args
 * @a: @n elements, or one where @a_step is zero
 * @b: @n elements, or one where @b_step is zero
 * @p: what to do with them
 * @n: elements, 0 is allowed
 * @a_step: 1, or 0 to take the one element every time
 * @b_step: the same of @b
 *
 * y = clamp(mbqm((a - a_zero) * (b - b_zero), multiplier, shift) + y_zero, min, max).
 */
struct neural_s8_mul_args {
	s8 *y;
	const s8 *a;
	const s8 *b;
	const struct neural_s8_mul *p;
	u32 n;
	u32 a_step;
	u32 b_step;
};

/**
 * struct neural_s8_quantize_args - fixed point to S8
 * @y: @n results, overlaps nothing
 * @x: @n inputs, 4-byte aligned
 * @n: elements, 0 is allowed
 * @multiplier: Q0.31, not negative
 * @right: bits a product is shifted by, 0 .. 62
 * @zero_point: of the results, within s8
 *
 * y = clamp(neural_scale_away(x, multiplier, right) + zero_point, -128, 127), with that as
 * src/s8.h defines it.
 */
struct neural_s8_quantize_args {
	s8 *y;
	const s32 *x;
	u32 n;
	s32 multiplier;
	u32 right;
	s32 zero_point;
};

/**
 * struct neural_s8_softmax_args - softmax of one S8 vector
 * @y: @n results; may be @x itself, otherwise does not overlap
 * @x: @n elements
 * @exp: 256 entries, 64-byte aligned: exp(-d) at a distance of d from the largest element,
 *	Q0.31; 0 is S32_MAX
 * @term: the same entries as they enter the sum, Q12.19, 64-byte aligned
 * @n: elements, 1 .. 2^20
 *
 * With s = 2^b (1 + f) the sum of term, 0 <= f < 1 in Q0.31 and
 * scale = neural_s8_reciprocal(f): y = clamp(rdbypot(srdhm(scale, exp), b + 23) - 128,
 * -128, 127), and -128 for all where b + 23 is more than 31.
 */
struct neural_s8_softmax_args {
	s8 *y;
	const s8 *x;
	const s32 *exp;
	const u32 *term;
	u32 n;
};

/* Elements normalised together that sums are proved not to overflow for. */
#define NEURAL_S8_NORM_MOST	16384

/* Fraction bits of a normalised element. */
#define NEURAL_S8_NORM_BITS	20

/**
 * struct neural_s8_norm - numbers of a normalisation
 * @n: elements normalised together, 1 .. NEURAL_S8_NORM_MOST
 * @zero: what is subtracted from an element first, within s8
 * @centre: subtract the mean
 * @epsilon: added to the variance, Q16.16, not negative as s32
 * @drop: fraction bits of a product with gamma past those of Q16.16, 4 .. 35
 * @multiplier: from Q16.16 to steps of the output, Q0.31, not negative
 * @shift: with it, -31 .. 0
 * @zero_point: of the output, this and the next two within s8
 * @min: least result
 * @max: largest
 * @gamma: factor per element
 * @beta: addend per element, Q16.16; NULL for none
 */
struct neural_s8_norm {
	u32 n;
	s32 zero;
	bool centre;
	u32 epsilon;
	u32 drop;
	s32 multiplier;
	s32 shift;
	s32 zero_point;
	s32 min;
	s32 max;
	const s16 *gamma;
	const s32 *beta;
};

/**
 * struct neural_s8_norm_args - normalisation of rows, each by itself
 * @y: @rows times @p->n results, overlaps nothing
 * @x: as many elements
 * @p: what to do with them
 * @rows: at least 1
 *
 * simd/generic/s8_norm.c has the definition, and why nothing overflows.
 */
struct neural_s8_norm_args {
	s8 *y;
	const s8 *x;
	const struct neural_s8_norm *p;
	u32 rows;
};

#endif /* _NEURAL_SIMD_S8_MAP_ARGS_H */
