// SPDX-License-Identifier: GPL-2.0-only
#include "storage.h"

static struct neural_storage *neural_storage_of(const struct neural_storages *s,
						const struct neural_tensor *t)
{
	return &s->of[neural_storage_number(s, t)];
}

static struct neural_storage *neural_storage_root(const struct neural_storages *s,
						  const struct neural_tensor *t)
{
	return &s->of[neural_storage_of(s, t)->root];
}

/* Which node reads each tensor last. */
static void neural_storage_uses(struct neural_storages *s)
{
	const struct neural_model *m = s->model;
	u32 i, k;

	for (i = 0; i < m->nr_nodes; i++) {
		const struct neural_node *node = &m->nodes[i];

		neural_storage_of(s, node->out)->used = i;
		neural_storage_of(s, node->out)->layer = i;
		for (k = 0; k < node->nr_in; k++)
			if (node->in[k])
				neural_storage_of(s, node->in[k])->used = i;
		neural_pause();
	}
	for (i = 0; i < m->nr_outputs; i++)
		neural_storage_of(s, m->outputs[i])->used = m->nr_nodes;
}

/* Each tensor on its own: inputs and constants where they are, the rest in the arena. */
static void neural_storage_start(struct neural_storages *s)
{
	const struct neural_model *m = s->model;
	u32 i, at = 0;

	for (i = 0; i < m->nr_tensors; i++) {
		s->of[i].root = i;
		s->of[i].last = s->keep ? m->nr_nodes : s->of[i].used;
		s->of[i].offset = NEURAL_STORAGE_NOWHERE;
		s->of[i].space = m->tensors[i].data ? NEURAL_SPACE_CONST : NEURAL_SPACE_ARENA;
	}
	for (i = 0; i < m->nr_inputs; i++) {
		struct neural_storage *in = neural_storage_of(s, m->inputs[i]);

		at = neural_storage_in_row(m->inputs[i], at);
		in->space = NEURAL_SPACE_INPUT;
		in->offset = at;
		at += m->inputs[i]->bytes;
	}
}

/*
 * Outputs that nothing else claims get their place in the row at once.  A tensor that is
 * an output more than once has the first of its places, and so has a storage.
 */
static void neural_storage_outputs(struct neural_storages *s)
{
	const struct neural_model *m = s->model;
	u32 i, at = 0;

	for (i = 0; i < m->nr_outputs; i++) {
		struct neural_storage *out = neural_storage_root(s, m->outputs[i]);

		at = neural_storage_in_row(m->outputs[i], at);
		if (out->space == NEURAL_SPACE_ARENA) {
			out->space = NEURAL_SPACE_OUTPUT;
			out->offset = at;
		}
		at += m->outputs[i]->bytes;
	}
}

/*
 * May the output of @node be written over its first operand?  Not while somebody reads
 * that later, nor if @node reads it in two ways, nor if it is not ours to write.
 */
static bool neural_storage_overwrites(const struct neural_storages *s, u32 i)
{
	const struct neural_node *node = &s->model->nodes[i];
	const struct neural_storage *root;
	u32 k;

	if (!neural_ops[node->code].in_place || !neural_storage_is_read(node, 0))
		return false;
	root = neural_storage_root(s, node->in[0]);
	if (root->space != NEURAL_SPACE_ARENA || root->last != i ||
	    node->in[0]->bytes != node->out->bytes)
		return false;
	for (k = 1; k < node->nr_in; k++)
		if (node->in[k] && neural_storage_root(s, node->in[k]) == root)
			return false;
	return true;
}

static void neural_storage_join(struct neural_storages *s, u32 i)
{
	const struct neural_node *node = &s->model->nodes[i];
	struct neural_storage *out = neural_storage_of(s, node->out), *root;

	if (s->keep)
		return;
	out->renamed = neural_ops[node->code].alias &&
		       node->in[0]->bytes == node->out->bytes;
	if (!out->renamed && !neural_storage_overwrites(s, i))
		return;
	root = neural_storage_root(s, node->in[0]);
	out->root = root - s->of;
	root->last = max(root->last, out->used);
}

