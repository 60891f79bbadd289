/* SPDX-License-Identifier: Apache-2.0
 *
 * lines: one after the other with its stamp, and how many there are of each kind.
 */
#include "genlog.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>

const char *const kind_names[] = {
#define K(name) #name,
    KINDS(K)
#undef K
};

const char *const statuses[] = {"sent", "deferred", "bounced"};
const int codes[] = {450, 550, 554, 504};

uint64_t kind_counts[KIND_COUNT], status_counts[3], code_counts[4], ps_code_counts[2];

bool rfc3339;
uint64_t lines_done;
int64_t now_usec = INT64_C(1767225600) * 1000000; /* 2026-01-01 00:00:00 UTC */

static const char *
stamp(void)
{
	static char text[40];
	static int64_t second = -1;
	time_t t = (time_t)(now_usec / 1000000);
	struct tm tm;

	if (rfc3339 || second != t) {
		second = t;
		gmtime_r(&t, &tm);
		strftime(text, sizeof(text),
		    rfc3339 ? "%Y-%m-%dT%H:%M:%S" : "%b %e %H:%M:%S", &tm);
		if (rfc3339)
			snprintf(text + 19, sizeof(text) - 19, ".%06d+00:00",
			    (int)(now_usec % 1000000));
	}
	return text;
}

void
line(enum kind kind, const char *daemon, uint32_t pid, const char *format, ...)
{
	va_list args;

	now_usec += below(518400);
	printf("%s mx1 postfix/%s[%" PRIu32 "]: ", stamp(), daemon, pid);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	kind_counts[kind]++;
	lines_done++;
}
