/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * The model file: a network as it is stored, verified and loaded.
 *
 * Everything is little-endian.  A header, a table of sections, then the sections in
 * the order of the table, each at a multiple of NEURAL_MODEL_ALIGN; bytes between
 * them are zero.  See Documentation/model-format.rst.
 */
#ifndef _UAPI_LINUX_NEURAL_MODEL_H
#define _UAPI_LINUX_NEURAL_MODEL_H

#include <linux/types.h>

#define NEURAL_MODEL_MAGIC	0x5255454eU	/* "NEUR" */
#define NEURAL_MODEL_VERSION	1
#define NEURAL_MODEL_ALIGN	64		/* of sections and of constants */
#define NEURAL_MODEL_RANK	6		/* most dimensions of a tensor */
#define NEURAL_MODEL_ATTRS	20		/* integers of an op */
#define NEURAL_MODEL_NONE	0xffffffffU	/* no tensor, no string */

/* Limits, whatever the file says. */
#define NEURAL_MODEL_MAX_BYTES		(1U << 31)	/* of the file */
#define NEURAL_MODEL_MAX_TENSORS	65536
#define NEURAL_MODEL_MAX_OPS		16384
#define NEURAL_MODEL_MAX_OPERANDS	262144
#define NEURAL_MODEL_MAX_SECTIONS	16
#define NEURAL_MODEL_MAX_INPUTS		16	/* and outputs, of the model */
#define NEURAL_MODEL_MAX_ELEMENTS	(1U << 30)	/* of one tensor */
#define NEURAL_MODEL_MAX_RANGES		4096

/**
 * struct neural_model_header - first bytes of the file
 * @magic: NEURAL_MODEL_MAGIC
 * @version: NEURAL_MODEL_VERSION; a reader refuses any other
 * @header_bytes: size of this header, where the section table begins; readers
 *	accept larger ones whose additional bytes are zero
 * @file_bytes: size of the whole file
 * @crc: CRC-32C (Castagnoli) of the whole file with this field taken as zero
 * @flags: features a reader must know; none is defined, so zero
 * @nr_sections: entries of the section table
 * @inputs: first of the operands that list the model's input tensors
 * @nr_inputs: how many, at least 1
 * @outputs: first of the operands that list the model's output tensors
 * @nr_outputs: how many, at least 1
 * @reserved: zero
 */
struct neural_model_header {
	__le32 magic;
	__le16 version;
	__le16 header_bytes;
	__le64 file_bytes;
	__le32 crc;
	__le32 flags;
	__le32 nr_sections;
	__le32 inputs;
	__le32 nr_inputs;
	__le32 outputs;
	__le32 nr_outputs;
	__le32 reserved[5];
};

enum neural_model_section_kind {
	NEURAL_SECTION_TENSORS = 1,	/* struct neural_model_tensor */
	NEURAL_SECTION_OPERANDS = 2,	/* __le32 numbers of tensors, or NONE */
	NEURAL_SECTION_OPS = 3,		/* struct neural_model_op, in order of execution */
	NEURAL_SECTION_STRINGS = 4,	/* NUL-terminated UTF-8; the last byte is NUL */
	NEURAL_SECTION_META = 5,	/* one struct neural_model_meta */
	NEURAL_SECTION_DATA = 6,	/* constants */
	NEURAL_SECTION_RANGES = 7,	/* struct neural_model_range; optional */
};

/* A reader that does not know the kind may pass the section by. */
#define NEURAL_SECTION_OPTIONAL	1

/**
 * struct neural_model_section - entry of the section table
 * @kind: enum neural_model_section_kind; each kind at most once
 * @flags: NEURAL_SECTION_OPTIONAL
 * @entry_bytes: size of one entry; readers accept larger ones than they know whose
 *	additional bytes are zero; 1 for strings and data
 * @offset: from the start of the file, a multiple of NEURAL_MODEL_ALIGN, not before
 *	the end of the section before
 * @bytes: a multiple of @entry_bytes
 * @reserved: zero
 */
struct neural_model_section {
	__le16 kind;
	__le16 flags;
	__le32 entry_bytes;
	__le64 offset;
	__le64 bytes;
	__le64 reserved;
};

/* Type of the elements of a tensor. */
enum neural_dtype {
	NEURAL_S8 = 1,
	NEURAL_S16 = 2,
	NEURAL_S32 = 3,
	NEURAL_S64 = 4,
	NEURAL_S4 = 5,		/* constants only; two a byte, low nibble first */
};

/* Its contents are in the data section. */
#define NEURAL_TENSOR_CONST	1

