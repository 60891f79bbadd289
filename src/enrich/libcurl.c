/* SPDX-License-Identifier: Apache-2.0 */
#include "enrich/libcurl.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

/* The same functions, whichever library for TLS it was built with. */
static const char *const names[] = {"libcurl.so.4", "libcurl-gnutls.so.4"};

#define CALL(name) {"curl_" #name, offsetof(struct libcurl, name)}

static const struct {
	const char *name;
	size_t offset;
} calls[] = {CALL(global_init), CALL(global_cleanup), CALL(easy_init), CALL(easy_setopt),
    CALL(easy_perform), CALL(easy_getinfo), CALL(easy_cleanup), CALL(easy_strerror)};

int
libcurl_load(struct libcurl *ret, struct err *err)
{
	void *library = NULL;

	for (size_t i = 0; library == NULL && i < sizeof(names) / sizeof(*names); i++)
		library = dlopen(names[i], RTLD_NOW);
	if (library == NULL)
		return err_set(err, "%s: not found; it is what fetches", names[0]);
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		void *call = dlsym(library, calls[i].name);

		if (call == NULL)
			return err_set(err, "%s: has no %s", names[0], calls[i].name);
		memcpy((char *)ret + calls[i].offset, &call, sizeof(call));
	}
	return 0;
}
