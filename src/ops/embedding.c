// SPDX-License-Identifier: GPL-2.0-only
/* Rows of a table by number. */
#include "move.h"

/**
 * struct neural_embedding - parameters; header of one block of memory
 * @ids: numbers in a row of input
 * @rows: of the table
 * @width: bytes of each
 * @dtype: of the numbers
 * @table: @rows times @width
 */
struct neural_embedding {
	u32 ids;
	u32 rows;
	u32 width;
	u8 dtype;
	s8 table[];
};

int neural_embedding_verify(const struct neural_node *node, struct neural_reason *why)
{
	const struct neural_tensor *ids = node->in[0], *table = node->in[1];
	struct neural_tensor *y = node->out;

	if (ids->dtype != NEURAL_S8 && ids->dtype != NEURAL_S16 && ids->dtype != NEURAL_S32)
		return neural_node_bad(why, "numbers are not S8, S16 or S32");
	if (ids->zero_point || ids->frac)
		return neural_node_bad(why, "numbers are not plain integers");
	if (table->dtype != NEURAL_S8 || table->rank != 2)
		return neural_node_bad(why, "table is not an S8 matrix");
	if (!neural_tensor_same_kind(table, y))
		return neural_node_bad(why, "table and output differ in kind");
	if (y->rank != ids->rank + 1 || y->dim[ids->rank] != table->dim[1] ||
	    memcmp(y->dim, ids->dim, ids->rank * sizeof(ids->dim[0])))
		return neural_node_bad(why, "output is not one row of the table per number");
	y->lo = table->lo;
	y->hi = table->hi;
	return 0;
}

int neural_embedding_prepare(struct neural_account *account,
			     const struct neural_node *node, u32 part,
			     struct neural_step *step, struct neural_reason *why)
{
	const struct neural_tensor *table = node->in[1];
	struct neural_embedding *e;

	e = neural_mem_alloc(account, struct_size(e, table, table->elements));
	if (!e)
		return neural_refuse(why, -ENOMEM, "out of memory", 0);
	e->ids = node->in[0]->elements;
	e->dtype = node->in[0]->dtype;
	e->rows = table->dim[0];
	e->width = table->dim[1];
	memcpy(e->table, table->data, table->elements);
	step->params = e;
	return 0;
}

static s32 neural_embedding_id(const void *ids, u8 dtype, u32 i)
{
	switch (dtype) {
	case NEURAL_S8:
		return ((const s8 *)ids)[i];
	case NEURAL_S16:
		return ((const s16 *)ids)[i];
	default:
		return ((const s32 *)ids)[i];
	}
}

/* The number comes from outside: no speculation past the table either. */
static void neural_embedding_row(const struct neural_embedding *e, u8 *dst, const void *ids)
{
	u32 at, i;

	for (i = 0; i < e->ids; i++, dst += e->width) {
		at = clamp_t(s64, neural_embedding_id(ids, e->dtype, i), 0, e->rows - 1);
		at = array_index_nospec(at, e->rows);
		memcpy(dst, e->table + (size_t)at * e->width, e->width);
	}
}

void neural_embedding_run(const struct neural_step *step, struct neural_exec *x,
			  const struct neural_rows *dst, const struct neural_rows *src,
			  void *scratch)
{
	u32 r;

	for (r = 0; r < x->rows; r++) {
		neural_section_scalar(&x->section, step->macs);
		neural_embedding_row(step->params, neural_row(dst, r), neural_row(src, r));
	}
}
