/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of neural_caller.ko share. */
#ifndef _NEURAL_CALLER_H
#define _NEURAL_CALLER_H

#include <linux/neural.h>

#define CALLER_NAME	"caller_demo"
#define CALLER_IN	8
#define CALLER_HIDDEN	16
#define CALLER_OUT	4

/* The network of that name with its weights, or an error pointer. */
struct neural_network *caller_demo_create(void);

/* One of so many inputs and outputs, whose weights take many pages. */
#define CALLER_WIDE_NAME	"caller_wide"
#define CALLER_WIDE		192
struct neural_network *caller_wide_create(void);

/* Input number @i, and whether @out is what it has to give. */
void caller_demo_input(u32 i, s32 in[CALLER_IN]);
bool caller_demo_right(u32 i, const s32 out[CALLER_OUT]);

/* Predict input @i and look at the answer. */
int caller_demo_predict(struct neural_network *nn, u32 i, bool cached);

/* From softirq and from hardirq; 0, -EIO for a wrong answer, -ETIMEDOUT. */
int caller_softirq(struct neural_network *nn);
int caller_hardirq(struct neural_network *nn);

/* Threads that predict, how many as the parameter says; and no more of them. */
extern const struct kernel_param_ops caller_load_ops;
void caller_load_stop(void);

/* Handles that are held, how many of each kind as the parameter says; and none of them. */
extern const struct kernel_param_ops caller_handles_ops;
void caller_handles_drop(void);

/* Is the phase and the number @caller_life_set() takes, and what became of it. */
extern const struct kernel_param_ops caller_life_ops;

#endif /* _NEURAL_CALLER_H */
