/* SPDX-License-Identifier: GPL-2.0-only */
/* Giving back a network as a model file: neural_network_save(), and for surfaces: */
#ifndef _NEURAL_SAVE_H
#define _NEURAL_SAVE_H

#include "network.h"

/*
 * A file of *@bytes bytes, charged to @nn and to be given to neural_mem_free() while @nn
 * is held; or an error pointer as neural_network_save() has them.
 */
const void *neural_save(struct neural_network *nn, size_t *bytes);

#endif /* _NEURAL_SAVE_H */
