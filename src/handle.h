/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Handles: whatever another module is given and has to give back.
 *
 * Each keeps this module, so that one that leaks outlives whoever leaked it: the module
 * is in use then, and rmmod says so, where it would wait for ever otherwise.  What the
 * module itself holds, or a process by way of the device, is a reference and no handle:
 * it comes with an open file, or ends before the module does.
 *
 * Module references are counted when handles come and go, never by a prediction.
 */
#ifndef _NEURAL_HANDLE_H
#define _NEURAL_HANDLE_H

#include <linux/kconfig.h>
#include <linux/types.h>

/* One more.  False where the module is going.  Any context. */
bool neural_handle_new(void);

/* One more beside one that is there, which keeps the module meanwhile.  Any context. */
void neural_handle_again(void);

/*
 * One less.  Whoever calls from another module is linked with this one, so the code it
 * returns through stays.  Any context.
 */
void neural_handle_end(void);

#if IS_ENABLED(CONFIG_KUNIT)
/* As if the module were going, for tests. */
extern bool neural_handle_test_going;
#endif

#endif /* _NEURAL_HANDLE_H */
