// SPDX-License-Identifier: GPL-2.0-only
#include "../../simd/dispatch.h"
#include "gemm.h"

/* Bytes of inputs that a tile of rows may take without getting too short. */
#define NEURAL_GEMM_INPUTS	8192

/* Fewer rows than this read the weights from memory too often. */
#define NEURAL_GEMM_LEAST	4

#define NEURAL_GEMM_LINE	64

/*
 * S4 weights that would be this many bytes of S8, or fewer, are unpacked beforehand: they
 * stay in the innermost cache, where nothing is gained by their being half as many.  On a
 * Zen 4 with VNNI a row of 128 x 128 takes 125 ns with S8 and 162 with S4, one of 784 x 256
 * 1830 and 1250; many rows take 2 % more.
 */
#define NEURAL_GEMM_S4_LEAST	32768

/* What it takes to make a result of a sum, in multiply-adds: 19 to 31 on a Zen 4. */
#define NEURAL_GEMM_CLOSE	32

/*
 * How many of these multiply-adds are done in the time of one of those a section counts,
 * so that a full section takes 10 us or less, whatever the level.  On a Zen 4, in
 * multiply-adds a nanosecond of many rows, and of one that waits for its weights from the
 * second cache: 36 and 24 with SSE2, 76 and 57 with AVX2, 93 and 64 with AVX-512, 220 and
 * 111 with VNNI.  Where weights come from memory it is that which counts.  AVX-VNNI is an
 * estimate: as many bytes, and half the products of AVX-512 VNNI.
 */
static const u8 neural_gemm_speed[NEURAL_SIMD_LEVELS] = {
	[NEURAL_SIMD_generic] = 1,
	[NEURAL_SIMD_sse2] = 2,
	[NEURAL_SIMD_avx2] = 4,
	[NEURAL_SIMD_avxvnni] = 8,
	[NEURAL_SIMD_avx512] = 4,
	[NEURAL_SIMD_avx512vnni] = 8,
};

/* Inputs whose weights lie in the four bytes an output has of a panel at a time. */
static u32 neural_gemm_step(bool s4)
{
	return s4 ? 2 * NEURAL_S8_GROUP : NEURAL_S8_GROUP;
}

static size_t neural_gemm_panel(u32 k, u32 segment, bool s4)
{
	return array3_size(k / segment, DIV_ROUND_UP((size_t)segment, neural_gemm_step(s4)),
			   NEURAL_S8_GROUP * NEURAL_S8_PANEL);
}

/* The sum of the weights. */
static s32 neural_gemm_pack_output(const struct neural_channels *c, u32 segment, bool s4,
				   u32 j, s8 *w)
{
	const u32 step = neural_gemm_step(s4);
	s32 sum = 0;
	u32 s, i;

	w += j / NEURAL_S8_PANEL * neural_gemm_panel(c->k, segment, s4);
	w += j % NEURAL_S8_PANEL * NEURAL_S8_GROUP;
	for (s = 0; s < c->k; s += segment, w += neural_gemm_panel(segment, segment, s4)) {
		for (i = 0; i < segment; i++) {
			const s8 weight = neural_channels_weight(c, j, s + i);
			s8 *at = w + i / step * NEURAL_S8_GROUP * NEURAL_S8_PANEL +
				 i % NEURAL_S8_GROUP;

			if (!s4)
				*at = weight;
			else if (i % step < NEURAL_S8_GROUP)
				*at = weight & 0x0f;
			else
				*at |= (u8)weight << 4;
			sum += weight;
		}
	}
	neural_pause();
	return sum;
}

static u32 neural_gemm_tile(u32 k)
{
	const u32 most = NEURAL_SECTION_LIMIT / NEURAL_S8_PANEL / k;
	u32 rows = max_t(u32, NEURAL_GEMM_INPUTS / k, NEURAL_GEMM_LEAST);

	static_assert(NEURAL_SECTION_LIMIT / NEURAL_S8_PANEL >= NEURAL_CHANNEL_INPUTS,
		      "a panel and a row of the most inputs are one call");

	rows = min3(rows, most, (u32)NEURAL_GEMM_ROWS);
	/* Kernels take up to this many at a time and are slower with fewer. */
	return rows < 8 ? rows : round_down(rows, 8);
}

void *neural_gemm_pack(struct neural_account *account, const struct neural_channels *c,
		       u32 segment, size_t head, struct neural_reason *why)
{
	const bool s4 = !segment && c->w->dtype == NEURAL_S4 &&
			(u64)c->k * c->n > NEURAL_GEMM_S4_LEAST;
	const size_t params = ALIGN(head, NEURAL_GEMM_LINE);
	const size_t bias_u8 = params + neural_channel_bytes(c->n);
	const size_t weights = bias_u8 + ALIGN((size_t)c->n, NEURAL_S8_PANEL) * sizeof(s32);
	struct neural_gemm *gemm;
	size_t panels;
	s32 *bias;
	u8 *block;
	u32 j;

	segment = segment ?: c->k;
	panels = array_size(DIV_ROUND_UP((size_t)c->n, NEURAL_S8_PANEL),
			    neural_gemm_panel(c->k, segment, s4));
	block = neural_mem_alloc(account, size_add(weights, panels));
	gemm = (struct neural_gemm *)block;
	if (!block) {
		neural_refuse(why, -ENOMEM, "out of memory", 0);
		return NULL;
	}
	gemm->k = c->k;
	gemm->n = c->n;
	gemm->segment = segment;
	gemm->tile = neural_gemm_tile(c->k);
	gemm->s4 = s4;
	gemm->w_zero_point = c->w->zero_point;
	gemm->w = (s8 *)block + weights;
	neural_channels_fill(c, true, block + params, &gemm->params);
	bias = (s32 *)(block + bias_u8);
	/* Modulo 2^32, as all parts of the sum. */
	for (j = 0; j < c->n; j++)
		bias[j] = (u32)gemm->params.bias[j] -
			  128U * (u32)neural_gemm_pack_output(c, segment, s4, j,
							      (s8 *)block + weights);
	gemm->bias_u8 = bias;
	return block;
}

