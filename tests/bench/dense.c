// SPDX-License-Identifier: GPL-2.0-only
/* The dense families: GMAC/s, and the share of the peak of the same width. */
#include "bench.h"

#define DEVIATION	0.1	/* of the weights: chunks of two pairs */
#define NARROW		0.03	/* chunks of some ten */

#define SHAPES		4

struct shape {
	u32 k, n, rows;
};

static const struct table {
	enum neural_kernel_family family;
	double deviation;
	struct shape shapes[SHAPES];
} tables[] = {
	{ NEURAL_FAMILY_q16_dense, DEVIATION,
	  { { 64, 64, 1 }, { 256, 256, 1 }, { 784, 256, 1 }, { 1024, 1024, 1 } } },
	{ NEURAL_FAMILY_q16_dense, DEVIATION,
	  { { 64, 64, 16 }, { 256, 256, 16 }, { 784, 256, 16 }, { 1024, 1024, 16 } } },
	{ NEURAL_FAMILY_q16_dense16, DEVIATION,
	  { { 64, 64, 1 }, { 256, 256, 1 }, { 784, 256, 1 }, { 1024, 1024, 1 } } },
	{ NEURAL_FAMILY_q16_dense16, DEVIATION,
	  { { 64, 64, 16 }, { 256, 256, 16 }, { 784, 256, 16 }, { 1024, 1024, 16 } } },
	{ NEURAL_FAMILY_q16_dense16, NARROW,
	  { { 64, 64, 1 }, { 256, 256, 1 }, { 784, 256, 1 }, { 1024, 1024, 1 } } },
	{ NEURAL_FAMILY_q16_dense16, NARROW,
	  { { 64, 64, 16 }, { 256, 256, 16 }, { 784, 256, 16 }, { 1024, 1024, 16 } } },
	{ NEURAL_FAMILY_fx_dense16, NARROW,
	  { { 31, 256, 1 }, { 64, 64, 1 }, { 256, 256, 1 }, { 1024, 1024, 1 } } },
	{ NEURAL_FAMILY_fx_dense16, NARROW,
	  { { 31, 256, 16 }, { 64, 64, 16 }, { 256, 256, 16 }, { 1024, 1024, 16 } } },
	{ NEURAL_FAMILY_fx_dense64, DEVIATION,
	  { { 64, 64, 1 }, { 256, 256, 1 }, { 784, 256, 1 }, { 1024, 1024, 1 } } },
	{ NEURAL_FAMILY_fx_dot, DEVIATION,
	  { { 64, 2, 1 }, { 256, 1, 1 }, { 256, 2, 1 }, { 256, 6, 16 } } },
	{ NEURAL_FAMILY_q16_dot, DEVIATION,
	  { { 64, 1, 1 }, { 256, 1, 1 }, { 256, 4, 1 }, { 256, 10, 16 } } },
};

static struct bench_item *items[ARRAY_SIZE(tables)][SHAPES][BENCH_KERNELS];

static void *words(size_t n, double deviation)
{
	s32 *p = bench_alloc(n * sizeof(*p));
	size_t i;

	for (i = 0; i < n; i++)
		p[i] = bench_normal(deviation);
	return p;
}

/* Do pairs, @chunk at a time, keep all sums of packed weights within bounds? */
static bool chunk_fits(const s16 *w, u32 pairs, u32 panels, u32 chunk)
{
	u32 j, p, sum = 0;

	for (j = 0; j < panels * NEURAL_Q16_PANEL; j++) {
		const s16 *v = w + ((size_t)(j / 16) * pairs * 16 + j % 16) * 2;

		for (p = 0; p < pairs; p++, v += 32) {
			sum = p % chunk ? sum : 0;
			sum += abs(v[0]) + abs(v[1]);
			if (sum > 65535)
				return false;
		}
	}
	return true;
}

