// SPDX-License-Identifier: GPL-2.0-only
#include <linux/compiler.h>
#include <linux/module.h>
#include "handle.h"

#if IS_ENABLED(CONFIG_KUNIT)
bool neural_handle_test_going;
#endif

bool neural_handle_new(void)
{
#if IS_ENABLED(CONFIG_KUNIT)
	if (READ_ONCE(neural_handle_test_going))
		return false;
#endif
	return try_module_get(THIS_MODULE);
}

void neural_handle_again(void)
{
	__module_get(THIS_MODULE);
}

void neural_handle_end(void)
{
	module_put(THIS_MODULE);
}
