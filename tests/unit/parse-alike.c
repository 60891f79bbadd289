/* SPDX-License-Identifier: Apache-2.0
 *
 * parse_begin_alike: lines begun in one go say what each says alone, whatever stands
 * before them.
 */
#include <stdlib.h>

#include "base/buf.h"
#include "base/civil.h"
#include "base/mem.h"
#include "parse/parse.h"
#include "tap.h"

static const char *const lines[] = {
    "Nov  5 09:08:07 mx postfix/smtpd[1]: connect from unknown[192.0.2.1]",
    "Nov  5 09:08:08 mx postfix/smtpd[1]: disconnect from unknown[192.0.2.1]",
    "Nov  5 09:08:59 mx postfix/submission/smtpd[22]: 4F1D2A: client=a.test[192.0.2.1]",
    "Nov  5 09:09:00 mx postfix/submission/smtpd[22]: connect from unknown[192.0.2.1]\r",
    "Nov  5 09:09:01 mx postfix/qmgr[4194304]: 4F1D2A: removed",
    "Nov  5 09:09:01 mx postfix/qmgr[12345678]: 4F1D2A: removed",
    "Nov  5 09:09:01 mx postfix/qmgr[123456789]: 4F1D2A: removed",
    "Nov  5 09:09:01 mx postfix/qmgr[]: 4F1D2A: removed",
    "Nov  5 09:09:60 mx postfix/qmgr[3]: 4F1D2A: removed",
    "Nov  5 09:09:61 mx postfix/qmgr[3]: 4F1D2A: removed",
    "Nov  5 09:09:02 mx postfix/smtpd[1]: message repeated 3 times: [ connect from "
    "unknown[192.0.2.1]]",
    "Nov  5 09:09:02 mx postfix/smtpd[1]: [ID 1 mail.info] connect from unknown[192.0.2.1]",
    "Nov  5 09:09:02 mx postfix/smtpd[1]:  connect from unknown[192.0.2.1]",
    "Nov  5 09:09:02 mx  postfix/smtpd[1]: connect from unknown[192.0.2.1]",
    "Nov  5 09:09:02 mx postfix/smtpd[1]: ",
    "Nov  5 09:09:02 mx postfix/smtpd[1]: \r",
    "Nov  5 09:09:02 mx postfix/smtpd[1]:",
    "Nov  5 09:09:02 mx postfix/submission/smtpd[22]: ",
    "Nov  5 09:09:02 mx postfix/submission/smtpd[22]: x",
    "Nov  5 09:09:02 mx cron[7]: x",
    "Nov  5 09:09:02 mx dovecot: imap-login: Login: user=<u@a.test>, method=PLAIN",
    "Nov  5 09:09:02 mx dovecot[7]: imap-login: Login: user=<u@a.test>, method=PLAIN",
    "Nov  5 09:09:02 mx dovecot: x[1]: imap-login: Login: user=<u@a.test>, method=PLAIN",
    "Nov  5 09:09:02 mx dovecot:imap-login: Login: user=<u@a.test>, method=PLAIN",
    "Nov  5 09:09:02 mx dovecot:  imap-login: Login: user=<u@a.test>, method=PLAIN",
    "Nov  5 09:09:02 mx dovecot-and-something-else: x",
    "Nov  5 09:09:02 mx dovecot-and-something-else-m:",
    "Nov  5 09:09:02 mx postfix/smtpd: connect from unknown[192.0.2.1]",
    "Nov  5 09:09:02 mx last message repeated 2 times",
    "Nov  5 09:09:03 my postfix/smtpd[1]: connect from unknown[192.0.2.1]",
    "Nov  5 09:09:04 my-2.example.test postfix/smtpd[1]: connect from unknown[192.0.2.1]",
    "Nov  6 00:00:00 my-2.example.test postfix/smtpd[1]: connect from unknown[192.0.2.1]",
    "Nov  6 00:00:00 my-2.example.test [1]: connect from unknown[192.0.2.1]",
    "2026-11-20T11:58:13.587668+00:00 vm postfix/smtpd[1]: connect from x[192.0.2.1]",
    "2026-11-20T11:58:13.587669+00:00 vm postfix/smtpd[1]: connect from x[192.0.2.1]",
    "2026-11-20T11:59:13.000001+00:00 vm postfix/smtpd[2]: connect from x[192.0.2.1]",
    "2026-11-20T11:59:13.00000x+00:00 vm postfix/smtpd[2]: connect from x[192.0.2.1]",
    "2026-11-20T11:59:13.1+00:00 vm postfix/smtpd[2]: connect from x[192.0.2.1]",
    "2026-11-20T11:59:14+00:00 vm postfix/smtpd[2]: connect from x[192.0.2.1]",
    "2026-11-20T11:59:14+02:00 vm postfix/smtpd[2]: connect from x[192.0.2.1]",
    "2026-11-20T11:59:14.12345678+02:00 vm postfix/smtpd[2]: connect from x[192.0.2.1]",
    "2026-11-20T11:59:14.123456789+02:00 vm postfix/smtpd[2]: connect from x[192.0.2.1]",
    "", "\r", "words without a header", "dovecot: Nov  5 09:08:07 Info: imap-login: x",
};

