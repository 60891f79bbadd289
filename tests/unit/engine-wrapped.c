/* SPDX-License-Identifier: Apache-2.0
 *
 * Amavis' entries split over several lines: read as one where their first part stands,
 * however the log is cut into pieces; bounded in number, bytes and age; and those whose
 * end never comes read as far as it came.
 */
#include "engine-log.h"

#define FIRST "(1-2) Passed SPAM {RelayedTaggedInbound}, [192.0.2.1]:25 <s@a.test> -> <r@"
#define LAST "b.test>, Queue-ID: 413BE60672, Hits: 9.1, size: 408, 667 ms"

static void
tell(struct buf *out, const struct event *ev)
{
	buf_printf(out, "%" PRId64 ":", ev->lineno);
	if (event_knows(ev, FIELD_recipient))
		buf_str(out, event_str(ev, ev->recipient));
	if (event_knows(ev, FIELD_score))
		buf_printf(out, " %" PRId64, ev->score);
	buf_printf(out, "%s\n", event_knows(ev, FIELD_truncated) ? " truncated" : "");
}

static const struct query by_kind = {
    .name = "kind",
    .where = "spam_verdict",
    .keys = {{.field = FIELD_truncated}, {.field = FIELD_recipient}, {.field = FIELD_score}},
    .key_count = 3,
    .measures = {{.name = "count", .op = MEASURE_COUNT},
	{.name = "size", .op = MEASURE_SUM, .field = FIELD_size}},
    .measure_count = 2,
};

#define CHECK(want, what) log_check(tell, &by_kind, (want), (what))

static void
test_parts(void)
{
	log_begin("amavis");
	log_line(0, 7, FIRST "...");
	log_line(0, 8,
	    "(1-2) Passed CLEAN {A}, [192.0.2.1]:2 <s@a.test> -> <x@b.test>, Hits: 1");
	log_line(0, 7, "(1-2) ..." LAST);
	CHECK("2:x@b.test 1000\n1:r@b.test 9100\n", "two parts");

	log_begin("amavis");
	log_line(0, 7, FIRST "...");
	log_line(0, 8, FIRST "...");
	log_line(1, 7, "(1-2) ...b.test>,<q@...");
	log_line(1, 8, "(1-3) ...wrong.test>, Hits: 1, 1 ms");
	log_line(1, 8, "(1-2) ...c.test>, Hits: 2, 1 ms");
	log_line(1, 7, "(1-2) ...b.test>, Queue-ID: 413...");
	log_line(2, 7, "(1-2) ...BE60672, Hits: 9.1, 667 ms");
	CHECK("2:r@c.test 2000\n1:r@b.test 9100\n", "several parts, several processes");

	log_begin("amavis");
	log_line(0, 7, FIRST "...");
	log_line(0, 7, "(1-2) ..." LAST);
	log_line(0, 7, "(1-2) Blocked SPAM {D}, [192.0.2.1]:25 <s@a.test> -> <q@...");
	log_line(0, 7, "(1-2) ..." LAST);
	CHECK("1:r@b.test 9100\n3:q@b.test 9100\n", "two verdicts on one message");

	log_begin("amavis");
	log_line(0, 7, "(1-2) ..." LAST);
	log_line(0, 7, "(1-2) ...b.te...");
	CHECK("", "continuations of nothing");

	log_begin("amavis");
	log_line(0, 7, FIRST "...");
	log_line(0, 7, "(1-2) ...b.test>, Hits: 1.......");
	log_line(0, 7, "(1-2) ...");
	CHECK("1:r@b.test truncated\n", "an entry that ends in dots");
}

static void
test_torn(void)
{
	log_begin("amavis");
	log_line(0, 7, FIRST "...");
	log_line(0, 7,
	    "(1-3) Passed CLEAN {A}, [192.0.2.1]:2 <s@a.test> -> <x@b.test>, Hits: 1");
	CHECK("2:x@b.test 1000\n1: truncated\n", "no end at the end of the log");

	log_begin("amavis");
	log_line(0, 7, FIRST "b.test>, Hi...");
	log_line(0, 7, FIRST "...");
	log_line(0, 7, "(1-2) ..." LAST);
	CHECK("1:r@b.test truncated\n2:r@b.test 9100\n", "no end, and a new one begins");

	log_begin("amavis");
	log_line(0, 7, FIRST "b.test>, Hi...");
	log_line(61, 9, "No decoder for .7z");
	log_line(61, 9,
	    "(1-3) Passed CLEAN {A}, [192.0.2.1]:2 <s@a.test> -> <x@b.test>, Hits: 1");
	log_line(62, 7, "(1-2) ...ts: 1, 2 ms");
	CHECK("1:r@b.test truncated\n3:x@b.test 1000\n", "no end for a minute");

	log_begin("amavis");
	log_line(0, 7, FIRST "b.test>, Hi...");
	log_line(0, 9, "No decoder for .7z");
	log_line(0, 8, FIRST "b.test>, Hi...");
	for (int i = 0; i < 9999; i++)
		log_line(0, 9, "No decoder for .7z");
	log_line(0, 8, "(1-2) ...ts: 1, 2 ms");
	CHECK("1:r@b.test truncated\n3:r@b.test 1000\n", "no end for ten thousand lines");
}

/* More entries than are waited for, then more bytes. */
static void
test_caps(void)
{
	struct buf want = BUF_INIT(BUF_UNLIMITED);
	char many[4000];

	log_begin("amavis");
	for (int i = 0; i < 300; i++)
		log_line(0, 100 + i, FIRST "b.test>, Hi...");
	log_line(0, 100, "(1-2) ...ts: 1, 2 ms");
	log_line(0, 144, "(1-2) ...ts: 1, 2 ms");
	for (int i = 0; i < 44; i++)
		buf_printf(&want, "%d:r@b.test truncated\n", i + 1);
	buf_printf(&want, "45:r@b.test 1000\n");
	for (int i = 45; i < 300; i++)
		buf_printf(&want, "%d:r@b.test truncated\n", i + 1);
	buf_char(&want, '\0');
	CHECK(want.p, "300 at once");

	memset(many, 'x', sizeof(many));
	log_begin("amavis");
	log_line(0, 7, FIRST "b.test>, Message-ID: <...");
	for (int i = 0; i < 20; i++)
		log_line(0, 7, "(1-2) ...%.*s...", (int)sizeof(many), many);
	log_line(0, 7, "(1-2) ...>, Hits: 1, 2 ms");
	CHECK("1:r@b.test truncated\n", "more than a line may be long");

	log_begin("amavis");
	for (int i = 0; i < 50; i++) {
		log_line(0, i, FIRST "b.test>, Message-ID: <...");
		for (int part = 0; part < 15; part++)
			log_line(0, i, "(1-2) ...%.*s...", (int)sizeof(many), many);
	}
	/* 34 fit; what would have to grow beyond goes. */
	buf_clear(&want);
	for (int i = 0; i < 50; i++)
		buf_printf(&want, "%d:r@b.test truncated\n", 1 + (i + 34) % 50 * 16);
	buf_char(&want, '\0');
	CHECK(want.p, "more bytes than are kept");
	buf_done(&want);
}

int
main(void)
{
	log_open();
	test_parts();
	test_torn();
	test_caps();
	log_close();
	return tap_done();
}
