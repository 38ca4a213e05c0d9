// SPDX-License-Identifier: GPL-2.0-only
/* layers, of a network from a model file: one line a node. */
#include <linux/math64.h>
#include <linux/seq_file.h>
#include "../src/instance.h"
#include "debugfs.h"

static const char *neural_model_dtype(u8 dtype)
{
	static const char *const names[] = {
		[NEURAL_S8] = "s8",
		[NEURAL_S16] = "s16",
		[NEURAL_S32] = "s32",
		[NEURAL_S64] = "s64",
		[NEURAL_S4] = "s4",
	};

	return names[dtype];
}

static void neural_model_show_shape(struct seq_file *m, const struct neural_tensor *t)
{
	/* Ten digits a dimension and what stands between them. */
	char text[NEURAL_MODEL_RANK * 11 + 1];
	u32 d, len = 0;

	for (d = 0; d < t->rank; d++)
		len += scnprintf(text + len, sizeof(text) - len, "%s%u", d ? "x" : "",
				 t->dim[d]);
	seq_printf(m, " %-4s %-18s", neural_model_dtype(t->dtype), len ? text : "1");
}

/* Of all steps that came from node @i, which follow each other; *@at is past them. */
static size_t neural_model_packed(const struct neural_plan *plan, u32 i, u32 *at)
{
	size_t bytes = 0;

	for (; *at < plan->nr_steps && plan->steps[*at].layer <= i; ++*at)
		if (plan->steps[*at].params)
			bytes += neural_mem_size(plan->steps[*at].params);
	return bytes;
}

static size_t neural_model_constants(const struct neural_node *node)
{
	size_t bytes = 0;
	u32 i;

	for (i = 0; i < node->nr_in; i++)
		if (node->in[i] && node->in[i]->data)
			bytes += node->in[i]->bytes;
	return bytes;
}

void neural_debugfs_show_model(struct seq_file *m, const struct neural_network *nn)
{
	const struct neural_instance *instance = neural_instance_of(nn);
	u32 i, at = 0;

	seq_printf(m, "%5s %-18s %-4s %-18s %12s %12s %12s %10s %10s name\n", "node", "op",
		   "type", "shape", "out_bytes", "bytes", "packed_bytes", "runs", "mean_ns");
	for (i = 0; i < nn->model->nr_nodes; i++) {
		const struct neural_node *node = &nn->model->nodes[i];
		const u64 runs = READ_ONCE(instance->profile[i].runs);
		const u64 ns = READ_ONCE(instance->profile[i].ns);

		seq_printf(m, "%5u %-18s", i, neural_ops[node->code].name);
		neural_model_show_shape(m, node->out);
		seq_printf(m, " %12zu %12zu %12zu %10llu %10llu %s\n", node->out->bytes,
			   neural_model_constants(node),
			   neural_model_packed(instance->plan, i, &at), runs,
			   runs ? div64_u64(ns, runs) : 0, node->name);
	}
}
