// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the CPU can run: the instruction sets and, natively, the register state
 * the kernel saves and restores for them.  User Mode Linux takes its flags from
 * the host's /proc/cpuinfo, which lists only what user space may use.
 */
#include "dispatch.h"

#ifdef CONFIG_X86_64
#include <asm/cpufeature.h>
#include "../src/compat.h"

#ifdef CONFIG_UML
static bool neural_cpu_saves(u64 xfeatures)
{
	return true;
}

#define XFEATURE_MASK_SSE	0
#define XFEATURE_MASK_YMM	0
#define XFEATURE_MASK_AVX512	0
#else
#include <asm/fpu/api.h>
#include <asm/fpu/types.h>

static bool neural_cpu_saves(u64 xfeatures)
{
	return cpu_has_xfeatures(xfeatures, NULL);
}
#endif

static bool neural_cpu_has_avx2(void)
{
	return boot_cpu_has(X86_FEATURE_AVX2) &&
	       neural_cpu_saves(XFEATURE_MASK_SSE | XFEATURE_MASK_YMM);
}

static bool neural_cpu_has_avx512(void)
{
	return neural_cpu_has_avx2() && boot_cpu_has(X86_FEATURE_AVX512F) &&
	       boot_cpu_has(X86_FEATURE_AVX512BW) &&
	       boot_cpu_has(X86_FEATURE_AVX512DQ) &&
	       boot_cpu_has(X86_FEATURE_AVX512VL) &&
	       neural_cpu_saves(XFEATURE_MASK_SSE | XFEATURE_MASK_YMM |
				XFEATURE_MASK_AVX512);
}

bool neural_cpu_prefers_ymm(void)
{
	return neural_compat_prefers_ymm();
}

bool neural_cpu_has_level(enum neural_simd_level level)
{
	switch (level) {
	case NEURAL_SIMD_generic:
		return true;
	case NEURAL_SIMD_sse2:
		return boot_cpu_has(X86_FEATURE_XMM2);
	case NEURAL_SIMD_avx2:
		return neural_cpu_has_avx2();
	case NEURAL_SIMD_avxvnni:
		return neural_cpu_has_avx2() && boot_cpu_has(X86_FEATURE_AVX_VNNI);
	case NEURAL_SIMD_avx512:
		return neural_cpu_has_avx512();
	case NEURAL_SIMD_avx512vnni:
		return neural_cpu_has_avx512() &&
		       boot_cpu_has(X86_FEATURE_AVX512_VNNI);
	default:
		return false;
	}
}
#else
bool neural_cpu_prefers_ymm(void)
{
	return false;
}

bool neural_cpu_has_level(enum neural_simd_level level)
{
	return level == NEURAL_SIMD_generic;
}
#endif
