/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NEURAL_BENCH_FILE_H
#define _NEURAL_BENCH_FILE_H

#include <stddef.h>

/* The file, for as long as the program runs, which ends where there is none. */
const void *bench_file_map(const char *path, size_t *bytes);

#endif /* _NEURAL_BENCH_FILE_H */
