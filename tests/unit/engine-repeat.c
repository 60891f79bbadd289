/* SPDX-License-Identifier: Apache-2.0
 *
 * "last message repeated N times" stands for the line before it of its host, and for
 * nothing if that was no event; "message repeated N times" for what it holds. Beside
 * entries that are put together or told twice, and in pieces.
 */
#include "engine-log.h"

#define RCPT "NOQUEUE: reject: RCPT from a[192.0.2.1]: 450 4.2.0 x; from=<a> to=<b>"
#define EXIM "H=(pc) [192.0.2.1] F=<s@a.test> rejected RCPT <r@b.test>: relay not permitted"
#define AT "2026-11-05T00:00:05+00:00 mx "
#define LAST AT "last message repeated 3 times"

static const struct query by_kind = {
    .name = "kind",
    .where = "policy | spam_verdict | connect",
    .keys = {{.field = FIELD_kind}},
    .key_count = 1,
    .measures = {{.name = "count", .op = MEASURE_COUNT}},
    .measure_count = 1,
};

#define CHECK(want, what) log_check(log_weighed, &by_kind, (want), (what))

static void
test_last(void)
{
	log_begin("postfix/smtpd");
	log_line(0, 7, RCPT);
	log_raw(LAST);
	log_raw(LAST);
	CHECK("1:policy x1\n2:policy x3\n3:policy x3\n", "last message repeated");

	log_begin("postfix/smtpd");
	log_line(0, 7, RCPT);
	log_raw("2026-11-05T00:00:05+00:00 mx syslogd: last message repeated 3 times");
	log_raw("2026-11-05T00:00:05+00:00 mx syslogd: last message repeated 1 times");
	CHECK("1:policy x1\n2:policy x3\n3:policy x1\n", "FreeBSD's syslogd names itself");

	log_begin("postfix/smtpd");
	log_line(0, 7, RCPT);
	log_raw(AT "postfix/smtpd[7]: last message repeated 3 times");
	log_raw(AT "postfix/qmgr[8]: last message repeated 2 times");
	CHECK("1:policy x1\n2:policy x3\n", "rsyslog's has a tag");

	log_begin("postfix/smtpd");
	log_raw(LAST);
	log_line(0, 7, RCPT);
	CHECK("2:policy x1\n", "nothing before it");

	log_begin("postfix/smtpd");
	log_line(0, 7, RCPT);
	log_raw("2026-11-05T00:00:05+00:00 mx kernel: out of memory");
	log_raw(LAST);
	CHECK("1:policy x1\n", "no event before it");

	log_begin("postfix/smtpd");
	log_line(0, 7, RCPT);
	log_raw("2026-11-05T00:00:05+00:00 other kernel: out of memory");
	log_raw(LAST);
	CHECK("1:policy x1\n3:policy x3\n", "another host's line between them");

	log_begin("postfix/smtpd");
	log_line(0, 7, RCPT);
	log_raw("2026-11-05T00:00:05+00:00 other last message repeated 2 times");
	CHECK("1:policy x1\n", "another host's");

	log_begin("postfix/smtpd");
	for (int i = 0; i < 1500; i++)
		log_raw("2026-11-05T00:00:05+00:00 other kernel: out of memory");
	log_line(0, 7, RCPT);
	for (int i = 0; i < 1500; i++)
		log_raw("2026-11-05T00:00:05+00:00 other kernel: out of memory");
	log_raw(LAST);
	CHECK("1501:policy x1\n3002:policy x3\n", "another host's lines of two batches");
}

static void
test_message(void)
{
	log_begin("postfix/smtpd");
	log_line(0, 7, RCPT);
	log_line(0, 7, "message repeated 3 times: [ " RCPT "]");
	log_line(0, 7, "message repeated 2 times: [ " RCPT "]");
	CHECK("1:policy x1\n2:policy x3\n3:policy x2\n", "message repeated");
}

static void
test_others(void)
{
	log_begin("exim");
	log_line(0, 7, EXIM);
	log_raw(LAST);
	CHECK("1:policy x1\n2:policy x1\n", "Exim's pairs");

	log_begin("amavis");
	log_line(0, 7, "(1-2) Passed SPAM {A}, [192.0.2.1]:25 <s@a.test> -> <r@...");
	log_line(0, 7, "(1-2) ...b.test>, Hits: 9.1, 667 ms");
	log_raw("2026-11-05T00:00:05+00:00 mx kernel: out of memory");
	log_raw(LAST);
	CHECK("1:spam_verdict x1\n", "behind an entry of two lines, but not just behind");

	log_begin("amavis");
	log_line(0, 7, "(1-2) Passed SPAM {A}, [192.0.2.1]:25 <s@a.test> -> <r@...");
	log_raw("2026-11-05T00:02:05+00:00 mx kernel: out of memory");
	log_raw("2026-11-05T00:02:05+00:00 mx last message repeated 3 times");
	CHECK("1:spam_verdict x1\n", "behind a line that an entry was given up at");
}

int
main(void)
{
	log_open();
	test_last();
	test_message();
	test_others();
	log_close();
	return tap_done();
}
