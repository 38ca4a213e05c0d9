/* SPDX-License-Identifier: GPL-2.0-only */
/* What the AVX2 and AVX-VNNI kernels share. */
#ifndef _NEURAL_SIMD_X86_YMM_H
#define _NEURAL_SIMD_X86_YMM_H

#include <immintrin.h>

#include "../../src/env.h"

#define NEURAL_YMM_ODD	0xaa	/* blend mask: the odd elements of eight */

static __always_inline __m256i neural_ymm_load(const void *p)
{
	return _mm256_loadu_si256(p);
}

/* Odd dwords to even places, for vpmuldq to find; the shuffle is of any dwords. */
static __always_inline __m256i neural_ymm_odd(__m256i v)
{
	return _mm256_castps_si256(_mm256_movehdup_ps(_mm256_castsi256_ps(v)));
}

/* Eight s64 from memory: even and odd ones. */
static __always_inline void neural_ymm_load_s64(const s64 *p, __m256i *even, __m256i *odd)
{
	const __m256i a = neural_ymm_load(p);
	const __m256i b = neural_ymm_load(p + 4);

	*even = _mm256_permute4x64_epi64(_mm256_unpacklo_epi64(a, b), 0xd8);
	*odd = _mm256_permute4x64_epi64(_mm256_unpackhi_epi64(a, b), 0xd8);
}

/* neural_q16_round() of eight sums; see neural_xmm_round() for how. */
static __always_inline __m256i neural_ymm_round(__m256i even, __m256i odd)
{
	const __m256i value = _mm256_blend_epi32(_mm256_srli_epi64(even, 16),
						 _mm256_slli_epi64(odd, 16),
						 NEURAL_YMM_ODD);
	const __m256i upper = _mm256_blend_epi32(_mm256_srli_epi64(even, 32), odd,
						 NEURAL_YMM_ODD);
	const __m256i sign = _mm256_srai_epi32(upper, 31);
	const __m256i fits = _mm256_cmpeq_epi32(_mm256_srai_epi32(upper, 15), sign);
	const __m256i limit = _mm256_xor_si256(sign, _mm256_set1_epi32(S32_MAX));

	return _mm256_blendv_epi8(limit, value, fits);
}

/*
 * Tails go by halves.  vpmaskmov would do, and on silicon does, but emulators (QEMU
 * 7.2 among them) read the lanes that are masked out as well and fault on a page that
 * is not there.
 */

/* The first @n of four elements, @n below 4; the rest zero. */
static __always_inline __m128i neural_ymm_load_3(const s32 *p, u32 n)
{
	__m128i v = _mm_setzero_si128();

	if (n & 2) {
		v = _mm_loadl_epi64((const __m128i *)p);
		if (n & 1)
			v = _mm_insert_epi32(v, p[2], 2);
	} else if (n & 1) {
		v = _mm_cvtsi32_si128(p[0]);
	}
	return v;
}

/* The first @n elements, the rest zero and not read. */
static __always_inline __m256i neural_ymm_load_n(const s32 *p, u32 n)
{
	if (n >= 8)
		return neural_ymm_load(p);
	if (n & 4)
		return _mm256_set_m128i(neural_ymm_load_3(p + 4, n & 3),
					_mm_loadu_si128((const __m128i *)p));
	return _mm256_zextsi128_si256(neural_ymm_load_3(p, n));
}

/* The first @n elements; the rest of memory stays as it is. */
static __always_inline void neural_ymm_store_n(s32 *p, __m256i v, u32 n)
{
	__m128i half = _mm256_castsi256_si128(v);

	if (n >= 8) {
		_mm256_storeu_si256((__m256i *)p, v);
		return;
	}
	if (n & 4) {
		_mm_storeu_si128((__m128i *)p, half);
		half = _mm256_extracti128_si256(v, 1);
		p += 4;
	}
	if (n & 2) {
		_mm_storel_epi64((__m128i *)p, half);
		half = _mm_unpackhi_epi64(half, half);
		p += 2;
	}
	if (n & 1)
		*p = _mm_cvtsi128_si32(half);
}

#endif /* _NEURAL_SIMD_X86_YMM_H */
