// SPDX-License-Identifier: GPL-2.0-only
/* Where things have to be, found out in other ways than by the code under test. */
#include "plan_model.h"

/* Of each byte: the node that wrote what is there, plus one. */
struct shadow {
	u32 *writer[2];		/* arena, output */
	size_t bytes[2];
};

static u32 *shadow_at(const struct shadow *s, const struct neural_operand *o)
{
	const u32 which = o->space == NEURAL_SPACE_OUTPUT;

	if ((size_t)o->offset + o->bytes > s->bytes[which])
		return NULL;
	return s->writer[which] + o->offset;
}

/* The node whose step writes @t: a reshape has one where tensors are kept. */
static const struct neural_node *producer(const struct neural_model *m, bool kept,
					  const struct neural_tensor *t)
{
	u32 i;

	for (i = 0; i < m->nr_nodes; i++) {
		if (m->nodes[i].out != t)
			continue;
		if (kept || m->nodes[i].code != NEURAL_OP_RESHAPE)
			return &m->nodes[i];
		return producer(m, kept, m->nodes[i].in[0]);
	}
	return NULL;
}

static bool holds(const struct neural_model *m, bool kept, const struct shadow *s,
		  const struct neural_tensor *t, const struct neural_operand *o)
{
	const struct neural_node *from = producer(m, kept, t);
	const u32 *at;
	u32 i;

	if (o->bytes != t->bytes)
		return false;
	if (!from)
		return o->space == NEURAL_SPACE_INPUT || o->space == NEURAL_SPACE_CONST;
	if (o->space != NEURAL_SPACE_ARENA && o->space != NEURAL_SPACE_OUTPUT)
		return false;
	at = shadow_at(s, o);
	for (i = 0; at && i < o->bytes; i++)
		if (at[i] != from - m->nodes + 1)
			return false;
	return at;
}

static bool writes(const struct shadow *s, const struct neural_operand *o, u32 node)
{
	u32 *at = NULL;
	u32 i;

	if (o->space == NEURAL_SPACE_ARENA || o->space == NEURAL_SPACE_OUTPUT)
		at = shadow_at(s, o);
	for (i = 0; at && i < o->bytes; i++)
		at[i] = node + 1;
	return at && (o->space == NEURAL_SPACE_OUTPUT || o->offset % 16 == 0);
}

/* The step of part @part of @node. */
static bool step_sound(const struct neural_model *m, bool kept, const struct shadow *s,
		       const struct neural_step *step, const struct neural_node *node,
		       u32 part)
{
	u32 i, k = 0;
	bool ok = step->op == &neural_ops[node->code] && step->layer == node - m->nodes;

	for (i = 0; i < node->nr_in; i++) {
		if (neural_ops[node->code].each ? i != part :
		    neural_ops[node->code].params >> i & 1)
			continue;
		ok = ok && holds(m, kept, s, node->in[i], &step->src[k++]);
	}
	return ok && k == step->nr_src && step->dst.bytes == node->out->bytes &&
	       step->out == node->out->elements && writes(s, &step->dst, step->layer);
}

/* At the end each output has what it should, or gets it by a copy that is the next step. */
static bool output_sound(const struct neural_model *m, const struct neural_plan *plan,
			 bool kept, const struct shadow *s, u32 i, u32 at, u32 *next)
{
	const struct neural_operand to = { NEURAL_SPACE_OUTPUT, at, m->outputs[i]->bytes };
	const struct neural_step *step = &plan->steps[*next];

	if (producer(m, kept, m->outputs[i]) && holds(m, kept, s, m->outputs[i], &to))
		return true;
	return (*next)++ < plan->nr_steps && step->op == &neural_ops[NEURAL_OP_RESHAPE] &&
	       step->dst.space == NEURAL_SPACE_OUTPUT && step->dst.offset == at &&
	       step->dst.bytes == m->outputs[i]->bytes &&
	       holds(m, kept, s, m->outputs[i], &step->src[0]);
}

