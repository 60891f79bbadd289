/* SPDX-License-Identifier: Apache-2.0
 *
 * What the names of followed logs mean: a link that leads elsewhere, one file by several
 * names, two logs that tell the same, and what is no log.
 */
#include "follow-kit.h"

static void
test_refused(void)
{
	static const char *const directory[] = {"."};
	struct follow_settings settings = {.names = directory, .count = 1};
	struct follow *follow;
	struct err err;

	enter();
	ok(follow_open(&settings, &follow, &err) < 0 && strstr(err.text, "regular file"),
	    "a directory: %s", err.text);
}

/* Who may write a log's directory puts one there between looking and opening. */
static void
test_not_waited_for(void)
{
	struct generation *g;
	struct err err;

	enter();
	if (mkfifo(NAME, 0600) != 0)
		exit(1);
	alarm(5);
	ok(generation_open(NAME, &g, &err) < 0 && strstr(err.text, "regular file"),
	    "a FIFO that nobody writes to: %s", err.text);
	alarm(0);
}

/* Exim writes a refusal to both; another's rejectlog is another's. */
static void
test_told_twice(void)
{
	static const char *const names[] = {"rejectlog", "mainlog", "b/rejectlog",
	    "b/mainlog2"};
	struct follow_settings settings = {.names = names, .count = 4, .from_start = true};
	struct reader r = {.got = BUF_INIT(BUF_UNLIMITED)};
	const struct follow_position *positions;
	struct err err;

	enter();
	if (mkdir("b", 0755) != 0 || follow_open(&settings, &r.follow, &err) < 0)
		exit(1);
	add("rejectlog", "one\n");
	add("mainlog", "one\ntwo\n");
	add("b/rejectlog", "three\n");
	add("b/mainlog2", "four\n");
	gives(&r, "!left|one|two|three|four|", "what two logs tell is read once");
	ok(strcmp(r.said, "rejectlog: mainlog has the same lines; it is not followed") == 0 &&
	    follow_positions(r.follow, &positions) == 3, "and that is said: %s", r.said);
	end(&r);
}

/* One file by several names, and one that is not there yet. */
static void
test_named_twice(void)
{
	static const char *const names[] = {"one", "b/link", "./one", "late", "b/../late",
	    "one"};
	struct follow_settings settings = {.names = names, .count = 6, .from_start = true};
	struct reader r = {.got = BUF_INIT(BUF_UNLIMITED)};
	const struct follow_position *positions;
	struct err err;

	enter();
	add("one", "1\n");
	if (mkdir("b", 0755) != 0 || symlink("../one", "b/link") != 0 ||
	    follow_open(&settings, &r.follow, &err) < 0)
		exit(1);
	add("late", "2\n");
	gives(&r, "!left|!left|!left|!left|1|2|",
	    "a file that is named twice is followed once");
	ok(strstr(r.said, "one: the same file as one; it is followed once") &&
	    follow_positions(r.follow, &positions) == 2, "and that is said: %s", r.said);
	end(&r);
}

/* The name is a link, and leads elsewhere; who writes goes on in the old file for a while. */
static void
test_led_elsewhere(void)
{
	struct reader r = {.got = BUF_INIT(BUF_UNLIMITED)};

	enter();
	if (mkdir("a", 0755) != 0 || mkdir("b", 0755) != 0 || symlink("a/real", NAME) != 0)
		exit(1);
	add("a/real", "1\n");
	start(&r, true);
	gives(&r, "1|", "a link");
	stop(&r);
	add("a/real", "2\n");
	add("b/real", "3\n");
	if (symlink("b/real", "next") != 0 || rename("next", NAME) != 0)
		exit(1);
	start(&r, false);
	gives(&r, "2|3|",
	    "that leads elsewhere after a restart: the rest of the old file, too");
	add("a/real", "4\n");
	add("b/real", "5\n");
	gives(&r, "4|5|", "and what is written to it");
	stop(&r);
	if (rename("a/real", "a/real.1") != 0)
		exit(1);
	add("a/real.1", "6\n");
	start(&r, false);
	gives(&r, "6|", "once more, and renamed");
	end(&r);
}

int
main(void)
{
	kit_enter();
	test_told_twice();
	test_named_twice();
	test_led_elsewhere();
	test_refused();
	test_not_waited_for();
	kit_leave();
	return tap_done();
}
