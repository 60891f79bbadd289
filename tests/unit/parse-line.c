/* SPDX-License-Identifier: Apache-2.0
 *
 * parse_line: what stands around the daemons' parsers: whose line it is, repeats,
 * lost lines, marks, limits; and the shapes of what nobody understood.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "parse/room.h"
#include "tap.h"

#define HEAD "Nov  5 09:08:07 mx "
#define TAGS 66000u

static struct parse *parse;
static struct event ev;
static struct stamp stamp;

/* What parse_line() says of TEXT; all of the event starts as garbage. */
static enum parse_result
read_line(const char *text)
{
	static char room[EVENT_LINE_MAX + 64];
	size_t len = strlen(text);

	memcpy(room, text, len);
	memset(&ev, 0xa5, sizeof(ev));
	return parse_line(parse, (struct str){room, len}, &ev, &stamp);
}

static void
is_field(enum field field, struct text text, const char *want)
{
	struct str s = event_knows(&ev, field) ? event_str(&ev, text) : STR("(unknown)");

	is_text(s.len ? s.p : "", s.len, want, "  its text");
}

static void
owners(void)
{
	static const struct {
		const char *line;
		enum parse_result result;
	} known[] = {
	    {HEAD "sshd[1]: Failed password for root", PARSE_FOREIGN},
	    {HEAD "smtpd[1]: connect from x", PARSE_FOREIGN},
	    {HEAD "postfixadmin: x", PARSE_FOREIGN},
	    {HEAD "postfix/nothing-we-know[1]: x", PARSE_UNKNOWN},
	    {HEAD "postfix/smtpd[1]: words that nobody wrote", PARSE_UNKNOWN},
	    {HEAD "postfix/smtpd[1]: ", PARSE_MALFORMED},
	    {HEAD "postfix[1]:", PARSE_MALFORMED},
	    {HEAD "amavis[1]: words that nobody wrote", PARSE_UNKNOWN},
	    {HEAD "/usr/sbin/amavisd[1]: words that nobody wrote", PARSE_UNKNOWN},
	    {HEAD "x/amavisd[1]: words that nobody wrote", PARSE_FOREIGN},
	    {HEAD "fail2ban.filter : INFO   words that nobody wrote", PARSE_UNKNOWN},
	    {HEAD "dovecot: words that nobody wrote", PARSE_UNKNOWN},
	    {HEAD "exim[1]: words that nobody wrote", PARSE_UNKNOWN},
	    {HEAD "cyrus/imap[1]: words that nobody wrote", PARSE_UNKNOWN},
	    {HEAD "imap[1]: words that nobody wrote", PARSE_UNKNOWN},
	    {HEAD "cyrus/master[1]: ready for work", PARSE_EVENT},
	    {HEAD "postfix/master[1]: ready for work", PARSE_UNKNOWN},
	    {HEAD "master[1]: ready for work", PARSE_FOREIGN},
	    {HEAD "imap-login: Info: x", PARSE_FOREIGN},
	    {HEAD "anything: mail() on [/x.php:1]: To: a@b.test", PARSE_EVENT},
	    {HEAD "postfix/nothing-we-know: mail() on [/x.php:1]: To: a@b.test",
		PARSE_UNKNOWN},
	    {HEAD "php: words that nobody wrote", PARSE_FOREIGN},
	    {HEAD "words and nothing else", PARSE_FOREIGN},
	    {HEAD, PARSE_MALFORMED},
	    {HEAD "-- MARK --", PARSE_IGNORED},
	    {HEAD "rsyslogd: -- MARK --", PARSE_IGNORED},
	    {HEAD "rsyslogd: [origin software=\"rsyslogd\"] start", PARSE_FOREIGN},
	    {"connect from x", PARSE_MALFORMED},
	    {"", PARSE_IGNORED},
	    {"\r", PARSE_IGNORED},
	    {"-- Journal begins at Mon 2026-01-01 --", PARSE_IGNORED},
	    {"-- Boot 0123456789abcdef --", PARSE_IGNORED},
	    {"-- No entries --", PARSE_IGNORED},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		is_number(read_line(known[i].line), known[i].result, known[i].line);
}

static void
words(void)
{
	read_line(HEAD "postfix/submission/smtpd[123]: connect from unknown[192.0.2.1]");
	is_field(FIELD_host, ev.host, "mx");
	is_field(FIELD_program, ev.program, "postfix/submission/smtpd");
	is_field(FIELD_daemon, ev.daemon, "smtpd");
	is_field(FIELD_instance, ev.instance, "postfix/submission");
	is_number(ev.pid, 123, "pid");
	is_number(ev.weight, 1, "weight");
	is_number(ev.kind, KIND_connect, "kind");
	ok(stamp.known && !stamp.has_year && !stamp.has_zone, "the stamp is handed on");
	ok(!event_knows(&ev, FIELD_count) && !event_knows(&ev, FIELD_truncated) &&
	    !event_knows(&ev, FIELD_derived), "nothing else is claimed");
	read_line(HEAD "dovecot: x");
	is_field(FIELD_daemon, ev.daemon, "dovecot");
	ok(!event_knows(&ev, FIELD_instance) && !event_knows(&ev, FIELD_pid),
	    "no instance, no pid");
	read_line(HEAD "/x: y");
	is_field(FIELD_daemon, ev.daemon, "x");
	ok(!event_knows(&ev, FIELD_instance), "nothing before the slash is no instance");
	read_line("words");
	ok(ev.known[0] == 0 && ev.known[1] == 0 && ev.weight == 1 && ev.kind == KIND_none &&
	    ev.tag_no == 0 && ev.host_no == 0 && !stamp.known, "no header, nothing known");
}

/* Files that name neither host nor program. */
static void
own_files(void)
{
	static const struct {
		const char *line;
		enum parse_result result;
		enum word program; /* WORD_absent: none, or as the line says */
		const char *message;
	} known[] = {
	    {"Fri Nov 20 12:09:52 2026 [49] info: prefork: child states: II", PARSE_IGNORED,
		WORD_spamd, "info: prefork: child states: II"},
	    {"Fri Nov 20 12:09:52 2026 info: x", PARSE_FOREIGN, WORD_absent, "info: x"},
	    {"2024-05-01 12:34:56 #7(normal) <abc>; lua; x: y", PARSE_IGNORED, WORD_rspamd,
		"<abc>; lua; x: y"},
	    {"2024-05-01 12:34:56 [info] #7(normal) <abc>; lua; x: y", PARSE_IGNORED,
		WORD_rspamd, "<abc>; lua; x: y"},
	    {"2024-05-01 12:34:56 #7(normal <abc>; lua; x: y", PARSE_FOREIGN, WORD_absent,
		"#7(normal <abc>; lua; x: y"},
	    {"2024-05-01 12:34:56 1xUN76-0005hf-06 Completed", PARSE_EVENT, WORD_exim,
		"1xUN76-0005hf-06 Completed"},
	    {"2024-05-01 12:34:56 Warning: purging the environment.", PARSE_EVENT, WORD_exim,
		"Warning: purging the environment."},
	    {"2024-05-01 12:34:56 Warning: x", PARSE_FOREIGN, WORD_absent, "Warning: x"},
	    {"2024-05-01 12:34:56 nobody: x", PARSE_FOREIGN, WORD_absent, "nobody: x"},
	    {"2024-05-01 12:34:56", PARSE_MALFORMED, WORD_exim, ""},
	    {"2024-05-01 12:34:56 imap-login: Debug: x", PARSE_IGNORED, WORD_dovecot,
		"imap-login: Debug: x"},
	    {"2024-05-01 12:34:56 imap(joe)<7><x>: Debug: y", PARSE_IGNORED, WORD_dovecot,
		"imap(joe)<7><x>: Debug: y"},
	    {"May  1 12:34:56 imap(joe)<7><x>: Debug: y", PARSE_IGNORED, WORD_dovecot,
		"imap(joe)<7><x>: Debug: y"},
	    {"May  1 12:34:56 Warning: x", PARSE_EVENT, WORD_dovecot, "Warning: x"},
	    {"dovecot: May  1 12:34:56 Warning: x", PARSE_EVENT, WORD_absent, "Warning: x"},
	    {"May  1 12:34:56 imap[7]: x", PARSE_UNKNOWN, WORD_absent, "x"},
	    {"<22>1 2024-05-01T12:34:56Z - imap 7 - - x", PARSE_UNKNOWN, WORD_absent, "x"},
	    {"<22>1 2024-05-01T12:34:56Z - imap - - - x", PARSE_UNKNOWN, WORD_absent, "x"},
	    {"2024-05-01 12:34:56,789 fail2ban.actions [7]: INFO    x", PARSE_UNKNOWN,
		WORD_absent, "INFO    x"},
	    {"[01-Jan-2024 12:00:00 UTC] mail() on [/x.php:1]: To: a@b.test", PARSE_EVENT,
		WORD_php, "mail() on [/x.php:1]: To: a@b.test"},
	    {"mail() on [/x.php:1]: To: a@b.test", PARSE_EVENT, WORD_php,
		"mail() on [/x.php:1]: To: a@b.test"},
	    {"[01-Jan-2024 12:00:00 UTC] PHP Warning:  x", PARSE_FOREIGN, WORD_php,
		"PHP Warning:  x"},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct str message, name;
		struct tag_words tag;

		is_number(read_line(known[i].line), known[i].result, known[i].line);
		message = parse_message(parse);
		is_text(message.len ? message.p : "", message.len, known[i].message,
		    "  its message");
		is_number(event_knows(&ev, FIELD_program) && ev.program.len == 0 ?
		    ev.program.id : WORD_absent, known[i].program, "  its program");
		tag = parse_tag(parse, ev.tag_no);
		name = event_word(&ev, ev.program);
		ok(!event_knows(&ev, FIELD_program) || (str_eq(tag.program, name) &&
		    str_eq(tag.daemon, event_word(&ev, ev.daemon))), "  its tag's number");
	}
}

static bool
lists(const char *const *names, struct str name)
{
	for (; names && *names; names++)
		if (str_eq(str_of(*names), name))
			return true;
	return false;
}

/* No two rows claim the same line, and each gets those that it claims. */
static void
rows(void)
{
	for (unsigned i = 0; i < parsers_count; i++) {
		const struct parser *row = parsers[i];
		unsigned twice = 0;

		for (unsigned j = 0; j < parsers_count; j++) {
			if (j == i)
				continue;
			for (const char *const *n = row->tags; n && *n; n++)
				twice += lists(parsers[j]->tags, str_of(*n));
			for (const char *const *n = row->daemons; n && *n; n++)
				twice += lists(parsers[j]->daemons, str_of(*n));
			for (const char *const *n = row->processes; n && *n; n++)
				twice += lists(parsers[j]->processes, str_of(*n));
			twice += row->form && row->form == parsers[j]->form;
		}
		is_number(twice, 0, row->name);
		ev.program = (struct text){.off = 0, .len = 0, .id = row->program};
		ok(row->program ? lists(row->tags, event_word(&ev, ev.program)) :
		    !row->form && !row->processes, "  files of its own have its tag");
	}
}

/* Where the tag has lost the daemon. */
static void
by_text(void)
{
	is_number(read_line(HEAD "postfix[1]: connect from unknown[192.0.2.1]"), PARSE_EVENT,
	    "smtpd's words under a bare tag");
	is_number(ev.kind, KIND_connect, "are smtpd's");
	read_line(HEAD "postfix-in[1]: CONNECT from [192.0.2.1]:2500 to [198.51.100.1]:25");
	is_number(ev.kind, KIND_ps_connect, "postscreen's are postscreen's");
	is_number(read_line(HEAD "postfix[1]: words that nobody wrote"), PARSE_UNKNOWN,
	    "nobody's are unknown");
	ok(ev.weight == 1 && ev.kind == KIND_none && event_knows(&ev, FIELD_pid),
	    "and leave no traces");
}

static void
repeats(void)
{
	is_number(read_line(HEAD "postfix/smtpd[1]: message repeated 3 times: [ connect from "
	    "unknown[192.0.2.1]]"), PARSE_EVENT, "a repeated message");
	is_number(ev.kind, KIND_connect, "is the message");
	is_number(ev.count, 3, "three times");
	is_number(ev.weight, 3, "and weighs so much");
	is_text(parse_message(parse).p, parse_message(parse).len,
	    "connect from unknown[192.0.2.1]", "without the bracket");
	read_line(HEAD "postfix/smtpd[1]: message repeated 2 times: [connect from "
	    "unknown[192.0.2.1]]");
	is_number(ev.weight, 2, "the space behind the bracket may be missing");
	is_number(read_line(HEAD "postfix/smtpd[1]: message repeated 99999999999 times: "
	    "[ connect from unknown[192.0.2.1]]"), PARSE_UNKNOWN, "no more than fits");
	is_number(read_line(HEAD "rsyslogd: message repeated 4000000000 times: [ imuxsock "
	    "lost 5000000000 messages from pid 1 due to rate-limiting]"), PARSE_EVENT,
	    "large numbers");
	is_number(ev.weight, UINT32_MAX, "stop at the largest");
	is_number(read_line("Dec 11 09:29:32 localhost last message repeated 2 times"),
	    PARSE_EVENT, "sysklogd's way to say it");
	is_number(ev.kind, KIND_repeat, "is for the engine to solve");
	is_number(ev.count, 2, "with its count");
	is_number(read_line(HEAD "postfix/smtpd[1]: last message repeated 2 times"),
	    PARSE_EVENT, "and with a tag");
	is_number(ev.kind, KIND_repeat, "it is the same");
	is_number(read_line(HEAD "sshd[1]: last message repeated 2 times"), PARSE_FOREIGN,
	    "of another program it repeats what is of no use");
	is_number(read_line(HEAD "last message repeated 0 times"), PARSE_FOREIGN,
	    "no times is no repeat");
}

static void
lost_lines(void)
{
	static const struct {
		const char *line;
		int64_t count; /* 0: not named */
	} known[] = {
	    {HEAD "rsyslogd-2177: imuxsock begins to drop messages from pid 12 due to "
		"rate-limiting", 0},
	    {HEAD "rsyslogd-2177: imuxsock lost 120 messages from pid 12 due to "
		"rate-limiting", 120},
	    {HEAD "rsyslogd: imjournal: 236 messages lost due to rate-limiting (20000 allowed "
		"within 600 seconds)", 236},
	    {HEAD "rsyslogd: imuxsock[pid: 51, name: /usr/bin/x] from <x:y>: begin to drop "
		"messages due to rate-limiting", 0},
	    {HEAD "systemd-journald[1]: Suppressed 917 messages from postfix@-.service", 917},
	    {HEAD "systemd-journal[1]: Forwarding to syslog missed 12 messages.", 12},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		is_number(read_line(known[i].line), PARSE_EVENT, known[i].line);
		is_number(ev.kind, KIND_evidence_lost, "  is lost evidence");
		is_number(event_knows(&ev, FIELD_count) ? ev.count : 0, known[i].count,
		    "  so much");
		is_number(ev.weight, known[i].count ? known[i].count : 1, "  and weighs it");
	}
	is_number(read_line(HEAD "postfix/smtpd[1]: Suppressed 917 messages from x"),
	    PARSE_UNKNOWN, "only loggers lose lines");
}

static void
limits(void)
{
	char *line = xmalloc(EVENT_LINE_MAX + 116);
	static char text[EVENT_LINE_MAX + 32];
	struct parse *full = parse_new();
	struct tag_words tag;
	unsigned good = 0;

	memset(line, 'x', EVENT_LINE_MAX + 116);
	memcpy(line, HEAD "sshd[1]: ", sizeof(HEAD "sshd[1]: ") - 1);
	parse_line(parse, (struct str){line, EVENT_LINE_MAX + 100}, &ev, &stamp);
	ok(event_knows(&ev, FIELD_truncated) && ev.truncated, "an overlong line is cut");
	is_number(ev.line_len, EVENT_LINE_MAX, "to the longest");
	parse_line(parse, (struct str){line, EVENT_LINE_MAX}, &ev, &stamp);
	ok(!event_knows(&ev, FIELD_truncated), "the longest is not");
	free(line);

	for (unsigned i = 0; i < TAGS; i++) {
		int n = snprintf(text, 128, "Nov  5 09:08:07 mx%u postfix-%u/smtpd[1]: "
		    "connect from unknown[192.0.2.1]", i, i);

		good += parse_line(full, (struct str){text, (size_t)n}, &ev, &stamp) ==
		    PARSE_EVENT;
	}
	is_number(good, TAGS, "the result is the same for numbered and unnumbered tags");
	ok(parse_tags(full) <= 65001 && parse_hosts(full) <= 65001, "numbers are bounded");
	ok(ev.tag_no == 0 && ev.host_no == 0, "what is too much is number 0");
	tag = parse_tag(full, 1);
	is_text(tag.program.p, tag.program.len, "postfix-0/smtpd", "the first tag");
	is_text(tag.daemon.p, tag.daemon.len, "smtpd", "its daemon");
	is_text(tag.instance.p, tag.instance.len, "postfix-0", "its instance");
	is_text(parse_host(full, 2).p, parse_host(full, 2).len, "mx1", "the second host");
	is_number((int64_t)parse_tag(full, 0).program.len, 0, "number 0 has no text");
	parse_free(full);
}

static const struct {
	const char *message, *shape;
} shaped[] = {
    {"3F2A1B00C1: to=<a@b.test>, relay=mx.b.test[192.0.2.7]:25, delay=0.42",
	"ID: to=<>, relay=NAME[IP]:N, delay=N.N"},
    {"3bZLDu1V55z37Dv: removed", "ID: removed"},
    {"1kUrJs-0003Yw-3t Completed", "ID Completed"},
    {"connect from unknown[2001:db8::]", "connect from unknown[IP]"},
    {"host 192.0.2.7:25 said: 550 5.1.1", "host IP:N said: N N.N.N"},
    {"open \"/etc/\x1b[31m\": x", "open \"\": x"},
    {"\x1b[31m\xe2\x80\xae", "?[WORD"},
    {"\xe2\x80\xae \x1b", "WORD ?"},
    {"TLSv1.3 with cipher AES256-SHA", "TLSvN.N with cipher AESN-SHA"},
    {"a <b \"c", "a <WORD \"WORD"},
    {"3F2A1B00C1: to=<joe: x", "ID: to=<WORD: WORD"},
    {"no K\xc3\xbcster of joe@localhost:25, pc-of-joe[192.0.2.7]",
	"no WORD of NAME:N, NAME[IP]"},
    {"header Subject: dear Joe from a[192.0.2.7]; from=<> From: Joe",
	"header Subject: WORD; from=<> From: WORD"},
    {"of 01234567-89ab-4cde-8f01-23456789abcd", "of ID"},
    {"for user joe, method=plain n=7", "for user WORD, method=WORD n=N"},
    {"imap(joe)<7><x>: auth(joe,192.0.2.1): at (x)",
	"imap(WORD)<><>: auth(WORD,IP): at (x)"},
    {"H=(pc-of-joe) for joe:1000, dir=/home/joe/x postfix/smtpd given password x2 bad",
	"H=(WORD) for WORD, dir=/home/WORD/WORD postfix/smtpd given password WORD "
	"bad"},
    {"of 'a b' it's", "of '' it's"},
    {"of 'a'joe' \"a\"joe <a>joe <a>: at", "of ''WORD' \"\"WORD <>WORD <>: at"},
    {"user@mail.example.test.", "NAME."},
    {"of joe+list@b.test, o'joe@b.test joe%c!d#e@b.test +x",
	"of NAME, o'NAME NAME +x"},
    {"from:joe@b.test smtp:mx.b.test:25 at ip4:192.0.2.7 IPv6:2001:db8::7",
	"from:NAME smtp:NAME:N at WORD WORD"},
    {"http://joe:pw@b.test:80/joe at user: joe, account:joe sender joe",
	"http://WORD/WORD at user: WORD, account:WORD sender WORD"},
    {"Too many open connections (3 of 9 from mx.b.test [192.0.2.1], 3 of 2 for joe)",
	"Too many open connections (N of N from NAME [IP], N of N for WORD)"},
    {"badlogin: mx.b.test [192.0.2.1] plaintext joe invalid user",
	"badlogin: NAME [IP] plaintext WORD invalid user"},
    {"badlogin: CRAM-MD5 (joe) [SASL(-13): authentication failure]",
	"badlogin: CRAM-MDN (WORD) [SASL(-N): authentication failure]"},
    {"Authentication failed for joe/b.test: Master user logged in as joe",
	"Authentication failed for WORD/NAME: Master user WORD in as WORD"},
    {"closed for user joe, password mismatch; SASL PLAIN authentication failed",
	"closed for user WORD, password mismatch; SASL PLAIN authentication failed"},
    {"imap-login: Login: user=<joe>, method=PLAIN",
	"imap-login: Login: user=<>, method=WORD"},
    {"login: [192.0.2.1] joe plaintext+TLS; host b[192.0.2.1] said: no; Login aborted: x",
	"login: [IP] WORD plaintext+TLS; host NAME[IP] said: no; Login aborted: x"},
    {"PREGREET 9 from [192.0.2.1]:7: EHLO pc-of-joe\\r\\n",
	"PREGREET N from [IP]:N: EHLO WORD\\r\\n"},
    {"connection from (pc) [192.0.2.1]:7 H=(pc) [192.0.2.1]",
	"connection from (NAME) [IP]:N H=(NAME) [IP]"},
    {"cmd: aHVudGVyMg== of RelayedTaggedInbound MySQL SpamAssassin",
	"cmd: WORD== of RelayedTaggedInbound MySQL SpamAssassin"},
    {"in vmail/b/joe of postfix/smtpd", "in vmail/b/WORD of postfix/smtpd"},
    {"", ""},
};

static void
shapes(void)
{
	static char text[70000];
	struct buf out = BUF_INIT(BUF_UNLIMITED);

	for (size_t i = 0; i < sizeof(shaped) / sizeof(shaped[0]); i++) {
		buf_clear(&out);
		parse_shape(str_of(shaped[i].message), &out);
		is_text(out.p ? out.p : "", out.len, shaped[i].shape, shaped[i].shape);
	}
	for (const char *fill = ".:1a<\"-@ +"; *fill; fill++) {
		memset(text, *fill, sizeof(text));
		buf_clear(&out);
		parse_shape((struct str){text, sizeof(text)}, &out);
		ok(out.len <= 200, "a line of '%c' has a short shape", *fill);
	}
	buf_done(&out);
}

int
main(void)
{
	parse = parse_new();
	owners();
	words();
	own_files();
	rows();
	by_text();
	repeats();
	lost_lines();
	limits();
	shapes();
	parse_free(parse);
	return tap_done();
}
