// SPDX-License-Identifier: GPL-2.0-only
/* The one place where tracepoints are made; everybody else includes the header alone. */
#include <linux/module.h>

#define CREATE_TRACE_POINTS
#include <trace/events/neural.h>
