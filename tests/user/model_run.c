// SPDX-License-Identifier: GPL-2.0-only
#include "model_run.h"

/* Of a model that is run: multiply-adds a row, bytes of rows and of what is between. */
#define TRY_MACS	(1U << 20)
#define TRY_BYTES	(1U << 18)

unsigned long model_tried_large, model_tried;

static void *exactly(const void *from, size_t bytes, size_t align, u8 before)
{
	void *mem;

	WARN_ON(posix_memalign(&mem, align, bytes));
	return from ? memcpy(mem, from, bytes) : memset(mem, before, bytes);
}

void model_run(const struct neural_plan *plan, const struct neural_kernel_set *set,
	       const u8 *in, u8 *out, u32 rows, u8 before)
{
	u8 *from = exactly(in, rows * plan->in_bytes, sizeof(u64), 0);
	u8 *to = exactly(NULL, rows * plan->out_bytes, sizeof(u64), before);
	struct neural_exec x = {
		.section = { .set = set, .wanted = set },
		.arena = exactly(NULL, plan->arena_bytes ?: 1, 64, before),
	};

	neural_plan_run(plan, &x, from, to, rows);
	WARN_ON(x.section.open);
	WARN_ON(memcmp(from, in, rows * plan->in_bytes));
	memcpy(out, to, rows * plan->out_bytes);
	free(x.arena);
	free(from);
	free(to);
}

/*
 * Random rows, and between them rows of one value and rows of nothing but the largest and
 * the smallest elements of @width bytes: where sums are largest.
 */
static void fill(u8 *in, size_t row, u32 rows, u32 width, u64 seed)
{
	u64 extreme = 0;
	u32 r;
	size_t i;

	for (r = 0; r < rows; r++) {
		for (i = 0; i < row; i++) {
			seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
			in[r * row + i] = seed >> 56;
			if (i % width == 0)
				extreme = seed >> 63;
			if (r % 4 == 3)
				in[r * row + i] = i % width == width - 1 ? 0x7f + extreme :
						  extreme - 1;
		}
		if (r % 4 == 1)
			memset(in + r * row, seed >> 63 ? 0x80 : 0x7f, row);
	}
}

/*
 * Rows have bytes between tensors of different types that no step writes: those are to
 * be compared as they are, and cleared.
 */
static void clear_gaps(const struct neural_model *m, u8 *out, u32 rows)
{
	u8 *to = out;
	u32 r, i;

	for (r = 0; r < rows; r++, to += m->out_bytes) {
		size_t at = 0;

		for (i = 0; i < m->nr_outputs; i++) {
			const struct neural_tensor *t = m->outputs[i];
			const size_t from = ALIGN(at, neural_dtype_bits(t->dtype) / 8);

			memset(to + at, 0, from - at);
			at = from + t->bytes;
		}
		memset(to + at, 0, m->out_bytes - at);
	}
}

static const struct neural_kernel_set *best(void)
{
	int level;

	for (level = NEURAL_SIMD_LEVELS - 1; level > 0; level--)
		if (neural_simd_has(level))
			break;
	return neural_simd_set(level);
}

static bool reasonable(const struct neural_model *m, const struct neural_plan *plan,
		       const struct neural_plan *kept)
{
	return m->macs <= TRY_MACS && m->in_bytes <= TRY_BYTES &&
	       m->out_bytes <= TRY_BYTES && plan->arena_bytes <= TRY_BYTES * 16 &&
	       kept->arena_bytes <= TRY_BYTES * 16;
}

/* Takes both plans. */
static void run_both(const struct neural_model *m, struct neural_plan *plan,
		     struct neural_plan *kept, u64 seed)
{
	const u32 most = TRY_BYTES / (u32)max(m->in_bytes, m->out_bytes);
	const u32 rows = min(max(plan->rows + 1, 4U), most);
	const size_t bytes = rows * m->out_bytes;
	u8 *in = malloc(rows * m->in_bytes), *out = malloc(bytes), *other = malloc(bytes);
	u32 r;

	fill(in, m->in_bytes, rows, neural_dtype_bits(m->inputs[0]->dtype) / 8, seed);
	model_run(plan, NULL, in, out, rows, 0x5a);
	clear_gaps(m, out, rows);

	model_run(plan, best(), in, other, rows, 0xa5);
	clear_gaps(m, other, rows);
	WARN_ON(memcmp(out, other, bytes));

	for (r = 0; r < rows; r++)
		model_run(kept, best(), in + r * m->in_bytes, other + r * m->out_bytes, 1, 0);
	clear_gaps(m, other, rows);
	WARN_ON(memcmp(out, other, bytes));
	free(in);
	free(out);
	free(other);
}

static void try_plans(const struct neural_model *m, u64 seed)
{
	struct neural_plan *plan, *kept;
	struct neural_reason why;
	size_t row_bytes;
	int ret;

	/* What it takes is known, and bounded, before anything is made. */
	if (m->macs > TRY_MACS ||
	    neural_plan_model_bytes(NULL, m, NEURAL_PLAN_KEEP, &row_bytes, &why) ||
	    row_bytes > TRY_BYTES) {
		model_tried_large++;
		return;
	}
	ret = neural_plan_build_model(NULL, m, 0, &plan, &why);
	if (ret) {
		WARN_ON(!why.rule);
		return;
	}
	WARN_ON(plan->row_bytes > row_bytes);
	ret = neural_plan_build_model(NULL, m, NEURAL_PLAN_KEEP, &kept, &why);
	WARN_ON(ret || kept->row_bytes != row_bytes);
	if (reasonable(m, plan, kept)) {
		run_both(m, plan, kept, seed);
		model_tried++;
	} else {
		model_tried_large++;
	}
	neural_plan_free(plan);
	neural_plan_free(kept);
}

int model_try(const void *file, size_t bytes, u64 seed, struct neural_reason *why)
{
	const size_t live = neural_shim_live_bytes;
	struct neural_model *m;
	u8 *copy = exactly(file, bytes, NEURAL_MODEL_ALIGN, 0);
	int ret = neural_model_open(NULL, copy, bytes, &m, why);

	WARN_ON(!ret != !why->rule || why->offset > bytes);
	if (!ret) {
		try_plans(m, seed);
		neural_model_close(m);
	}
	free(copy);
	WARN_ON(neural_shim_live_bytes != live);
	return ret;
}
