// SPDX-License-Identifier: GPL-2.0-only
/* Plans of models: memory that is shared where it can be, and nowhere else. */
#include "../reference/arith.h"
#include "plan_model.h"

struct neural_model *plan_open(const u8 *file, size_t bytes)
{
	struct neural_reason why;
	struct neural_model *m;
	int ret = neural_model_open(NULL, file, bytes, &m, &why);

	if (ret)
		tap_note("%d, %s, node %u, offset %llu", ret, why.rule, why.layer,
			 (unsigned long long)why.offset);
	WARN_ON(ret);
	return m;
}

static bool apart(const struct neural_buffer *b, u32 nr, u64 bytes)
{
	u32 i, k;

	for (i = 0; i < nr; i++) {
		if (b[i].offset % 16 || b[i].offset + b[i].bytes > bytes)
			return false;
		for (k = 0; k < i; k++)
			if (b[i].first <= b[k].last && b[k].first <= b[i].last &&
			    b[i].offset < b[k].offset + b[k].bytes &&
			    b[k].offset < b[i].offset + b[i].bytes)
				return false;
	}
	return true;
}

static void fill(struct neural_buffer *b, u32 nr, u32 span, u64 *seed)
{
	u32 i;

	for (i = 0; i < nr; i++) {
		b[i].bytes = reference_between(seed, 1, reference_random(seed) % 2 ? 100 : 4000);
		b[i].first = reference_between(seed, 0, nr);
		b[i].last = b[i].first + reference_between(seed, 0, span);
		b[i].offset = U64_MAX;
	}
}

void plan_arena_random(void)
{
	static struct neural_buffer b[300], again[300];
	unsigned int failed = 0, better = 0, i;
	u64 seed = 11, bytes, other;

	for (i = 0; i < 400; i++) {
		const u32 nr = reference_between(&seed, 1, i % 20 ? 60 : 300);

		fill(b, nr, i % 3 ? 4 : 40, &seed);
		memcpy(again, b, sizeof(b));
		tap_check(&failed, !neural_arena_place(NULL, b, nr, &bytes) &&
			  apart(b, nr, bytes), "round %u: buffers overlap", i);
		tap_check(&failed, bytes <= plan_greedy(b, nr), "round %u: %llu, greedy %llu",
			  i, (unsigned long long)bytes,
			  (unsigned long long)plan_greedy(b, nr));
		better += bytes < plan_greedy(b, nr);
		tap_check(&failed, !neural_arena_place(NULL, again, nr, &other) &&
			  other == bytes && !memcmp(again, b, nr * sizeof(*b)),
			  "round %u: placed in another way", i);
	}
	tap_ok(!failed && better > 50 && !neural_shim_live_bytes,
	       "random buffers, %u times in less than greedily", better);
}

void plan_arena_shapes(void)
{
	struct neural_buffer chain[] = {
		{ 100, 0, 1 }, { 30, 1, 2 }, { 100, 2, 3 }, { 30, 3, 4 },
	};
	struct neural_buffer huge[] = {
		{ S32_MAX, 0, 0 }, { S32_MAX, 0, 1 }, { S32_MAX, 1, 1 }, { 1, 0, 1 },
	};
	static struct neural_buffer many[16384];
	u64 bytes[3];
	u32 i;

	WARN_ON(neural_arena_place(NULL, chain, ARRAY_SIZE(chain), &bytes[0]));
	WARN_ON(neural_arena_place(NULL, huge, ARRAY_SIZE(huge), &bytes[1]));
	for (i = 0; i < ARRAY_SIZE(many); i++)
		many[i] = (struct neural_buffer){ 1 + i % 48, i, i + i % 7 };
	WARN_ON(neural_arena_place(NULL, many, ARRAY_SIZE(many), &bytes[2]));
	tap_ok(bytes[0] == 112 + 32 && bytes[1] == 2 * (1ULL << 31) + 16 && bytes[2] < 400 &&
	       apart(chain, ARRAY_SIZE(chain), bytes[0]) &&
	       apart(huge, ARRAY_SIZE(huge), bytes[1]), "a chain, huge buffers, and many");
}

