/* SPDX-License-Identifier: GPL-2.0-only */
/* Begin and end of the sums of the fx families in 256 bits. */
#ifndef _NEURAL_SIMD_X86_FX_YMM_H
#define _NEURAL_SIMD_X86_FX_YMM_H

#include "../fx_end.h"
#include "ymm.h"

/* &struct neural_fx_end in registers, for sums of 64 and of 32 bits. */
struct neural_fx_ymm_end {
	__m256i lo, hi;
	__m256i lo32, hi32;
	__m256i sign;
	__m128i shift;
	const struct neural_fx_end *end;
};

/* Eight sums in their order. */
struct neural_fx_ymm_total {
	__m256i lo, hi;
};

static __always_inline struct neural_fx_ymm_end
neural_fx_ymm_end(const struct neural_fx_end *end)
{
	return (struct neural_fx_ymm_end){
		.lo = _mm256_set1_epi64x(end->lo),
		.hi = _mm256_set1_epi64x(end->hi),
		.lo32 = _mm256_set1_epi32(clamp_t(s64, end->lo, S32_MIN, S32_MAX)),
		.hi32 = _mm256_set1_epi32(clamp_t(s64, end->hi, S32_MIN, S32_MAX)),
		.sign = _mm256_set1_epi64x(1ULL << (63 - end->shift)),
		.shift = _mm_cvtsi32_si128(end->shift),
		.end = end,
	};
}

static __always_inline void neural_fx_ymm_open(struct neural_fx_ymm_total *t,
					       const s64 *bias)
{
	t->lo = neural_ymm_load(bias);
	t->hi = neural_ymm_load(bias + 4);
}

/* The lower dwords of eight qwords. */
static __always_inline __m256i neural_fx_ymm_narrow(__m256i lo, __m256i hi)
{
	const __m256 v = _mm256_shuffle_ps(_mm256_castsi256_ps(lo), _mm256_castsi256_ps(hi),
					   _MM_SHUFFLE(2, 0, 2, 0));

	return _mm256_permute4x64_epi64(_mm256_castps_si256(v), _MM_SHUFFLE(3, 1, 2, 0));
}

static __always_inline struct neural_fx_ymm_total neural_fx_ymm_widen(__m256i v)
{
	return (struct neural_fx_ymm_total){
		_mm256_cvtepi32_epi64(_mm256_castsi256_si128(v)),
		_mm256_cvtepi32_epi64(_mm256_extracti128_si256(v, 1)),
	};
}

/* Eight sums in s32, @shift bits further up. */
static __always_inline void neural_fx_ymm_add(struct neural_fx_ymm_total *t, __m256i sum,
					      const u32 shift)
{
	const struct neural_fx_ymm_total wide = neural_fx_ymm_widen(sum);

	t->lo = _mm256_add_epi64(t->lo, _mm256_slli_epi64(wide.lo, shift));
	t->hi = _mm256_add_epi64(t->hi, _mm256_slli_epi64(wide.hi, shift));
}

/* There is no arithmetic shift of qwords: where the sign has got to it is spread. */
static __always_inline __m256i neural_fx_ymm_clamp(__m256i v,
						   const struct neural_fx_ymm_end *end)
{
	v = _mm256_srl_epi64(v, end->shift);
	v = _mm256_sub_epi64(_mm256_xor_si256(v, end->sign), end->sign);
	v = _mm256_blendv_epi8(v, end->lo, _mm256_cmpgt_epi64(end->lo, v));
	return _mm256_blendv_epi8(v, end->hi, _mm256_cmpgt_epi64(v, end->hi));
}

/* The first @n of eight sums to @out, the first one as result @at. */
static __always_inline void neural_fx_ymm_put(void *out, size_t at, u32 n,
					      const struct neural_fx_ymm_total *t,
					      const struct neural_fx_ymm_end *end)
{
	s64 one[8];
	u32 i;

	if (n < 8 || end->end->bytes == sizeof(s16)) {
		_mm256_storeu_si256((__m256i *)one, t->lo);
		_mm256_storeu_si256((__m256i *)(one + 4), t->hi);
		for (i = 0; i < min(n, 8U); i++)
			neural_fx_put(out, at + i, one[i], end->end);
	} else if (end->end->bytes == sizeof(s64)) {
		s64 *to = (s64 *)out + at;

		_mm256_storeu_si256((__m256i *)to, neural_fx_ymm_clamp(t->lo, end));
		_mm256_storeu_si256((__m256i *)(to + 4), neural_fx_ymm_clamp(t->hi, end));
	} else {
		_mm256_storeu_si256((__m256i *)((s32 *)out + at),
				    neural_fx_ymm_narrow(neural_fx_ymm_clamp(t->lo, end),
							 neural_fx_ymm_clamp(t->hi, end)));
	}
}

/* The same of sums in s32. */
static __always_inline void neural_fx_ymm_put32(void *out, size_t at, u32 n, __m256i v,
						const struct neural_fx_ymm_end *end)
{
	struct neural_fx_ymm_total wide;

	if (n < 8 || end->end->bytes == sizeof(s16)) {
		wide = neural_fx_ymm_widen(v);
		neural_fx_ymm_put(out, at, n, &wide, end);
		return;
	}
	v = _mm256_sra_epi32(v, end->shift);
	v = _mm256_min_epi32(_mm256_max_epi32(v, end->lo32), end->hi32);
	if (end->end->bytes == sizeof(s32)) {
		_mm256_storeu_si256((__m256i *)((s32 *)out + at), v);
		return;
	}
	wide = neural_fx_ymm_widen(v);
	_mm256_storeu_si256((__m256i *)((s64 *)out + at), wide.lo);
	_mm256_storeu_si256((__m256i *)((s64 *)out + at + 4), wide.hi);
}

#endif /* _NEURAL_SIMD_X86_FX_YMM_H */
