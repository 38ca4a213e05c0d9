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
 * From here on it pays to open a section.  What one costs depends on whom it
 * interrupts: nothing to speak of in a kernel thread or where the registers are saved
 * already, and all of them saved and restored at worst, which "make bench" measures as
 * 184 ns on a Zen 4.  Dense crosses over at 512 to 768 multiply-adds at that price,
 * and at 256 to 320 at 100 ns (Sapphire Rapids); the elementwise families at 160 to
 * 640 and 96 to 192 elements.  This is the lower end, for callers that predict more
 * than once before they return to user space.  The 64 one reads elsewhere would be
 * right for a section of 20 ns.  Bytes (Zen 4, 184 ns): matrices, convolutions and
 * depthwise at 384 to 640 multiply-adds, 4-bit weights at 192 to 320; pools at 384 to 512
 * elements, sums and products at 32 to 96; a table past 1024, but it rarely stands
 * alone, and then the section is there.  In user space a section costs nothing:
 * programs that run networks there define this as the one below.
 */
#ifndef NEURAL_SIMD_THRESHOLD
#define NEURAL_SIMD_THRESHOLD		256
#endif

/*
 * The same in a section that is open already: on a Zen 4 dense crosses over at 16 or
 * before, dot products at 4 to 10, elementwise at 3 to 16, and 24 once; on Sapphire Rapids
 * at 16, 8 to 12, and 16 to 32.  Of bytes on a Zen 4, matrices, convolutions, depthwise
 * and pools at 16, which is the smallest there is of each; sums and products at 2 to 12,
 * tables at 48 to 96, where it is a matter of 10 ns.  There a network of 15, 10 and 1
 * units takes 63 ns with this one and 69 with twice as much.
 */
#define NEURAL_SIMD_THRESHOLD_OPEN	8

/*
 * A section that has done this many multiply-adds is closed and, if there is
 * more to do, opened anew, so that a waiting task or softirq gets in.  One call
 * of a kernel is never larger than NEURAL_SECTION_LIMIT: 16 outputs of the widest
 * layer, one row.  Whoever wants shorter sections, or fewer of them, may have them from
 * NEURAL_SECTION_LEAST to NEURAL_SECTION_LIMIT: below the former, getting in and out
 * takes a good part of the time.
 */
#define NEURAL_SECTION_LEAST		(1U << 12)
#define NEURAL_SECTION_MACS		(1U << 17)
#define NEURAL_SECTION_LIMIT		(1U << 20)

#endif /* _NEURAL_SIMD_THRESHOLDS_H */
