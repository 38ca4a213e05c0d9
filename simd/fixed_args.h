/* SPDX-License-Identifier: GPL-2.0-only */
/* Contracts of the fixed-point kernels: argument blocks, see simd/kernels.h. */
#ifndef _NEURAL_SIMD_FIXED_ARGS_H
#define _NEURAL_SIMD_FIXED_ARGS_H

#include "../src/env.h"

/* Outputs computed together; packed weights come in panels of this many. */
#define NEURAL_Q16_PANEL	16

/**
 * struct neural_q16_dense_args - rows times panels of 32-bit weights
 * @out: first output; row r, output j at @out[r * @out_stride + j], 4-byte aligned
 * @x: inputs; row r, input i at @x[r * @x_stride + i], 4-byte aligned
 * @w: packed weights, 64-byte aligned; weight of input i to output j at
 *	@w[((j / 16) * @k + i) * 16 + j % 16], zero for j >= @n
 * @bias: (b << 16) + 2^15 per output, 64-byte aligned, padded with zeros to a
 *	multiple of 16
 * @wsum: sum of the weights of each output, laid out as @bias
 * @k: inputs, 1 .. NEURAL_MAX_UNITS
 * @n: outputs to write, at least 1; the last panel may be partial
 * @rows: rows, at least 1
 * @x_stride: distance of two rows of @x, in elements
 * @out_stride: distance of two rows of @out, in elements
 *
 * out = saturate((sum(x * w) + bias) >> 16), the sum exact in s64: packing has
 * made sure that no input can overflow it.  @out overlaps nothing.
 */
struct neural_q16_dense_args {
	s32 *out;
	const s32 *x;
	const s32 *w;
	const s64 *bias;
	const s64 *wsum;
	u32 k;
	u32 n;
	u32 rows;
	u32 x_stride;
	u32 out_stride;
};

/**
 * struct neural_q16_dense16_args - rows times panels of 16-bit weights
 * @out: as in &struct neural_q16_dense_args
 * @hi: upper digits of the inputs, from the q16_split family; pair p of row r at
 *	@hi[r * @x_stride + 2 * p], 4-byte aligned
 * @lo: lower digits, laid out as @hi
 * @w: packed weights, 64-byte aligned; weight of input i to output j at
 *	@w[(((j / 16) * @pairs + i / 2) * 16 + j % 16) * 2 + i % 2], zero for
 *	j >= @n and for the odd input past the last; -32768 does not occur
 * @bias: (b << 16) + 2^15 + 2^15 * wsum per output (the last term undoes the
 *	offset of the lower digit), 64-byte aligned, padded to a multiple of 16
 * @pairs: pairs of inputs, 1 .. NEURAL_MAX_UNITS / 2
 * @chunk: pairs whose partial sums are sure to fit s32: for every output, the sum
 *	of |w| over pairs [c * @chunk, (c + 1) * @chunk) is at most 65535; >= 1
 * @n: outputs to write, at least 1; the last panel may be partial
 * @rows: rows, at least 1
 * @x_stride: distance of two rows of @hi and @lo, in elements, even
 * @out_stride: distance of two rows of @out, in elements
 *
 * out = saturate(((sum(hi * w) << 16) + sum(lo * w) + bias) >> 16) in s64.
 */
struct neural_q16_dense16_args {
	s32 *out;
	const s16 *hi;
	const s16 *lo;
	const s16 *w;
	const s64 *bias;
	u32 pairs;
	u32 chunk;
	u32 n;
	u32 rows;
	u32 x_stride;
	u32 out_stride;
};

/**
 * struct neural_q16_dot_args - rows times single outputs of 32-bit weights
 * @out: row r, output j at @out[r * @out_stride + j]
 * @x: row r, input i at @x[r * @x_stride + i]
 * @w: weight of input i to output j at @w[j * @k + i], 4-byte aligned, no slack
 * @bias: (b << 16) + 2^15 per output
 * @k: inputs, at least 1
 * @n: outputs, at least 1
 * @rows: rows, at least 1
 * @x_stride: distance of two rows of @x, in elements
 * @out_stride: distance of two rows of @out, in elements
 *
 * As q16_dense, for the few outputs that would leave a panel mostly empty.
 */
struct neural_q16_dot_args {
	s32 *out;
	const s32 *x;
	const s32 *w;
	const s64 *bias;
	u32 k;
	u32 n;
	u32 rows;
	u32 x_stride;
	u32 out_stride;
};

/**
 * struct neural_fx_end - what the fx families make of a sum
 * @lo: the smallest result
 * @hi: the largest; both fit @bytes
 * @shift: to the right, 0 .. 62
 * @bytes: of a result: 2, 4 or 8
 *
 * The sum is exact modulo 2^64, and packing has made sure that it is in s64, whatever
 * happens on the way: the result is clamp(sum >> shift, lo, hi).
 */
struct neural_fx_end {
	s64 lo;
	s64 hi;
	u8 shift;
	u8 bytes;
};

/* Digits of 16 bits an input may have. */
#define NEURAL_FX_DIGITS	3