/* What the random models were made of. */
static struct {
	unsigned int steps, nodes, copies, in_place, renamed, scratch, constants, batches;
} seen;

static void look(const struct neural_model *m, const struct neural_plan *plan)
{
	u32 i, named = 0, layer = U32_MAX;

	for (i = 0; i < plan->nr_steps; i++) {
		const struct neural_step *s = &plan->steps[i];

		seen.in_place += s->src[0].space == s->dst.space &&
				 s->src[0].offset == s->dst.offset && s->op->in_place;
		seen.copies += s->op != &neural_ops[m->nodes[s->layer].code];
		named += s->layer != layer;
		layer = s->layer;
	}
	seen.steps += plan->nr_steps;
	seen.nodes += m->nr_nodes;
	seen.renamed += m->nr_nodes > named ? m->nr_nodes - named : 0;
	seen.scratch += plan->scratch_bytes > 0;
	seen.constants += !!plan->constants;
	seen.batches += plan->rows > 1;
}

void plan_random(void)
{
	unsigned int failed = 0, saved = 0, i;
	u64 seed = 5, ours = 0, theirs = 0;
	struct neural_reason why;

	for (i = 0; i < 600; i++) {
		struct neural_plan *plan, *kept;
		size_t bytes, row;
		u8 *file = plan_graph(&seed, &bytes);
		struct neural_model *m = plan_open(file, bytes);
		u64 greedy = plan_greedy_model(m);

		WARN_ON(neural_plan_build_model(NULL, m, 0, &plan, &why));
		WARN_ON(neural_plan_build_model(NULL, m, NEURAL_PLAN_KEEP, &kept, &why));
		WARN_ON(neural_plan_model_bytes(NULL, m, 0, &row, &why));
		look(m, plan);
		tap_check(&failed, plan_sound(m, plan, false), "model %u: shared in a wrong way",
			  i);
		tap_check(&failed, plan_sound(m, kept, true), "model %u: kept in a wrong way", i);
		tap_check(&failed, plan->row_bytes == row && row <= greedy,
			  "model %u: %zu bytes, %zu, greedily %llu", i, plan->row_bytes, row,
			  (unsigned long long)greedy);
		saved += row < kept->row_bytes;
		ours += row;
		theirs += greedy;
		neural_plan_free(plan);
		neural_plan_free(kept);
		neural_model_close(m);
		WARN_ON(model_try(file, bytes, i, &why));
		free(file);
	}
	tap_note("%llu bytes, greedily %llu", (unsigned long long)ours,
		 (unsigned long long)theirs);
	tap_note("steps %u of %u nodes, copies %u, in place %u, renamed %u", seen.steps,
		 seen.nodes, seen.copies, seen.in_place, seen.renamed);
	tap_note("plans with scratch %u, with constants %u, of several rows %u", seen.scratch,
		 seen.constants, seen.batches);
	tap_ok(!failed && saved > 300 && seen.copies > 50 && seen.in_place > 300 &&
	       seen.renamed > 300 && seen.scratch > 100 && seen.constants > 100 &&
	       seen.batches > 300 && model_tried > 500 && !neural_shim_live_bytes,
	       "random models: in place, in bounds, as when each tensor is kept");
}

int main(void)
{
	static void (*const tests[])(void) = {
		plan_arena_random, plan_arena_shapes, plan_random, plan_outputs, plan_profile,
		plan_sharing, plan_steps, plan_refused, plan_memory,
	};
	u32 i;

	tap_plan(ARRAY_SIZE(tests));
	neural_simd_init();
	for (i = 0; i < ARRAY_SIZE(tests); i++)
		tests[i]();
	return tap_done();
}
