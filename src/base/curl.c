/* SPDX-License-Identifier: Apache-2.0 */
#include "base/curl.h"

#include "base/library.h"

int
curl_load(struct curl_library *ret, struct err *err)
{
	static const struct library_function functions[] = {
#define F(name) {"curl_" #name, offsetof(struct curl_library, name)},
	    CURL_FUNCTIONS(F)
#undef F
	};

	if (library_load(CURL_SONAME, functions, sizeof(functions) / sizeof(*functions), ret,
	    err) < 0)
		return err_wrap(err, "libcurl");
	return 0;
}