#define LINES (sizeof(lines) / sizeof(*lines))

struct begun {
	struct event ev;
	struct stamp stamp;
	struct parse_begun begun;
};

/* What one line says, as text. */
static void
describe(struct buf *out, const struct parse *parse, const struct begun *line)
{
	const struct event *ev = &line->ev;
	const struct parse_begun *begun = &line->begun;
	struct str host = parse_host(parse, ev->host_no);
	struct tag_words tag = parse_tag(parse, ev->tag_no);

	for (enum field field = 0; field < FIELDS; field++) {
		if (!event_knows(ev, field) || field == FIELD_time)
			continue;
		buf_printf(out, "%s=", event_fields[field].name);
		if (event_fields[field].type == TYPE_TEXT)
			buf_str(out, event_word(ev, *event_text_member(ev, field)));
		else
			buf_printf(out, "%lld", (long long)event_number(ev, field));
		buf_char(out, ' ');
	}
	buf_printf(out, "len %u weight %u kind %u ", ev->line_len, ev->weight, ev->kind);
	buf_str(out, host);
	buf_char(out, '/');
	buf_str(out, tag.program);
	buf_printf(out, " %lld %d %d%d%d", (long long)line->stamp.local, line->stamp.offset,
	    line->stamp.has_year, line->stamp.has_zone, line->stamp.known);
	buf_printf(out, " %d%d%d ", begun->reader != NULL, begun->mail, begun->twice);
	if (begun->reader)
		buf_printf(out, "%u times ", begun->times);
	else
		buf_printf(out, "result %u ", begun->result);
	buf_str(out, begun->message);
}

/* What is to be added to times. */
#define SHIFT INT64_C(-3600123456)

/* Has EV of a run its time, and no place? */
static bool
is_timed(struct event *ev)
{
	bool timed = event_knows(ev, FIELD_time) && !event_knows(ev, FIELD_source) &&
	    !event_knows(ev, FIELD_lineno);

	event_forget(ev, FIELD_time);
	return timed;
}

/* The group of the line that was begun as ENTRY. */
static uint8_t
group_of(const struct parse_entry *entry)
{
	return (uint8_t)(entry->begun.group + (unsigned char)*entry->begun.message.p);
}

/* The lines of TEXT, at ENDS, as the engine begins them. */
static size_t
begin_all(struct parse *parse, const char *text, const uint32_t *ends, struct event *events,
    struct parse_entry *entries, struct stamp *stamps)
{
	size_t at = 0, alike = 0, wrong = 0;
	uint64_t tags[64] = {0}, tagged = 0;
	uint16_t grouped[PARSE_GROUPS] = {0}, in_groups = 0;
	uint8_t groups[LINES];

	for (size_t i = 0; i < LINES;) {
		const struct stamp *stamp = parse_run_stamp(parse);
		struct parse_run run = {.tags = tags, .groups = groups, .grouped = grouped,
		    .shift = SHIFT, .from = INT64_MIN, .span = UINT64_MAX};
		size_t n = !stamp ? 0 : parse_begin_alike(parse, text, at, ends + i,
		    LINES - i, &run, entries + i);

		for (size_t k = i; k < i + n; k++) {
			stamps[k] = *stamp;
			stamps[k].local = events[k].time - SHIFT;
			wrong += !is_timed(&events[k]) ||
			    groups[k - i] != group_of(&entries[k]);
		}
		alike += n;
		i += n;
		at = i ? ends[i - 1] + 1u : 0;
		if (i == LINES)
			break;
		parse_begin(parse, (struct str){text + at, ends[i] - at}, &events[i],
		    &stamps[i], &entries[i].begun);
		at = ends[i++] + 1u;
	}
	is_number((int64_t)wrong, 0, "lines have their times and groups");
	for (size_t i = 0; i < 64; i++)
		tagged += tags[i];
	is_number((int64_t)tagged, (int64_t)alike, "and are counted by tag");
	for (size_t i = 0; i < PARSE_GROUPS; i++)
		in_groups += grouped[i];
	is_number(in_groups, (int64_t)alike, "and by group");
	return alike;
}

