/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers in a line that are read without a loop, and those that its header's words have in
 * a dictionary: who was told them once finds them in every line that follows.
 */
#include "parse/digits.h"
#include "parse/parse.h"
#include "tap.h"

static const struct {
	const char *text;
	int64_t number; /* -1: it is not taken */
	size_t left;
} ends[] = {
	{"nrcpt=12", 12, 6},
	{", size=0", 0, 7},
	{"x=1234567", 1234567, 2},
	{"01234567", -1, 8},
	{"size=12345678", -1, 13},
	{"size=12)", -1, 8},
	{"=1", -1, 2},
	{"nrcpt=\xb1\xb2", -1, 8},
	{"nrcpt=\xb1" "2", 2, 7},
	{"nrcpt=:2", 2, 7},
	{"nrcpt=/2", 2, 7},
	{"", -1, 0},
};

static void
test_last(void)
{
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		struct str text = str_of(ends[i].text);
		int64_t number = -1;
		bool taken = digits_take_last(&text, &number);

		ok(taken == (ends[i].number >= 0) && number == ends[i].number &&
			text.len == ends[i].left,
		    "the end of \"%s\"", ends[i].text);
	}
}

/* What parse_line() makes of TEXT, an event of another line than the one before. */
static struct event
read_line(struct parse *parse, const char *text)
{
	static char line[256];
	struct stamp stamp;
	struct event ev;

	memset(line, 0, sizeof(line));
	memset(&ev, 0x5a, sizeof(ev));
	snprintf(line, sizeof(line) - 16, "%s", text);
	parse_line(parse, str_of(line), &ev, &stamp);
	return ev;
}

static void
has(const struct event *ev, uint32_t host, struct word_numbers words, const char *what)
{
	ok(ev->host.id == host && ev->program.id == words.program &&
		ev->daemon.id == words.daemon && ev->instance.id == words.instance,
	    "%s", what);
}

#define CONNECT ": connect from a.test[192.0.2.1]"

static void
test_frames(void)
{
	static const struct word_numbers none = {.daemon = WORD_smtpd};
	static const struct word_numbers first = {101, 102, 103}, second = {201, 202, 203};
	struct parse *parse = parse_new();
	struct event ev;

	read_line(parse, "Nov  5 09:08:07 mx postfix/smtpd[1]" CONNECT);
	ev = read_line(parse, "Nov  5 09:08:08 mx postfix/smtpd[2]" CONNECT);
	has(&ev, SYMBOL_ABSENT, none, "nobody told: only what every dictionary has");
	parse_number_tag(parse, ev.tag_no, first);
	parse_number_host(parse, ev.host_no, 55);
	ev = read_line(parse, "Nov  5 09:08:09 mx postfix/smtpd[1]" CONNECT);
	has(&ev, 55, first, "told: the next line");
	ev = read_line(parse, "Nov  6 10:11:12 mx postfix/smtpd[1]" CONNECT);
	has(&ev, 55, first, "one of another day");
	ev = read_line(parse,
	    "2026-11-06T10:11:13+00:00 mx postfix/smtpd[1]" CONNECT);
	has(&ev, 55, first, "with another stamp");
	ev = read_line(parse, "Nov  6 10:11:14 mx2 postfix/smtpd[1]" CONNECT);
	has(&ev, SYMBOL_ABSENT, first, "of another host, which nobody told of");
	ev = read_line(parse, "Nov  6 10:11:15 mx postfix/in/smtpd[1]" CONNECT);
	has(&ev, 55, none, "of another tag");
	ev = read_line(parse, "Nov  6 10:11:16 mx postfix/smtpd[1]" CONNECT);
	parse_number_tag(parse, ev.tag_no, second);
	parse_number_host(parse, ev.host_no, 56);
	ev = read_line(parse, "Nov  6 10:11:17 mx postfix/smtpd[1]" CONNECT);
	has(&ev, 56, second, "told again: the numbers of now");
	parse_free(parse);
}

int
main(void)
{
	hash_init();
	test_last();
	test_frames();
	return tap_done();
}
