// SPDX-License-Identifier: GPL-2.0-only
/*
 * How long a section with preemption off gets: the work of every kernel call, taken
 * from its arguments, summed from one neural_fpu_begin() to the next.
 */
#include "engine.h"

#define ROWS	40

static const struct neural_kernel_set *real;

static struct {
	unsigned long section;	/* the one being summed */
	u64 macs;		/* in it */
	u32 calls;		/* in it */
	u64 most;		/* macs of any section of several calls */
	u64 largest;		/* macs of any call */
	u32 sections;
	u32 bound;
	u32 loose;		/* calls past it that could have been smaller */
} seen;

static void account(u64 macs, bool least)
{
	if (seen.section != neural_shim_sections) {
		seen.section = neural_shim_sections;
		seen.sections++;
		seen.macs = 0;
		seen.calls = 0;
	}
	seen.macs += macs;
	seen.calls++;
	seen.largest = max(seen.largest, macs);
	seen.loose += macs > seen.bound && !least;
	if (seen.calls > 1)
		seen.most = max(seen.most, seen.macs);
}

static void summed_dense(const struct neural_q16_dense_args *a)
{
	account((u64)a->rows * a->n * a->k, a->n <= NEURAL_Q16_PANEL);
	real->q16_dense(a);
}

static void summed_dense16(const struct neural_q16_dense16_args *a)
{
	account((u64)a->rows * a->n * a->pairs * 2, a->n <= NEURAL_Q16_PANEL);
	real->q16_dense16(a);
}

static void summed_dot(const struct neural_q16_dot_args *a)
{
	account((u64)a->rows * a->n * a->k, true);
	real->q16_dot(a);
}

static void summed_split(const struct neural_q16_split_args *a)
{
	account(a->n, true);
	real->q16_split(a);
}

static void summed_sigmoid(const struct neural_q16_map_args *a)
{
	account(a->n, true);
	real->q16_sigmoid(a);
}

static void summed_tanh(const struct neural_q16_map_args *a)
{
	account(a->n, true);
	real->q16_tanh(a);
}

static void summed_leaky_relu(const struct neural_q16_map_args *a)
{
	account(a->n, true);
	real->q16_leaky_relu(a);
}

/* The widest layer there may be, and just one output: the largest single call. */
static struct neural_plan *widest(bool narrow)
{
	static const struct neural_layer_desc desc = {
		NEURAL_LAYER_DENSE, NEURAL_RELU, NEURAL_Q16_PANEL, 0
	};
	static s32 weights[NEURAL_MAX_UNITS * NEURAL_Q16_PANEL];
	static const s32 bias[NEURAL_Q16_PANEL];
	struct neural_source source;
	struct neural_plan *plan = NULL;
	struct neural_reason why;

	WARN_ON(neural_shape_resolve(NEURAL_MAX_UNITS, &desc, 1, &source, &why));
	source.weights = weights;
	source.bias = bias;
	WARN_ON(neural_plan_build(NULL, &source, 1, narrow, &plan, &why));
	return plan;
}

static void run(struct neural_plan *plan, const struct neural_kernel_set *set, u32 rows)
{
	s32 *in = calloc(rows, plan->in_bytes);
	s32 *out = calloc(rows, plan->out_bytes);

	WARN_ON(!in || !out);
	engine_run_bound(plan, set, seen.bound, in, out, rows);
	free(in);
	free(out);
	neural_plan_free(plan);
}

/* Sections of up to @bound multiply-adds. */
static bool bounded(const struct neural_kernel_set *set, u32 bound)
{
	u32 narrow, rows;

	memset(&seen, 0, sizeof(seen));
	seen.bound = bound;
	for (narrow = 0; narrow < 2; narrow++) {
		for (rows = 1; rows <= ROWS; rows += ROWS - 1) {
			run(engine_wide(narrow), set, rows);
			run(widest(narrow), set, rows);
		}
	}
	tap_note("%u sections of %u, at most %llu multiply-adds in several calls, %llu in one",
		 seen.sections, bound, (unsigned long long)seen.most,
		 (unsigned long long)seen.largest);
	return seen.sections > 50 && seen.most > bound / 4 && seen.most <= bound &&
	       !seen.loose && seen.largest <= NEURAL_SECTION_LIMIT;
}

void engine_sections(void)
{
	struct neural_kernel_set summed;
	bool ok;

	real = neural_simd_set(neural_simd_best());
	summed = *real;
	summed.q16_dense = summed_dense;
	summed.q16_dense16 = summed_dense16;
	summed.q16_dot = summed_dot;
	summed.q16_split = summed_split;
	summed.q16_sigmoid = summed_sigmoid;
	summed.q16_tanh = summed_tanh;
	summed.q16_leaky_relu = summed_leaky_relu;
	ok = bounded(&summed, NEURAL_SECTION_MACS) && seen.sections > 100 &&
	     seen.largest > NEURAL_SECTION_MACS;
	ok &= bounded(&summed, NEURAL_SECTION_LEAST);
	ok &= bounded(&summed, NEURAL_SECTION_MACS / 4);
	ok &= bounded(&summed, NEURAL_SECTION_LIMIT);
	tap_ok(ok, "no section outlasts its bound");
}
