/* SPDX-License-Identifier: Apache-2.0 */
#define ERR_ITSELF
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>

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
