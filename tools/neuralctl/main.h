/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NEURALCTL_MAIN_H
#define _NEURALCTL_MAIN_H

#include "ctl.h"

/* Ends with one without a name. */
extern const struct ctl_command ctl_commands[];

#endif /* _NEURALCTL_MAIN_H */
