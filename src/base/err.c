/* SPDX-License-Identifier: Apache-2.0 */
#define ERR_ITSELF
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

int
err_set(struct err *err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	return -1;
}

int
err_wrap(struct err *err, const char *format, ...)
{
	char inner[sizeof(err->text)];
	va_list args;
	int n;

	snprintf(inner, sizeof(inner), "%s", err->text);
	va_start(args, format);
	n = vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	if (n >= 0 && (size_t)n < sizeof(err->text) - 2)
		snprintf(err->text + n, sizeof(err->text) - (size_t)n, ": %.*s", 400, inner);
	return -1;
}

int
err_no_descriptor(struct err *err, const char *purpose)
{
	int why = errno;
	struct rlimit limit;

	err_set(err, "no descriptor %s: %s", purpose, strerror(why));
	if (why == EMFILE && getrlimit(RLIMIT_NOFILE, &limit) == 0)
		err_set(err, "no descriptor %s: %s; the limit (ulimit -n, or LimitNOFILE= of "
		    "a unit) is %llu", purpose, strerror(why),
		    (unsigned long long)limit.rlim_cur);
	return -1;
}
