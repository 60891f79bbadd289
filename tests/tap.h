/* SPDX-License-Identifier: Apache-2.0
 *
 * tap: the Test Anything Protocol, for prove(1). ok(condition, "what"); at the
 * end return tap_done().
 */
#ifndef TESTS_TAP_H
#define TESTS_TAP_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int tap_count, tap_failed;

__attribute__((format(printf, 2, 3), unused)) static bool
ok(bool passed, const char *format, ...)
{
	va_list args;

	printf("%sok %d - ", passed ? "" : "not ", ++tap_count);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	if (!passed)
		tap_failed++;
	fflush(stdout);
	return passed;
}

__attribute__((unused)) static bool
is_text(const char *got, size_t len, const char *want, const char *what)
{
	bool same = strlen(want) == len && memcmp(got, want, len) == 0;

	ok(same, "%s", what);
	if (!same)
		printf("#      got: %.*s\n# expected: %s\n", (int)len, got, want);
	return same;
}

__attribute__((unused)) static bool
is_number(int64_t got, int64_t want, const char *what)
{
	ok(got == want, "%s", what);
	if (got != want)
		printf("#      got: %" PRId64 "\n# expected: %" PRId64 "\n", got, want);
	return got == want;
}

__attribute__((unused)) static int
tap_done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed != 0;
}

#endif