/* Constants that steps read, one after the other. */
static int neural_storage_constants(struct neural_storages *s, struct neural_reason *why)
{
	const struct neural_model *m = s->model;
	struct neural_storage *root;
	u32 i, k;

	for (i = 0; i < m->nr_nodes; i++) {
		const struct neural_node *node = &m->nodes[i];

		for (k = 0; k < node->nr_in; k++) {
			if (!neural_storage_is_read(node, k))
				continue;
			root = neural_storage_root(s, node->in[k]);
			if (root->space != NEURAL_SPACE_CONST ||
			    root->offset != NEURAL_STORAGE_NOWHERE)
				continue;
			root->offset = s->const_bytes;
			s->const_bytes += ALIGN(node->in[k]->bytes, NEURAL_MODEL_ALIGN);
			if (s->const_bytes > U32_MAX) {
				why->layer = i;
				return neural_refuse(why, -E2BIG, "constants are too large", k);
			}
		}
	}
	return 0;
}

/* A buffer lives from the node that writes the first of its tensors. */
static void neural_storage_buffers(struct neural_storages *s)
{
	const struct neural_model *m = s->model;
	u32 i;

	for (i = 0; i < m->nr_nodes; i++) {
		const struct neural_tensor *out = m->nodes[i].out;
		struct neural_storage *own = neural_storage_of(s, out);

		if (own->space != NEURAL_SPACE_ARENA ||
		    own->root != neural_storage_number(s, out))
			continue;
		/* Until there is an offset this is the number of the buffer. */
		own->offset = s->nr_buffers;
		s->buffers[s->nr_buffers++] = (struct neural_buffer){
			.bytes = out->bytes,
			.first = s->keep ? 0 : i,
			.last = own->last,
		};
	}
}

static int neural_storage_place(struct neural_account *account, struct neural_storages *s,
				struct neural_reason *why)
{
	u32 i;
	int ret;

	neural_storage_buffers(s);
	ret = neural_arena_place(account, s->buffers, s->nr_buffers, &s->row_bytes);
	if (ret)
		return neural_refuse(why, ret, "out of memory", 0);
	if (s->row_bytes > U32_MAX)
		return neural_refuse(why, -E2BIG, "tensors are too large together", 0);
	for (i = 0; i < s->model->nr_tensors; i++)
		if (s->of[i].space == NEURAL_SPACE_ARENA &&
		    s->of[i].offset != NEURAL_STORAGE_NOWHERE)
			s->of[i].offset = s->buffers[s->of[i].offset].offset;
	return 0;
}

struct neural_operand neural_storage_operand(const struct neural_storages *s,
					     const struct neural_tensor *t)
{
	const struct neural_storage *root = neural_storage_root(s, t);

	return (struct neural_operand){ root->space, root->offset, t->bytes };
}

void neural_storages_free(struct neural_storages *s)
{
	neural_mem_free(s->of);
	neural_mem_free(s->buffers);
}

int neural_storages_make(struct neural_account *account, struct neural_storages *s,
			 struct neural_reason *why)
{
	const struct neural_model *m = s->model;
	u32 i;
	int ret;

	s->of = neural_mem_alloc(account, array_size(m->nr_tensors, sizeof(*s->of)));
	s->buffers = neural_mem_alloc(account, array_size(m->nr_nodes, sizeof(*s->buffers)));
	if (!s->of || !s->buffers) {
		ret = neural_refuse(why, -ENOMEM, "out of memory", 0);
		goto out_free;
	}
	neural_storage_uses(s);
	neural_storage_start(s);
	for (i = 0; i < m->nr_nodes; i++)
		neural_storage_join(s, i);
	neural_storage_outputs(s);
	ret = neural_storage_constants(s, why);
	if (!ret)
		ret = neural_storage_place(account, s, why);
	if (ret)
		goto out_free;
	return 0;

out_free:
	neural_storages_free(s);
	return ret;
}
