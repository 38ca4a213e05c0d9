/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Batch normalisation, folded into what precedes it or made a multiply-add.
 */
#ifndef _NEURAL_Q16_BATCH_NORM_H
#define _NEURAL_Q16_BATCH_NORM_H

#include "env.h"

/*
 * Fraction bits of a coefficient.  Half an LSB of it, times the largest weight,
 * is 2^-10 LSB of the folded weight: rounding that is all one ever sees.
 */
#define NEURAL_Q16_AFFINE_BITS	40

/* A coefficient at or above 2^21 is out of range. */
#define NEURAL_Q16_AFFINE_LIMIT	21

/**
 * struct neural_q16_affine - y = (x - @mean) * @scale + @beta, one channel
 * @scale: gamma / sqrt(variance + epsilon), NEURAL_Q16_AFFINE_BITS fraction bits,
 *	magnitude at most 2^61
 * @mean: Q16.16
 * @beta: Q16.16
 */
struct neural_q16_affine {
	s64 scale;
	s32 mean;
	s32 beta;
};

/**
 * neural_q16_bn_coeff - the coefficients of one channel
 * @out: filled in on success, untouched otherwise
 * @gamma: Q16.16
 * @beta: Q16.16
 * @mean: Q16.16
 * @variance: Q16.16, not negative
 * @epsilon: Q0.32: 42950 is 1e-5, 4294967 is 1e-3
 *
 * The scale is the real gamma / sqrt(variance + epsilon), rounded once, to nearest;
 * it never lies half way, for want of 41 factors of two in the root.
 *
 * Return: 0; -EINVAL if @variance is negative or @variance + @epsilon is zero;
 * -ERANGE if the scale is 2^21 or more.
 */
int neural_q16_bn_coeff(struct neural_q16_affine *out, s32 gamma, s32 beta, s32 mean,
			s32 variance, u32 epsilon);

/**
 * neural_q16_bn_fold_row - fold a channel into the weights that produce it
 * @bn: the channel
 * @w: @k weights of one output; w' = round(w * scale)
 * @k: number of weights
 * @b: bias of the output; b' = round((b - mean) * scale) + beta
 *
 * Both roundings are half up of the exact product.
 *
 * Return: 0; -ERANGE if a result does not fit s32, and then nothing has changed.
 */
int neural_q16_bn_fold_row(const struct neural_q16_affine *bn, s32 *w, u32 k, s32 *b);

/**
 * neural_q16_bn_scale - a channel as operands of neural_q16_scale()
 * @bn: the channel
 * @scale: Q16.16, round(scale)
 * @shift: Q16.16, beta + round(-mean * @scale)
 *
 * The shift is made with the rounded scale, so that what rounding it costs grows
 * with the distance of an input from the mean and not from zero.
 *
 * Return: 0; -ERANGE if a result does not fit s32, and then nothing is written.
 */
int neural_q16_bn_scale(const struct neural_q16_affine *bn, s32 *scale, s32 *shift);

#endif /* _NEURAL_Q16_BATCH_NORM_H */
