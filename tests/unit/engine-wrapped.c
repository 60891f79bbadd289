/* SPDX-License-Identifier: Apache-2.0
 *
 * Amavis' entries split over several lines: read as one where their first part stands,
 * however the log is cut into pieces; bounded in number, bytes and age; and those whose
 * end never comes read as far as it came.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/civil.h"
#include "engine/engine.h"
#include "tap.h"

#define FIRST "(1-2) Passed SPAM {RelayedTaggedInbound}, [192.0.2.1]:25 <s@a.test> -> <r@"
#define LAST "b.test>, Queue-ID: 413BE60672, Hits: 9.1, size: 408, 667 ms"

static char name[] = "/tmp/engine-wrapped-XXXXXX";
static FILE *file;

static void
begin_log(void)
{
	file = fopen(name, "w");
}

static void __attribute__((format(printf, 3, 4)))
write_line(int seconds, int pid, const char *format, ...)
{
	va_list args;

	fprintf(file, "2026-11-05T%02d:%02d:%02d+00:00 mx amavis[%d]: ", seconds / 3600,
	    seconds / 60 % 60, seconds % 60, pid);
	va_start(args, format);
	vfprintf(file, format, args);
	va_end(args);
	fputc('\n', file);
}

static bool
tell(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	struct buf *out = context;

	(void)sources;
	if (kind_is_derived(ev->kind))
		return true;
	buf_printf(out, "%" PRId64 ":", ev->lineno);
	if (event_knows(ev, FIELD_recipient))
		buf_str(out, event_text(ev, FIELD_recipient, symbols));
	if (event_knows(ev, FIELD_score))
		buf_printf(out, " %" PRId64, ev->score);
	buf_printf(out, "%s\n", event_knows(ev, FIELD_truncated) ? " truncated" : "");
	return true;
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

/* What a run with pieces of CHUNK bytes counted, as text. */
static void
count(struct buf *out, uint64_t chunk, unsigned jobs)
{
	const char *names[] = {name};
	const struct query *query = &by_kind;
	struct run_settings settings = {.names = names, .name_count = 1, .since = INT64_MIN,
	    .until = INT64_MAX, .jobs = jobs, .chunk_bytes = chunk};
	struct run_result *result;
	struct table *table;
	struct err err;

	buf_clear(out);
	if (run_report(&settings, &query, 1, &result, &err) < 0) {
		ok(false, "%s", err.text);
		return;
	}
	table = result->tables[0];
	buf_printf(out, "%llu lines, %llu events, %llu ignored, %llu malformed\n",
	    (unsigned long long)result->inputs[0].lines,
	    (unsigned long long)result->inputs[0].events,
	    (unsigned long long)result->inputs[0].ignored,
	    (unsigned long long)result->inputs[0].malformed);
	for (size_t i = 0; i < table->row_count * table->column_count; i++) {
		buf_str(out, table->cells[i].text);
		buf_printf(out, " %" PRId64 ";", table->cells[i].known ? table->cells[i].n : -1);
	}
	run_result_free(result);
}

/* The log as written so far gives the events WANT, and counts the same in any pieces. */
static void
check(const char *want, const char *what)
{
	/* So many pieces the log is cut into. */
	static const unsigned parts[] = {2, 3, 7, 40};
	const char *names[] = {name};
	struct run_settings settings = {.names = names, .name_count = 1, .since = INT64_MIN,
	    .until = INT64_MAX, .jobs = 1};
	uint64_t size = (uint64_t)ftell(file);
	struct buf out = BUF_INIT(BUF_UNLIMITED), whole = BUF_INIT(BUF_UNLIMITED);
	struct run_result *result;
	struct err err;
	bool same = true;

	fclose(file);
	if (run_scan(&settings, tell, &out, &result, &err) < 0) {
		ok(false, "%s", err.text);
		return;
	}
	run_result_free(result);
	is_text(out.len ? out.p : "", out.len, want, what);
	count(&whole, UINT64_C(1) << 40, 1);
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		count(&out, size / parts[i], 1 + (unsigned)i % 3);
		if (!str_eq(buf_view(&whole), buf_view(&out)))
			same = ok(false, "%s: in %u pieces: %.*s, whole: %.*s", what,
			    parts[i], (int)out.len, out.p, (int)whole.len,
			    whole.p);
	}
	ok(same, "%s: the same in any pieces", what);
	buf_done(&out);
	buf_done(&whole);
}

