// SPDX-License-Identifier: GPL-2.0-only
/*
 * The second factor becomes weights: a block of its columns is packed into panels, which
 * then are multiplied with all rows of the first as the weights of a layer are.
 *
 *	sum((a - za) (b - zb)) = sum(a b) - za sum(b) + k za zb - zb sum(a)
 *
 * All but the first term and the last are the bias of a column, the last that of a row.
 * Of 64 x 64 packing takes 1.9 of the 3.7 microseconds of the whole product on a Zen 4, and
 * a single row of it 2.1 where it takes 2.9 as it is.
 */
#include "../../simd/dispatch.h"
#include "../s8.h"
#include "channels.h"
#include "gemm.h"
#include "matmul.h"

/* Columns of the result that are summed up together, so that b is read along its rows. */
#define MATMUL_LANES	16

/* Most columns that are packed together, and bytes of them that there should be. */
#define MATMUL_COLUMNS	64
#define MATMUL_PACKED	65536

/* Results below which nothing is packed. */
#define MATMUL_LEAST	16

/* Bytes of rows that should be run together. */
#define MATMUL_INPUTS	8192

#define MATMUL_LINE	64

/**
 * struct neural_matmul_block - columns as weights; at the start of the scratch memory
 * @gemm: what they are to the walk over rows
 * @bias: per column, as are:
 * @bias_u8: see &struct neural_s8_gemm_args
 * @multiplier: the same of each
 * @shift: the same of each
 * @w: panels, then rows of a transposed factor
 */
struct neural_matmul_block {
	struct neural_gemm gemm;
	s32 bias[MATMUL_COLUMNS] __aligned(MATMUL_LINE);
	s32 bias_u8[MATMUL_COLUMNS];
	s32 multiplier[MATMUL_COLUMNS];
	s32 shift[MATMUL_COLUMNS];
	s8 w[] __aligned(MATMUL_LINE);
};

static bool neural_matmul_packs(const struct neural_matmul *p)
{
	return (u64)p->m * p->n >= MATMUL_LEAST && p->k <= NEURAL_CHANNEL_INPUTS;
}

static u32 neural_matmul_columns(const struct neural_matmul *p)
{
	const u32 columns = round_down(MATMUL_PACKED / p->k, NEURAL_S8_PANEL);

	return clamp_t(u32, columns, NEURAL_S8_PANEL, MATMUL_COLUMNS);
}

static size_t neural_matmul_panels(const struct neural_matmul *p)
{
	return ALIGN((size_t)p->k, NEURAL_S8_GROUP) * neural_matmul_columns(p);
}

/* Rows of one kernel call: a panel of columns and they are within what it may take. */
static u32 neural_matmul_tile(const struct neural_matmul *p)
{
	const u32 most = NEURAL_SECTION_LIMIT / NEURAL_S8_PANEL / p->k;

	return min3(max_t(u32, MATMUL_INPUTS / p->k, 4), most, (u32)NEURAL_GEMM_ROWS);
}

size_t neural_matmul_scratch(const struct neural_step *step, u32 rows)
{
	const struct neural_matmul *p = step->params;

	if (!neural_matmul_packs(p))
		return 0;
	return sizeof(struct neural_matmul_block) + neural_matmul_panels(p) +
	       (p->a.inner == 1 ? 0 : (size_t)neural_matmul_tile(p) * p->k);
}

