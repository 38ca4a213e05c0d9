// SPDX-License-Identifier: GPL-2.0-only
/* What the engine has to refuse, and that it says why and keeps nothing. */
#include "engine.h"

#define DENSE(_units, _act)						\
	{ .kind = NEURAL_LAYER_DENSE, .activation = (_act), .units = (_units) }

struct shape {
	u32 input;
	u32 nr;
	struct neural_layer_desc layers[2];
	const char *rule;
	u32 layer;
};

static const struct shape shapes[] = {
	{ 0, 1, { DENSE(1, NEURAL_LINEAR) }, "inputs out of range", 0 },
	{ NEURAL_MAX_UNITS + 1, 1, { DENSE(1, NEURAL_LINEAR) }, "inputs out of range", 0 },
	{ U32_MAX, 1, { DENSE(1, NEURAL_LINEAR) }, "inputs out of range", 0 },
	{ 1, 0, { }, "number of layers out of range", 0 },
	{ 1, NEURAL_MAX_LAYERS + 1, { }, "number of layers out of range", 0 },
	{ 4, 1, { DENSE(0, NEURAL_LINEAR) }, "units out of range", 0 },
	{ 4, 1, { DENSE(NEURAL_MAX_UNITS + 1, NEURAL_LINEAR) }, "units out of range", 0 },
	{ 4, 2, { DENSE(4, NEURAL_RELU), DENSE(U32_MAX, NEURAL_LINEAR) },
	  "units out of range", 1 },
	{ 4, 1, { DENSE(4, NEURAL_TANH + 1) }, "unknown activation", 0 },
	{ 4, 1, { DENSE(4, -1) }, "unknown activation", 0 },
	{ 4, 1, { { .kind = NEURAL_LAYER_BATCH_NORM + 1, .units = 4 } },
	  "unknown layer kind", 0 },
	{ 4, 2, { DENSE(4, NEURAL_RELU), { .kind = -1, .units = 4 } },
	  "unknown layer kind", 1 },
	{ 4, 1, { { .kind = NEURAL_LAYER_DENSE, .units = 4, .slope = -1 } },
	  "slope is negative", 0 },
	{ 4, 1, { { .kind = NEURAL_LAYER_SOFTMAX, .units = 5 } },
	  "layer cannot change the width", 0 },
	{ 4, 2, { DENSE(6, NEURAL_RELU), { .kind = NEURAL_LAYER_BATCH_NORM, .units = 4 } },
	  "layer cannot change the width", 1 },
	{ 4, 1, { { .kind = NEURAL_LAYER_SOFTMAX, .activation = NEURAL_RELU } },
	  "softmax with an activation", 0 },
};

void engine_shapes(void)
{
	struct neural_source source[2];
	unsigned int failed = 0;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(shapes); i++) {
		const struct shape *s = &shapes[i];
		struct neural_reason why = { .layer = ~0U };
		int ret = neural_shape_resolve(s->input, s->layers, s->nr, source, &why);

		tap_check(&failed, ret == -EINVAL && why.layer == s->layer &&
			  !strcmp(why.rule, s->rule), "shape %u: %d, %s, layer %u", i, ret,
			  why.rule, why.layer);
	}
	tap_ok(!failed, "wrong shapes are refused by name");
}

/* The widest network there may be is one. */
void engine_limits(void)
{
	static struct neural_layer_desc descs[NEURAL_MAX_LAYERS];
	static struct neural_source source[NEURAL_MAX_LAYERS];
	struct neural_reason why;
	size_t nr = 0;
	int ret;
	u32 i;

	for (i = 0; i < NEURAL_MAX_LAYERS; i++)
		descs[i] = (struct neural_layer_desc)DENSE(NEURAL_MAX_UNITS, NEURAL_RELU);
	ret = neural_shape_resolve(NEURAL_MAX_UNITS, descs, NEURAL_MAX_LAYERS, source, &why);
	tap_ok(!ret && source[NEURAL_MAX_LAYERS - 1].in == NEURAL_MAX_UNITS &&
	       !neural_shape_weights(&source[0], &nr) && nr == 1ULL << 32 &&
	       source[5].desc.slope == NEURAL_LEAKY_SLOPE_DEFAULT,
	       "1024 layers of 65536 are a network");
}