/**
 * struct neural_fx_dense16_args - rows times panels of 16-bit weights
 * @out: results, of end.bytes and aligned to them; row r, output j at
 *	@out[r * @out_stride + j]
 * @x: digits of the inputs; digit d of both inputs of pair p of row r at
 *	@x[d * @plane + r * @x_stride + 2 * p], 4-byte aligned; where there is no second
 *	input to the last pair, any value
 * @w: packed weights, 64-byte aligned; weight of input i to output j at
 *	@w[(((j / 16) * @pairs + i / 2) * 16 + j % 16) * 2 + i % 2], zero for
 *	j >= @n and for the odd input past the last
 * @bias: where the sum of each output starts, s32 where @small, else s64; 64-byte
 *	aligned, padded to a multiple of 16
 * @pairs: pairs of inputs, 1 .. NEURAL_MAX_UNITS / 2
 * @chunk: pairs whose partial sums are sure to fit s32, at least 1: of each digit, the
 *	magnitudes of the products of pairs [c * @chunk, (c + 1) * @chunk) of an output
 *	add up to S32_MAX at most
 * @n: outputs to write, at least 1; the last panel may be partial
 * @rows: rows, at least 1
 * @digits: 1 .. NEURAL_FX_DIGITS
 * @small: there is one digit, and the magnitudes of all products of an output and of its
 *	bias add up to S32_MAX at most
 * @plane: distance of two digits of an input, in elements, even
 * @x_stride: distance of two rows of @x, in elements, even
 * @out_stride: distance of two rows of @out, in elements
 * @end: of each sum
 *
 * The sum is that of x[d] * w << 16 * d over digits and inputs, and of bias.
 */
struct neural_fx_dense16_args {
	void *out;
	const s16 *x;
	const s16 *w;
	const void *bias;
	u32 pairs;
	u32 chunk;
	u32 n;
	u32 rows;
	u32 digits;
	u32 plane;
	u32 x_stride;
	u32 out_stride;
	bool small;
	struct neural_fx_end end;
};

/**
 * struct neural_fx_dense64_args - rows times panels of 32-bit weights
 * @out: as in &struct neural_fx_dense16_args
 * @x: inputs; row r, input i at @x[r * @x_stride + i]
 * @w: packed weights, 64-byte aligned; weight of input i to output j at
 *	@w[((j / 16) * @k + i) * 16 + j % 16], zero for j >= @n
 * @bias: where the sum of each output starts, 64-byte aligned, padded to a multiple
 *	of 16
 * @k: inputs, 1 .. NEURAL_MAX_UNITS
 * @n: outputs to write, at least 1; the last panel may be partial
 * @rows: rows, at least 1
 * @x_stride: distance of two rows of @x, in elements
 * @out_stride: distance of two rows of @out, in elements
 * @end: of each sum
 *
 * The sum is that of x * w, and of bias.
 */
struct neural_fx_dense64_args {
	void *out;
	const s64 *x;
	const s32 *w;
	const s64 *bias;
	u32 k;
	u32 n;
	u32 rows;
	u32 x_stride;
	u32 out_stride;
	struct neural_fx_end end;
};

/**
 * struct neural_fx_dot_args - rows times single outputs of 32-bit weights
 * @out: as in &struct neural_fx_dense16_args
 * @x: inputs, of @x_bytes and aligned to them; row r, input i at @x[r * @x_stride + i]
 * @w: weights, 8-byte aligned, outputs in pairs; weight of input i to output j at
 *	@w[((j / 2) * @k + i) * 2 + j % 2], zero for the odd output past the last
 * @bias: where the sum of each output starts
 * @k: inputs, at least 1
 * @n: outputs, at least 1
 * @rows: rows, at least 1
 * @x_stride: distance of two rows of @x, in elements
 * @out_stride: distance of two rows of @out, in elements
 * @x_bytes: 4 or 8
 * @narrow: inputs of 8 bytes all fit s32
 * @end: of each sum
 *
 * As fx_dense64, for the few outputs that would leave a panel mostly empty.
 */
struct neural_fx_dot_args {
	void *out;
	const void *x;
	const s32 *w;
	const s64 *bias;
	u32 k;
	u32 n;
	u32 rows;
	u32 x_stride;
	u32 out_stride;
	u8 x_bytes;
	bool narrow;
	struct neural_fx_end end;
};

/**
 * struct neural_fx_split_args - inputs to signed 16-bit digits
 * @y: digit d of input i at @y[d * @plane + i]
 * @x: @n inputs of @x_bytes, aligned to them, of no more than 16 * @digits bits
 * @n: inputs, at least 1
 * @x_bytes: 1 or 8
 * @digits: 1 .. NEURAL_FX_DIGITS; 1 for inputs of a byte
 * @plane: distance of two digits of an input, at least @n rounded up to even
 *
 * Digit d is bits 16 * d and up, less 2^15 in all but the last; so x is the sum of
 * digit << 16 * d, and of 2^15 << 16 * d for all but the last.  For odd @n each digit
 * is followed by a zero.
 */
struct neural_fx_split_args {
	s16 *y;
	const void *x;
	u32 n;
	u32 x_bytes;
	u32 digits;
	u32 plane;
};

/**
 * struct neural_q16_split_args - 32-bit inputs to two signed 16-bit digits
 * @hi: @n rounded up to even digits, x >> 16
 * @lo: @n rounded up to even digits, (x & 0xffff) - 0x8000
 * @x: @n inputs
 * @n: inputs, at least 1
 *
 * x = hi * 2^16 + lo + 2^15.  For odd @n the last digit of both is zero.
 */
struct neural_q16_split_args {
	s16 *hi;
	s16 *lo;
	const s32 *x;
	u32 n;
};

/**
 * struct neural_q16_map_args - elementwise functions, in place or not
 * @y: @n results, 4-byte aligned; may be @x itself, otherwise does not overlap
 * @x: @n inputs
 * @scale: q16_scale only, @n factors in Q16.16
 * @shift: q16_scale only, @n addends in Q16.16
 * @n: elements, 0 is allowed
 * @alpha: q16_leaky_relu only, slope for negative inputs, Q0.31, not negative
 *
 * Defined by neural_q16_relu() and its siblings in src/q16.h.
 */
struct neural_q16_map_args {
	s32 *y;
	const s32 *x;
	const s32 *scale;
	const s32 *shift;
	u32 n;
	s32 alpha;
};

#endif /* _NEURAL_SIMD_FIXED_ARGS_H */
