/* SPDX-License-Identifier: Apache-2.0
 *
 * Lines that wait: in which order they go on, and where a restart goes on with them.
 */
#include <string.h>

#include "base/buf.h"
#include "base/civil.h"
#include "engine/backlog.h"
#include "tap.h"

static void
add(struct backlog *backlog, size_t source, uint64_t generation, uint64_t before, int64_t time,
    const char *text)
{
	backlog_add(backlog, &(struct follow_line){.source = source, .name = "log",
	    .text = str_of(text), .generation = generation, .before = before},
	    time ? &time : NULL);
}

/* The next COUNT lines in a row. */
static void
check_next(struct backlog *backlog, unsigned count, const char *want, const char *what)
{
	const struct follow_line *line;
	struct buf got = BUF_INIT(64);

	while (count-- && (line = backlog_next(backlog, NULL)))
		buf_str(&got, line->text);
	is_text(got.p, got.len, want, what);
	buf_done(&got);
}

static void
test_order(void)
{
	struct backlog *backlog = backlog_new(3);

	add(backlog, 2, 3, 0, 5, "a");
	add(backlog, 2, 3, 2, 8, "g");
	add(backlog, 0, 1, 0, 6, "b");
	add(backlog, 0, 1, 2, 7, "c");
	add(backlog, 0, 1, 4, 0, "d");
	add(backlog, 0, 1, 6, 2, "e");
	add(backlog, 0, 1, 8, 8, "f");
	check_next(backlog, 9, "abcdefg", "by time; of one name as they stand; ties by name");
	add(backlog, 2, 3, 4, 0, "h");
	check_next(backlog, 9, "h", "and what comes later");
	backlog_free(backlog);
}

static void
test_rewind(void)
{
	struct backlog *backlog = backlog_new(2);
	struct follow_position at[] = {{.generation = 1, .offset = 90},
	    {.generation = 2, .offset = 80}, {.offset = 7},
	    {.generation = 3, .offset = 70}};

	add(backlog, 0, 1, 10, 1, "a");
	add(backlog, 0, 2, 0, 2, "b");
	add(backlog, 0, 1, 20, 3, "c");
	add(backlog, 0, 2, 30, 4, "d");
	ok(backlog_rewind(backlog, at, 4), "all files are there");
	ok(at[0].offset == 10 && at[1].offset == 0, "each is put before the first that waits");
	ok(at[2].offset == 7 && at[3].offset == 70, "others stay");
	check_next(backlog, 2, "ab", "two go on");
	at[0].offset = 90;
	at[1].offset = 80;
	ok(backlog_rewind(backlog, at, 4) && at[0].offset == 20 && at[1].offset == 30,
	    "and the positions with them");
	ok(!backlog_rewind(backlog, at + 1, 3), "a file that is gone");
	backlog_free(backlog);
}

static void
test_journal(void)
{
	struct backlog *backlog = backlog_new(2);
	struct follow_position at[] = {{.generation = 1, .offset = 9}, {.cursor = "c"}};
	const char *const cursors[] = {"", "a", "b"};
	int64_t time = 5;

	for (unsigned i = 0; i < 3; i++)
		backlog_add(backlog, &(struct follow_line){.source = 1, .name = "journal",
		    .text = STR("x"), .cursor = cursors[i]}, &time);
	ok(backlog_rewind(backlog, at, 2) && strcmp(at[1].cursor, "") == 0,
	    "the journal from its beginning");
	check_next(backlog, 1, "x", "one goes on");
	ok(backlog_rewind(backlog, at, 2) && strcmp(at[1].cursor, "a") == 0 &&
	    at[0].offset == 9, "then from its entry");
	backlog_free(backlog);
}

static void
test_bounds(void)
{
	struct backlog *backlog = backlog_new(2);
	static char text[65536];
	unsigned lines = 0;

	memset(text, 'x', sizeof(text) - 1);
	while (!backlog_holds(backlog, 1) && ++lines < 9999)
		add(backlog, 1, 1, 0, 5, text);
	ok(lines == 4 && !backlog_holds(backlog, 0), "a name is held, another is not");
	while (!backlog_is_full(backlog) && ++lines < 9999)
		add(backlog, 1, 1, 0, 5, text);
	ok(lines > 1000 && lines < 1100, "64 MiB are too much: %u lines", lines);
	ok(!backlog_is_late(backlog, 5) && !backlog_is_late(backlog, 9 * USEC_PER_SEC),
	    "they may wait");
	backlog_next(backlog, NULL);
	ok(!backlog_is_late(backlog, 15 * USEC_PER_SEC), "longer, as one went");
	ok(backlog_is_late(backlog, 26 * USEC_PER_SEC), "but not for ever");
	backlog_free(backlog);
}

int
main(void)
{
	test_order();
	test_rewind();
	test_journal();
	test_bounds();
	return tap_done();
}
