/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Below these sizes the generic kernel is used even where a vector kernel exists.
 *
 * Counted in multiply-adds for the dense families and in elements for the
 * elementwise ones.
 */
#ifndef _NEURAL_SIMD_THRESHOLDS_H
#define _NEURAL_SIMD_THRESHOLDS_H

#define NEURAL_SIMD_THRESHOLD	64

/*
 * A section that has done this many multiply-adds is closed and, if there is
 * more to do, opened anew, so that a waiting task or softirq gets in.  One call
 * of a kernel is never larger than NEURAL_SECTION_LIMIT: 16 outputs of the widest
 * layer, one row.
 */
#define NEURAL_SECTION_MACS	(1U << 17)
#define NEURAL_SECTION_LIMIT	(1U << 20)

#endif /* _NEURAL_SIMD_THRESHOLDS_H */
