// SPDX-License-Identifier: GPL-2.0-only
#include "copy.h"

void neural_copy_add(struct neural_copy *copy, u32 count, s64 from, s64 to)
{
	copy->loop[copy->nr++] = (struct neural_copy_loop){ count, from, to };
}

void neural_copy_collapse(struct neural_copy *copy)
{
	struct neural_copy_loop *loop = copy->loop;
	u32 i, nr = 0;

	for (i = 0; i < copy->nr; i++) {
		if (loop[i].count == 1)
			continue;
		if (nr && loop[nr - 1].from == loop[i].from * loop[i].count &&
		    loop[nr - 1].to == loop[i].to * loop[i].count) {
			loop[i].count *= loop[nr - 1].count;
			nr--;
		}
		loop[nr++] = loop[i];
	}
	if (nr && loop[nr - 1].from == copy->size && loop[nr - 1].to == copy->size)
		copy->size *= loop[--nr].count;
	copy->nr = nr;
}

const struct neural_copy *neural_copy_make(struct neural_account *account,
					   struct neural_copy *copy)
{
	struct neural_copy *made = neural_mem_alloc(account, sizeof(*made));

	if (!made)
		return NULL;
	neural_copy_collapse(copy);
	*made = *copy;
	return made;
}

/* Where @size is known to the compiler a piece is a move and not a call. */
static __always_inline void neural_copy_pieces(const struct neural_copy_loop *loop,
					       size_t size, u8 *dst, const u8 *src)
{
	u32 i;

	for (i = 0; i < loop->count; i++, dst += loop->to, src += loop->from)
		memcpy(dst, src, size);
}

static void neural_copy_line(const struct neural_copy_loop *loop, size_t size, u8 *dst,
			     const u8 *src)
{
	switch (size) {
	case 1:
		neural_copy_pieces(loop, 1, dst, src);
		break;
	case 2:
		neural_copy_pieces(loop, 2, dst, src);
		break;
	case 4:
		neural_copy_pieces(loop, 4, dst, src);
		break;
	case 8:
		neural_copy_pieces(loop, 8, dst, src);
		break;
	default:
		neural_copy_pieces(loop, size, dst, src);
		break;
	}
}

void neural_copy(const struct neural_copy *copy, void *dst, const void *src)
{
	const struct neural_copy_loop *loop = copy->loop;
	u32 at[NEURAL_MODEL_RANK] = { };
	const u8 *from = (const u8 *)src + copy->from;
	u8 *to = (u8 *)dst + copy->to;
	int d;

	if (!copy->nr) {
		memcpy(to, from, copy->size);
		return;
	}
	do {
		neural_copy_line(&loop[copy->nr - 1], copy->size, to, from);
		for (d = (int)copy->nr - 2; d >= 0; d--) {
			from += loop[d].from;
			to += loop[d].to;
			if (++at[d] < loop[d].count)
				break;
			from -= loop[d].from * loop[d].count;
			to -= loop[d].to * loop[d].count;
			at[d] = 0;
		}
	} while (d >= 0);
}

void neural_copy_run(const struct neural_step *step, struct neural_exec *x,
		     const struct neural_rows *dst, const struct neural_rows *src,
		     void *scratch)
{
	u32 r;

	for (r = 0; r < x->rows; r++) {
		neural_section_scalar(&x->section, step->macs);
		neural_copy(step->params, neural_row(dst, r), neural_row(src, r));
	}
}

void neural_copy_pitches(const struct neural_tensor *t, s64 pitch[NEURAL_MODEL_RANK])
{
	s64 bytes = neural_dtype_bits(t->dtype) / 8;
	int d;

	for (d = (int)t->rank - 1; d >= 0; d--) {
		pitch[d] = bytes;
		bytes *= t->dim[d];
	}
}
