// SPDX-License-Identifier: GPL-2.0-only
/* The engine without a kernel around it: random networks against the reference. */
#include "engine.h"

/* One is too large for the stack. */
static struct reference_network net;

/* What the random networks were made of, to know that nothing was left out. */
static struct {
	unsigned int narrow, wide, tail, folded, scale, softmax, in_place;
	unsigned int levels;
} seen;

struct neural_plan *engine_build(const struct reference_network *from, bool narrow,
				 int *ret, struct neural_reason *why)
{
	static const s32 no_bias[REFERENCE_WIDTH];
	struct neural_layer_desc descs[REFERENCE_LAYERS];
	struct neural_source source[REFERENCE_LAYERS];
	struct neural_plan *plan = NULL;
	u32 i;

	for (i = 0; i < from->nr; i++)
		descs[i] = from->layers[i].desc;
	*ret = neural_shape_resolve(from->input, descs, from->nr, source, why);
	for (i = 0; i < from->nr; i++) {
		source[i].weights = from->layers[i].weights;
		source[i].bias = from->layers[i].bias ?: no_bias;
		source[i].bn = from->layers[i].bn;
	}
	if (!*ret)
		*ret = neural_plan_build(NULL, source, from->nr, narrow, &plan, why);
	return plan;
}

static void *exactly(const void *from, size_t bytes, size_t align)
{
	void *mem;

	WARN_ON(posix_memalign(&mem, align, bytes));
	return from ? memcpy(mem, from, bytes) : memset(mem, 0xa5, bytes);
}

struct neural_section engine_run_bound(const struct neural_plan *plan,
				       const struct neural_kernel_set *set, u32 bound,
				       const s32 *in, s32 *out, u32 rows)
{
	s32 *from = exactly(in, rows * plan->in_bytes, sizeof(void *));
	s32 *to = exactly(NULL, rows * plan->out_bytes, sizeof(void *));
	struct neural_exec x = {
		.section = { .set = set, .wanted = set, .bound = bound },
		.arena = exactly(NULL, plan->arena_bytes ?: 1, 64),
	};

	neural_plan_run(plan, &x, from, to, rows);
	WARN_ON(x.section.open);
	memcpy(out, to, rows * plan->out_bytes);
	free(x.arena);
	free(from);
	free(to);
	return x.section;
}

struct neural_section engine_run(const struct neural_plan *plan,
				 const struct neural_kernel_set *set, const s32 *in,
				 s32 *out, u32 rows)
{
	static const u32 bounds[] = {
		0, NEURAL_SECTION_LEAST, 3 * NEURAL_SECTION_LEAST, NEURAL_SECTION_LIMIT,
	};
	static u32 turn;

	return engine_run_bound(plan, set, bounds[turn++ % ARRAY_SIZE(bounds)], in, out, rows);
}

void engine_fill(struct reference_network *from, u64 *seed, s32 *in, s32 *out, u32 rows)
{
	u32 r;

	reference_input(in, rows * from->input, seed);
	for (r = 0; r < rows; r++)
		reference_network_run(from, in + r * from->input, out + r * from->output);
}

static void look(const struct neural_plan *plan)
{
	u32 i;

	for (i = 0; i < plan->nr_steps; i++) {
		const struct neural_step *step = &plan->steps[i];
		const struct neural_dense *dense = step->params;

		seen.scale += step->op == &neural_ops[NEURAL_OP_SCALE];
		seen.softmax += step->op == &neural_ops[NEURAL_OP_SOFTMAX_FIXED];
		seen.in_place += step->dst.space == step->src[0].space &&
				 step->dst.offset == step->src[0].offset;
		seen.folded += i + 1 < plan->nr_steps && step[1].layer == step->layer + 2;
		if (step->op != &neural_ops[NEURAL_OP_DENSE])
			continue;
		seen.narrow += dense->chunk && dense->n;
		seen.wide += !dense->chunk && dense->n;
		seen.tail += dense->tail > 0;
	}
}

/* All levels there are and none, on one plan. */
static void check_plan(const struct neural_plan *plan, const s32 *in, const s32 *expect,
		       u32 rows, u64 seed, unsigned int *failed)
{
	static s32 got[ENGINE_ROWS * REFERENCE_WIDTH];
	const size_t bytes = rows * plan->out_bytes;
	int level;

	for (level = -1; level < NEURAL_SIMD_LEVELS; level++) {
		if (level >= 0 && !neural_simd_has(level))
			continue;
		engine_run(plan, level < 0 ? NULL : neural_simd_set(level), in, got, rows);
		tap_check(failed, !memcmp(got, expect, bytes), "seed %llx level %d rows %u",
			  (unsigned long long)seed, level, rows);
		if (level >= 0)
			seen.levels |= 1U << level;
	}
}

static void check_networks(u32 nr, u32 most_rows, bool wide, u64 seed, const char *what)
{
	static s32 in[ENGINE_ROWS * REFERENCE_WIDTH], expect[ENGINE_ROWS * REFERENCE_WIDTH];
	unsigned int failed = 0;
	struct neural_reason why;
	u32 i, narrow;
	int ret;

	for (i = 0; i < nr; i++) {
		const u64 start = seed;
		const u32 rows = 1 + i % most_rows;

		reference_network_fill(&net, &seed, wide);
		engine_fill(&net, &seed, in, expect, rows);
		for (narrow = 0; narrow < 2; narrow++) {
			struct neural_plan *plan = engine_build(&net, narrow, &ret, &why);

			tap_check(&failed, plan, "seed %llx: %d, %s",
				  (unsigned long long)start, ret, why.rule);
			if (!plan)
				continue;
			look(plan);
			check_plan(plan, in, expect, rows, start, &failed);
			neural_plan_free(plan);
		}
	}
	tap_ok(!failed && !neural_shim_live_bytes, "%s", what);
}

void engine_random(void)
{
	check_networks(400, ENGINE_ROWS, false, 1, "random networks, 1 to 40 rows");
}

void engine_random_wide(void)
{
	check_networks(30, ENGINE_ROWS, true, 2, "networks 300 wide");
}

void engine_coverage(void)
{
	unsigned int level, levels = 0;

	for (level = 0; level < NEURAL_SIMD_LEVELS; level++)
		levels |= neural_simd_has(level) << level;
	tap_note("16-bit %u, 32-bit %u, tails %u, folded %u, scale %u, softmax %u, in place %u",
		 seen.narrow, seen.wide, seen.tail, seen.folded, seen.scale,
		 seen.softmax, seen.in_place);
	tap_ok(seen.narrow > 20 && seen.wide > 20 && seen.tail > 20 && seen.folded > 10 &&
	       seen.scale > 10 && seen.softmax > 10 && seen.in_place > 10 &&
	       seen.levels == levels, "every kind of step and level was among them");
}

int main(void)
{
	static void (*const tests[])(void) = {
		engine_random, engine_random_wide, engine_coverage, engine_fallback,
		engine_sections,
		engine_shapes, engine_limits, engine_refused, engine_memory,
	};
	u32 i;

	tap_plan(ARRAY_SIZE(tests));
	neural_simd_init();
	for (i = 0; i < ARRAY_SIZE(tests); i++)
		tests[i]();
	return tap_done();
}
