/* SPDX-License-Identifier: Apache-2.0 */
#include "base/library.h"

#include <dlfcn.h>
#include <string.h>

int
library_load(const char *soname, const struct library_function *functions, size_t n,
    void *ret, struct err *err)
{
	void *library = dlopen(soname, RTLD_NOW | RTLD_LOCAL);

	if (!library)
		return err_set(err, "%s", dlerror());
	for (size_t i = 0; i < n; i++) {
		void *function = dlsym(library, functions[i].name);

		if (!function)
			return err_set(err, "%s: no %s in it", soname, functions[i].name);
		memcpy((char *)ret + functions[i].offset, &function, sizeof(function));
	}
	return 0;
}
