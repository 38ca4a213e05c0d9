/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What all networks together may be: how many, how much memory, how much work.
 *
 * Each is charged before anybody else sees what it is for, by compare and exchange, so
 * that two who come at once do not get past a limit that has room for one, and given back
 * when it goes.  A limit that is lowered takes nothing away from those who are there.
 */
#ifndef _NEURAL_LIMITS_H
#define _NEURAL_LIMITS_H

#include <linux/types.h>

/* What is said of whoever does not fit. */
#define NEURAL_LIMITS_NETWORKS	"more networks than neural_max_networks"
#define NEURAL_LIMITS_BYTES	"more memory of all networks than neural_max_total_bytes"
#define NEURAL_LIMITS_MACS	"more multiply-adds of all networks than neural_max_total_macs"

enum neural_limit {
	NEURAL_LIMIT_NETWORKS,	/* until their last handle is gone */
	NEURAL_LIMIT_BYTES,	/* all memory of the module */
	NEURAL_LIMIT_MACS,	/* of a row, of each set of parameters that is in force */
	NEURAL_LIMITS
};

/* False: no room.  Any context. */
bool neural_limits_charge(enum neural_limit which, u64 number);
void neural_limits_uncharge(enum neural_limit which, u64 number);

/* In use. */
u64 neural_limits_used(enum neural_limit which);

#endif /* _NEURAL_LIMITS_H */
