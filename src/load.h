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
 * As neural_network_load(), but for a reference, and neural_network_replace(), from wherever
 * @from points.  What was refused is in the log, and in @why where it was the file.
 */
struct neural_network *neural_load(const char *name, struct iov_iter *from,
				   struct neural_reason *why);
int neural_load_replace(struct neural_network *nn, struct iov_iter *from,
			struct neural_reason *why);

/* Read and verified, within the limits, charged to @nn. */
struct neural_model *neural_load_open(struct neural_network *nn, struct iov_iter *from,
				      struct neural_reason *why);

/* Whoever uses @nn, which is from a file, can use @model: 0 or -EINVAL.  Under its lock. */
int neural_load_fits(const struct neural_network *nn, const struct neural_model *model,
		     struct neural_reason *why);

/*
 * @instance, of @model, in the place of the one there is; then @model belongs to @nn, and
 * the one before is gone.  Under the lock of @nn.
 */
void neural_load_take(struct neural_network *nn, struct neural_model *model,
		      struct neural_instance *instance);

/* What was refused, in the log. */
void neural_load_complain(const char *name, int err, const struct neural_reason *why);

/* The model and its file.  NULL is fine. */
void neural_load_drop(struct neural_model *model);

/* neural/@name.neural, to be given to release_firmware(). */
int neural_load_firmware(const char *name, struct device *dev, const struct firmware **fw);

#endif /* _NEURAL_LOAD_H */
