/* SPDX-License-Identifier: Apache-2.0
 *
 * Logs that are followed: lines of two fill the room for what is handed on at once to its last
 * byte, where a sanitizer looks at what is read behind them.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/civil.h"
#include "engine/engine.h"
#include "tap.h"

/* So much live.c has room for; in fewer lines than a batch has. */
#define ROOM ((size_t)1024 * 1024)
#define LINE_BYTES ((size_t)2048)

static char first[] = "/tmp/engine-live-XXXXXX", second[] = "/tmp/engine-live-XXXXXX";

static bool
take_event(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	(void)symbols, (void)sources;
	*(size_t *)context += ev->kind == KIND_connect;
	return true;
}

static void
take_fault(void *context, const char *text)
{
	(void)context;
	ok(false, "%s", text);
}

/* Lines that tell nothing, of that second; COUNT bytes without their newlines. */
static void
write_fillers(FILE *file, int at_second, size_t count)
{
	while (count) {
		size_t len = count < 2 * LINE_BYTES ? count : LINE_BYTES;
		int begun = fprintf(file, "2026-11-05T00:00:%02d+00:00 mx cron[1]: ",
		    at_second);

		for (size_t at = (size_t)begun; at < len; at++)
			fputc('a', file);
		fputc('\n', file);
		count -= len;
	}
}

/* The second log's first line comes first, the others behind all of the first log. */
static void
write_logs(void)
{
	static const char last[] = "2026-11-05T00:00:03+00:00 mx postfix/smtpd[9]: "
	    "connect from unknown[192.0.2.1]";
	FILE *a = fopen(first, "w"), *b = fopen(second, "w");

	if (!a || !b)
		exit(1);
	write_fillers(b, 1, LINE_BYTES);
	write_fillers(a, 2, ROOM / 2);
	write_fillers(b, 3, ROOM - ROOM / 2 - (sizeof(last) - 1));
	fprintf(b, "%s\n", last);
	if (fclose(a) != 0 || fclose(b) != 0)
		exit(1);
}

static void
read_logs(void)
{
	const char *const names[] = {first, second};
	size_t count = 0;
	struct live_settings settings = {.names = names, .name_count = 2, .from_start = true,
	    .since = INT64_MIN, .each = take_event, .fault = take_fault, .context = &count};
	struct live *live;
	struct err err;

	if (live_open(&settings, &live, &err) < 0) {
		ok(false, "%s", err.text);
		return;
	}
	for (int i = 0; i < 4; i++)
		live_read(live);
	is_number((int64_t)count, 1, "a line at the end of the room is read to its own");
	live_close(live);
}

int
main(void)
{
	struct err err;
	int a = mkstemp(first), b = mkstemp(second);

	if (a < 0 || b < 0 || zone_set("UTC", &err) < 0)
		return 1;
	close(a);
	close(b);
	write_logs();
	read_logs();
	unlink(first);
	unlink(second);
	return tap_done();
}
