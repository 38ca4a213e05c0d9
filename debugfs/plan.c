// SPDX-License-Identifier: GPL-2.0-only
/* plan: the steps a prediction takes, and the memory it takes them in. */
#include <linux/debugfs.h>
#include <linux/seq_file.h>
#include "../src/instance.h"
#include "debugfs.h"

static const char *neural_plan_slot_name(enum neural_slot slot)
{
	static const char *const names[] = {
		[NEURAL_SLOT_INPUT] = "input",
		[NEURAL_SLOT_OUTPUT] = "output",
		[NEURAL_SLOT_PING] = "ping",
		[NEURAL_SLOT_PONG] = "pong",
	};

	return names[slot];
}

static void neural_plan_show_instance(struct seq_file *m,
				      const struct neural_instance *instance)
{
	const struct neural_plan *plan = instance->plan;
	u32 i;

	seq_printf(m, "macs: %llu\n", plan->macs);
	seq_printf(m, "rows: %u\n", plan->rows);
	seq_printf(m, "arena_bytes: %zu\n", instance->contexts.arena_bytes);
	seq_printf(m, "spare_arenas: %u\n", instance->contexts.nr_spare);
	seq_printf(m, "\n%5s %5s %-8s %-6s %-6s %6s %6s %12s\n", "step", "layer", "op",
		   "from", "to", "in", "out", "macs");
	for (i = 0; i < plan->nr_steps; i++) {
		const struct neural_step *step = &plan->steps[i];

		seq_printf(m, "%5u %5u %-8s %-6s %-6s %6u %6u %12llu\n", i, step->layer,
			   step->op->name, neural_plan_slot_name(step->src),
			   neural_plan_slot_name(step->dst), step->in, step->out,
			   step->op->cost(step));
	}
}

static int neural_plan_show(struct seq_file *m, void *unused)
{
	struct neural_network *nn = m->private;
	struct neural_instance *instance;

	mutex_lock(&nn->lock);
	instance = rcu_dereference_protected(nn->instance, lockdep_is_held(&nn->lock));
	seq_printf(m, "generation: %llu\n", instance ? instance->generation : 0);
	if (instance)
		neural_plan_show_instance(m, instance);
	mutex_unlock(&nn->lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(neural_plan);

void neural_debugfs_add_plan(struct dentry *dir, struct neural_network *nn)
{
	debugfs_create_file("plan", 0444, dir, nn, &neural_plan_fops);
}
