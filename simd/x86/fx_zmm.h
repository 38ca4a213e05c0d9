/* SPDX-License-Identifier: GPL-2.0-only */
/* Begin and end of the sums of the fx families in 512 bits. */
#ifndef _NEURAL_SIMD_X86_FX_ZMM_H
#define _NEURAL_SIMD_X86_FX_ZMM_H

#include "../kernels.h"
#include "zmm.h"

/* &struct neural_fx_end in registers, for sums of 64 and of 32 bits. */
struct neural_fx_zmm_end {
	__m512i lo, hi;
	__m512i lo32, hi32;
	__m128i shift;
	u8 bytes;
};

/* Sixteen sums in their order. */
struct neural_fx_zmm_total {
	__m512i lo, hi;
};

static __always_inline struct neural_fx_zmm_end
neural_fx_zmm_end(const struct neural_fx_end *end)
{
	return (struct neural_fx_zmm_end){
		.lo = _mm512_set1_epi64(end->lo),
		.hi = _mm512_set1_epi64(end->hi),
		.lo32 = _mm512_set1_epi32(clamp_t(s64, end->lo, S32_MIN, S32_MAX)),
		.hi32 = _mm512_set1_epi32(clamp_t(s64, end->hi, S32_MIN, S32_MAX)),
		.shift = _mm_cvtsi32_si128(end->shift),
		.bytes = end->bytes,
	};
}

static __always_inline void neural_fx_zmm_open(struct neural_fx_zmm_total *t,
					       const s64 *bias)
{
	t->lo = neural_zmm_load(bias);
	t->hi = neural_zmm_load(bias + 8);
}

/* Sixteen sums in s32, @shift bits further up. */
static __always_inline void neural_fx_zmm_add(struct neural_fx_zmm_total *t, __m512i sum,
					      const u32 shift)
{
	const __m512i lo = _mm512_cvtepi32_epi64(_mm512_castsi512_si256(sum));
	const __m512i hi = _mm512_cvtepi32_epi64(_mm512_extracti64x4_epi64(sum, 1));

	t->lo = _mm512_add_epi64(t->lo, _mm512_slli_epi64(lo, shift));
	t->hi = _mm512_add_epi64(t->hi, _mm512_slli_epi64(hi, shift));
}

static __always_inline __m512i neural_fx_zmm_clamp(__m512i v,
						   const struct neural_fx_zmm_end *end)
{
	v = _mm512_sra_epi64(v, end->shift);
	return _mm512_min_epi64(_mm512_max_epi64(v, end->lo), end->hi);
}

/* The first @n of sixteen results in s64. */
static __always_inline void neural_fx_zmm_put64(s64 *out, __mmask16 m, __m512i lo,
						__m512i hi)
{
	_mm512_mask_storeu_epi64(out, m, lo);
	_mm512_mask_storeu_epi64(out + 8, m >> 8, hi);
}

static __always_inline void neural_fx_zmm_put_s32(s32 *out, __mmask16 m, __m256i lo,
						  __m256i hi)
{
	const __m512i both = _mm512_castsi256_si512(lo);

	_mm512_mask_storeu_epi32(out, m, _mm512_inserti64x4(both, hi, 1));
}

static __always_inline void neural_fx_zmm_put_s16(s16 *out, __mmask16 m, __m128i lo,
						  __m128i hi)
{
	_mm256_mask_storeu_epi16(out, m, _mm256_set_m128i(hi, lo));
}

/* The first @n of sixteen sums to @out, the first one as result @at. */
static __always_inline void neural_fx_zmm_put(void *out, size_t at, u32 n,
					      const struct neural_fx_zmm_total *t,
					      const struct neural_fx_zmm_end *end)
{
	const __m512i lo = neural_fx_zmm_clamp(t->lo, end);
	const __m512i hi = neural_fx_zmm_clamp(t->hi, end);
	const __mmask16 m = neural_zmm_mask(n);

	if (end->bytes == sizeof(s64))
		neural_fx_zmm_put64((s64 *)out + at, m, lo, hi);
	else if (end->bytes == sizeof(s32))
		neural_fx_zmm_put_s32((s32 *)out + at, m, _mm512_cvtepi64_epi32(lo),
				      _mm512_cvtepi64_epi32(hi));
	else
		neural_fx_zmm_put_s16((s16 *)out + at, m, _mm512_cvtepi64_epi16(lo),
				      _mm512_cvtepi64_epi16(hi));
}

/* The same of sums in s32. */
static __always_inline void neural_fx_zmm_put32(void *out, size_t at, u32 n, __m512i v,
						const struct neural_fx_zmm_end *end)
{
	const __mmask16 m = neural_zmm_mask(n);

	v = _mm512_sra_epi32(v, end->shift);
	v = _mm512_min_epi32(_mm512_max_epi32(v, end->lo32), end->hi32);
	if (end->bytes == sizeof(s64))
		neural_fx_zmm_put64((s64 *)out + at, m,
				    _mm512_cvtepi32_epi64(_mm512_castsi512_si256(v)),
				    _mm512_cvtepi32_epi64(_mm512_extracti64x4_epi64(v, 1)));
	else if (end->bytes == sizeof(s32))
		_mm512_mask_storeu_epi32((s32 *)out + at, m, v);
	else
		_mm256_mask_storeu_epi16((s16 *)out + at, m, _mm512_cvtepi32_epi16(v));
}

#endif /* _NEURAL_SIMD_X86_FX_ZMM_H */
