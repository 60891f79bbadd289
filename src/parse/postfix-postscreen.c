/* SPDX-License-Identifier: Apache-2.0
 *
 * postscreen, which stands before smtpd:
 *
 *   CONNECT from [192.0.2.1]:4711 to [203.0.113.1]:25       PASS NEW [192.0.2.1]:4711
 *   PREGREET 14 after 0.08 from [192.0.2.1]:4711: EHLO b\r\n
 *   DNSBL rank 5 for [192.0.2.1]:4711                       DENYLISTED [192.0.2.1]:4711
 *   HANGUP after 1.2 from [192.0.2.1]:4711 in tests before SMTP handshake
 *   NON-SMTP COMMAND from [192.0.2.1]:4711 after CONNECT: GET / HTTP/1.1
 *   COMMAND TIME LIMIT from [192.0.2.1]:4711 after CONNECT  DISCONNECT [192.0.2.1]:4711
 *   NOQUEUE: reject: RCPT from [192.0.2.1]:4711: 550 5.7.1 Service unavailable; client
 *     [192.0.2.1] blocked using bl.test; from=<a@b.test>, to=<c@d.test>, proto=ESMTP, helo=<b>
 *
 * Names of lists were BLACKLISTED and so on before 3.6; 2.8 says less of everything.
 */
#include "parse/postfix-read.h"
#include "parse/postfix-tail.h"

static enum parse_result
connect_brief(const struct postfix_row *row, struct str rest, struct event *ev)
{
	(void)row;
	EVENT_SET(ev, kind, KIND_ps_connect);
	return read_screened(&rest, ev) ? PARSE_EVENT : PARSE_MALFORMED;
}

/* The same, and our own address, which may be missing. */
static enum parse_result
connect(const struct postfix_row *row, struct str rest, struct event *ev)
{
	struct str ip;
	int64_t port;

	(void)row;
	if (!read_screened(&rest, ev))
		return PARSE_MALFORMED;
	EVENT_SET(ev, kind, KIND_ps_connect);
	if (str_skip(&rest, STR(" to ")) && read_endpoint(&rest, &ip, &port)) {
		if (ip.p)
			EVENT_TEXT(ev, server_ip, ip);
		if (port >= 0)
			EVENT_SET(ev, server_port, port);
	}
	return PARSE_EVENT;
}

/* "PS"; the row says it all. */
static enum parse_result
about_client(const struct postfix_row *row, struct str rest, struct event *ev)
{
	EVENT_SET(ev, kind, postfix_row_kind(row));
	if (row->word)
		EVENT_WORD(ev, action, row->word);
	return read_screened(&rest, ev) ? PARSE_EVENT : PARSE_MALFORMED;
}

/* "N for PS" */
static enum parse_result
dnsbl_rank(const struct postfix_row *row, struct str rest, struct event *ev)
{
	bool negative = str_skip_char(&rest, '-');
	int64_t rank;

	if (!digits_skip(&rest, &rank) || !str_skip(&rest, STR(" for ")))
		return PARSE_MALFORMED;
	EVENT_SET(ev, rank, negative ? -rank : rank);
	return about_client(row, rest, ev);
}

/* "N after T from PS: TEXT" */
static enum parse_result
pregreet(const struct postfix_row *row, struct str rest, struct event *ev)
{
	int64_t bytes, usec;

	(void)row;
	if (!digits_skip(&rest, &bytes) || !str_skip(&rest, STR(" after ")) ||
	    !postfix_seconds(&rest, &usec) || !str_skip(&rest, STR(" from ")) ||
	    !read_screened(&rest, ev))
		return PARSE_MALFORMED;
	EVENT_SET(ev, kind, KIND_ps_pregreet);
	EVENT_SET(ev, bytes, bytes);
	EVENT_SET(ev, seconds, usec);
	if (str_skip(&rest, STR(": ")))
		EVENT_TEXT(ev, text, parse_without_response(rest));
	return PARSE_EVENT;
}

/* "T from PS in tests before SMTP handshake" */
static enum parse_result
hangup(const struct postfix_row *row, struct str rest, struct event *ev)
{
	int64_t usec;

	(void)row;
	if (!postfix_seconds(&rest, &usec) || !str_skip(&rest, STR(" from ")) ||
	    !read_screened(&rest, ev))
		return PARSE_MALFORMED;
	EVENT_SET(ev, kind, KIND_ps_hangup);
	EVENT_SET(ev, seconds, usec);
	if (!str_skip(&rest, STR(" in ")))
		return PARSE_EVENT;
	if (str_starts(rest, STR("tests before SMTP handshake")))
		EVENT_WORD(ev, stage, WORD_early);
	else if (str_starts(rest, STR("tests after SMTP handshake")))
		EVENT_WORD(ev, stage, WORD_late);
	else
		EVENT_TEXT(ev, text, rest);
	return PARSE_EVENT;
}

