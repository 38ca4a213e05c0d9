/* SPDX-License-Identifier: GPL-2.0-only */
/* The shapes that every library is measured on.  C and C++. */
#ifndef _NEURAL_BENCH_PEER_H
#define _NEURAL_BENCH_PEER_H

enum bench_kind {
	BENCH_MLP,	/* bytes: in, hidden with relu, out; @rows rows in one call */
	BENCH_GEMM,	/* bytes: in x in times in x in */
	BENCH_CONV,	/* bytes: stride 1, as large as its input, relu; a window per channel
			 * where depthwise
			 */
	BENCH_INTEGERS,	/* LinnOS: a peer has bytes or floats */
	BENCH_Q16,	/* Q16.16: likewise */
	BENCH_PRODUCT,	/* bytes: hidden times in x in times in x in, none of them constant */
	BENCH_SOFTMAX,	/* bytes: a vector of in; this and what follows counts no products */
	BENCH_LOGISTIC,	/* bytes: in of them */
	BENCH_ADD,	/* bytes: in sums */
};

/**
 * struct bench_shape - a piece of work
 * @name: the same in all libraries
 * @kind: what it is
 * @rows: rows of one call
 * @in: inputs, or input channels
 * @hidden: hidden units, 0 for none
 * @out: outputs, or output channels
 * @height: rows of the image
 * @width: columns
 * @kernel: rows and columns of the window
 * @depthwise: each output is made of one input
 * @best_only: at the best level alone: for the row of batches
 */
struct bench_shape {
	const char *name;
	enum bench_kind kind;
	unsigned int rows;
	unsigned int in;
	unsigned int hidden;
	unsigned int out;
	unsigned int height;
	unsigned int width;
	unsigned int kernel;
	bool depthwise;
	bool best_only;
};

static const struct bench_shape bench_shapes[] = {
	{ "mlp-b1", BENCH_MLP, 1, 784, 256, 10, 0, 0, 0, false, false },
	{ "mlp-b2", BENCH_MLP, 2, 784, 256, 10, 0, 0, 0, false, true },
	{ "mlp-b4", BENCH_MLP, 4, 784, 256, 10, 0, 0, 0, false, true },
	{ "mlp-b8", BENCH_MLP, 8, 784, 256, 10, 0, 0, 0, false, true },
	{ "mlp-b16", BENCH_MLP, 16, 784, 256, 10, 0, 0, 0, false, true },
	{ "mlp-b32", BENCH_MLP, 32, 784, 256, 10, 0, 0, 0, false, false },
	{ "mlp-b64", BENCH_MLP, 64, 784, 256, 10, 0, 0, 0, false, true },
	{ "gemm-256", BENCH_GEMM, 1, 256, 0, 256, 0, 0, 0, false, false },
	{ "gemm-512", BENCH_GEMM, 1, 512, 0, 512, 0, 0, 0, false, false },
	{ "linnos", BENCH_INTEGERS, 1, 31, 256, 2, 0, 0, 0, false, false },
	{ "mllb", BENCH_Q16, 1, 15, 10, 1, 0, 0, 0, false, false },
	{ "q16-256", BENCH_Q16, 1, 256, 0, 256, 0, 0, 0, false, false },
	{ "dw-3x3-64", BENCH_CONV, 1, 64, 0, 64, 25, 5, 3, true, false },
	{ "conv-1x1-64", BENCH_CONV, 1, 64, 0, 64, 25, 5, 1, false, false },
	{ "conv-3x3-16-32", BENCH_CONV, 1, 16, 0, 32, 32, 32, 3, false, false },
	{ "matmul-4x64", BENCH_PRODUCT, 1, 64, 4, 64, 0, 0, 0, false, false },
	{ "softmax-10", BENCH_SOFTMAX, 1, 10, 0, 10, 0, 0, 0, false, false },
	{ "softmax-1000", BENCH_SOFTMAX, 1, 1000, 0, 1000, 0, 0, 0, false, false },
	{ "logistic-4096", BENCH_LOGISTIC, 1, 4096, 0, 4096, 0, 0, 0, false, false },
	{ "add-4096", BENCH_ADD, 1, 4096, 0, 4096, 0, 0, 0, false, false },
};

#endif /* _NEURAL_BENCH_PEER_H */
