/* SPDX-License-Identifier: Apache-2.0
 *
 * Exim's refusals that stand twice in syslog, once for the main log and once for the reject
 * log, are told once; those that happened twice, twice; in pieces as in the whole.
 */
#include "engine-log.h"

#define RCPT                                                                                \
	"H=(pc) [192.0.2.1]:4711 F=<s@a.test> rejected RCPT <r@b.test>: relay not permitted"
#define OTHER                                                                               \
	"H=(pc) [192.0.2.1]:4711 F=<s@a.test> rejected RCPT <q@b.test>: relay not permitted"
#define AUTH                                                                                \
	"plain_server authenticator failed for (pc) [192.0.2.1]:4711:"                      \
	" 535 Incorrect authentication data (set_id=joe)"
#define DATA "1xUNRF-00005C-0G H=(pc) [192.0.2.1] F=<s@a.test> rejected after DATA: no"
#define SYNTAX                                                                              \
	"SMTP syntax error in \"GET / HTTP/1.1\" H=[192.0.2.1]:4711 unrecognized command"

static const struct query by_text = {
    .name = "text",
    .where = "policy | auth_failure | violation",
    .keys = {{.field = FIELD_kind}, {.field = FIELD_recipient}},
    .key_count = 2,
    .measures = {{.name = "count", .op = MEASURE_COUNT}},
    .measure_count = 1,
};

#define CHECK(want, what) log_check(log_weighed, &by_text, (want), (what))

static void
test_pairs(void)
{
	log_begin("exim");
	log_line(0, 7, RCPT);
	log_line(0, 7, RCPT);
	CHECK("1:policy x1\n", "a pair");

	log_begin("exim");
	log_line(0, 7, RCPT);
	log_line(0, 8, RCPT);
	log_line(1, 7, RCPT);
	log_line(0, 8, RCPT);
	CHECK("1:policy x1\n2:policy x1\n", "pairs of two processes");

	log_begin("exim");
	for (int i = 0; i < 4; i++)
		log_line(0, 7, RCPT);
	CHECK("1:policy x1\n3:policy x1\n", "two pairs");

	log_begin("exim");
	log_line(0, 7, AUTH);
	log_line(0, 7, AUTH);
	log_line(0, 7, "2026-11-05 00:00:00 " RCPT);
	log_line(0, 7, "2026-11-05 00:00:00 " RCPT);
	log_line(0, 7, DATA);
	log_line(0, 7, "[1\\3] " DATA);
	log_line(0, 7, "[2\\3] Envelope-from: <s@a.test>");
	CHECK("1:auth_failure x1\n3:policy x1\n5:policy x1\n", "pairs of other sorts");
}

static void
test_singles(void)
{
	log_begin("exim");
	log_line(0, 7, RCPT);
	log_line(0, 7, OTHER);
	log_line(0, 7, RCPT);
	CHECK("1:policy x1\n2:policy x1\n3:policy x1\n", "another one between them");

	log_begin("exim");
	log_line(0, 7, RCPT);
	log_line(2, 7, RCPT);
	CHECK("1:policy x1\n2:policy x1\n", "two seconds between them");

	log_begin("exim");
	log_line(0, 7, RCPT);
	for (int i = 0; i < 100; i++)
		log_line(0, 9, "Start queue run: pid=9");
	log_line(0, 7, RCPT);
	CHECK("1:policy x1\n102:policy x1\n", "a hundred lines between them");

	log_begin("exim");
	log_line(0, 7, SYNTAX);
	log_line(0, 7, SYNTAX);
	CHECK("1:violation x1\n2:violation x1\n", "what goes to the main log only");

	log_begin("postfix/smtpd");
	log_line(0, 7,
	    "NOQUEUE: reject: RCPT from a[192.0.2.1]: 450 4.2.0 x; from=<a> to=<b>");
	log_line(0, 7,
	    "NOQUEUE: reject: RCPT from a[192.0.2.1]: 450 4.2.0 x; from=<a> to=<b>");
	CHECK("1:policy x1\n2:policy x1\n", "another program");
}

/* What syslog makes of lines that are the same. */
static void
test_repeats(void)
{
	log_begin("exim");
	log_line(0, 7, RCPT);
	log_line(5, 7, "message repeated 5 times: [ " RCPT "]");
	CHECK("1:policy x1\n2:policy x2\n", "three pairs in two lines");

	log_begin("exim");
	log_line(0, 7, RCPT);
	log_line(0, 7, "message repeated 1 times: [ " RCPT "]");
	CHECK("1:policy x1\n", "a pair in two lines, one of them a repeat");
}

/* Every line is told twice, and pieces begin at any of them. */
static void
test_many(void)
{
	struct buf want = BUF_INIT(BUF_UNLIMITED);

	log_begin("exim");
	for (int i = 0; i < 3000; i++) {
		log_line(i / 10, 7 + i % 3, i % 2 ? RCPT : AUTH);
		log_line(i / 10, 7 + i % 3, i % 2 ? RCPT : AUTH);
		buf_printf(&want, "%d:%s x1\n", 2 * i + 1, i % 2 ? "policy" : "auth_failure");
	}
	buf_char(&want, '\0');
	CHECK(want.p, "thousands of pairs");
	buf_done(&want);
}

int
main(void)
{
	log_open();
	test_pairs();
	test_singles();
	test_repeats();
	test_many();
	log_close();
	return tap_done();
}
