/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the suite of elementwise operations share. */
#ifndef _NEURAL_TEST_OPS_ELEMENTWISE_H
#define _NEURAL_TEST_OPS_ELEMENTWISE_H

#include "../reference/s8_exp.h"
#include "op_case.h"
#include "tap.h"

/* One line of TAP each. */
void ops_binary_random(void);
void ops_binary_shapes(void);
void ops_unary_random(void);
void ops_unary_real(void);
void ops_lut_long(void);
void ops_softmax_random(void);
void ops_softmax_long(void);
void ops_softmax_equal(void);
void ops_quantize_random(void);
void ops_refused(void);
void ops_memory(void);

#endif /* _NEURAL_TEST_OPS_ELEMENTWISE_H */
