/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one table of kernels, and the contracts they are held to.
 *
 * A kernel is a pure function of its argument block: no FPU bracket, no
 * allocation, no lock, no printk, and not one byte read or written outside the
 * buffers named by its contract.  Whatever the ISA, the result is bit for bit
 * that of the generic row of the same family.
 *
 * Adding a row to NEURAL_KERNELS() declares the function and enters it into
 * selection (simd/dispatch.c), the KUnit cases, the user-space guard-page test
 * and the benchmark.  See Documentation/adding-a-kernel.rst.
 */
#ifndef _NEURAL_SIMD_KERNELS_H
#define _NEURAL_SIMD_KERNELS_H

#include "../src/env.h"
#include "s8_args.h"
#include "s8_map_args.h"

/* ISA levels, in the order the best supported one is looked for. */
enum neural_simd_level {
	NEURAL_SIMD_generic,
	NEURAL_SIMD_sse2,
	NEURAL_SIMD_avx2,
	NEURAL_SIMD_avxvnni,
	NEURAL_SIMD_avx512,
	NEURAL_SIMD_avx512vnni,
	NEURAL_SIMD_LEVELS
};

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

/* F(family, argument block): what a family computes is said at its block. */
#define NEURAL_KERNEL_FAMILIES(F)					\
	F(q16_dense,		struct neural_q16_dense_args)		\
	F(q16_dense16,		struct neural_q16_dense16_args)		\
	F(q16_dot,		struct neural_q16_dot_args)		\
	F(fx_dense16,		struct neural_fx_dense16_args)		\
	F(fx_dense64,		struct neural_fx_dense64_args)		\
	F(fx_dot,		struct neural_fx_dot_args)		\
	F(fx_split,		struct neural_fx_split_args)		\
	F(q16_split,		struct neural_q16_split_args)		\
	F(q16_relu,		struct neural_q16_map_args)		\
	F(q16_leaky_relu,	struct neural_q16_map_args)		\
	F(q16_sigmoid,		struct neural_q16_map_args)		\
	F(q16_tanh,		struct neural_q16_map_args)		\
	F(q16_scale,		struct neural_q16_map_args)		\
	F(s8_lut,		struct neural_s8_lut_args)		\
	F(s8_add,		struct neural_s8_add_args)		\
	F(s8_mul,		struct neural_s8_mul_args)		\
	F(s8_softmax,		struct neural_s8_softmax_args)		\
	F(s8_gemm,		struct neural_s8_gemm_args)		\
	F(s8_conv,		struct neural_s8_conv_args)		\
	F(s8_frame,		struct neural_s8_frame_args)		\
	F(s8s4_gemm,		struct neural_s8_gemm_args)		\
	F(s8_depthwise,		struct neural_s8_depthwise_args)	\
	F(s8_max_pool,		struct neural_s8_pool_args)		\
	F(s8_average_pool,	struct neural_s8_pool_args)		\
	F(s8_sum,		struct neural_s8_sum_args)

/*
 * K(family, level, argument block): one row a kernel.  Every family has a
 * generic row; a level without a row of its own uses the next lower one the CPU
 * supports.
 */
#define NEURAL_KERNELS_GENERIC(K)					\
	K(q16_dense,		generic, struct neural_q16_dense_args)	\
	K(q16_dense16,		generic, struct neural_q16_dense16_args) \
	K(q16_dot,		generic, struct neural_q16_dot_args)	\
	K(fx_dense16,		generic, struct neural_fx_dense16_args)	\
	K(fx_dense64,		generic, struct neural_fx_dense64_args)	\
	K(fx_dot,		generic, struct neural_fx_dot_args)	\
	K(fx_split,		generic, struct neural_fx_split_args)	\
	K(q16_split,		generic, struct neural_q16_split_args)	\
	K(q16_relu,		generic, struct neural_q16_map_args)	\
	K(q16_leaky_relu,	generic, struct neural_q16_map_args)	\
	K(q16_sigmoid,		generic, struct neural_q16_map_args)	\
	K(q16_tanh,		generic, struct neural_q16_map_args)	\
	K(q16_scale,		generic, struct neural_q16_map_args)	\
	K(s8_lut,		generic, struct neural_s8_lut_args)	\
	K(s8_add,		generic, struct neural_s8_add_args)	\
	K(s8_mul,		generic, struct neural_s8_mul_args)	\
	K(s8_softmax,		generic, struct neural_s8_softmax_args)	\
	K(s8_gemm,		generic, struct neural_s8_gemm_args)	\
	K(s8_conv,		generic, struct neural_s8_conv_args)	\
	K(s8_frame,		generic, struct neural_s8_frame_args)	\
	K(s8s4_gemm,		generic, struct neural_s8_gemm_args)	\
	K(s8_depthwise,		generic, struct neural_s8_depthwise_args) \
	K(s8_max_pool,		generic, struct neural_s8_pool_args)	\
	K(s8_average_pool,	generic, struct neural_s8_pool_args)	\
	K(s8_sum,		generic, struct neural_s8_sum_args)

