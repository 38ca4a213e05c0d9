// SPDX-License-Identifier: GPL-2.0-only
/* Kernels of the table against the peaks of the machine they run on. */
#include "bench.h"

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	bench_pin();
	bench_peaks_add();
	bench_dense_add();
	bench_map_add();
	bench_s8_add();
	bench_section_add();
	bench_thresholds_add();
	bench_measure();
	bench_peaks_print();
	bench_dense_print();
	bench_map_print();
	bench_s8_print();
	bench_thresholds_print(argc > 1 ? atof(argv[1]) : bench_section_ns());
	return 0;
}
