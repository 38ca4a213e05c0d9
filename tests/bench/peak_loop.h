/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The loop of every peak, of one width: whoever includes this has defined peak_vec, the
 * type of a register, and peak_loop, how the function is to be called.  Meant to be
 * included once for each width.
 */

/*
 * @n rounds of @step, registers only: eight sums, so that no addition waits.  The barrier
 * makes the compiler believe that @x is another one each time.
 */
static __always_inline void peak_loop(u32 n, peak_vec x,
				      peak_vec (*step)(peak_vec sum, peak_vec x))
{
	peak_vec s0 = x, s1 = x, s2 = x, s3 = x, s4 = x, s5 = x, s6 = x, s7 = x;

	static_assert(BENCH_PEAK_OPS == 8, "as many as below");
	while (n--) {
		__asm__ volatile("" : "+v" (x));
		s0 = step(s0, x);
		__asm__ volatile("" : "+v" (x));
		s1 = step(s1, x);
		__asm__ volatile("" : "+v" (x));
		s2 = step(s2, x);
		__asm__ volatile("" : "+v" (x));
		s3 = step(s3, x);
		__asm__ volatile("" : "+v" (x));
		s4 = step(s4, x);
		__asm__ volatile("" : "+v" (x));
		s5 = step(s5, x);
		__asm__ volatile("" : "+v" (x));
		s6 = step(s6, x);
		__asm__ volatile("" : "+v" (x));
		s7 = step(s7, x);
	}
	__asm__ volatile("" : : "v" (s0), "v" (s1), "v" (s2), "v" (s3),
			 "v" (s4), "v" (s5), "v" (s6), "v" (s7));
}
