// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>

#include "step.h"

#define STEP_GAP	0xa5

u64 step_seed = 1;

s64 step_between(s64 low, s64 high)
{
	const u64 span = (u64)high - (u64)low + 1;
	const u64 any = (u64)reference_random(&step_seed) << 32 | reference_random(&step_seed);

	switch (reference_random(&step_seed) % 8) {
	case 0:
		return low;
	case 1:
		return high;
	default:
		return (s64)((u64)low + (span ? any % span : any));
	}
}

u32 step_size(u32 most)
{
	return 1 + reference_random(&step_seed) % (1 + reference_random(&step_seed) % most);
}

void step_begin(struct step *s, u16 code)
{
	u32 i;

	memset(s, 0, sizeof(*s));
	s->node.code = code;
	s->node.name = "";
	s->node.in = s->list;
	s->node.out = &s->out;
	for (i = 0; i < STEP_IN; i++)
		s->list[i] = &s->in[i];
}

static void step_drop(struct step *s)
{
	u32 i;

	for (i = 0; i < STEP_IN; i++) {
		if (!s->in[i].data)
			free(s->src[i].at);
		s->src[i].at = NULL;
		neural_mem_free(s->steps[i].params);
		s->steps[i].params = NULL;
	}
	free(s->dst.at);
	free(s->scratch);
	s->dst.at = NULL;
	s->scratch = NULL;
}

void step_end(struct step *s)
{
	u32 i;

	step_drop(s);
	for (i = 0; i < STEP_IN; i++)
		free((void *)s->in[i].data);
}

void step_shape(struct neural_tensor *t, u8 dtype, u32 rank, const u32 *dim)
{
	u32 d;

	t->name = "";
	t->dtype = dtype;
	t->rank = rank;
	t->elements = 1;
	for (d = 0; d < NEURAL_MODEL_RANK; d++) {
		t->dim[d] = d < rank ? dim[d] : 1;
		t->elements *= t->dim[d];
	}
	t->bytes = DIV_ROUND_UP((size_t)t->elements * neural_dtype_bits(dtype), 8);
	t->lo = neural_dtype_min(dtype);
	t->hi = neural_dtype_max(dtype);
}

static struct neural_tensor *step_shape_args(struct neural_tensor *t, u8 dtype, u32 rank,
					     va_list args)
{
	u32 d, dim[NEURAL_MODEL_RANK];

	for (d = 0; d < rank; d++)
		dim[d] = va_arg(args, u32);
	step_shape(t, dtype, rank, dim);
	return t;
}

struct neural_tensor *step_in(struct step *s, u8 dtype, u32 rank, ...)
{
	struct neural_tensor *t = &s->in[s->node.nr_in++];
	va_list args;

	va_start(args, rank);
	step_shape_args(t, dtype, rank, args);
	va_end(args);
	t->defined = true;
	return t;
}

struct neural_tensor *step_out(struct step *s, u8 dtype, u32 rank, ...)
{
	va_list args;

	va_start(args, rank);
	step_shape_args(&s->out, dtype, rank, args);
	va_end(args);
	return &s->out;
}

s64 step_get(const void *at, u8 dtype, size_t i)
{
	switch (dtype) {
	case NEURAL_S16:
		return ((const s16 *)at)[i];
	case NEURAL_S32:
		return ((const s32 *)at)[i];
	case NEURAL_S64:
		return ((const s64 *)at)[i];
	default:
		return ((const s8 *)at)[i];
	}
}

void step_set(void *at, u8 dtype, size_t i, s64 v)
{
	switch (dtype) {
	case NEURAL_S16:
		((s16 *)at)[i] = v;
		break;
	case NEURAL_S32:
		((s32 *)at)[i] = v;
		break;
	case NEURAL_S64:
		((s64 *)at)[i] = v;
		break;
	default:
		((s8 *)at)[i] = v;
		break;
	}
}

/* Aligned as the contracts say, and no byte longer than that. */
static void *step_alloc(size_t bytes)
{
	void *mem;

	WARN_ON(posix_memalign(&mem, NEURAL_MODEL_ALIGN, bytes ?: 1));
	return mem;
}

void step_const(struct neural_tensor *t, s64 low, s64 high)
{
	void *data = step_alloc(t->bytes);
	u32 i;

	for (i = 0; i < t->elements; i++)
		step_set(data, t->dtype, i, step_between(low, high));
	t->data = data;
}

int step_verify(struct step *s)
{
	const struct neural_op *op = &neural_ops[s->node.code];
	u32 i;

	s->why = (struct neural_reason){ };
	WARN_ON(s->node.nr_in < op->min_in || s->node.nr_in > op->max_in);
	for (i = 0; i < s->node.nr_in && i < 8; i++)
		WARN_ON(op->params & BIT(i) && s->list[i] && !s->list[i]->data);
	return op->verify(&s->node, &s->why);
}

