// SPDX-License-Identifier: GPL-2.0-only
/*
 * The model file as it has been from its first version on: files outlive the code that
 * wrote them, so nothing in here changes, and whatever makes it fail is wrong.
 */
#include "model.h"

#define NEURAL_AT(type, member, at)					\
	static_assert(offsetof(struct neural_model_##type, member) == (at))
#define NEURAL_IS(name, value)	static_assert(NEURAL_##name == (value))

static_assert(sizeof(struct neural_model_header) == 64);
NEURAL_AT(header, magic, 0);
NEURAL_AT(header, version, 4);
NEURAL_AT(header, header_bytes, 6);
NEURAL_AT(header, file_bytes, 8);
NEURAL_AT(header, crc, 16);
NEURAL_AT(header, flags, 20);
NEURAL_AT(header, nr_sections, 24);
NEURAL_AT(header, inputs, 28);
NEURAL_AT(header, nr_inputs, 32);
NEURAL_AT(header, outputs, 36);
NEURAL_AT(header, nr_outputs, 40);
NEURAL_AT(header, reserved, 44);

static_assert(sizeof(struct neural_model_section) == 32);
NEURAL_AT(section, kind, 0);
NEURAL_AT(section, flags, 2);
NEURAL_AT(section, entry_bytes, 4);
NEURAL_AT(section, offset, 8);
NEURAL_AT(section, bytes, 16);
NEURAL_AT(section, reserved, 24);

static_assert(sizeof(struct neural_model_tensor) == 64);
NEURAL_AT(tensor, name, 0);
NEURAL_AT(tensor, dtype, 4);
NEURAL_AT(tensor, rank, 5);
NEURAL_AT(tensor, flags, 6);
NEURAL_AT(tensor, dim, 8);
NEURAL_AT(tensor, data, 32);
NEURAL_AT(tensor, scale, 40);
NEURAL_AT(tensor, zero_point, 44);
NEURAL_AT(tensor, frac, 48);
NEURAL_AT(tensor, reserved, 52);

static_assert(sizeof(struct neural_model_op) == 96);
NEURAL_AT(op, code, 0);
NEURAL_AT(op, nr_inputs, 2);
NEURAL_AT(op, nr_outputs, 3);
NEURAL_AT(op, name, 4);
NEURAL_AT(op, operands, 8);
NEURAL_AT(op, reserved, 12);
NEURAL_AT(op, attr, 16);

static_assert(sizeof(struct neural_model_meta) == 32);
NEURAL_AT(meta, name, 0);
NEURAL_AT(meta, description, 4);
NEURAL_AT(meta, producer, 8);
NEURAL_AT(meta, labels, 12);
NEURAL_AT(meta, nr_labels, 16);
NEURAL_AT(meta, reserved, 20);

static_assert(sizeof(struct neural_model_range) == 32);
NEURAL_AT(range, flags, 0);
NEURAL_AT(range, index, 4);
NEURAL_AT(range, first, 8);
NEURAL_AT(range, count, 12);
NEURAL_AT(range, lo, 16);
NEURAL_AT(range, hi, 24);

NEURAL_IS(MODEL_MAGIC, 0x5255454e);
NEURAL_IS(MODEL_VERSION, 1);
NEURAL_IS(MODEL_ALIGN, 64);
NEURAL_IS(MODEL_RANK, 6);
NEURAL_IS(MODEL_ATTRS, 20);
NEURAL_IS(MODEL_NONE, U32_MAX);
NEURAL_IS(SECTION_TENSORS, 1);
NEURAL_IS(SECTION_OPERANDS, 2);
NEURAL_IS(SECTION_OPS, 3);
NEURAL_IS(SECTION_STRINGS, 4);
NEURAL_IS(SECTION_META, 5);
NEURAL_IS(SECTION_DATA, 6);
NEURAL_IS(SECTION_RANGES, 7);
NEURAL_IS(SECTION_OPTIONAL, 1);
NEURAL_IS(S8, 1);
NEURAL_IS(S16, 2);
NEURAL_IS(S32, 3);
NEURAL_IS(S64, 4);
NEURAL_IS(S4, 5);
NEURAL_IS(TENSOR_CONST, 1);
NEURAL_IS(RANGE_OUTPUT, 1);

NEURAL_IS(OP_NONE, 0);
NEURAL_IS(OP_DENSE, 1);
NEURAL_IS(OP_SCALE, 2);
NEURAL_IS(OP_SOFTMAX_FIXED, 3);
NEURAL_IS(OP_FULLY_CONNECTED, 4);
NEURAL_IS(OP_CONV_2D, 5);
NEURAL_IS(OP_DEPTHWISE_CONV_2D, 6);
NEURAL_IS(OP_AVERAGE_POOL_2D, 7);
NEURAL_IS(OP_MAX_POOL_2D, 8);
NEURAL_IS(OP_MEAN, 9);
NEURAL_IS(OP_ADD, 10);
NEURAL_IS(OP_SUB, 11);
NEURAL_IS(OP_MUL, 12);
NEURAL_IS(OP_CONCAT, 13);
NEURAL_IS(OP_RESHAPE, 14);
NEURAL_IS(OP_PAD, 15);
NEURAL_IS(OP_TRANSPOSE, 16);
NEURAL_IS(OP_SLICE, 17);
NEURAL_IS(OP_RESIZE_NEAREST, 18);
NEURAL_IS(OP_SOFTMAX, 19);
NEURAL_IS(OP_RELU, 20);
NEURAL_IS(OP_LEAKY_RELU, 21);
NEURAL_IS(OP_HARD_SWISH, 22);
NEURAL_IS(OP_LOGISTIC, 23);
NEURAL_IS(OP_TANH, 24);
NEURAL_IS(OP_REQUANTIZE, 25);
NEURAL_IS(OP_LUT, 26);
NEURAL_IS(OP_QUANTIZE, 27);
NEURAL_IS(OP_DEQUANTIZE, 28);
NEURAL_IS(OP_EMBEDDING, 29);
NEURAL_IS(OP_LAYER_NORM, 30);
NEURAL_IS(OP_RMS_NORM, 31);
NEURAL_IS(OP_BATCH_MATMUL, 32);

/* Where attributes of one operation come in runs, or another says how many there are. */
NEURAL_IS(DENSE_SLOPE, 3);
NEURAL_IS(FC_MAX, 1);
NEURAL_IS(CONV_STRIDE_H, 0);
NEURAL_IS(CONV_DILATION_H, 2);
NEURAL_IS(CONV_PAD_TOP, 4);
NEURAL_IS(CONV_MIN, 8);
NEURAL_IS(CONV_MAX, 9);
NEURAL_IS(POOL_STRIDE_H, 2);
NEURAL_IS(POOL_PAD_TOP, 4);
NEURAL_IS(POOL_MIN, 8);
NEURAL_IS(POOL_MAX, 9);
NEURAL_IS(MEAN_SHIFT, 2);
NEURAL_IS(ADD_MULTIPLIER_A, 1);
NEURAL_IS(ADD_MULTIPLIER_B, 3);
NEURAL_IS(ADD_MULTIPLIER, 5);
NEURAL_IS(ADD_MIN, 7);
NEURAL_IS(ADD_MAX, 8);
NEURAL_IS(RESCALE_MULTIPLIER, 0);
NEURAL_IS(RESCALE_SHIFT, 1);
NEURAL_IS(RESCALE_MIN, 2);
NEURAL_IS(RESCALE_MAX, 3);
NEURAL_IS(CONCAT_AXIS, 0);
NEURAL_IS(PAD_BEFORE, 0);
NEURAL_IS(PAD_AFTER, 6);
NEURAL_IS(PAD_VALUE, 12);
NEURAL_IS(TRANSPOSE_PERM, 0);
NEURAL_IS(SLICE_BEGIN, 0);
NEURAL_IS(SLICE_STRIDE, 6);
NEURAL_IS(SOFTMAX_DIFF_MIN, 2);
NEURAL_IS(LEAKY_MULTIPLIER_ALPHA, 2);
NEURAL_IS(LEAKY_SHIFT_ALPHA, 3);
NEURAL_IS(HARD_SWISH_RELU_MULTIPLIER, 2);
NEURAL_IS(HARD_SWISH_RELU_SHIFT, 3);
NEURAL_IS(SIGMOID_RADIUS, 0);
NEURAL_IS(SIGMOID_SHIFT, 2);
NEURAL_IS(QUANTIZE_SHIFT, 1);
NEURAL_IS(NORM_EPSILON, 2);
NEURAL_IS(NORM_MIN, 3);
NEURAL_IS(NORM_MAX, 4);
NEURAL_IS(MATMUL_ADJ_A, 2);
NEURAL_IS(MATMUL_ADJ_B, 3);
NEURAL_IS(MATMUL_MIN, 4);
NEURAL_IS(MATMUL_MAX, 5);
