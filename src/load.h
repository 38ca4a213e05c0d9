/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Networks from model files.
 *
 * The file is copied before it is looked at, so that whoever gave it cannot change it
 * afterwards; the copy stays with the network, to be saved.
 */
#ifndef _NEURAL_LOAD_H
#define _NEURAL_LOAD_H

#include "network.h"

struct firmware;
struct iov_iter;

/*
 * As neural_network_load() and neural_network_replace(), from wherever @from points.
 * What was refused is in the log, and in @why where it was the file.
 */
struct neural_network *neural_load(const char *name, struct iov_iter *from,
				   struct neural_reason *why);
int neural_load_replace(struct neural_network *nn, struct iov_iter *from,
			struct neural_reason *why);

/* The model and its file.  NULL is fine. */
void neural_load_drop(struct neural_model *model);

/* neural/@name.neural, to be given to release_firmware(). */
int neural_load_firmware(const char *name, struct device *dev, const struct firmware **fw);

#endif /* _NEURAL_LOAD_H */