/* Inputs @i to @i + @rows of @n columns at @b: one group of each, the rest of it zero. */
static void neural_matmul_group(const struct neural_matmul *p, s8 *w, const s8 *b, u32 n,
				u32 rows)
{
	const u32 inner = p->b.inner, outer = p->b.outer;
	u32 i, j;

	if (rows < NEURAL_S8_GROUP || n < NEURAL_S8_PANEL)
		memset(w, 0, NEURAL_S8_PANEL * NEURAL_S8_GROUP);
	for (j = 0; j < n; j++, w += NEURAL_S8_GROUP, b += outer) {
		__le32 group;

		if (rows == NEURAL_S8_GROUP && inner == 1) {
			memcpy(w, b, NEURAL_S8_GROUP);
		} else if (rows == NEURAL_S8_GROUP) {
			group = cpu_to_le32((u8)b[0] | (u8)b[inner] << 8 |
					    (u8)b[2 * inner] << 16 |
					    (u32)(u8)b[3 * inner] << 24);
			memcpy(w, &group, sizeof(group));
		} else {
			for (i = 0; i < rows; i++)
				w[i] = b[i * inner];
		}
	}
}

/* Sums of the @n columns at @b into @sum. */
static void neural_matmul_sums(const struct neural_matmul *p, struct neural_exec *x,
			       s32 *sum, const s8 *b, u32 n)
{
	struct neural_s8_sum_args args = {
		.sum = sum, .x = b, .rows = p->k, .n = n, .stride = p->b.inner,
	};
	u32 j;

	memset(sum, 0, n * sizeof(*sum));
	if (p->b.outer == 1) {
		neural_run_s8_sum(&x->section, &args, (u64)p->k * n);
		return;
	}
	args.n = 1;
	for (j = 0; j < n; j++, args.sum++, args.x += p->b.outer)
		neural_run_s8_sum(&x->section, &args, p->k);
}

/* The @n columns at @b as weights. */
static void neural_matmul_pack(const struct neural_matmul *p, struct neural_exec *x,
			       struct neural_matmul_block *block, const s8 *b, u32 n)
{
	const u32 za = p->a.zero, constant = p->k * za * (u32)p->b.zero;
	s8 *w = block->w;
	u32 i, j;

	memset(block->bias, 0, sizeof(block->bias));
	memset(block->bias_u8, 0, sizeof(block->bias_u8));
	memset(block->multiplier, 0, sizeof(block->multiplier));
	memset(block->shift, 0, sizeof(block->shift));
	neural_matmul_sums(p, x, block->bias, b, n);
	for (j = 0; j < n; j++) {
		const u32 sum = block->bias[j];

		block->bias[j] = constant - za * sum;
		block->bias_u8[j] = constant - (za + 128) * sum;
		block->multiplier[j] = p->multiplier;
		block->shift[j] = p->shift;
	}
	neural_section_scalar(&x->section, (u64)p->k * n);
	for (j = 0; j < n; j += NEURAL_S8_PANEL, b += (size_t)NEURAL_S8_PANEL * p->b.outer)
		for (i = 0; i < p->k; i += NEURAL_S8_GROUP) {
			neural_matmul_group(p, w, b + (size_t)i * p->b.inner,
					    min_t(u32, n - j, NEURAL_S8_PANEL),
					    min_t(u32, p->k - i, NEURAL_S8_GROUP));
			w += NEURAL_S8_PANEL * NEURAL_S8_GROUP;
		}
	block->gemm.n = n;
}

/* Rows @r to @r + @n of a transposed factor at @a, one behind the other. */
static void neural_matmul_gather(const struct neural_matmul *p, struct neural_exec *x,
				 s8 *rows, const s8 *a, u32 n)
{
	u32 i, r;

	neural_section_scalar(&x->section, (u64)n * p->k);
	for (r = 0; r < n; r++, a += p->a.outer)
		for (i = 0; i < p->k; i++)
			*rows++ = a[(size_t)i * p->a.inner];
}

static void neural_matmul_block_run(const struct neural_matmul *p, struct neural_exec *x,
				    struct neural_matmul_block *block, s8 *y, const s8 *a)
{
	s8 *rows = block->w + neural_matmul_panels(p);
	u32 n, r;

