/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Below these sizes the generic kernel is used even where a vector kernel exists.
 *
 * Counted in multiply-adds for the dense families and in elements for the
 * elementwise ones.
 */
#ifndef _NEURAL_SIMD_THRESHOLDS_H
#define _NEURAL_SIMD_THRESHOLDS_H

/*
 * From here on it pays to open a section.  Measured by "make bench" on a Sapphire
 * Rapids at 100 ns for a section: dense crosses over at 256 to 320 multiply-adds, the
 * elementwise families at 96 to 192 elements.  The 64 one reads elsewhere would be
 * right for a section of 20 ns.
 */
#define NEURAL_SIMD_THRESHOLD		256

/*
 * The same in a section that is open already: dense crosses over at 16, elementwise
 * at 16 to 32, dot products at 8 to 12.
 */
#define NEURAL_SIMD_THRESHOLD_OPEN	16

/*
 * A section that has done this many multiply-adds is closed and, if there is
 * more to do, opened anew, so that a waiting task or softirq gets in.  One call
 * of a kernel is never larger than NEURAL_SECTION_LIMIT: 16 outputs of the widest
 * layer, one row.
 */
#define NEURAL_SECTION_MACS		(1U << 17)
#define NEURAL_SECTION_LIMIT		(1U << 20)

#endif /* _NEURAL_SIMD_THRESHOLDS_H */
