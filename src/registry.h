/* SPDX-License-Identifier: GPL-2.0-only */
/* Which networks there are.  Finding one is in <linux/neural.h> and network.h. */
#ifndef _NEURAL_REGISTRY_H
#define _NEURAL_REGISTRY_H

#include "network.h"

/* A name a network may be given. */
bool neural_registry_name_ok(const char *name);

/*
 * Give @nn its id, and "network_<id>" for a name if it has none; from here on others
 * can find it.  -EEXIST if the name is taken.  Process context.
 */
int neural_registry_add(struct neural_network *nn);

/* Nobody finds it any more.  Process context. */
void neural_registry_remove(struct neural_network *nn);

#endif /* _NEURAL_REGISTRY_H */