/*
 * Weights with a zero point of their own take it off every input of a row alike, so
 * off the sum of the row.
 */
static void neural_gemm_row_bias(const struct neural_gemm *gemm, struct neural_exec *x,
				 const s8 *in, size_t in_stride, u32 rows, s32 *row_bias)
{
	u32 r;

	for (r = 0; r < rows; r++) {
		const struct neural_s8_sum_args args = {
			.sum = &row_bias[r],
			.x = in + r * in_stride,
			.rows = gemm->k,
			.n = 1,
			.stride = 1,
		};

		row_bias[r] = 0;
		neural_run_s8_sum(&x->section, &args, gemm->k);
		/* Modulo 2^32, as all parts of the sum. */
		row_bias[r] = -(u32)row_bias[r] * (u32)gemm->w_zero_point;
	}
}

/* Work of a call, beside the time of multiply-adds that of making @outputs of sums. */
static u64 neural_gemm_work(const struct neural_gemm *gemm, u64 outputs)
{
	return (gemm->k + NEURAL_GEMM_CLOSE) * outputs;
}

/* What @outputs count in a section, and whether to open one. */
static u64 neural_gemm_cost(const struct neural_gemm *gemm, u64 outputs, u32 speed)
{
	return max(neural_gemm_work(gemm, outputs) / speed,
		   min_t(u64, gemm->k * outputs, NEURAL_SIMD_THRESHOLD));
}

/* Work of one section. */
static u64 neural_gemm_section(const struct neural_exec *x)
{
	return (u64)neural_gemm_speed[neural_section_level(&x->section)] *
	       neural_section_bound(&x->section);
}

/* Rows of one call: fewer than packed for, where a section is to be short. */
static u32 neural_gemm_tile_rows(const struct neural_gemm *gemm, const struct neural_exec *x)
{
	u64 rows;

	if (neural_section_bound(&x->section) >= NEURAL_SECTION_MACS)
		return gemm->tile;
	rows = div64_u64(neural_gemm_section(x), neural_gemm_work(gemm, NEURAL_S8_PANEL));
	if (rows >= gemm->tile)
		return gemm->tile;
	return rows < 8 ? max_t(u32, rows, 1) : round_down(rows, 8);
}

/* Outputs in a call: whole panels, an even number of them, as kernels take two at a time. */
static u32 neural_gemm_outputs(const struct neural_gemm *gemm, const struct neural_exec *x,
			       u32 rows)
{
	const u64 panel = neural_gemm_work(gemm, (u64)rows * NEURAL_S8_PANEL);
	const u32 panels = div64_u64(neural_gemm_section(x), panel);

	return (panels > 2 ? round_down(panels, 2) : max(panels, 1U)) * NEURAL_S8_PANEL;
}

/* One tile of rows, panels in as few calls as a section allows. */
static void neural_gemm_rows(const struct neural_gemm *gemm, struct neural_exec *x,
			     s8 *out, size_t out_stride, const s8 *in, size_t in_stride,
			     u32 rows)
{
	const u32 speed = neural_gemm_speed[neural_section_level(&x->section)];
	const u32 tile = neural_gemm_outputs(gemm, x, rows);
	s32 row_bias[NEURAL_GEMM_ROWS];
	const size_t panel = neural_gemm_panel(gemm->k, gemm->k, gemm->s4);
	u64 cost;
	u32 j, n;

	if (gemm->w_zero_point)
		neural_gemm_row_bias(gemm, x, in, in_stride, rows, row_bias);
	for (j = 0; j < gemm->n; j += n) {
		struct neural_s8_gemm_args args = {
			.out = out + j,
			.x = in,
			.w = gemm->w + j / NEURAL_S8_PANEL * panel,
			.bias = gemm->params.bias + j,
			.bias_u8 = gemm->bias_u8 + j,
			.multiplier = gemm->params.multiplier + j,
			.shift = gemm->params.shift + j,
			.row_bias = gemm->w_zero_point ? row_bias : NULL,
			.k = gemm->k,
			.rows = rows,
			.x_stride = in_stride,
			.out_stride = out_stride,
			.zero_point = gemm->zero_point,
			.min = gemm->min,
			.max = gemm->max,
		};

		n = min(tile, gemm->n - j);
		args.n = n;
		cost = neural_gemm_cost(gemm, (u64)rows * n, speed);
		if (gemm->s4)
			neural_run_s8s4_gemm(&x->section, &args, cost);
		else
			neural_run_s8_gemm(&x->section, &args, cost);
	}
}

void neural_gemm_run(const struct neural_gemm *gemm, struct neural_exec *x, s8 *out,
		     size_t out_stride, const s8 *in, size_t in_stride, u64 rows)
{
	const u32 tile = neural_gemm_tile_rows(gemm, x);
	u64 r;
	u32 n;

	for (r = 0; r < rows; r += n) {
		n = min_t(u64, tile, rows - r);
		neural_gemm_rows(gemm, x, out + r * out_stride, out_stride,
				 in + r * in_stride, in_stride, n);
	}
}
