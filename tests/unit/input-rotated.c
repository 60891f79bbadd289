/* SPDX-License-Identifier: Apache-2.0
 *
 * Rotated sets: which names are one log, their order, what --since leaves out,
 * copies and files that repeat others.
 */
#include "input-kit.h"

static void
test_split(void)
{
	static const struct {
		const char *name, *base;
		int64_t order;
	} cases[] = {
		{"mail.log", "mail.log", INT64_MAX},
		{"mail.log.gz", "mail.log", INT64_MAX},
		{"mail.log.0", "mail.log", 0},
		{"mail.log.1", "mail.log", -1},
		{"mail.log.2.gz", "mail.log", -2},
		{"mail.log.10.xz", "mail.log", -10},
		{"mail.log-20260101", "mail.log", 20260101000000},
		{"mail.log-20260101.gz", "mail.log", 20260101000000},
		{"mail.log-2026010113.zst", "mail.log", 20260101130000},
		{"mail.log-20260101-1767225600", "mail.log", 20260101000000},
		{"mail.log.2026-01-01", "mail.log", 20260101000000},
		{"mail.log-2026-01-01.bz2", "mail.log", 20260101000000},
		{"maillog.20260101", "maillog", 20260101000000},
		{"mail-20260101.log", "mail.log", 20260101000000},
		{"mail-2026-01-01.log.gz", "mail.log", 20260101000000},
		{"mail.20260101.log", "mail.log", 20260101000000},
		{"mx1.mail-2026010113.log.xz", "mx1.mail.log", 20260101130000},
		{"mail.1.log", "mail.1.log", INT64_MAX},
		{"mail-20261399.log", "mail-20261399.log", INT64_MAX},
		{"20260101.log", "20260101.log", INT64_MAX},
		{"-20260101.log", "-20260101.log", INT64_MAX},
		{"mail-20260101.", "mail-20260101.", INT64_MAX},
		{"mail-20260101.2", "mail-20260101", -2},
		{"mx1.mail.log", "mx1.mail.log", INT64_MAX},
		{"mx-1", "mx-1", INT64_MAX},
		{"mail-20261399", "mail-20261399", INT64_MAX},
		{"mail.log.12345", "mail.log.12345", INT64_MAX},
		{"mail.log.2026-01", "mail.log.2026-01", INT64_MAX},
		{"20260101", "20260101", INT64_MAX},
		{".1", ".1", INT64_MAX},
		{"", "", INT64_MAX},
		{"-", "-", INT64_MAX},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t order;
		char *base = rotated_base(cases[i].name, &order);

		ok(strcmp(base, cases[i].base) == 0 && order == cases[i].order,
		    "\"%s\" is of %s", cases[i].name, cases[i].base);
		free(base);
	}
}

static void
write_gz(const char *name, struct str text)
{
	struct buf gz = BUF_INIT(BUF_UNLIMITED);

	kit_gzip(&gz, text);
	kit_write(name, buf_view(&gz));
	buf_done(&gz);
}

static void
test_order(void)
{
	struct input_set *set;
	struct err err = {""};

	kit_write("mail.log", STR("@50 x\n"));
	kit_write("mail.log.1", STR("@40 x\n"));
	write_gz("mail.log.2.gz", STR("@30 x\n"));
	kit_write("mail.log-20260101", STR("@35 x\n"));
	kit_write("mail.log.3", STR("no time\n"));
	kit_write("other.log", STR("@1 x\n"));
	set = KIT_OPEN(&err, "mail.log");
	kit_is_set(set, "mail.log", "one that is named alone is alone");
	input_close(set);
	set = KIT_OPEN(&err, "mail.log*", "other.log");
	kit_is_set(set, "mail.log.3 mail.log.2.gz mail.log-20260101 mail.log.1 mail.log | "
	    "other.log", "a set is ordered by content");
	is_number(set->streams[0].files[1].first, 30, "a file's first time");
	ok(set->streams[0].files[0].first == INT64_MIN, "or none");
	input_close(set);
	set = KIT_OPEN(&err, "mail.log", "other.log", "./mail.log.1");
	kit_is_set(set, "./mail.log.1 mail.log | other.log", "parts of a set find each other");
	input_close(set);

	kit_write("tie.log", STR("@5\n@6 b\n"));
	kit_write("tie.log.1", STR("@5\n@6 c\n"));
	kit_write("tie.log.10", STR("@5\n@6 d\n"));
	kit_write("tie.log.2", STR("@5\n@6 e\n"));
	set = KIT_OPEN(&err, "tie.log*");
	kit_is_set(set, "tie.log.10 tie.log.2 tie.log.1 tie.log", "ties: by number");
	input_close(set);
}

