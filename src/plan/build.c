// SPDX-License-Identifier: GPL-2.0-only
#include "../../simd/thresholds.h"
#include "../../simd/kernels.h"
#include "../ops/pack.h"
#include "../ops/softmax.h"
#include "plan.h"

/* The step at layer @i; *@used layers went into it. */
static int neural_plan_step(struct neural_account *account,
			    const struct neural_source *source, u32 nr, u32 i,
			    bool narrow, struct neural_step *step, u32 *used,
			    struct neural_reason *why)
{
	const struct neural_source *layer = &source[i];
	const struct neural_dense *dense = NULL;
	const struct neural_scale *scale = NULL;
	int ret = 0;

	*used = 1;
	step->layer = i;
	step->in = layer->in;
	step->out = layer->desc.units;
	step->nr_src = 1;
	why->layer = i;
	switch (layer->desc.kind) {
	case NEURAL_LAYER_DENSE:
		if (neural_source_folds(source, nr, i))
			*used = 2;
		ret = neural_pack_dense(account, layer, *used == 2 ? layer + 1 : NULL,
					narrow, &dense, why);
		step->op = &neural_ops[NEURAL_OP_DENSE];
		step->params = dense;
		step->macs = (u64)step->in * step->out;
		break;
	case NEURAL_LAYER_BATCH_NORM:
		ret = neural_pack_scale(account, layer, &scale, why);
		step->op = &neural_ops[NEURAL_OP_SCALE];
		step->params = scale;
		step->macs = step->out;
		break;
	case NEURAL_LAYER_SOFTMAX:
		step->op = &neural_ops[NEURAL_OP_SOFTMAX_FIXED];
		step->macs = neural_softmax_macs(step->out);
		break;
	}
	step->run = step->op->run;
	return ret;
}

/*
 * Rows run together: enough to use a weight more than once while it is in a
 * register, few enough that one panel of all of them stays inside a section, and that
 * what lies between two steps is still in the cache when the second one wants it.
 */
static u32 neural_plan_rows(u32 widest, size_t row_bytes)
{
	const u32 section = NEURAL_SECTION_LIMIT / NEURAL_Q16_PANEL / widest;
	const u32 cache = NEURAL_PLAN_CACHE / max_t(size_t, row_bytes, 1);

	return clamp_t(u32, min(section, cache), 1, NEURAL_PLAN_ROWS);
}

void neural_plan_size(struct neural_plan *plan, u32 widest)
{
	u32 i;

	plan->rows = neural_plan_rows(widest, plan->row_bytes);
	for (i = 0; i < plan->nr_steps; i++) {
		const struct neural_step *step = &plan->steps[i];

		plan->macs += step->macs;
		if (step->op->scratch)
			plan->scratch_bytes = max(plan->scratch_bytes,
						  step->op->scratch(step, plan->rows));
	}
	plan->scratch_bytes = ALIGN(plan->scratch_bytes, NEURAL_CACHE_LINE_SIZE);
	plan->arena_bytes = ALIGN(plan->row_bytes * plan->rows, NEURAL_CACHE_LINE_SIZE) +
			    plan->scratch_bytes;
}

/*
 * Where each step of a chain reads and writes: rows between steps alternate between
 * two places in the arena, or stay in place.
 */
static void neural_plan_place(struct neural_plan *plan)
{
	struct neural_operand at = { .space = NEURAL_SPACE_INPUT };
	u32 i, widest = 1, slot = 0, between = 0;

	for (i = 0; i < plan->nr_steps; i++) {
		widest = max3(widest, plan->steps[i].in, plan->steps[i].out);
		if (i + 1 < plan->nr_steps)
			between = max(between, plan->steps[i].out);
	}
	for (i = 0; i < plan->nr_steps; i++) {
		struct neural_step *step = &plan->steps[i];

		at.bytes = step->in * sizeof(s32);
		step->src[0] = at;
		if (i == plan->nr_steps - 1) {
			at = (struct neural_operand){ .space = NEURAL_SPACE_OUTPUT };
		} else if (at.space == NEURAL_SPACE_INPUT || !step->op->in_place) {
			at.space = NEURAL_SPACE_ARENA;
			at.offset = slot * between * sizeof(s32);
			slot = !slot;
			plan->row_bytes = max(plan->row_bytes,
					      at.offset + between * sizeof(s32));
		}
		at.bytes = step->out * sizeof(s32);
		step->dst = at;
	}
	neural_plan_size(plan, widest);
}

void neural_plan_free(struct neural_plan *plan)
{
	u32 i;

	if (!plan)
		return;
	for (i = 0; i < plan->nr_steps; i++)
		neural_mem_free(plan->steps[i].params);
	neural_mem_free(plan->constants);
	neural_mem_free(plan);
}

int neural_plan_build(struct neural_account *account, const struct neural_source *source,
		      u32 nr, bool narrow, struct neural_plan **result,
		      struct neural_reason *why)
{
	struct neural_plan *plan;
	u32 i, used;
	int ret;

	*why = (struct neural_reason){ };
	plan = neural_mem_alloc(account, struct_size(plan, steps, nr));
	if (!plan)
		return neural_refuse(why, -ENOMEM, "out of memory", 0);
	plan->in_bytes = source[0].in * sizeof(s32);
	plan->out_bytes = source[nr - 1].desc.units * sizeof(s32);
	for (i = 0; i < nr; i += used) {
		ret = neural_plan_step(account, source, nr, i, narrow,
				       &plan->steps[plan->nr_steps], &used, why);
		if (ret) {
			neural_plan_free(plan);
			return ret;
		}
		plan->nr_steps++;
	}
	neural_plan_place(plan);
	*result = plan;
	return 0;
}