/* "PS[ after TEXT]" */
static enum parse_result
bare_newline(const struct postfix_row *row, struct str rest, struct event *ev)
{
	if (!read_screened(&rest, ev))
		return PARSE_MALFORMED;
	EVENT_SET(ev, kind, postfix_row_kind(row));
	EVENT_WORD(ev, action, row->word);
	if (str_skip(&rest, STR(" after ")))
		EVENT_TEXT(ev, text, rest);
	return PARSE_EVENT;
}

/* "PS[ after STAGE[: TEXT]]", in 2.8 "PS TEXT" */
static enum parse_result
violation(const struct postfix_row *row, struct str rest, struct event *ev)
{
	struct str stage = {NULL, 0};

	if (!read_screened(&rest, ev))
		return PARSE_MALFORMED;
	EVENT_SET(ev, kind, postfix_row_kind(row));
	EVENT_WORD(ev, action, row->word);
	if (str_skip(&rest, STR(" after "))) {
		stage = str_head(rest, str_index(rest, ':'));
		rest = str_from(rest, stage.len);
		EVENT_TEXT(ev, stage, stage);
		str_skip_char(&rest, ':');
	}
	str_skip_char(&rest, ' ');
	if (rest.len && !str_eq(stage, STR("AUTH")))
		EVENT_TEXT(ev, text, parse_without_response(rest));
	return PARSE_EVENT;
}

/* "PS"; the stage is the prefix's first word. */
static enum parse_result
no_recipient(const struct postfix_row *row, struct str rest, struct event *ev)
{
	struct str stage = str_range(rest.p - row->prefix.len, rest.p);

	EVENT_TEXT(ev, stage, str_cut(&stage, ' '));
	return about_client(row, rest, ev);
}

/* "N connections"; the action is the prefix's first word. */
static enum parse_result
stress(const struct postfix_row *row, struct str rest, struct event *ev)
{
	struct str action = str_range(rest.p - row->prefix.len, rest.p);
	int64_t n;

	if (!str_skip_number(&rest, &n))
		return PARSE_MALFORMED;
	EVENT_SET(ev, kind, KIND_ps_stress);
	EVENT_SET(ev, attempts, n);
	EVENT_TEXT(ev, action, str_cut(&action, ' '));
	return PARSE_EVENT;
}

static void
set_reason(struct str text, struct event *ev)
{
	postfix_reason(text, ev);
	/* The reply while deep tests run, or for who is on the deny list. */
	if (str_eq(text, STR("Service currently unavailable")) && event_knows(ev, FIELD_code))
		EVENT_SET(ev, reason, ev->code / 100 == 4 ? REASON_greylist : REASON_access);
}

/* "STAGE from PS: [CODE DSN ]TEXT[; from=<A>, to=<B>, proto=P, helo=<C>]" */
static enum parse_result
reject(const struct postfix_row *row, struct str rest, struct event *ev)
{
	static const struct str action = STR("reject");
	struct str begin = str_range(rest.p - row->prefix.len, rest.p);
	struct str stage = str_head(rest, scan_near(rest, ' '));
	struct str before = {NULL, 0};

	rest = str_from(rest, stage.len + (stage.len < rest.len));
	if (stage.len == 0 || !str_skip(&rest, STR("from ")))
		return rest.len ? PARSE_UNKNOWN : PARSE_MALFORMED;
	if (rest.len == 0 || *rest.p != '[')
		return PARSE_UNKNOWN;
	if (!read_screened(&rest, ev) || !str_skip(&rest, STR(": ")))
		return PARSE_MALFORMED;
	EVENT_SET(ev, kind, KIND_ps_reject);
	EVENT_TEXT(ev, action, str_head(begin, action.len));
	EVENT_TEXT(ev, stage, stage);
	if (!postfix_is_cut(ev))
		before = postfix_tail_postscreen(rest, ev);
	if (before.p)
		rest = before;
	read_reply(&rest, ev);
	/* Only connections are refused without a tail. */
	if (!before.p && event_knows(ev, FIELD_code))
		EVENT_SET(ev, truncated, true);
	if (!postfix_is_cut(ev))
		set_reason(rest, ev);
	EVENT_TEXT(ev, text, rest);
	return PARSE_EVENT;
}

/*
 * "PS: discarding EHLO keywords: ...", also without the colon before the port; "CL:
 * replacing command ...".
 */
enum parse_result
postfix_configured(const struct postfix_row *row, struct str rest, struct event *ev)
{
	struct str name, ip, text = str_range(rest.p - row->prefix.len, rest.p + rest.len);
	int64_t port;

	if ((text.len && *text.p != '[' && !read_host(&text, &name)) ||
	    !read_endpoint(&text, &ip, &port))
		return PARSE_UNKNOWN;
	text = str_from(text, str_find(text, STR(": ")));
	if (!str_skip(&text, STR(": ")) ||
	    (!str_starts(text, STR("discarding EHLO keywords: ")) &&
		!str_starts(text, STR("replacing command "))))
		return PARSE_UNKNOWN;
	return postfix_say(row, rest, ev);
}

