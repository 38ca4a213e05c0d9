// SPDX-License-Identifier: GPL-2.0-only
/* Resizing an image by repeating and dropping: where each cell comes from is given. */
#include "move.h"

/* Indices of process context that are gone through before others may run. */
#define RESIZE_CHUNK	4096

/* What moving a cell costs beside its bytes. */
#define RESIZE_CELL	8

/**
 * struct neural_resize - parameters; header of one block of memory
 * @batch: images
 * @from: height and width of the input
 * @to: of the output
 * @channels: bytes of a cell
 * @at: first byte of the line of each line of the output, then of the cell of each cell
 */
struct neural_resize {
	u32 batch;
	u32 from[2];
	u32 to[2];
	u32 channels;
	u32 at[];
};

static int neural_resize_verify_index(const struct neural_tensor *index, u32 count,
				      u32 limit, struct neural_reason *why)
{
	u32 i;

	if (index->dtype != NEURAL_S32 || index->rank != 1 || index->dim[0] != count)
		return neural_node_bad(why, "indices are not one S32 per line or column");
	for (i = 0; i < count; i++) {
		const s32 v = ((const s32 *)index->data)[i];

		if (v < 0 || v >= limit)
			return neural_refuse(why, -EINVAL, "index leaves the input", i);
		if (!(i % RESIZE_CHUNK))
			neural_pause();
	}
	return 0;
}

int neural_resize_verify(const struct neural_node *node, struct neural_reason *why)
{
	const struct neural_tensor *x = node->in[0];
	struct neural_tensor *y = node->out;
	int ret = neural_move_verify(x, y, why);

	if (ret)
		return ret;
	if (x->dtype != NEURAL_S8)
		return neural_node_bad(why, "input is not S8");
	if (x->rank != 4 || y->rank != 4)
		return neural_node_bad(why, "not of the shape of images");
	if (x->dim[0] != y->dim[0] || x->dim[3] != y->dim[3])
		return neural_node_bad(why, "resizing keeps batch and channels");
	ret = neural_resize_verify_index(node->in[1], y->dim[1], x->dim[1], why);
	if (!ret)
		ret = neural_resize_verify_index(node->in[2], y->dim[2], x->dim[2], why);
	y->lo = x->lo;
	y->hi = x->hi;
	return ret;
}

int neural_resize_prepare(struct neural_account *account, const struct neural_node *node,
			  u32 part, struct neural_step *step, struct neural_reason *why)
{
	const struct neural_tensor *x = node->in[0], *y = node->out;
	const s32 *row = node->in[1]->data, *column = node->in[2]->data;
	struct neural_resize *z;
	u32 i;

	z = neural_mem_alloc(account, struct_size(z, at, (size_t)y->dim[1] + y->dim[2]));
	if (!z)
		return neural_refuse(why, -ENOMEM, "out of memory", 0);
	z->batch = x->dim[0];
	z->channels = x->dim[3];
	for (i = 0; i < 2; i++) {
		z->from[i] = x->dim[1 + i];
		z->to[i] = y->dim[1 + i];
	}
	for (i = 0; i < z->to[0]; i++) {
		z->at[i] = row[i] * z->from[1] * z->channels;
		if (!(i % RESIZE_CHUNK))
			neural_pause();
	}
	for (i = 0; i < z->to[1]; i++) {
		z->at[z->to[0] + i] = column[i] * z->channels;
		if (!(i % RESIZE_CHUNK))
			neural_pause();
	}
	step->params = z;
	return 0;
}

/* A line that repeats the one before it is copied from there. */
static void neural_resize_image(const struct neural_resize *z, u8 *dst, const u8 *src)
{
	const size_t line = (size_t)z->to[1] * z->channels;
	const u32 *column = z->at + z->to[0];
	u32 i, j;

	for (i = 0; i < z->to[0]; i++, dst += line) {
		if (i && z->at[i] == z->at[i - 1]) {
			memcpy(dst, dst - line, line);
			continue;
		}
		for (j = 0; j < z->to[1]; j++)
			memcpy(dst + (size_t)j * z->channels, src + z->at[i] + column[j],
			       z->channels);
	}
}

void neural_resize_run(const struct neural_step *step, struct neural_exec *x,
		       const struct neural_rows *dst, const struct neural_rows *src,
		       void *scratch)
{
	const struct neural_resize *z = step->params;
	const size_t from = (size_t)z->from[0] * z->from[1] * z->channels;
	const size_t to = (size_t)z->to[0] * z->to[1] * z->channels;
	const u64 cells = (u64)z->batch * z->to[0] * z->to[1];
	u32 b, r;

	for (r = 0; r < x->rows; r++) {
		neural_section_scalar(&x->section, step->macs + RESIZE_CELL * cells);
		for (b = 0; b < z->batch; b++)
			neural_resize_image(z, (u8 *)neural_row(dst, r) + b * to,
					    (const u8 *)neural_row(src, r) + b * from);
	}
}