static void *dense16_args(u32 k, u32 n, u32 rows, double deviation)
{
	struct neural_q16_dense16_args *a = bench_alloc(sizeof(*a));
	const u32 pairs = DIV_ROUND_UP(k, 2);
	const u32 panels = DIV_ROUND_UP(n, NEURAL_Q16_PANEL);
	const size_t digits = (size_t)rows * pairs * 2;
	s16 *w = bench_alloc((size_t)panels * pairs * 64);
	s16 *hi = bench_alloc(digits * sizeof(*hi));
	s16 *lo = bench_alloc(digits * sizeof(*lo));
	u32 chunk = 64;
	size_t i;

	for (i = 0; i < (size_t)panels * pairs * 32; i++)
		w[i] = bench_normal(deviation);
	for (i = 0; i < digits; i++) {
		hi[i] = bench_random() % 4;
		lo[i] = bench_random();
	}
	while (!chunk_fits(w, pairs, panels, chunk))
		chunk--;
	*a = (struct neural_q16_dense16_args){
		.out = bench_alloc((size_t)rows * n * sizeof(s32)),
		.hi = hi, .lo = lo, .w = w,
		.bias = bench_alloc(ALIGN(n, 16) * sizeof(s64)),
		.pairs = pairs, .chunk = chunk, .n = n, .rows = rows,
		.x_stride = pairs * 2, .out_stride = n,
	};
	return a;
}

static const struct neural_fx_end sums = {
	.lo = S64_MIN, .hi = S64_MAX, .bytes = sizeof(s64),
};

/* Inputs of a byte: a chunk is as long as the weights are small. */
static void *fixed16_args(u32 k, u32 n, u32 rows, double deviation)
{
	struct neural_fx_dense16_args *a = bench_alloc(sizeof(*a));
	const u32 pairs = DIV_ROUND_UP(k, 2), padded = ALIGN(n, NEURAL_Q16_PANEL);
	s16 *w = bench_alloc((size_t)padded * pairs * 2 * sizeof(*w));
	s16 *x = bench_alloc((size_t)rows * pairs * 2 * sizeof(*x));
	size_t i;

	for (i = 0; i < (size_t)padded * pairs * 2; i++)
		w[i] = bench_normal(deviation);
	for (i = 0; i < (size_t)rows * pairs * 2; i++)
		x[i] = (s8)bench_random();
	*a = (struct neural_fx_dense16_args){
		.out = bench_alloc((size_t)rows * n * sizeof(s64)), .x = x, .w = w,
		.bias = bench_alloc(padded * sizeof(s64)), .pairs = pairs,
		.chunk = S32_MAX / (2 * 128 * 32768), .n = n, .rows = rows, .digits = 1,
		.x_stride = pairs * 2, .out_stride = n, .end = sums,
	};
	return a;
}

static void *fixed64_args(u32 k, u32 n, u32 rows, double deviation)
{
	struct neural_fx_dense64_args *a = bench_alloc(sizeof(*a));
	const u32 padded = ALIGN(n, NEURAL_Q16_PANEL);
	s64 *x = bench_alloc((size_t)rows * k * sizeof(*x));
	size_t i;

	for (i = 0; i < (size_t)rows * k; i++)
		x[i] = bench_normal(1);
	*a = (struct neural_fx_dense64_args){
		.out = bench_alloc((size_t)rows * n * sizeof(s64)), .x = x,
		.w = words((size_t)padded * k, deviation),
		.bias = bench_alloc(padded * sizeof(s64)), .k = k, .n = n, .rows = rows,
		.x_stride = k, .out_stride = n, .end = sums,
	};
	return a;
}

/* Inputs of 32 bits, the usual ones. */
static void *fixed_dot_args(u32 k, u32 n, u32 rows, double deviation)
{
	struct neural_fx_dot_args *a = bench_alloc(sizeof(*a));

	*a = (struct neural_fx_dot_args){
		.out = bench_alloc((size_t)rows * n * sizeof(s64)),
		.x = words((size_t)rows * k, 1), .x_bytes = sizeof(s32), .narrow = true,
		.w = words((size_t)ALIGN(n, 2) * k, deviation),
		.bias = bench_alloc(n * sizeof(s64)), .k = k, .n = n, .rows = rows,
		.x_stride = k, .out_stride = n, .end = sums,
	};
	return a;
}

