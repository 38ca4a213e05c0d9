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
#include "fixed_args.h"
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
	F(s8_quantize,		struct neural_s8_quantize_args)		\
	F(s8_norm,		struct neural_s8_norm_args)		\
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
	K(s8_quantize,		generic, struct neural_s8_quantize_args) \
	K(s8_norm,		generic, struct neural_s8_norm_args)	\
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
	K(s8_quantize,		sse2, struct neural_s8_quantize_args)	\
	K(s8_quantize,		avx2, struct neural_s8_quantize_args)	\
	K(s8_quantize,		avx512, struct neural_s8_quantize_args) \
	K(s8_norm,		avx2, struct neural_s8_norm_args)	\
	K(s8_norm,		avx512, struct neural_s8_norm_args)	\
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
