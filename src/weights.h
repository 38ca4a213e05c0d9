/* SPDX-License-Identifier: GPL-2.0-only */
/* Setting parameters is in <linux/neural.h>. */
#ifndef _NEURAL_WEIGHTS_H
#define _NEURAL_WEIGHTS_H

#include "network.h"

/* A new network that needs no parameters predicts at once.  0 or an errno. */
int neural_weights_init(struct neural_network *nn);

#endif /* _NEURAL_WEIGHTS_H */