void *bench_dense_args(enum neural_kernel_family family, u32 k, u32 n, u32 rows,
		       double deviation)
{
	const u32 padded = ALIGN(n, NEURAL_Q16_PANEL);
	struct neural_q16_dense_args *a;
	struct neural_q16_dot_args *d;

	if (family == NEURAL_FAMILY_q16_dense16)
		return dense16_args(k, n, rows, deviation);
	if (family == NEURAL_FAMILY_fx_dense16)
		return fixed16_args(k, n, rows, deviation);
	if (family == NEURAL_FAMILY_fx_dense64)
		return fixed64_args(k, n, rows, deviation);
	if (family == NEURAL_FAMILY_fx_dot)
		return fixed_dot_args(k, n, rows, deviation);
	if (family == NEURAL_FAMILY_q16_dot) {
		d = bench_alloc(sizeof(*d));
		*d = (struct neural_q16_dot_args){
			.out = bench_alloc((size_t)rows * n * sizeof(s32)),
			.x = words((size_t)rows * k, 1), .w = words((size_t)n * k, deviation),
			.bias = bench_alloc(n * sizeof(s64)),
			.k = k, .n = n, .rows = rows, .x_stride = k, .out_stride = n,
		};
		return d;
	}
	a = bench_alloc(sizeof(*a));
	*a = (struct neural_q16_dense_args){
		.out = bench_alloc((size_t)rows * n * sizeof(s32)),
		.x = words((size_t)rows * k, 1), .w = words((size_t)padded * k, deviation),
		.bias = bench_alloc(padded * sizeof(s64)),
		.wsum = bench_alloc(padded * sizeof(s64)),
		.k = k, .n = n, .rows = rows, .x_stride = k, .out_stride = n,
	};
	return a;
}

void bench_dense_add(void)
{
	u32 i, k, t;

	for (t = 0; t < ARRAY_SIZE(tables); t++) {
		for (i = 0; i < SHAPES; i++) {
			const struct shape *s = &tables[t].shapes[i];
			void *args = bench_dense_args(tables[t].family, s->k, s->n, s->rows,
						      tables[t].deviation);

			for (k = 0; k < neural_nr_kernels; k++)
				if (neural_kernels[k].family == tables[t].family &&
				    neural_cpu_has_level(neural_kernels[k].level))
					items[t][i][k] = bench_add_kernel(&neural_kernels[k],
									  args);
		}
	}
}

static void bench_cell(const struct bench_item *item, const struct shape *s,
		       enum neural_simd_level level)
{
	const double gmacs = (double)s->rows * s->k * s->n / item->median;

	printf(" %7.1f %4.0f%% %5.2f", gmacs, 100 * gmacs / bench_peak(level),
	       item->p99 / item->median);
}

static void bench_head(const struct shape *s, struct bench_item *const *rows)
{
	char text[32], chunk[16] = "";
	u32 k;

	for (k = 0; !rows[k]; k++)
		;
	if (neural_kernels[k].family == NEURAL_FAMILY_q16_dense16)
		snprintf(chunk, sizeof(chunk), "/%u",
			 ((const struct neural_q16_dense16_args *)rows[k]->arg)->chunk);
	snprintf(text, sizeof(text), "%ux%ux%u%s", s->rows, s->k, s->n, chunk);
	printf(" %19s", text);
}

void bench_dense_print(void)
{
	u32 i, k, t;

	printf("Rows x inputs x outputs: GMAC/s, share of the peak of those registers, p99 over\n"
	       "median.  For q16_dense16, after a slash, the pairs in a chunk.\n");
	for (t = 0; t < ARRAY_SIZE(tables); t++) {
		printf("  weights of %-13.2f", tables[t].deviation);
		for (i = 0; i < SHAPES; i++)
			bench_head(&tables[t].shapes[i], items[t][i]);
		printf("\n");
		for (k = 0; k < neural_nr_kernels; k++) {
			if (!items[t][0][k])
				continue;
			printf("  %-24s", neural_kernels[k].name);
			for (i = 0; i < SHAPES; i++)
				bench_cell(items[t][i][k], &tables[t].shapes[i],
					   neural_kernels[k].level);
			printf("\n");
		}
		printf("\n");
	}
}