	if (p->a.inner == 1) {
		neural_gemm_run(&block->gemm, x, y, p->n, a, p->a.outer, p->m);
		return;
	}
	for (r = 0; r < p->m; r += n) {
		n = min(block->gemm.tile, p->m - r);
		neural_matmul_gather(p, x, rows, a + (size_t)r * p->a.outer, n);
		neural_gemm_run(&block->gemm, x, y + (size_t)r * p->n, p->n, rows, p->k, n);
	}
}

static void neural_matmul_packed(const struct neural_matmul *p, struct neural_exec *x,
				 struct neural_matmul_block *block, s8 *y, const s8 *a,
				 const s8 *b)
{
	const u32 columns = neural_matmul_columns(p);
	u32 j;

	for (j = 0; j < p->n; j += columns) {
		neural_matmul_pack(p, x, block, b + (size_t)j * p->b.outer,
				   min(p->n - j, columns));
		neural_matmul_block_run(p, x, block, y + j, a);
	}
}

/* Up to MATMUL_LANES results beside each other. */
static void neural_matmul_lanes(const struct neural_matmul *p, s8 *y, const s8 *a,
				const s8 *b, u32 n)
{
	s32 sum[MATMUL_LANES] = { };
	u32 i, j;

	for (i = 0; i < p->k; i++, a += p->a.inner, b += p->b.inner) {
		const s32 v = *a - p->a.zero;

		for (j = 0; j < n; j++)
			sum[j] += v * (b[j * p->b.outer] - p->b.zero);
	}
	for (j = 0; j < n; j++)
		y[j] = neural_requantize_s8(neural_mbqm(sum[j], p->multiplier, p->shift),
					    p->zero_point, p->min, p->max);
}

static void neural_matmul_one(const struct neural_matmul *p, s8 *y, const s8 *a,
			      const s8 *b)
{
	u32 i, j;

	for (i = 0; i < p->m; i++, y += p->n, a += p->a.outer)
		for (j = 0; j < p->n; j += MATMUL_LANES)
			neural_matmul_lanes(p, y + j, a, b + (size_t)j * p->b.outer,
					    min_t(u32, p->n - j, MATMUL_LANES));
}

static void neural_matmul_batch(const struct neural_matmul *p, struct neural_exec *x,
				struct neural_matmul_block *block, s8 *y, const s8 *a,
				const s8 *b)
{
	u32 d, i, left;

	for (i = 0; i < p->batches; i++) {
		size_t at_a = 0, at_b = 0;

		for (d = p->nr_batch, left = i; d-- > 0; left /= p->dim[d]) {
			at_a += (size_t)(left % p->dim[d]) * p->a.batch[d];
			at_b += (size_t)(left % p->dim[d]) * p->b.batch[d];
		}
		if (neural_matmul_packs(p)) {
			neural_matmul_packed(p, x, block, y + (size_t)i * p->m * p->n,
					     a + at_a, b + at_b);
			continue;
		}
		neural_section_scalar(&x->section, (u64)p->m * p->n * p->k);
		neural_matmul_one(p, y + (size_t)i * p->m * p->n, a + at_a, b + at_b);
	}
}

void neural_matmul_run(const struct neural_step *step, struct neural_exec *x,
		       const struct neural_rows *dst, const struct neural_rows *src,
		       void *scratch)
{
	const struct neural_matmul *p = step->params;
	struct neural_matmul_block *block = scratch;
	u32 r;

	if (neural_matmul_packs(p))
		block->gemm = (struct neural_gemm){
			.k = p->k, .tile = neural_matmul_tile(p), .w_zero_point = p->b.zero,
			.zero_point = p->zero_point, .min = p->min, .max = p->max,
			.w = block->w, .bias_u8 = block->bias_u8,
			.params = {
				.bias = block->bias, .multiplier = block->multiplier,
				.shift = block->shift,
			},
		};
	for (r = 0; r < x->rows; r++)
		neural_matmul_batch(p, x, block, neural_row(dst, r), neural_row(&src[0], r),
				    neural_row(&src[1], r));
}