/**
 * struct neural_model_tensor - entry of the tensors section
 * @name: offset in the strings, or NONE
 * @dtype: enum neural_dtype
 * @rank: dimensions, 0 .. NEURAL_MODEL_RANK; 0 is one element
 * @flags: NEURAL_TENSOR_CONST
 * @dim: outermost first, row-major, none of them zero; zero past @rank
 * @data: offset in the data section, a multiple of NEURAL_MODEL_ALIGN; zero where not
 *	constant
 * @scale: IEEE single, real = scale * (value - zero_point); for people and tools, no
 *	result depends on it; zero for none
 * @zero_point: S8 and S16: the value that stands for 0.0; S4 and others: zero
 * @frac: S16, S32 and S64 in fixed point: fraction bits, 0 .. 31
 * @reserved: zero
 *
 * An S4 tensor with an odd number of elements ends in a nibble of zero.
 */
struct neural_model_tensor {
	__le32 name;
	__u8 dtype;
	__u8 rank;
	__le16 flags;
	__le32 dim[NEURAL_MODEL_RANK];
	__le64 data;
	__le32 scale;
	__le32 zero_point;
	__le32 frac;
	__le32 reserved[3];
};

/**
 * struct neural_model_op - entry of the ops section
 * @code: enum neural_model_op_code
 * @nr_inputs: operands read
 * @nr_outputs: operands written; 1
 * @name: offset in the strings, or NONE
 * @operands: first of its operands, inputs before outputs
 * @reserved: zero
 * @attr: integers by the enum of its code, zero past them
 *
 * Whatever is read is a model input, a constant, or written by an op before; nothing
 * is written twice.
 */
struct neural_model_op {
	__le16 code;
	__u8 nr_inputs;
	__u8 nr_outputs;
	__le32 name;
	__le32 operands;
	__le32 reserved;
	__le32 attr[NEURAL_MODEL_ATTRS];
};

/**
 * struct neural_model_meta - for people
 * @name: of the model, a string or NONE
 * @description: a string or NONE
 * @producer: what made the file, a string or NONE
 * @labels: of the outputs in their order, the first of @nr_labels strings that follow
 *	each other, or NONE
 * @nr_labels: how many
 * @reserved: zero
 */
struct neural_model_meta {
	__le32 name;
	__le32 description;
	__le32 producer;
	__le32 labels;
	__le32 nr_labels;
	__le32 reserved[3];
};

/* Of a model output, not of a model input. */
#define NEURAL_RANGE_OUTPUT	1

/**
 * struct neural_model_range - what elements of an input or output usually are
 * @flags: NEURAL_RANGE_OUTPUT
 * @index: which of the model's inputs or outputs
 * @first: first of its elements this is about
 * @count: how many, not 0
 * @lo: smallest value, as the element is stored
 * @hi: largest, not below @lo
 *
 * Inputs before outputs, by @index and then by @first, and no element twice; those
 * that are in none may be anything.  No result depends on a range of an input.
 */
struct neural_model_range {
	__le32 flags;
	__le32 index;
	__le32 first;
	__le32 count;
	__le64 lo;
	__le64 hi;
};

/*
 * What an op computes is defined in Documentation/numerics.rst.  Codes are never used
 * anew.  Operands in square brackets may be NONE.
 */
