/* SPDX-License-Identifier: GPL-2.0-only */
/* Giving networks a prediction cache of another size. */
#ifndef _NEURAL_CACHE_RESIZE_H
#define _NEURAL_CACHE_RESIZE_H

#include "network.h"

/*
 * A new, empty cache of @entries for @nn, or for every network if that is NULL; 0
 * takes it away.  0, or -ENOMEM or -EDQUOT and all are as they were.  Process context.
 */
int neural_cache_resize(struct neural_network *nn, u32 entries);

#endif /* _NEURAL_CACHE_RESIZE_H */