#ifdef CONFIG_X86_64
#define NEURAL_KERNELS_X86(K)						\
	K(q16_dense,		sse2, struct neural_q16_dense_args)	\
	K(q16_dense,		avx2, struct neural_q16_dense_args)	\
	K(q16_dense,		avx512, struct neural_q16_dense_args)	\
	K(q16_dense16,		sse2, struct neural_q16_dense16_args)	\
	K(q16_dense16,		avx2, struct neural_q16_dense16_args)	\
	K(q16_dense16,		avxvnni, struct neural_q16_dense16_args) \
	K(q16_dense16,		avx512, struct neural_q16_dense16_args)	\
	K(q16_dense16,		avx512vnni, struct neural_q16_dense16_args) \
	K(q16_dot,		sse2, struct neural_q16_dot_args)	\
	K(q16_dot,		avx2, struct neural_q16_dot_args)	\
	K(q16_dot,		avx512, struct neural_q16_dot_args)	\
	K(fx_dense16,		sse2, struct neural_fx_dense16_args)	\
	K(fx_dense16,		avx2, struct neural_fx_dense16_args)	\
	K(fx_dense16,		avxvnni, struct neural_fx_dense16_args)	\
	K(fx_dense16,		avx512, struct neural_fx_dense16_args)	\
	K(fx_dense16,		avx512vnni, struct neural_fx_dense16_args) \
	K(fx_dense64,		avx2, struct neural_fx_dense64_args)	\
	K(fx_dense64,		avx512, struct neural_fx_dense64_args)	\
	K(fx_dot,		avx2, struct neural_fx_dot_args)	\
	K(fx_dot,		avx512, struct neural_fx_dot_args)	\
	K(fx_split,		avx2, struct neural_fx_split_args)	\
	K(fx_split,		avx512, struct neural_fx_split_args)	\
	K(q16_split,		sse2, struct neural_q16_split_args)	\
	K(q16_split,		avx2, struct neural_q16_split_args)	\
	K(q16_split,		avx512, struct neural_q16_split_args)	\
	K(q16_relu,		sse2, struct neural_q16_map_args)	\
	K(q16_relu,		avx2, struct neural_q16_map_args)	\
	K(q16_relu,		avx512, struct neural_q16_map_args)	\
	K(q16_leaky_relu,	sse2, struct neural_q16_map_args)	\
	K(q16_leaky_relu,	avx2, struct neural_q16_map_args)	\
	K(q16_leaky_relu,	avx512, struct neural_q16_map_args)	\
	K(q16_sigmoid,		avx2, struct neural_q16_map_args)	\
	K(q16_sigmoid,		avx512, struct neural_q16_map_args)	\
	K(q16_tanh,		avx2, struct neural_q16_map_args)	\
	K(q16_tanh,		avx512, struct neural_q16_map_args)	\
	K(q16_scale,		sse2, struct neural_q16_map_args)	\
	K(q16_scale,		avx2, struct neural_q16_map_args)	\
	K(q16_scale,		avx512, struct neural_q16_map_args)	\
	K(s8_lut,		avx2, struct neural_s8_lut_args)	\
	K(s8_lut,		avx512, struct neural_s8_lut_args)	\
	K(s8_add,		sse2, struct neural_s8_add_args)	\
	K(s8_add,		avx2, struct neural_s8_add_args)	\
	K(s8_add,		avx512, struct neural_s8_add_args)	\
	K(s8_mul,		sse2, struct neural_s8_mul_args)	\
	K(s8_mul,		avx2, struct neural_s8_mul_args)	\
	K(s8_mul,		avx512, struct neural_s8_mul_args)	\
	K(s8_softmax,		avx2, struct neural_s8_softmax_args)	\
	K(s8_softmax,		avx512, struct neural_s8_softmax_args)	\
	K(s8_max_pool,		sse2, struct neural_s8_pool_args)	\
	K(s8_max_pool,		avx2, struct neural_s8_pool_args)	\
	K(s8_average_pool,	sse2, struct neural_s8_pool_args)	\
	K(s8_average_pool,	avx2, struct neural_s8_pool_args)	\
	K(s8_sum,		avx2, struct neural_s8_sum_args)	\
	K(s8_conv,		sse2, struct neural_s8_conv_args)	\
	K(s8_conv,		avx2, struct neural_s8_conv_args)	\
	K(s8_conv,		avxvnni, struct neural_s8_conv_args)	\
	K(s8_conv,		avx512, struct neural_s8_conv_args)	\
	K(s8_conv,		avx512vnni, struct neural_s8_conv_args)	\
	K(s8_frame,		sse2, struct neural_s8_frame_args)	\
	K(s8_frame,		avx2, struct neural_s8_frame_args)	\
	K(s8_depthwise,		sse2, struct neural_s8_depthwise_args)	\
	K(s8_depthwise,		avx2, struct neural_s8_depthwise_args)	\
	K(s8_depthwise,		avxvnni, struct neural_s8_depthwise_args) \
	K(s8_depthwise,		avx512, struct neural_s8_depthwise_args)	\
	K(s8_depthwise,		avx512vnni, struct neural_s8_depthwise_args) \
	K(s8_gemm,		sse2, struct neural_s8_gemm_args)	\
	K(s8_gemm,		avx2, struct neural_s8_gemm_args)	\
	K(s8_gemm,		avxvnni, struct neural_s8_gemm_args)	\
	K(s8_gemm,		avx512, struct neural_s8_gemm_args)	\
	K(s8_gemm,		avx512vnni, struct neural_s8_gemm_args)	\
	K(s8s4_gemm,		sse2, struct neural_s8_gemm_args)	\
	K(s8s4_gemm,		avx2, struct neural_s8_gemm_args)	\
	K(s8s4_gemm,		avxvnni, struct neural_s8_gemm_args)	\
	K(s8s4_gemm,		avx512, struct neural_s8_gemm_args)	\
	K(s8s4_gemm,		avx512vnni, struct neural_s8_gemm_args)