enum neural_model_op_code {
	NEURAL_OP_NONE = 0,
	/* fixed point: x, w[n,k], [bias[n]] -> y */
	NEURAL_OP_DENSE = 1,
	/* fixed point: x, factor[n], addend[n] -> y */
	NEURAL_OP_SCALE = 2,
	/* Q16.16 over the last dimension: x -> y */
	NEURAL_OP_SOFTMAX_FIXED = 3,
	/* S8: x, w[n,k], [bias[n]], multiplier[1 or n], shift[same] -> y */
	NEURAL_OP_FULLY_CONNECTED = 4,
	/* S8, NHWC: x, w[o,kh,kw,i], [bias[o]], multiplier[1 or o], shift[same] -> y */
	NEURAL_OP_CONV_2D = 5,
	/* S8, NHWC: x, w[1,kh,kw,o], [bias[o]], multiplier[1 or o], shift[same] -> y */
	NEURAL_OP_DEPTHWISE_CONV_2D = 6,
	NEURAL_OP_AVERAGE_POOL_2D = 7,		/* S8: x -> y */
	NEURAL_OP_MAX_POOL_2D = 8,		/* S8: x -> y */
	NEURAL_OP_MEAN = 9,			/* S8: x -> y */
	NEURAL_OP_ADD = 10,			/* S8, broadcast: a, b -> y */
	NEURAL_OP_SUB = 11,			/* S8, broadcast: a, b -> y */
	NEURAL_OP_MUL = 12,			/* S8, broadcast: a, b -> y */
	NEURAL_OP_CONCAT = 13,			/* any: x, x, ... -> y */
	NEURAL_OP_RESHAPE = 14,			/* any: x -> y */
	NEURAL_OP_PAD = 15,			/* S8: x -> y */
	NEURAL_OP_TRANSPOSE = 16,		/* any: x -> y */
	NEURAL_OP_SLICE = 17,			/* any: x -> y */
	NEURAL_OP_RESIZE_NEAREST = 18,		/* S8, NHWC: x, row[oh], column[ow] -> y */
	NEURAL_OP_SOFTMAX = 19,			/* S8 over the last dimension: x -> y */
	NEURAL_OP_RELU = 20,			/* S8: x -> y */
	NEURAL_OP_LEAKY_RELU = 21,		/* S8: x -> y */
	NEURAL_OP_HARD_SWISH = 22,		/* S8: x -> y */
	NEURAL_OP_LOGISTIC = 23,		/* S8: x -> y */
	NEURAL_OP_TANH = 24,			/* S8: x -> y */
	NEURAL_OP_REQUANTIZE = 25,		/* S8: x -> y */
	NEURAL_OP_LUT = 26,			/* S8: x, table[256] -> y = table[x + 128] */
	NEURAL_OP_QUANTIZE = 27,		/* S32 fixed -> S8: x -> y */
	NEURAL_OP_DEQUANTIZE = 28,		/* S8 -> S32 fixed: x -> y */
	NEURAL_OP_EMBEDDING = 29,		/* S8, S16, S32 ids, S8 table[v,d] -> y */
	NEURAL_OP_LAYER_NORM = 30,		/* S8: x, gamma[n], [beta[n]] -> y */
	NEURAL_OP_RMS_NORM = 31,		/* S8: x, gamma[n] -> y */
	NEURAL_OP_BATCH_MATMUL = 32,		/* S8: a[..,m,k], b[..,k,n] -> y */
	NEURAL_NR_OPS
};

/* attr[] of NEURAL_OP_DENSE and NEURAL_OP_SCALE */
enum neural_attr_dense {
	NEURAL_DENSE_SHIFT,		/* right shift of the sum, rounding, 0 .. 62 */
	NEURAL_DENSE_BIAS_SHIFT,	/* left shift of the bias, 0 .. 31 */
	NEURAL_DENSE_ACTIVATION,	/* enum neural_activation: 0 linear, 1 relu, ... */
	NEURAL_DENSE_SLOPE,		/* leaky_relu, Q0.31, not negative */
};

/*
 * Bounds of the result, wherever an op has them, are S8 values that include a fused
 * activation.  A multiplier is Q0.31, a shift is to the left where positive.
 */

/* NEURAL_OP_FULLY_CONNECTED */
enum neural_attr_fc {
	NEURAL_FC_MIN,
	NEURAL_FC_MAX,
};

/* NEURAL_OP_CONV_2D, NEURAL_OP_DEPTHWISE_CONV_2D */
enum neural_attr_conv {
	NEURAL_CONV_STRIDE_H,
	NEURAL_CONV_STRIDE_W,
	NEURAL_CONV_DILATION_H,
	NEURAL_CONV_DILATION_W,
	NEURAL_CONV_PAD_TOP,
	NEURAL_CONV_PAD_BOTTOM,
	NEURAL_CONV_PAD_LEFT,
	NEURAL_CONV_PAD_RIGHT,
	NEURAL_CONV_MIN,
	NEURAL_CONV_MAX,
};

/* NEURAL_OP_AVERAGE_POOL_2D, NEURAL_OP_MAX_POOL_2D */
enum neural_attr_pool {
	NEURAL_POOL_KERNEL_H,
	NEURAL_POOL_KERNEL_W,
	NEURAL_POOL_STRIDE_H,
	NEURAL_POOL_STRIDE_W,
	NEURAL_POOL_PAD_TOP,
	NEURAL_POOL_PAD_BOTTOM,
	NEURAL_POOL_PAD_LEFT,
	NEURAL_POOL_PAD_RIGHT,
	NEURAL_POOL_MIN,
	NEURAL_POOL_MAX,
};

/* NEURAL_OP_MEAN */
enum neural_attr_mean {
	NEURAL_MEAN_AXES,		/* bit d: dimension d is averaged over */
	NEURAL_MEAN_MULTIPLIER,		/* the division is in it */
	NEURAL_MEAN_SHIFT,
};

