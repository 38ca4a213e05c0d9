// SPDX-License-Identifier: GPL-2.0-only
/* Running a plan: the only code between a prediction and its operations. */
#include "plan.h"

static s32 *neural_plan_slot(const struct neural_plan *plan,
			     const struct neural_exec *x, enum neural_slot slot)
{
	switch (slot) {
	case NEURAL_SLOT_INPUT:
		return (s32 *)x->in;
	case NEURAL_SLOT_OUTPUT:
		return x->out;
	case NEURAL_SLOT_PING:
		return (s32 *)x->arena;
	default:
		return (s32 *)(x->arena + plan->slot_bytes);
	}
}

/*
 * Shared by all CPUs and not atomic: what two of them add at once may count once.
 * Whoever profiles wants the proportions.
 */
static void neural_plan_profile(struct neural_profile *profile, u64 start)
{
	WRITE_ONCE(profile->runs, READ_ONCE(profile->runs) + 1);
	WRITE_ONCE(profile->ns, READ_ONCE(profile->ns) + neural_clock() - start);
}

static void neural_plan_run_block(const struct neural_plan *plan, struct neural_exec *x)
{
	void *scratch = x->arena + 2 * plan->slot_bytes;
	u32 i;

	for (i = 0; i < plan->nr_steps; i++) {
		const struct neural_step *step = &plan->steps[i];
		u64 start = x->profile ? neural_clock() : 0;

		step->op->run(step, x, neural_plan_slot(plan, x, step->dst),
			      neural_plan_slot(plan, x, step->src), scratch);
		if (x->profile)
			neural_plan_profile(&x->profile[step->layer], start);
	}
}

void neural_plan_run(const struct neural_plan *plan, struct neural_exec *x,
		     const s32 *in, s32 *out, u32 rows)
{
	while (rows) {
		x->rows = min(rows, plan->rows);
		x->in = in;
		x->out = out;
		neural_plan_run_block(plan, x);
		in += (size_t)x->rows * plan->input;
		out += (size_t)x->rows * plan->output;
		rows -= x->rows;
	}
	neural_section_leave(&x->section);
}
