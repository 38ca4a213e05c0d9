// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sigmoid and tanh: both ends of the chord are next to each other in the table,
 * so one gather of qwords fetches what two of dwords would.
 */
#include <immintrin.h>

#include "../kernels.h"
#include "../../src/q16.h"
#include "ymm.h"

#define DROP	(NEURAL_Q16_SIGMOID_BITS - NEURAL_Q16_SHIFT)

/* Two dwords of each lane of @p and two of @q; there is no integer form of it. */
#define neural_ymm_pick(p, q, which)					\
	_mm256_castps_si256(_mm256_shuffle_ps(_mm256_castsi256_ps(p),	\
					      _mm256_castsi256_ps(q), which))

/*
 * neural_q16_sigmoid_chord() of eight magnitudes.  Past the last step the index
 * stays on the last chord, at the very end of it, which is the last word.
 */
static __always_inline __m256i neural_chord(__m256i size, const int up)
{
	const int step = NEURAL_Q16_SIGMOID_STEP - up;
	const __m256i end = _mm256_set1_epi32(NEURAL_Q16_SIGMOID_LAST << step);
	const __m256i last = _mm256_set1_epi32(NEURAL_Q16_SIGMOID_LAST - 1);
	const __m256i a = _mm256_min_epu32(size, end);
	const __m256i i = _mm256_min_epu32(_mm256_srli_epi32(a, step), last);
	const __m256i frac = _mm256_sub_epi32(a, _mm256_slli_epi32(i, step));
	const long long *t = (const void *)neural_q16_sigmoid_table;
	/* elements 0 1 4 5 and 2 3 6 7, so that shuffling within lanes sorts them */
	const __m256i j = _mm256_permute4x64_epi64(i, 0xd8);
	const __m256i p = _mm256_i32gather_epi64(t, _mm256_castsi256_si128(j), 4);
	const __m256i q = _mm256_i32gather_epi64(t, _mm256_extracti128_si256(j, 1), 4);
	const __m256i from = neural_ymm_pick(p, q, 0x88);
	const __m256i to = neural_ymm_pick(p, q, 0xdd);
	const __m256i rise = _mm256_mullo_epi32(_mm256_sub_epi32(to, from), frac);

	return _mm256_add_epi32(from, _mm256_srai_epi32(rise, step));
}

static __always_inline __m256i neural_sigmoid(__m256i x)
{
	const __m256i sign = _mm256_srai_epi32(x, 31);
	const __m256i one = _mm256_and_si256(sign, _mm256_set1_epi32(NEURAL_Q16_ONE));
	__m256i y = neural_chord(_mm256_abs_epi32(x), 0);

	y = _mm256_srai_epi32(_mm256_add_epi32(y, _mm256_set1_epi32(1 << (DROP - 1))), DROP);
	return _mm256_add_epi32(_mm256_sub_epi32(_mm256_xor_si256(y, sign), sign), one);
}

static __always_inline __m256i neural_tanh(__m256i x)
{
	const s32 less = (1 << NEURAL_Q16_SIGMOID_BITS) - (1 << (DROP - 1));
	__m256i y = neural_chord(_mm256_abs_epi32(x), 1);

	y = _mm256_sub_epi32(_mm256_add_epi32(y, y), _mm256_set1_epi32(less));
	return _mm256_sign_epi32(_mm256_srai_epi32(y, DROP), x);
}

void neural_q16_sigmoid__avx2(const struct neural_q16_map_args *a)
{
	u32 i;

	for (i = 0; i < a->n; i += 8) {
		const u32 n = a->n - i;

		neural_ymm_store_n(a->y + i, neural_sigmoid(neural_ymm_load_n(a->x + i, n)), n);
	}
}

void neural_q16_tanh__avx2(const struct neural_q16_map_args *a)
{
	u32 i;

	for (i = 0; i < a->n; i += 8) {
		const u32 n = a->n - i;

		neural_ymm_store_n(a->y + i, neural_tanh(neural_ymm_load_n(a->x + i, n)), n);
	}
}