/* A run has only minutes that begin within its span. */
static void
spans(void)
{
	static const char text[] =
	    "Nov  5 09:08:07 mx postfix/smtpd[123]: connect from a[192.0.2.1]\n"
	    "Nov  5 09:08:59 mx postfix/smtpd[123]: connect from a[192.0.2.1]\n"
	    "Nov  5 09:09:00 mx postfix/smtpd[123]: connect from a[192.0.2.1]\n"
	    "0123456789abcdef0123456789abcdef";
	static const uint32_t ends[] = {64, 129, 194};
	struct parse *parse = parse_new();
	struct event *events = xmalloc(3 * sizeof(*events));
	uint64_t tags[8] = {0};
	uint16_t grouped[PARSE_GROUPS] = {0};
	uint8_t groups[3];
	struct parse_run run = {.span = 60 * USEC_PER_SEC, .tags = tags, .groups = groups,
	    .grouped = grouped};
	struct parse_entry entries[3];
	struct stamp stamp;

	for (uint32_t i = 0; i < 3; i++)
		entries[i].event = &events[i];
	ok(!parse_run_stamp(parse), "nothing is like what was not");
	/*
	 * The first line of a sort teaches what stands before the tag, the next one the tag.
	 */
	for (int i = 0; i < 2; i++)
		parse_begin(parse, (struct str){text, 64}, events, &stamp, &entries[0].begun);
	run.from = stamp.local - 7 * USEC_PER_SEC;
	is_number((int64_t)parse_begin_alike(parse, text, 0, ends, 3, &run, entries), 2,
	    "a run ends with its span");
	run.from += 60 * USEC_PER_SEC;
	is_number((int64_t)parse_begin_alike(parse, text, 130, ends + 2, 1, &run, entries),
	    1, "the next minute's is another one");
	is_number((int64_t)parse_begin_alike(parse, text, 0, ends, 3, &run, entries), 0,
	    "back is neither in it");
	free(events);
	parse_free(parse);
}

/*
 * FIRST with others between, each STEP behind the one before. Returns how many went quickly.
 */
static size_t
try_order(size_t first, size_t step)
{
	struct parse *parse = parse_new(), *alone;
	struct event *events = xmalloc(LINES * sizeof(*events));
	struct parse_entry entries[LINES];
	struct stamp stamps[LINES];
	uint32_t ends[LINES];
	struct buf text = BUF_INIT(BUF_UNLIMITED), a = BUF_INIT(BUF_UNLIMITED);
	struct buf b = BUF_INIT(BUF_UNLIMITED);
	size_t differ = 0, alike;

	memset(events, 0xa5, LINES * sizeof(*events));
	for (size_t i = 0; i < LINES; i++) {
		entries[i].event = &events[i];
		/* Between them FIRST comes often enough to be known. */
		buf_str(&text, str_of(lines[i % 5 ? first : (first + i * step) % LINES]));
		ends[i] = (uint32_t)text.len;
		buf_char(&text, '\n');
	}
	buf_add(&text, "0123456789abcdef0123456789abcdef", PARSE_RUN_PADDING);
	alike = begin_all(parse, text.p, ends, events, entries, stamps);
	for (size_t i = 0; i < LINES; i++) {
		size_t at = i ? ends[i - 1] + 1u : 0;
		struct begun line = {events[i], stamps[i], entries[i].begun}, single;

		alone = parse_new();
		memset(&single, 0xa5, sizeof(single));
		parse_begin(alone, (struct str){text.p + at, ends[i] - at}, &single.ev,
		    &single.stamp, &single.begun);
		buf_clear(&a);
		buf_clear(&b);
		describe(&a, parse, &line);
		describe(&b, alone, &single);
		if (!str_eq(buf_view(&a), buf_view(&b))) {
			differ++;
			printf("# %.*s\n# %.*s\n", (int)a.len, a.p, (int)b.len, b.p);
		}
		parse_free(alone);
	}
	is_number((int64_t)differ, 0, lines[first]);
	buf_done(&a);
	buf_done(&b);
	buf_done(&text);
	free(events);
	parse_free(parse);
	return alike;
}

int
main(void)
{
	size_t alike = 0;

	spans();
	for (size_t first = 0; first < LINES; first++)
		for (size_t step = 1; step < 4; step++)
			alike += try_order(first, step);
	ok(alike > 500, "%zu lines went the short way", alike);
	return tap_done();
}