#else
#define NEURAL_KERNELS_X86(K)
#endif

#define NEURAL_KERNELS(K)						\
	NEURAL_KERNELS_GENERIC(K)					\
	NEURAL_KERNELS_X86(K)

#define NEURAL_KERNEL_PROTOTYPE(family, level, args)			\
	void neural_##family##__##level(const args *a);
NEURAL_KERNELS(NEURAL_KERNEL_PROTOTYPE)
#undef NEURAL_KERNEL_PROTOTYPE

/* Rows of the table. */
#define NEURAL_KERNEL_ONE(family, level, args) + 1
enum { NEURAL_NR_KERNELS = 0 NEURAL_KERNELS(NEURAL_KERNEL_ONE) };
#undef NEURAL_KERNEL_ONE

enum neural_kernel_family {
#define NEURAL_KERNEL_FAMILY(family, args) NEURAL_FAMILY_##family,
	NEURAL_KERNEL_FAMILIES(NEURAL_KERNEL_FAMILY)
#undef NEURAL_KERNEL_FAMILY
	NEURAL_KERNEL_NR_FAMILIES
};

/* One pointer a family: what @level resolves to on this CPU. */
struct neural_kernel_set {
	enum neural_simd_level level;
#define NEURAL_KERNEL_MEMBER(family, args) void (*family)(const args *a);
	NEURAL_KERNEL_FAMILIES(NEURAL_KERNEL_MEMBER)
#undef NEURAL_KERNEL_MEMBER
};

/**
 * struct neural_kernel - one row of the table
 * @name: "q16_dense__avx2"
 * @family: what it computes
 * @level: the ISA it is written for
 * @fn: the function; cast through the member of &struct neural_kernel_set
 */
struct neural_kernel {
	const char *name;
	enum neural_kernel_family family;
	enum neural_simd_level level;
	void (*fn)(void);
};

extern const struct neural_kernel neural_kernels[];
extern const unsigned int neural_nr_kernels;

#endif /* _NEURAL_SIMD_KERNELS_H */