/* A dense layer of two inputs and one batch-norm, with one number made wrong. */
static int build_with(s32 w0, s32 w1, s32 b, s32 gamma, s32 variance, s32 beta,
		      struct neural_reason *why)
{
	const s32 words[] = {
		0, 0, w0, w1,				/* weights */
		0, b,					/* bias */
		NEURAL_FP_ONE, gamma, 0, beta,
		0, 0, NEURAL_FP_ONE, variance,		/* mean first */
	};
	static struct reference_network net;
	struct neural_plan *plan;
	int ret;

	net = (struct reference_network){ .input = 2, .output = 2, .nr = 2 };
	net.layers[0].desc = (struct neural_layer_desc)DENSE(2, NEURAL_LINEAR);
	net.layers[1].desc.kind = NEURAL_LAYER_BATCH_NORM;
	memcpy(net.pool, words, sizeof(words));
	net.layers[0].weights = net.pool;
	net.layers[0].bias = net.pool + 4;
	net.layers[1].bn = (struct neural_batch_norm){
		.gamma = net.pool + 6, .beta = net.pool + 8, .mean = net.pool + 10,
		.variance = net.pool + 12, .units = 2,
	};
	/* Without a batch-norm to break there is none, so that nothing is rounded. */
	if (gamma == NEURAL_FP_ONE && variance == NEURAL_FP_ONE && !beta)
		net.nr = 1;
	plan = engine_build(&net, true, &ret, why);
	neural_plan_free(plan);
	return ret;
}

struct refusal {
	s32 w0, w1, b, gamma, variance, beta;
	int ret;
	const char *rule;
};

#define ONE	NEURAL_FP_ONE
static const struct refusal refusals[] = {
	/* (2^63 - 1 - 2^15) >> 31 is 2^32 - 1: what just fits, and what does not. */
	{ S32_MAX, S32_MIN, 0, ONE, ONE, 0, 0, NULL },
	{ S32_MIN, S32_MIN, 0, ONE, ONE, 0, -ERANGE, "weights could overflow the accumulator" },
	{ S32_MAX, S32_MIN, 1 << 16, ONE, ONE, 0, -ERANGE,
	  "weights could overflow the accumulator" },
	{ S32_MAX, S32_MIN + 2, 1 << 15, ONE, ONE, 0, 0, NULL },
	{ ONE, ONE, 0, ONE, -1, 0, -EINVAL, "batch-norm variance is not positive" },
	{ ONE, ONE, 0, ONE, 0, 0, -EINVAL, "batch-norm variance is not positive" },
	{ ONE, ONE, 0, S32_MAX, 1, 0, -ERANGE, "batch-norm factor is out of range" },
	{ S32_MAX, 0, 0, 2 * ONE, ONE, 0, -ERANGE, "folded batch-norm leaves the range" },
	{ 0, 0, S32_MAX, ONE, ONE, S32_MAX, -ERANGE, "folded batch-norm leaves the range" },
};

void engine_refused(void)
{
	unsigned int failed = 0;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(refusals); i++) {
		const struct refusal *r = &refusals[i];
		struct neural_reason why = { };
		int ret = build_with(r->w0, r->w1, r->b, r->gamma, r->variance, r->beta, &why);

		tap_check(&failed, ret == r->ret, "refusal %u: %d, %s", i, ret, why.rule);
		if (ret && r->rule)
			tap_check(&failed, !strcmp(why.rule, r->rule) && why.unit == 1,
				  "refusal %u: %s, unit %u", i, why.rule, why.unit);
	}
	tap_ok(!failed && !neural_shim_live_bytes, "parameters out of range are refused");
}

/* Each allocation of each network fails once: -ENOMEM, and nothing is left. */
void engine_memory(void)
{
	static struct reference_network net;
	unsigned int failed = 0, refused = 0;
	struct neural_reason why;
	struct neural_plan *plan;
	u64 seed = 3;
	u32 i;
	int ret;

	for (i = 0; i < 40; i++) {
		long nth = 0;

		reference_network_fill(&net, &seed, false);
		do {
			neural_shim_fail_after = nth++;
			plan = engine_build(&net, true, &ret, &why);
			refused += !plan;
			tap_check(&failed, plan ? !ret : ret == -ENOMEM &&
				  !neural_shim_live_bytes &&
				  !strcmp(why.rule, "out of memory"),
				  "network %u allocation %ld: %d, %s, %zu bytes left", i, nth,
				  ret, why.rule, neural_shim_live_bytes);
			neural_plan_free(plan);
		} while (!plan && nth < 100);
		tap_check(&failed, plan, "network %u never succeeds", i);
	}
	neural_shim_fail_after = -1;
	tap_ok(!failed && refused > 100 && !neural_shim_live_bytes,
	       "out of memory at each of %u allocations", refused);
}