static bool all_sound(const struct neural_model *m, const struct neural_plan *plan, bool kept,
		      const struct shadow *s)
{
	u32 i, part, parts, next = 0, at = 0;

	for (i = 0; i < m->nr_nodes; i++) {
		const struct neural_node *node = &m->nodes[i];

		if (!kept && node->code == NEURAL_OP_RESHAPE)
			continue;
		parts = neural_ops[node->code].each ? node->nr_in : 1;
		for (part = 0; part < parts; part++, next++)
			if (next >= plan->nr_steps ||
			    !step_sound(m, kept, s, &plan->steps[next], node, part))
				return false;
	}
	for (i = 0; i < m->nr_outputs; i++) {
		at = ALIGN(at, neural_dtype_bits(m->outputs[i]->dtype) / 8);
		if (!output_sound(m, plan, kept, s, i, at, &next))
			return false;
		at += m->outputs[i]->bytes;
	}
	return next == plan->nr_steps && at <= plan->out_bytes;
}

bool plan_sound(const struct neural_model *m, const struct neural_plan *plan, bool kept)
{
	struct shadow s = { .bytes = { plan->row_bytes, plan->out_bytes } };
	bool ok;

	s.writer[0] = calloc(s.bytes[0] + 1, sizeof(u32));
	s.writer[1] = calloc(s.bytes[1] + 1, sizeof(u32));
	ok = all_sound(m, plan, kept, &s);
	free(s.writer[0]);
	free(s.writer[1]);
	return ok;
}

struct placed {
	u64 bytes;
	u64 offset;
	u32 first;
	u32 last;
};

static int larger(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;

	if (x->bytes != y->bytes)
		return x->bytes < y->bytes ? 1 : -1;
	return x->first < y->first ? -1 : x->first > y->first;
}

/* Is [@at, @at + bytes) free of the @nr placed before while @p lives? */
static bool fits(const struct placed *all, u32 nr, const struct placed *p, u64 at)
{
	u32 i;

	for (i = 0; i < nr; i++)
		if (all[i].first <= p->last && p->first <= all[i].last &&
		    all[i].offset < at + p->bytes && at < all[i].offset + all[i].bytes)
			return false;
	return true;
}

u64 plan_greedy(const struct neural_buffer *buffers, u32 nr)
{
	struct placed *all = calloc(nr + 1, sizeof(*all));
	u64 end = 0, at;
	u32 i, k;

	for (i = 0; i < nr; i++)
		all[i] = (struct placed){ ALIGN(buffers[i].bytes, 16ULL), 0,
					  buffers[i].first, buffers[i].last };
	qsort(all, nr, sizeof(*all), larger);
	/* The lowest place is at the bottom or on top of another. */
	for (i = 0; i < nr; i++) {
		all[i].offset = U64_MAX;
		for (k = 0; k <= i; k++) {
			at = k < i ? all[k].offset + all[k].bytes : 0;
			if (at < all[i].offset && fits(all, i, &all[i], at))
				all[i].offset = at;
		}
		end = max(end, all[i].offset + all[i].bytes);
	}
	free(all);
	return end;
}

u64 plan_greedy_model(const struct neural_model *m)
{
	struct neural_buffer *buffers = calloc(m->nr_tensors, sizeof(*buffers));
	u32 i, k, n, nr = 0;
	u64 bytes;

	for (i = 0; i < m->nr_tensors; i++) {
		const struct neural_tensor *t = &m->tensors[i];
		struct neural_buffer b = { .bytes = t->bytes, .first = U32_MAX };

		for (k = 0; k < m->nr_inputs; k++)
			if (m->inputs[k] == t)
				b.first = 0;
		for (n = 0; n < m->nr_nodes; n++) {
			if (m->nodes[n].out == t) {
				b.first = n;
				b.last = n;
			}
			for (k = 0; k < m->nodes[n].nr_in; k++)
				if (m->nodes[n].in[k] == t)
					b.last = n;
		}
		for (k = 0; k < m->nr_outputs; k++)
			if (m->outputs[k] == t)
				b.last = m->nr_nodes - 1;
		if (!t->data && b.first != U32_MAX)
			buffers[nr++] = b;
	}
	bytes = plan_greedy(buffers, nr);
	free(buffers);
	return bytes;
}
