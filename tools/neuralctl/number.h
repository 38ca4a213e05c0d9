/* SPDX-License-Identifier: GPL-2.0-only */
/* Elements of a tensor as numbers in text. */
#ifndef _NEURALCTL_NUMBER_H
#define _NEURALCTL_NUMBER_H

#include "net.h"

s64 ctl_element(const struct ctl_tensor *t, const void *row, u32 i);
/* The real number it stands for. */
double ctl_element_real(const struct ctl_tensor *t, const void *row, u32 i);

/*
 * Element @i from the text at *@at, which moves behind it: an integer as it is
 * stored, or with @real the number it stands for, rounded to the nearest there is.
 * NULL, or what is wrong with it.
 */
const char *ctl_element_parse(const struct ctl_tensor *t, void *row, u32 i,
			      const char **at, bool real);

/* Digits that tell a real number of this tensor from all others. */
int ctl_tensor_digits(const struct ctl_tensor *t);

#endif /* _NEURALCTL_NUMBER_H */
