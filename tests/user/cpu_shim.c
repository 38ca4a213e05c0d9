// SPDX-License-Identifier: GPL-2.0-only
/* User-space stand-in for simd/cpu.c: CPUID and XCR0 by hand. */
#include "../../simd/dispatch.h"

bool neural_cpu_prefers_ymm(void)
{
	return false;
}

#ifdef CONFIG_X86_64
#include <cpuid.h>

#define XCR0_AVX	0x06	/* SSE, YMM */
#define XCR0_AVX512	0xe6	/* and masks, upper halves, upper registers */

static bool neural_cpu_saves(u32 wanted)
{
	u32 a, b, c, d;

	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_OSXSAVE))
		return false;
	__asm__("xgetbv" : "=a" (a), "=d" (d) : "c" (0));
	return (a & wanted) == wanted;
}

bool neural_cpu_has_level(enum neural_simd_level level)
{
	const u32 avx512 = bit_AVX512F | bit_AVX512BW | bit_AVX512DQ | bit_AVX512VL;
	u32 a = 0, b = 0, c = 0, d, vnni = 0;

	__get_cpuid_count(7, 0, &a, &b, &c, &d);
	if (a >= 1)
		__get_cpuid_count(7, 1, &vnni, &a, &d, &d);

	switch (level) {
	case NEURAL_SIMD_generic:
	case NEURAL_SIMD_sse2:
		return true;
	case NEURAL_SIMD_avx2:
		return (b & bit_AVX2) && neural_cpu_saves(XCR0_AVX);
	case NEURAL_SIMD_avxvnni:
		return (vnni & BIT(4)) && neural_cpu_has_level(NEURAL_SIMD_avx2);
	case NEURAL_SIMD_avx512:
		return (b & avx512) == avx512 && neural_cpu_saves(XCR0_AVX512);
	case NEURAL_SIMD_avx512vnni:
		return (c & bit_AVX512VNNI) && neural_cpu_has_level(NEURAL_SIMD_avx512);
	default:
		return false;
	}
}
#else
bool neural_cpu_has_level(enum neural_simd_level level)
{
	return level == NEURAL_SIMD_generic;
}
#endif