/* NEURAL_OP_ADD, NEURAL_OP_SUB */
enum neural_attr_add {
	NEURAL_ADD_LEFT_SHIFT,
	NEURAL_ADD_MULTIPLIER_A,
	NEURAL_ADD_SHIFT_A,
	NEURAL_ADD_MULTIPLIER_B,
	NEURAL_ADD_SHIFT_B,
	NEURAL_ADD_MULTIPLIER,
	NEURAL_ADD_SHIFT,
	NEURAL_ADD_MIN,
	NEURAL_ADD_MAX,
};

/* NEURAL_OP_MUL, NEURAL_OP_RELU, NEURAL_OP_REQUANTIZE (without bounds) */
enum neural_attr_rescale {
	NEURAL_RESCALE_MULTIPLIER,
	NEURAL_RESCALE_SHIFT,
	NEURAL_RESCALE_MIN,
	NEURAL_RESCALE_MAX,
};

/* NEURAL_OP_CONCAT */
enum neural_attr_concat {
	NEURAL_CONCAT_AXIS,
};

/* NEURAL_OP_PAD: + d for dimension d */
enum neural_attr_pad {
	NEURAL_PAD_BEFORE,
	NEURAL_PAD_AFTER = NEURAL_PAD_BEFORE + NEURAL_MODEL_RANK,
	NEURAL_PAD_VALUE = NEURAL_PAD_AFTER + NEURAL_MODEL_RANK,
};

/* NEURAL_OP_TRANSPOSE: + d: which input dimension becomes dimension d */
enum neural_attr_transpose {
	NEURAL_TRANSPOSE_PERM,
};

/* NEURAL_OP_SLICE: + d; the output's shape says how many; strides may be negative */
enum neural_attr_slice {
	NEURAL_SLICE_BEGIN,
	NEURAL_SLICE_STRIDE = NEURAL_SLICE_BEGIN + NEURAL_MODEL_RANK,
};

/* NEURAL_OP_SOFTMAX */
enum neural_attr_softmax {
	NEURAL_SOFTMAX_MULTIPLIER,
	NEURAL_SOFTMAX_SHIFT,
	NEURAL_SOFTMAX_DIFF_MIN,
};

/* NEURAL_OP_LEAKY_RELU */
enum neural_attr_leaky_relu {
	NEURAL_LEAKY_MULTIPLIER,	/* where not negative */
	NEURAL_LEAKY_SHIFT,
	NEURAL_LEAKY_MULTIPLIER_ALPHA,	/* where negative */
	NEURAL_LEAKY_SHIFT_ALPHA,
};

/* NEURAL_OP_HARD_SWISH: multipliers are Q0.15 */
enum neural_attr_hard_swish {
	NEURAL_HARD_SWISH_MULTIPLIER,
	NEURAL_HARD_SWISH_SHIFT,
	NEURAL_HARD_SWISH_RELU_MULTIPLIER,
	NEURAL_HARD_SWISH_RELU_SHIFT,
};

/* NEURAL_OP_LOGISTIC, NEURAL_OP_TANH */
enum neural_attr_sigmoid {
	NEURAL_SIGMOID_RADIUS,		/* from here on it is saturated */
	NEURAL_SIGMOID_MULTIPLIER,
	NEURAL_SIGMOID_SHIFT,		/* to the left */
};

/* NEURAL_OP_QUANTIZE, NEURAL_OP_DEQUANTIZE: value * multiplier * 2^(shift - 31) */
enum neural_attr_quantize {
	NEURAL_QUANTIZE_MULTIPLIER,
	NEURAL_QUANTIZE_SHIFT,
};

/* NEURAL_OP_LAYER_NORM, NEURAL_OP_RMS_NORM */
enum neural_attr_norm {
	NEURAL_NORM_MULTIPLIER,
	NEURAL_NORM_SHIFT,
	NEURAL_NORM_EPSILON,		/* in squared input steps, Q16.16, not negative */
	NEURAL_NORM_MIN,
	NEURAL_NORM_MAX,
};

/* NEURAL_OP_BATCH_MATMUL */
enum neural_attr_matmul {
	NEURAL_MATMUL_MULTIPLIER,
	NEURAL_MATMUL_SHIFT,
	NEURAL_MATMUL_ADJ_A,		/* a is [..,k,m] */
	NEURAL_MATMUL_ADJ_B,		/* b is [..,n,k] */
	NEURAL_MATMUL_MIN,
	NEURAL_MATMUL_MAX,
};

#endif /* _UAPI_LINUX_NEURAL_MODEL_H */