static void
test_parts(void)
{
	begin_log();
	write_line(0, 7, FIRST "...");
	write_line(0, 8, "(1-2) Passed CLEAN {A}, [192.0.2.1]:2 <s@a.test> -> <x@b.test>, Hits: 1");
	write_line(0, 7, "(1-2) ..." LAST);
	check("2:x@b.test 1000\n1:r@b.test 9100\n", "two parts");

	begin_log();
	write_line(0, 7, FIRST "...");
	write_line(0, 8, FIRST "...");
	write_line(1, 7, "(1-2) ...b.test>,<q@...");
	write_line(1, 8, "(1-3) ...wrong.test>, Hits: 1, 1 ms");
	write_line(1, 8, "(1-2) ...c.test>, Hits: 2, 1 ms");
	write_line(1, 7, "(1-2) ...b.test>, Queue-ID: 413...");
	write_line(2, 7, "(1-2) ...BE60672, Hits: 9.1, 667 ms");
	check("2:r@c.test 2000\n1:r@b.test 9100\n", "several parts, several processes");

	begin_log();
	write_line(0, 7, FIRST "...");
	write_line(0, 7, "(1-2) ..." LAST);
	write_line(0, 7, "(1-2) Blocked SPAM {D}, [192.0.2.1]:25 <s@a.test> -> <q@...");
	write_line(0, 7, "(1-2) ..." LAST);
	check("1:r@b.test 9100\n3:q@b.test 9100\n", "two verdicts on one message");

	begin_log();
	write_line(0, 7, "(1-2) ..." LAST);
	write_line(0, 7, "(1-2) ...b.te...");
	check("", "continuations of nothing");

	begin_log();
	write_line(0, 7, FIRST "...");
	write_line(0, 7, "(1-2) ...b.test>, Hits: 1.......");
	write_line(0, 7, "(1-2) ...");
	check("1:r@b.test truncated\n", "an entry that ends in dots");
}

static void
test_torn(void)
{
	begin_log();
	write_line(0, 7, FIRST "...");
	write_line(0, 7, "(1-3) Passed CLEAN {A}, [192.0.2.1]:2 <s@a.test> -> <x@b.test>, Hits: 1");
	check("2:x@b.test 1000\n1: truncated\n", "no end at the end of the log");

	begin_log();
	write_line(0, 7, FIRST "b.test>, Hi...");
	write_line(0, 7, FIRST "...");
	write_line(0, 7, "(1-2) ..." LAST);
	check("1:r@b.test truncated\n2:r@b.test 9100\n", "no end, and a new one begins");

	begin_log();
	write_line(0, 7, FIRST "b.test>, Hi...");
	write_line(61, 9, "No decoder for .7z");
	write_line(61, 9, "(1-3) Passed CLEAN {A}, [192.0.2.1]:2 <s@a.test> -> <x@b.test>, Hits: 1");
	write_line(62, 7, "(1-2) ...ts: 1, 2 ms");
	check("1:r@b.test truncated\n3:x@b.test 1000\n", "no end for a minute");

	begin_log();
	write_line(0, 7, FIRST "b.test>, Hi...");
	write_line(0, 9, "No decoder for .7z");
	write_line(0, 8, FIRST "b.test>, Hi...");
	for (int i = 0; i < 9999; i++)
		write_line(0, 9, "No decoder for .7z");
	write_line(0, 8, "(1-2) ...ts: 1, 2 ms");
	check("1:r@b.test truncated\n3:r@b.test 1000\n", "no end for ten thousand lines");
}

/* More entries than are waited for, then more bytes. */
static void
test_caps(void)
{
	struct buf want = BUF_INIT(BUF_UNLIMITED);
	char many[4000];

	begin_log();
	for (int i = 0; i < 300; i++)
		write_line(0, 100 + i, FIRST "b.test>, Hi...");
	write_line(0, 100, "(1-2) ...ts: 1, 2 ms");
	write_line(0, 144, "(1-2) ...ts: 1, 2 ms");
	for (int i = 0; i < 44; i++)
		buf_printf(&want, "%d:r@b.test truncated\n", i + 1);
	buf_printf(&want, "45:r@b.test 1000\n");
	for (int i = 45; i < 300; i++)
		buf_printf(&want, "%d:r@b.test truncated\n", i + 1);
	buf_char(&want, '\0');
	check(want.p, "300 at once");

	memset(many, 'x', sizeof(many));
	begin_log();
	write_line(0, 7, FIRST "b.test>, Message-ID: <...");
	for (int i = 0; i < 20; i++)
		write_line(0, 7, "(1-2) ...%.*s...", (int)sizeof(many), many);
	write_line(0, 7, "(1-2) ...>, Hits: 1, 2 ms");
	check("1:r@b.test truncated\n", "more than a line may be long");

	begin_log();
	for (int i = 0; i < 50; i++) {
		write_line(0, i, FIRST "b.test>, Message-ID: <...");
		for (int part = 0; part < 15; part++)
			write_line(0, i, "(1-2) ...%.*s...", (int)sizeof(many), many);
	}
	/* 34 fit; what would have to grow beyond goes. */
	buf_clear(&want);
	for (int i = 0; i < 50; i++)
		buf_printf(&want, "%d:r@b.test truncated\n", 1 + (i + 34) % 50 * 16);
	buf_char(&want, '\0');
	check(want.p, "more bytes than are kept");
	buf_done(&want);
}

int
main(void)
{
	struct err err;
	int fd = mkstemp(name);

	zone_set("UTC", &err);
	if (fd < 0)
		return 1;
	close(fd);
	test_parts();
	test_torn();
	test_caps();
	unlink(name);
	return tap_done();
}
