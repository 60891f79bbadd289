/* SPDX-License-Identifier: Apache-2.0
 *
 * Following that stops and goes on later, from where it was; and lives of a log in which
 * all that can happen to it does, restarts too, in an order that is drawn.
 */
#include "follow-kit.h"

static void
test_restart(void)
{
	struct reader r = {0};

	enter();
	add(NAME, "0\n1\n2\ntor");
	start(&r, true);
	gives(&r, "0|1|2|", "begun");
	stop(&r);
	add(NAME, "n\n3\n");
	start(&r, false);
	gives(&r, "torn|3|", "the same file");
	stop(&r);
	add(NAME, "4\n");
	rename(NAME, NAME ".1");
	add(NAME, "5\n");
	start(&r, false);
	gives(&r, "4|5|", "rotated");
	add(NAME ".1", "6\n");
	add(NAME, "7\n");
	gives(&r, "6|7|", "both are read");
	stop(&r);
	ok(r.saved_count == 2, "and both are saved");
	add(NAME ".1", "8\n");
	add(NAME, "9\n");
	rename(NAME ".1", NAME ".3");
	compress_file(NAME ".3");
	rename(NAME, NAME ".2");
	compress_file(NAME ".2");
	add(NAME ".1", "10\n");
	add(NAME, "11\n");
	start(&r, false);
	gives(&r, "8|9|10|11|", "rotated twice and compressed");
	stop(&r);
	copy(NAME, NAME ".0");
	kit_write(NAME, STR("12\n"));
	start(&r, false);
	gives(&r, "!possible|12|", "copied and truncated");
	stop(&r);
	add(NAME, "13\n");
	copy(NAME, "moved");
	rename("moved", NAME);
	start(&r, false);
	gives(&r, "13|", "another inode: its head tells");
	stop(&r);
	end(&r);
}

static void
test_restart_lost(void)
{
	struct reader r = {0};

	enter();
	start(&r, false);
	stop(&r);
	add(NAME, "1\n");
	start(&r, false);
	gives(&r, "1|", "made while nobody looked");
	stop(&r);
	usleep(20000); /* two files' times must differ */
	unlink(NAME);
	add(NAME ".1", "2\n");
	add(NAME, "3\n");
	start(&r, false);
	gives(&r, "!lost|2|3|", "gone while nobody looked; what is newer is read");
	stop(&r);
	usleep(20000);
	unlink(NAME);
	add(NAME, "4\n");
	start(&r, false);
	gives(&r, "!lost|4|", "what is older is not");
	stop(&r);
	cut(1);
	start(&r, false);
	gives(&r, "!lost|", "shorter than it was");
	end(&r);
}

/* Many more were lived once, when this was written. */
#define LIVES 200

/* The chain of logrotate, with KEEP files; those numbered above COMPRESS are compressed. */
static void
shift(int keep, int compress)
{
	char from[64], to[64];

	for (int i = keep; i > 0; i--) {
		snprintf(from, sizeof(from), NAME ".%d.gz", i);
		snprintf(to, sizeof(to), NAME ".%d.gz", i + 1);
		rename(from, to);
		snprintf(from, sizeof(from), NAME ".%d", i);
		snprintf(to, sizeof(to), NAME ".%d", i + 1);
		if (rename(from, to) == 0 && i + 1 > compress)
			compress_file(to);
	}
}

/*
 * Things happen in an order drawn from SEED; between them there are looks and restarts.
 * No line is written between copying and truncating, so none may be lost.
 */
static bool
random_life(unsigned seed)
{
	struct reader r = {.poll = true};
	struct buf want = BUF_INIT(BUF_UNLIMITED), got = BUF_INIT(BUF_UNLIMITED);
	int lines = 0;
	bool same;
	size_t at = 0;

	enter();
	start(&r, true);
	for (int i = 0; i < 60; i++) {
		char text[32];

		switch (rand_r(&seed) % 8) {
		case 0:
			shift(40, (int)(rand_r(&seed) % 4));
			rename(NAME, NAME ".1");
			break;
		case 1:
			if (access(NAME, F_OK) != 0)
				break;
			shift(40, (int)(rand_r(&seed) % 4));
			copy(NAME, NAME ".1");
			cut(0);
			break;
		case 2:
			stop(&r);
			start(&r, true);
			break;
		case 3:
		case 4:
			read_all(&r);
			break;
		default:
			snprintf(text, sizeof(text), "%u line %d", seed, ++lines);
			buf_printf(&want, "%s|", text);
			add(NAME, text);
			if (rand_r(&seed) % 3 == 0)
				read_all(&r);
			add(NAME, "\n");
		}
	}
	read_all(&r);
	while (at < r.got.len) {
		struct str rest = str_from(buf_view(&r.got), at), part = str_cut(&rest, '|');

		at += part.len + 1;
		if (!str_eq(part, STR("!possible"))) {
			buf_str(&got, part);
			buf_char(&got, '|');
		}
	}
	same = str_eq(buf_view(&got), buf_view(&want));
	if (!same)
		printf("# want %.*s\n#  got %.*s\n", STR_ARG(buf_view(&want)),
		    STR_ARG(buf_view(&r.got)));
	end(&r);
	buf_done(&want);
	buf_done(&got);
	return same;
}

int
main(void)
{
	bool all = true;

	kit_enter();
	test_restart();
	test_restart_lost();
	for (unsigned seed = 1; seed <= LIVES && all; seed++) {
		all = random_life(seed);
		if (!all)
			printf("# seed %u\n", seed);
	}
	ok(all, "%d lives of a log: every line once, in order", LIVES);
	kit_leave();
	return tap_done();
}
