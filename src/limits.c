// SPDX-License-Identifier: GPL-2.0-only
#include <linux/atomic.h>
#include "limits.h"
#include "params.h"

static atomic64_t neural_limits_now[NEURAL_LIMITS];

bool neural_limits_charge(enum neural_limit which, u64 number)
{
	const u64 most = neural_param_limit(which);
	s64 now = atomic64_read(&neural_limits_now[which]);

	do {
		if (most && (number > most || now > most - number))
			return false;
	} while (!atomic64_try_cmpxchg(&neural_limits_now[which], &now, now + number));
	return true;
}

void neural_limits_uncharge(enum neural_limit which, u64 number)
{
	atomic64_sub(number, &neural_limits_now[which]);
}

u64 neural_limits_used(enum neural_limit which)
{
	return atomic64_read(&neural_limits_now[which]);
}
