/* SPDX-License-Identifier: GPL-2.0-only */
/* A network that can be run, whoever runs it: this program or the kernel. */
#ifndef _NEURALCTL_NET_H
#define _NEURALCTL_NET_H

#include <uapi/linux/neural_model.h>

/**
 * struct ctl_tensor - an input or output
 * @name: of it
 * @dtype: enum neural_dtype, never S4
 * @rank: dimensions
 * @dim: outermost first
 * @elements: product of @dim
 * @bytes: of one element
 * @at: where in a row
 * @zero_point: stands for 0.0
 * @frac: fraction bits
 * @scale: of a step, 0 for none
 */
struct ctl_tensor {
	const char *name;
	u8 dtype;
	u8 rank;
	u32 dim[NEURAL_MODEL_RANK];
	u32 elements;
	u32 bytes;
	size_t at;
	s32 zero_point;
	u32 frac;
	float scale;
};

/**
 * struct ctl_net - see above
 * @nr_inputs: inputs
 * @nr_outputs: outputs
 * @in: inputs
 * @out: outputs
 * @in_bytes: size of an input row
 * @out_bytes: size of an output row
 * @labels: of the elements of the first output, strings that follow each other
 * @nr_labels: how many
 * @run: run @rows rows; an enum ctl_exit, with a word said where not CTL_OK
 */
struct ctl_net {
	u32 nr_inputs;
	u32 nr_outputs;
	struct ctl_tensor in[NEURAL_MODEL_MAX_INPUTS];
	struct ctl_tensor out[NEURAL_MODEL_MAX_INPUTS];
	size_t in_bytes;
	size_t out_bytes;
	const char *labels;
	u32 nr_labels;
	int (*run)(struct ctl_net *net, const void *in, void *out, u32 rows);
};

/* Where the tensors are in a row of these @nr: one after the other, aligned. */
size_t ctl_net_place(struct ctl_tensor *tensors, u32 nr);

/* What the type is called. */
const char *ctl_dtype_name(u8 dtype);

/* Label of element @i, NULL where there is none. */
const char *ctl_net_label(const struct ctl_net *net, u32 i);

#endif /* _NEURALCTL_NET_H */