#define INFO_ROWS(connect_reader)							\
	{PREFIX("CONNECT from "), connect_reader, POSTFIX_SURE, 0}, \
	{PREFIX("PASS OLD "), about_client, KIND_ps_pass | POSTFIX_SURE, WORD_old}, \
	{PREFIX("DISCONNECT "), about_client, KIND_ps_disconnect | POSTFIX_SURE, 0}, \
	{PREFIX("PASS NEW "), about_client, KIND_ps_pass | POSTFIX_SURE, WORD_new}, \
	{PREFIX("DNSBL rank "), dnsbl_rank, KIND_ps_dnsbl | POSTFIX_SURE, 0}, \
	{PREFIX("PREGREET "), pregreet, POSTFIX_SURE, 0}, \
	{PREFIX("HANGUP after "), hangup, POSTFIX_SURE, 0}, \
	{PREFIX("ALLOWLISTED "), about_client, KIND_ps_list | POSTFIX_SURE, WORD_allow}, \
	{PREFIX("WHITELISTED "), about_client, KIND_ps_list | POSTFIX_SURE, WORD_allow}, \
	{PREFIX("DENYLISTED "), about_client, KIND_ps_list | POSTFIX_SURE, WORD_deny}, \
	{PREFIX("BLACKLISTED "), about_client, KIND_ps_list | POSTFIX_SURE, WORD_deny}, \
	{PREFIX("ALLOWLIST VETO "), about_client, KIND_ps_list | POSTFIX_SURE, WORD_veto}, \
	{PREFIX("WHITELIST VETO "), about_client, KIND_ps_list | POSTFIX_SURE, WORD_veto}, \
	{PREFIX("BARE NEWLINE from "), bare_newline, KIND_ps_violation, WORD_bare_newline}, \
	{PREFIX("NON-SMTP COMMAND from "), violation, KIND_ps_violation, WORD_non_smtp}, \
	{PREFIX("COMMAND PIPELINING from "), violation, KIND_ps_violation, WORD_pipelining}, \
	{PREFIX("COMMAND TIME LIMIT from "), violation, KIND_ps_limit, WORD_time}, \
	{PREFIX("COMMAND COUNT LIMIT from "), violation, KIND_ps_limit, WORD_count}, \
	{PREFIX("COMMAND LENGTH LIMIT from "), violation, KIND_ps_limit, WORD_length}, \
	{PREFIX("DATA without valid RCPT from "), no_recipient, KIND_ps_violation, \
	    WORD_no_rcpt}, \
	{PREFIX("BDAT without valid RCPT from "), no_recipient, KIND_ps_violation, \
	    WORD_no_rcpt}, \
	{PREFIX("reject: "), reject, 0, 0}, \
	{PREFIX("entering STRESS mode with "), stress, 0, 0}, \
	{PREFIX("leaving STRESS mode with "), stress, 0, 0}, \
	{PREFIX("cache "), postfix_say, KIND_operational, 0}, \
	{PREFIX("close database "), postfix_say, KIND_operational, 0}, \
	{PREFIX("["), postfix_configured, KIND_operational, 0}, \
	/* Those from here on only with -v. */						\
	{PREFIX("DROP "), postfix_ignore, 0, 0}, \
	{PREFIX("ENFORCE "), postfix_ignore, 0, 0}, \
	{PREFIX("UNPASS "), postfix_ignore, 0, 0}, \
	{PREFIX("PASS "), postfix_ignore, 0, 0}, \
	{PREFIX("FAIL "), postfix_ignore, 0, 0}, \
	{PREFIX("SKIP "), postfix_ignore, 0, 0}, \
	{PREFIX("skip "), postfix_ignore, 0, 0}, \
	{PREFIX("flags for "), postfix_ignore, 0, 0}, \
	{PREFIX("psc_"), postfix_ignore, 0, 0},

static const struct postfix_row info[] = {INFO_ROWS(connect) {.read = NULL}};
static const struct postfix_row info_brief[] = {INFO_ROWS(connect_brief) {.read = NULL}};

static const struct postfix_row queued[] = {
	{PREFIX("reject: "), reject, 0, 0},
	{.read = NULL},
};

const struct postfix_grammar postfix_postscreen = {info, POSTFIX_NO_ROWS, queued};
static const struct postfix_grammar brief = {info_brief, POSTFIX_NO_ROWS, queued};

static const struct postfix_grammar *const grammars[] = {&postfix_postscreen, NULL};

static enum parse_result
read_line(struct str message, struct event *ev)
{
	return postfix_read(grammars, message, ev);
}

static const struct postfix_grammar *const brief_grammars[] = {&brief, NULL};

static enum parse_result
read_brief(struct str message, struct event *ev)
{
	return postfix_read(brief_grammars, message, ev);
}

static const char *const daemons[] = {"postscreen", NULL};

const struct parser parser_postfix_postscreen = {
	.name = "postfix-postscreen",
	.daemons = daemons,
	.read = read_line,
	.grammars = grammars,
	.read_brief = read_brief,
	.brief_grammars = brief_grammars,
	.spared = PARSE_FIELD(server_ip) | PARSE_FIELD(server_port),
};
