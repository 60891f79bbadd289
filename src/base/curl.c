/* SPDX-License-Identifier: Apache-2.0
 *
 * curl: the library that the compiler's headers belong to, by its soname (CURL_SONAME, from
 * the Makefile): another version's functions may differ.
 */
#include "base/curl.h"

#include <dlfcn.h>
#include <string.h>

static int
find(void *library, const char *name, void *ret, struct err *err)
{
	void *function = dlsym(library, name);

	if (!function)
		return err_set(err, "%s: no %s in it", CURL_SONAME, name);
	memcpy(ret, &function, sizeof(function));
	return 0;
}

int
curl_load(struct curl_library *ret, struct err *err)
{
	void *library = dlopen(CURL_SONAME, RTLD_NOW | RTLD_LOCAL);

	if (!library)
		return err_set(err, "libcurl: %s", dlerror());
#define F(name)                                                                             \
	if (find(library, "curl_" #name, &ret->name, err) < 0)                              \
		return -1;
	CURL_FUNCTIONS(F)
#undef F
	return 0;
}