static void
test_since(void)
{
	static const char *const names[] = {"mail.log*", NULL};
	struct err err = {""};
	struct input_set *set = kit_open(names, 40, &err);

	kit_is_set(set, "mail.log-20260101 mail.log.1 mail.log",
	    "since a file's first time: its predecessor may end then");
	input_close(set);
	set = kit_open(names, 41, &err);
	kit_is_set(set, "mail.log.1 mail.log", "since later: without it");
	input_close(set);
	set = kit_open(names, 1000, &err);
	kit_is_set(set, "mail.log", "since after all: the newest stays");
	input_close(set);
	ok(chdir("..") == 0, "done here");
}

static void
test_copies(void)
{
	struct buf text = BUF_INIT(BUF_UNLIMITED), gz = BUF_INIT(BUF_UNLIMITED);
	struct input_set *set;
	struct err err = {""};

	for (int i = 0; i < 20000; i++)
		buf_printf(&text, "@%d line\n", i);
	kit_gzip(&gz, buf_view(&text));
	kit_write("a.log", buf_view(&text));
	kit_write("b.log.gz", buf_view(&gz));
	kit_write("torn.log.gz", str_head(buf_view(&gz), gz.len / 2));
	text.p[text.len - 2] = 'X';
	kit_write("c.log", buf_view(&text));
	kit_write("empty.log", STR(""));
	kit_write("nothing.log", STR(""));
	ok(link("c.log", "d.log") == 0, "a second name");
	set = KIT_OPEN(&err, "torn.log.gz", "a.log", "b.log.gz", "c.log", "d.log", "./a.log",
	    "empty.log", "nothing.log");
	kit_is_set(set, "a.log | c.log | empty.log | nothing.log",
	    "copies, compressed, torn, linked, are left out; one other byte makes none");
	is_number((int64_t)set->fault_count, 4, "each with a warning");
	for (size_t i = 0; i < set->fault_count; i++)
		ok(set->faults[i].warning, "%s", set->faults[i].text);
	input_close(set);
	buf_done(&text);
	buf_done(&gz);
}

static void
test_repeats(void)
{
	struct input_set *set;
	struct err err = {""};

	kit_write("mail.log", STR("@1 a\n@2 b\n"));
	kit_write("mail.info", STR("@1 a\n"));
	kit_write("mail.info.1", STR("@0 a\n"));
	kit_write("mail.err", STR("@2 b\n"));
	set = KIT_OPEN(&err, "mail.*");
	kit_is_set(set, "mail.log", "what mail.log has too is left out");
	ok(set->fault_count == 2 && set->faults[0].warning && set->faults[1].warning,
	    "with a warning for each set");
	is_text(set->faults[1].text, strlen(set->faults[1].text),
	    "mail.info and 1 more of its set: mail.log has the same lines; left out",
	    "that says why");
	input_close(set);
	set = KIT_OPEN(&err, "mail.err");
	kit_is_set(set, "mail.err", "unless it is named alone");
	input_close(set);
	set = KIT_OPEN(&err, "mail.info", "mail.err");
	kit_is_set(set, "mail.info", "the widest one counts");
	input_close(set);
	kit_write("mail.log", STR(""));
	set = KIT_OPEN(&err, "mail.log", "mail.info");
	kit_is_set(set, "mail.log | mail.info", "an empty one repeats nothing");
	input_close(set);
	kit_write("mail.log", STR("@1 a\n"));
	kit_write("mainlog", STR("@1 a\n@2 b\n"));
	kit_write("rejectlog", STR("@2 b\nEnvelope-to: c\n"));
	set = KIT_OPEN(&err, "rejectlog", "mainlog");
	kit_is_set(set, "mainlog", "Exim's rejections are in its main log, too");
	input_close(set);
	set = KIT_OPEN(&err, "mail.log", "rejectlog");
	kit_is_set(set, "mail.log | rejectlog", "but not in another daemon's");
	input_close(set);
}

static void
enter(const char *directory)
{
	if (mkdir(directory, 0755) != 0 || chdir(directory) != 0) {
		perror(directory);
		exit(1);
	}
}

int
main(void)
{
	kit_enter();
	test_split();
	enter("order");
	test_order();
	test_since();
	enter("copies");
	test_copies();
	ok(chdir("..") == 0, "done here");
	enter("repeats");
	test_repeats();
	kit_leave();
	return tap_done();
}