static int step_prepare(struct step *s)
{
	const struct neural_op *op = &neural_ops[s->node.code];
	u32 i, p;
	int ret;

	s->nr_steps = op->each ? s->node.nr_in : 1;
	for (p = 0; p < s->nr_steps; p++) {
		struct neural_step *step = &s->steps[p];

		*step = (struct neural_step){ .op = op, .run = op->run };
		step->in = s->list[op->each ? p : 0]->elements;
		step->out = s->out.elements;
		step->macs = op->macs(&s->node);
		for (i = 0; i < s->node.nr_in; i++)
			step->nr_src += op->each ? i == p : !(op->params & BIT(i));
		ret = op->prepare(NULL, &s->node, p, step, &s->why);
		if (ret)
			return ret;
	}
	return 0;
}

/* Rows of @t, with some elements between them. */
static struct neural_rows step_place(const struct neural_tensor *t, u32 rows, size_t *gap)
{
	const size_t element = neural_dtype_bits(t->dtype) / 8;
	struct neural_rows at = { .stride = t->bytes };

	*gap = reference_random(&step_seed) % 4 * element;
	at.stride += *gap;
	at.at = step_alloc((rows - 1) * at.stride + t->bytes);
	memset(at.at, STEP_GAP, (rows - 1) * at.stride + t->bytes);
	return at;
}

static void step_fill(struct step *s, u32 rows)
{
	size_t gap;
	u32 i, e, r;

	for (i = 0; i < s->node.nr_in; i++) {
		const struct neural_tensor *t = s->list[i];

		if (!t)
			continue;
		if (t->data) {
			s->src[i] = (struct neural_rows){ (void *)t->data, 0 };
			continue;
		}
		s->src[i] = step_place(t, rows, &gap);
		for (r = 0; r < rows; r++)
			for (e = 0; e < t->elements; e++)
				step_set(neural_row(&s->src[i], r), t->dtype, e,
					 step_between(t->lo, t->hi));
	}
	s->dst = step_place(&s->out, rows, &s->gap);
}

int step_run(struct step *s, u32 rows)
{
	const struct neural_op *op = &neural_ops[s->node.code];
	struct neural_exec x = { .rows = rows };
	struct neural_rows src[STEP_IN];
	u32 i, nr, p;
	int ret;

	step_drop(s);
	s->rows = rows;
	ret = step_prepare(s);
	if (ret)
		return ret;
	step_fill(s, rows);
	x.section.wanted = reference_random(&step_seed) % 4;
	x.section.set = neural_simd_set(neural_simd_best());
	for (p = 0; p < s->nr_steps; p++) {
		for (i = 0, nr = 0; i < s->node.nr_in; i++)
			if (op->each ? i == p : !(op->params & BIT(i)))
				src[nr++] = s->src[i];
		free(s->scratch);
		s->scratch = step_alloc(op->scratch ? op->scratch(&s->steps[p], rows) : 0);
		s->steps[p].run(&s->steps[p], &x, &s->dst, src, s->scratch);
		WARN_ON(x.rows != rows);
	}
	neural_section_leave(&x.section);
	return 0;
}

const void *step_src(const struct step *s, u32 i, u32 r)
{
	return neural_row(&s->src[i], r);
}

const void *step_dst(const struct step *s, u32 r)
{
	return neural_row(&s->dst, r);
}

bool step_clean(const struct step *s)
{
	size_t g;
	u32 i, r;

	for (r = 0; r < s->rows; r++) {
		const u8 *row = step_dst(s, r);

		for (g = 0; r + 1 < s->rows && g < s->gap; g++)
			if (row[s->out.bytes + g] != STEP_GAP)
				return false;
		for (i = 0; i < s->out.elements; i++) {
			const s64 v = step_get(row, s->out.dtype, i);

			if (v < s->out.lo || v > s->out.hi)
				return false;
		}
	}
	return true;
}

bool step_survives(struct step *s)
{
	size_t before;
	bool ok = true;
	long n;
	int ret;
	u32 p;

	step_drop(s);
	before = neural_shim_live_bytes;
	for (n = 0, ret = -ENOMEM; ret && n < 10; n++) {
		s->why = (struct neural_reason){ };
		neural_shim_fail_after = n;
		ret = step_prepare(s);
		neural_shim_fail_after = -1;
		for (p = 0; p < STEP_IN; p++) {
			/* What the steps before have is the plan's to free. */
			neural_mem_free(s->steps[p].params);
			s->steps[p].params = NULL;
		}
		if (ret)
			ok &= ret == -ENOMEM && s->why.rule &&
			      !strcmp(s->why.rule, "out of memory");
		ok &= neural_shim_live_bytes == before;
	}
	return ok && !ret && n > 1;
}

bool step_refused(struct step *s, int err, const char *rule)
{
	const int ret = step_verify(s);
	const bool ok = ret == err && s->why.rule && !strcmp(s->why.rule, rule);

	if (!ok)
		tap_note("%d, %s, not %d, %s", ret, s->why.rule ?: "no rule", err, rule);
	return ok;
}
