/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A model file of two fully connected layers of S8 with random weights, and what it
 * gives.
 */
#ifndef _NEURAL_TEST_REFERENCE_S8_FILE_H
#define _NEURAL_TEST_REFERENCE_S8_FILE_H

#include "file.h"
#include "s8_map.h"

#define S8_FILE_IN	32
#define S8_FILE_HIDDEN	32
#define S8_FILE_OUT	16

/* Products of one over 2^9, which leaves sums of random ones in range. */
#define S8_FILE_MULTIPLIER	(1 << 30)
#define S8_FILE_SHIFT		(-8)

enum s8_file_tensor {
	S8_FILE_X, S8_FILE_W, S8_FILE_B, S8_FILE_H, S8_FILE_V, S8_FILE_C, S8_FILE_Y,
	S8_FILE_M, S8_FILE_S, S8_FILE_TENSORS
};

/**
 * struct s8_file_data - constants
 * @w: weights of the hidden layer
 * @b: its bias
 * @v: weights of the last layer
 * @c: its bias
 * @m: multiplier of both, and zeros
 * @s: shift of both, likewise
 *
 * Each is a multiple of NEURAL_MODEL_ALIGN long.
 */
struct s8_file_data {
	__s8 w[S8_FILE_HIDDEN][S8_FILE_IN];
	__le32 b[S8_FILE_HIDDEN];
	__s8 v[S8_FILE_OUT][S8_FILE_HIDDEN];
	__le32 c[S8_FILE_OUT];
	__le32 m[16];
	__le32 s[16];
};

/**
 * struct s8_file - the file
 * @header: of it
 * @sections: table
 * @tensors: by enum s8_file_tensor
 * @operands: input, output, and six of each layer
 * @ops: layers
 * @data: constants
 */
struct s8_file {
	struct neural_model_header header;
	struct neural_model_section sections[4];
	struct neural_model_tensor tensors[S8_FILE_TENSORS] __aligned(NEURAL_MODEL_ALIGN);
	__le32 operands[2 + 2 * 6] __aligned(NEURAL_MODEL_ALIGN);
	struct neural_model_op ops[2] __aligned(NEURAL_MODEL_ALIGN);
	struct s8_file_data data;
};

/* Zero points of the tensors that have one. */
static inline s32 s8_file_zero(enum s8_file_tensor t)
{
	return t == S8_FILE_X ? -3 : t == S8_FILE_H ? -100 : t == S8_FILE_Y ? 7 : 0;
}

static inline void s8_file_tensor(struct s8_file *file, enum s8_file_tensor t,
				  enum neural_dtype dtype, u32 rows, u32 columns,
				  const void *data)
{
	struct neural_model_tensor *tensor = &file->tensors[t];

	tensor->name = cpu_to_le32(NEURAL_MODEL_NONE);
	tensor->dtype = dtype;
	tensor->rank = rows ? 2 : 1;
	tensor->dim[0] = cpu_to_le32(rows ? rows : columns);
	if (rows)
		tensor->dim[1] = cpu_to_le32(columns);
	tensor->zero_point = cpu_to_le32(s8_file_zero(t));
	if (!data)
		return;
	tensor->flags = cpu_to_le16(NEURAL_TENSOR_CONST);
	tensor->data = cpu_to_le64((const char *)data - (const char *)&file->data);
}

static inline void s8_file_tensors(struct s8_file *file)
{
	struct s8_file_data *d = &file->data;

	s8_file_tensor(file, S8_FILE_X, NEURAL_S8, 1, S8_FILE_IN, NULL);
	s8_file_tensor(file, S8_FILE_W, NEURAL_S8, S8_FILE_HIDDEN, S8_FILE_IN, d->w);
	s8_file_tensor(file, S8_FILE_B, NEURAL_S32, 0, S8_FILE_HIDDEN, d->b);
	s8_file_tensor(file, S8_FILE_H, NEURAL_S8, 1, S8_FILE_HIDDEN, NULL);
	s8_file_tensor(file, S8_FILE_V, NEURAL_S8, S8_FILE_OUT, S8_FILE_HIDDEN, d->v);
	s8_file_tensor(file, S8_FILE_C, NEURAL_S32, 0, S8_FILE_OUT, d->c);
	s8_file_tensor(file, S8_FILE_Y, NEURAL_S8, 1, S8_FILE_OUT, NULL);
	s8_file_tensor(file, S8_FILE_M, NEURAL_S32, 0, 1, d->m);
	s8_file_tensor(file, S8_FILE_S, NEURAL_S32, 0, 1, d->s);
}

