// SPDX-License-Identifier: GPL-2.0-only
/*
 * The FPU is taken away in the middle of a prediction: before a step, and between
 * two tiles of one.  Not a bit may show it.
 */
#include "engine.h"

/* Wide enough for the first layer to be several sections long. */
#define WIDE	1000
#define ROWS	2

static s32 weights[WIDE * WIDE], in[ROWS * WIDE], expect[ROWS * WIDE], got[ROWS * WIDE];

/* Kernels of the best level that take the FPU away after the call they count to. */
static const struct neural_kernel_set *real;
static u32 calls_left;

static void count(void)
{
	if (calls_left && !--calls_left)
		neural_shim_fpu_refused = true;
}

static void counted_dense(const struct neural_q16_dense_args *a)
{
	real->q16_dense(a);
	count();
}

static void counted_dense16(const struct neural_q16_dense16_args *a)
{
	real->q16_dense16(a);
	count();
}

static void counted_split(const struct neural_q16_split_args *a)
{
	real->q16_split(a);
	count();
}

static void counted_dot(const struct neural_q16_dot_args *a)
{
	real->q16_dot(a);
	count();
}

static void counted_sigmoid(const struct neural_q16_map_args *a)
{
	real->q16_sigmoid(a);
	count();
}

/* Set by engine_fallback(). */
static struct neural_kernel_set counted;

struct neural_plan *engine_wide(bool narrow)
{
	static const s32 bias[WIDE];
	static const struct neural_layer_desc descs[] = {
		{ NEURAL_LAYER_DENSE, NEURAL_SIGMOID, WIDE, 0 },
		{ NEURAL_LAYER_DENSE, NEURAL_TANH, WIDE - 3, 0 },
		{ NEURAL_LAYER_SOFTMAX, NEURAL_LINEAR, 0, 0 },
		{ NEURAL_LAYER_DENSE, NEURAL_LEAKY_RELU, 500, 0 },
	};
	struct neural_source source[ARRAY_SIZE(descs)];
	struct neural_plan *plan = NULL;
	struct neural_reason why;
	u64 seed = 4;
	u32 i;

	for (i = 0; i < WIDE * WIDE; i++)
		weights[i] = reference_between(&seed, -3000, 3000);
	reference_input(in, ROWS * WIDE, &seed);
	WARN_ON(neural_shape_resolve(WIDE, descs, ARRAY_SIZE(descs), source, &why));
	for (i = 0; i < ARRAY_SIZE(descs); i++) {
		source[i].weights = weights;
		source[i].bias = bias;
	}
	WARN_ON(neural_plan_build(NULL, source, ARRAY_SIZE(descs), narrow, &plan, &why));
	return plan;
}

/* Refused from call @after on; false once that is more than there are. */
static bool check_after(const struct neural_plan *plan, u32 after, unsigned int *failed)
{
	struct neural_section section;
	bool refused;

	calls_left = after;
	neural_shim_fpu_refused = !after;
	section = engine_run(plan, &counted, in, got, ROWS);
	refused = neural_shim_fpu_refused;
	neural_shim_fpu_refused = false;
	tap_check(failed, !memcmp(got, expect, ROWS * plan->out_bytes),
		  "refused after %u calls", after);
	tap_check(failed, after || !section.simd_calls, "%u calls refused the FPU",
		  section.simd_calls);
	/* What is left of an open section is used up, so a late refusal may pass. */
	return refused && section.fallback_calls;
}

void engine_fallback(void)
{
	unsigned int failed = 0, mixed = 0;
	u32 narrow, after;

	real = neural_simd_set(neural_simd_best());
	counted = *real;
	counted.q16_dense = counted_dense;
	counted.q16_dense16 = counted_dense16;
	counted.q16_split = counted_split;
	counted.q16_dot = counted_dot;
	counted.q16_sigmoid = counted_sigmoid;
	for (narrow = 0; narrow < 2; narrow++) {
		struct neural_plan *plan = engine_wide(narrow);

		engine_run(plan, NULL, in, expect, ROWS);
		for (after = 0; check_after(plan, after, &failed); after++)
			mixed++;
		neural_plan_free(plan);
	}
	tap_ok(!failed && mixed > 10 && !neural_shim_live_bytes,
	       "the FPU is taken away at %u places", mixed);
}
