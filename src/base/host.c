/* SPDX-License-Identifier: Apache-2.0 */
#include "base/host.h"

bool
host_is_this(struct str text)
{
	static const char *const names[] = {"127.0.0.1", "[::1]", "localhost"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct str rest = text;

		if (str_skip(&rest, str_of(names[i])) &&
		    (rest.len == 0 || *rest.p == '/' || *rest.p == ':'))
			return true;
	}
	return false;
}