static inline void s8_file_ops(struct s8_file *file)
{
	static const u8 operands[] = {
		S8_FILE_X, S8_FILE_Y,
		S8_FILE_X, S8_FILE_W, S8_FILE_B, S8_FILE_M, S8_FILE_S, S8_FILE_H,
		S8_FILE_H, S8_FILE_V, S8_FILE_C, S8_FILE_M, S8_FILE_S, S8_FILE_Y,
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(operands); i++)
		file->operands[i] = cpu_to_le32(operands[i]);
	for (i = 0; i < 2; i++) {
		file_op(&file->ops[i], NEURAL_OP_FULLY_CONNECTED, 5, 2 + 6 * i);
		file->ops[i].attr[NEURAL_FC_MIN] = cpu_to_le32(i ? -128 : s8_file_zero(S8_FILE_H));
		file->ops[i].attr[NEURAL_FC_MAX] = cpu_to_le32(127);
	}
}

static inline void s8_file_fill(struct s8_file *file, u64 *seed)
{
	struct neural_model_section *s = file->sections;
	struct s8_file_data *d = &file->data;
	u32 i;

	memset(file, 0, sizeof(*file));
	file_header(&file->header, sizeof(*file), 4);
	file->header.nr_inputs = cpu_to_le32(1);
	file->header.outputs = cpu_to_le32(1);
	file->header.nr_outputs = cpu_to_le32(1);
	file_section(s, NEURAL_SECTION_TENSORS, file, file->tensors, sizeof(*file->tensors),
		     S8_FILE_TENSORS);
	file_section(s + 1, NEURAL_SECTION_OPERANDS, file, file->operands,
		     sizeof(*file->operands), ARRAY_SIZE(file->operands));
	file_section(s + 2, NEURAL_SECTION_OPS, file, file->ops, sizeof(*file->ops), 2);
	file_section(s + 3, NEURAL_SECTION_DATA, file, d, 1, sizeof(*d));
	s8_file_tensors(file);
	s8_file_ops(file);
	for (i = 0; i < S8_FILE_HIDDEN * S8_FILE_IN; i++)
		d->w[i / S8_FILE_IN][i % S8_FILE_IN] = reference_between(seed, -127, 127);
	for (i = 0; i < S8_FILE_OUT * S8_FILE_HIDDEN; i++)
		d->v[i / S8_FILE_HIDDEN][i % S8_FILE_HIDDEN] = reference_between(seed, -127, 127);
	for (i = 0; i < S8_FILE_HIDDEN; i++)
		d->b[i] = cpu_to_le32(reference_between(seed, -20000, 20000));
	for (i = 0; i < S8_FILE_OUT; i++)
		d->c[i] = cpu_to_le32(reference_between(seed, -20000, 20000));
	d->m[0] = cpu_to_le32(S8_FILE_MULTIPLIER);
	d->s[0] = cpu_to_le32(S8_FILE_SHIFT);
	file_seal(&file->header, sizeof(*file));
}

/* One output from @k inputs. */
static inline s8 s8_file_sum(const s8 *x, s32 x_zero, const s8 *w, __le32 bias, u32 k,
			     s32 zero, s32 low)
{
	s64 acc = (s32)le32_to_cpu(bias);
	u32 i;

	for (i = 0; i < k; i++)
		acc += (x[i] - x_zero) * w[i];
	acc = reference_rescale(acc, S8_FILE_MULTIPLIER, S8_FILE_SHIFT) + zero;
	return reference_clamp(acc, low, 127);
}

static inline void s8_file_answer(const struct s8_file *file, const s8 x[S8_FILE_IN],
				  s8 y[S8_FILE_OUT])
{
	const struct s8_file_data *d = &file->data;
	const s32 zero = s8_file_zero(S8_FILE_H);
	s8 h[S8_FILE_HIDDEN];
	u32 j;

	for (j = 0; j < S8_FILE_HIDDEN; j++)
		h[j] = s8_file_sum(x, s8_file_zero(S8_FILE_X), d->w[j], d->b[j], S8_FILE_IN,
				   zero, zero);
	for (j = 0; j < S8_FILE_OUT; j++)
		y[j] = s8_file_sum(h, zero, d->v[j], d->c[j], S8_FILE_HIDDEN,
				   s8_file_zero(S8_FILE_Y), -128);
}

#endif /* _NEURAL_TEST_REFERENCE_S8_FILE_H */
