/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * exp() and what is made of it, in 32-bit fixed point.
 *
 * Part of the definition of softmax, logistic and tanh over S8, to the last bit; see
 * Documentation/numerics.rst.  Qm.n has m bits before the point, n behind it and a sign;
 * the 1 of Q0.31 is S32_MAX.
 */
#ifndef _NEURAL_S8_EXP_H
#define _NEURAL_S8_EXP_H

#include "env.h"

/* exp(@x), Q0.31, for @x <= 0 in Q@whole.(31 - @whole), @whole 4 or 5. */
s32 neural_s8_exp(s32 x, u32 whole);

/* 1 / (1 + @x), Q0.31, for @x in 0 .. 1, Q0.31. */
s32 neural_s8_reciprocal(s32 x);

/* Of @x in Q4.27, greater than S32_MIN; Q0.31. */
s32 neural_s8_logistic(s32 x);
s32 neural_s8_tanh(s32 x);

#endif /* _NEURAL_S8_EXP_H */
