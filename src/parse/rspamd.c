/* SPDX-License-Identifier: Apache-2.0
 *
 * rspamd, by syslog or in its own file, whose "#123(normal) " is the header's:
 *
 *   <abc123>; task; rspamd_task_write_log: id: <1@a.test>, qid: <4F1D2A3B4C>,
 *     ip: 192.0.2.1, user: u@b.test, from: <s@a.test>, (default: F (no action):
 *     [1.20/15.00] [SYM(1.00){x;},MIME_GOOD(-0.10){text/plain;}]), len: 1234,
 *     time: 12.3ms, dns req: 5, digest: <0123456789abcdef>, rcpts: <r@b.test>,
 *     mime_rcpts: <r@b.test>
 *
 *   2026-11-20 12:00:00 #123(normal) <abc123>; task; ...    (in the journal)
 *   <abc123>; csession; rspamd_controller_check_password: absent or incorrect password has
 *     been specified; source ip: 192.0.2.1:4711
 *
 * This is the default log_format. Spaces in the Message-ID are made to '?', so what
 * stands up to the first ">, " is the id; symbols and all behind them are text.
 */
#include "parse/filters.h"
#include "parse/postfix.h"

static const char *const tags[] = {"rspamd", NULL};

/* An action unknown here has the verdict that the letter before it tells. */
static const struct filters_word verdicts[] = {
	{STR("reject"), WORD_spam},
	{STR("add header"), WORD_spam},
	{STR("rewrite subject"), WORD_spam},
	{STR("quarantine"), WORD_spam},
	{STR("discard"), WORD_spam},
	{STR("greylist"), WORD_deferred},
	{STR("soft reject"), WORD_deferred},
	{STR("no action"), WORD_clean},
	{.text = {NULL, 0}},
};

/* Texts that tell of trouble, whatever function says them. */
static const struct note trouble[] = {
	{STR("cannot "), KIND_operational},
	{STR("can't "), KIND_operational},
	{STR("error "), KIND_operational},
	{STR("failed "), KIND_operational},
	{STR("unable "), KIND_operational},
	{STR("accept failed: "), KIND_operational},
	{STR("connect "), KIND_operational}, /* "connect unix:/run/clamd failed: 111, ..." */
	{STR("clamav: failed to scan"), KIND_operational},
	{STR("caught fatal signal "), KIND_operational},
	{STR("got error on IO with server "), KIND_operational},
	{STR("got IO timeout with server "), KIND_operational},
	{STR("DNS reply returned "), KIND_operational}, /* a list broken */
	{STR("abnormally closing connection from backend: "), KIND_operational},
	{STR("processing of task time out"), KIND_operational},
	{STR("current tasks is now: "), KIND_capacity},
	{.prefix = {NULL, 0}},
};

/* What stands before END; both are consumed. */
static bool
take_until(struct str *s, struct str end, struct str *ret)
{
	size_t n = str_find(*s, end);

	if (n == s->len)
		return false;
	*ret = str_head(*s, n);
	*s = str_from(*s, n + end.len);
	return true;
}

/* "id: <MESSAGE-ID>, " */
static bool
take_msgid(struct str *s, struct event *ev)
{
	struct str id;

	if (!str_skip(s, STR("id: <")) || !take_until(s, STR(">, "), &id) ||
	    str_index(id, ' ') < id.len)
		return false;
	if (!str_eq(id, STR("undef")))
		EVENT_TEXT(ev, msgid, str_range(id.p - 1, id.p + id.len + 1));
	return true;
}

/* "qid: <4F1D2A3B4C>, " or one of Exim's, "1kUrJs-0003Yw-3t". */
static bool
take_qid(struct str *s, struct event *ev)
{
	struct str qid;

	if (!str_skip(s, STR("qid: <")))
		return true;
	if (!take_until(s, STR(">, "), &qid))
		return false;
	for (size_t i = 0; i < qid.len; i++)
		if (!char_is_alnum(qid.p[i]) && qid.p[i] != '-')
			return false;
	if (!str_eq(qid, STR("undef")))
		EVENT_TEXT(ev, qid, qid);
	return true;
}

/* "ip: 192.0.2.1, "; mail from the machine itself has none. */
static bool
take_ip(struct str *s, struct event *ev)
{
	struct str ip;

	if (!str_skip(s, STR("ip: ")))
		return true;
	if (!take_until(s, STR(", "), &ip))
		return false;
	filters_ip(ip, ev);
	return true;
}

/* "user: u@b.test, ", who has logged in, and "from: <s@a.test>, ". */
static bool
take_sender(struct str *s, struct event *ev)
{
	struct str user, sender, quoted;

	if (str_skip(s, STR("user: "))) {
		if (!take_until(s, STR(", "), &user))
			return false;
		EVENT_TEXT(ev, user, user);
	}
	if (!str_skip(s, STR("from: <")))
		return true;
	/* rspamd leaves no space in an address, but where it is quoted. */
	quoted = *s;
	if (postfix_address(&quoted, &sender) && str_skip(&quoted, STR(", ")))
		*s = quoted;
	else if (!take_until(s, STR(">, "), &sender) || str_index(sender, ' ') < sender.len)
		return false;
	EVENT_TEXT(ev, sender, sender);
	return true;
}

/* "(default: F (no action): [1.20/15.00] [" */
static bool
take_verdict(struct str *s, struct event *ev)
{
	struct str name, spam, action, scores;
	enum word verdict;
	int64_t score;

	if (!str_skip_char(s, '(') || !take_until(s, STR(": "), &name) ||
	    !take_until(s, STR(" ("), &spam) || spam.len != 1 ||
	    !take_until(s, STR("): ["), &action) || action.len == 0 ||
	    !take_until(s, STR("] ["), &scores))
		return false;
	verdict = filters_word(verdicts, action);
	if (verdict == WORD_absent)
		verdict = *spam.p == 'T' ? WORD_spam : WORD_clean;
	EVENT_TEXT(ev, action, action);
	EVENT_WORD(ev, verdict, verdict);
	/* "nan" where there is none. */
	if (filters_score(&scores, &score) && str_skip_char(&scores, '/'))
		EVENT_SET(ev, score, score);
	return true;
}

/* "12.3ms" or "12.3ms real, 4.5ms virtual" */
static void
read_time(struct str *s, struct event *ev)
{
	int64_t thousand_usec;

	if (postfix_seconds(s, &thousand_usec) && str_skip(s, STR("ms")))
		EVENT_SET(ev, seconds, thousand_usec / 1000);
}

/* "<r@b.test,q@b.test>": the envelope's recipients. */
static void
read_recipients(struct str s, struct event *ev)
{
	struct str first = {NULL, 0};
	int64_t count = 1;
	bool quoted = false;
	size_t end;

	for (end = 0; end < s.len && (quoted || s.p[end] != '>'); end++) {
		if (quoted && s.p[end] == '\\')
			end++;
		else if (s.p[end] == '"')
			quoted = !quoted;
		else if (s.p[end] == ',' && !quoted && count++ == 1)
			first = str_head(s, end);
	}
	if (end >= s.len || end == 0)
		return;
	if (count == 1)
		first = str_head(s, end);
	EVENT_TEXT(ev, recipient, first);
	EVENT_SET(ev, nrcpt, count);
}

/* Behind the symbols: "len: 1234, time: 12.3ms, dns req: 5, digest: <...>, rcpts: <...>" */
static void
read_tail(struct str s, struct event *ev)
{
	struct str digest;
	int64_t size;

	if (!str_skip(&s, STR("]), len: ")) || !str_skip_number(&s, &size))
		return;
	EVENT_SET(ev, size, size);
	if (str_skip(&s, STR(", time: ")))
		read_time(&s, ev);
	if (take_until(&s, STR(", digest: <"), &digest) &&
	    take_until(&s, STR(">, "), &digest) && str_skip(&s, STR("rcpts: <")))
		read_recipients(s, ev);
}

static enum parse_result
read_task(struct str s, struct event *ev)
{
	size_t symbols;

	if (!take_msgid(&s, ev) || !take_qid(&s, ev) || !take_ip(&s, ev) ||
	    !take_sender(&s, ev) || !take_verdict(&s, ev))
		return PARSE_MALFORMED;
	EVENT_SET(ev, kind, KIND_spam_verdict);
	symbols = str_find(s, STR("]), len: "));
	EVENT_TEXT(ev, text, str_head(s, symbols));
	read_tail(str_from(s, symbols), ev);
	return PARSE_EVENT;
}

/*
 * Who failed to log in to the web interface. Without a password everybody begins: that is
 * told in other words.
 */
static enum parse_result
read_login(struct str s, struct event *ev)
{
	static const struct str failures[] = {
		STR("absent or incorrect password has been specified"),
		STR("deny default password for remote access"),
	};
	struct str ip;
	int64_t port = -1;

	for (size_t i = 0; i < sizeof(failures) / sizeof(*failures); i++) {
		struct str rest = s;

		if (!str_skip(&rest, failures[i]))
			continue;
		EVENT_SET(ev, kind, KIND_auth_failure);
		EVENT_TEXT(ev, text, str_head(s, failures[i].len));
		if (!str_skip(&rest, STR("; source ip: ")))
			return PARSE_EVENT;
		if (!postfix_endpoint(&rest, &ip, &port)) {
			if (!postfix_ip(&rest, &ip))
				return PARSE_EVENT;
			if (str_skip_char(&rest, ':') && !str_skip_number(&rest, &port))
				port = -1;
		}
		if (ip.p)
			EVENT_TEXT(ev, ip, ip);
		if (port >= 0 && port <= UINT16_MAX)
			EVENT_SET(ev, port, port);
		return PARSE_EVENT;
	}
	return PARSE_IGNORED;
}

/* What the journal has of one that writes to its standard output: without "STAMP #123". */
static struct str
without_stamp(struct str s)
{
	struct str rest = s;
	struct stamp stamp;
	int64_t pid;

	if (rest.len && char_is_digit(*rest.p) && stamp_read(&rest, &stamp) != STAMP_NONE)
		str_skip_char(&rest, ' ');
	return str_skip_char(&rest, '#') && str_skip_number(&rest, &pid) ? rest : s;
}

/* "rspamd_fork_worker: ", as it stands in a file where there is no module. */
static bool
take_function(struct str *s, struct str *ret)
{
	size_t n = 0;
	struct str rest, function;

	while (n < s->len && (char_is_alnum(s->p[n]) || s->p[n] == '_'))
		n++;
	function = str_head(*s, n);
	rest = str_from(*s, n);
	if (str_index(function, '_') == n || !str_skip(&rest, STR(": ")))
		return false;
	*ret = function;
	*s = rest;
	return true;
}

/*
 * "normal process 7 terminated abnormally by signal: 11", "abnormally closing milter
 * connection from: 127.0.0.1, error: x": not of one that only came to see whether we live.
 */
static bool
is_broken(struct str function, struct str s)
{
	if (str_eq(function, STR("rspamd_check_termination_clause")) ||
	    str_eq(function, STR("rspamd_cld_handler")))
		return str_find(s, STR(" terminated abnormally")) < s.len;
	if (str_eq(function, STR("rspamd_monitored_propagate_error"))) /* a list */
		return str_find(s, STR(", disable object")) < s.len;
	return str_eq(function, STR("proxy_milter_error_handler")) &&
	    !str_ends(s, STR("nexpected EOF"));
}

/* "(normal) <abc123>; task; FUNCTION: TEXT", where all but the last may be missing. */
static enum parse_result
rspamd_read(struct str message, struct event *ev)
{
	struct str s = without_stamp(message), part, function;
	enum parse_result result;

	if (s.len && *s.p == '(' && !take_until(&s, STR(") "), &part))
		return PARSE_UNKNOWN;
	if (s.len && *s.p == '<' && !take_until(&s, STR(">; "), &part))
		return PARSE_UNKNOWN;
	if (!take_function(&s, &function) &&
	    (!take_until(&s, STR("; "), &part) || !take_until(&s, STR(": "), &function)))
		return PARSE_UNKNOWN;
	if (str_eq(function, STR("rspamd_task_write_log")))
		return read_task(s, ev);
	if (str_eq(function, STR("rspamd_controller_check_password")))
		return read_login(s, ev);
	if (is_broken(function, s))
		return filters_say(ev, KIND_operational, SEVERITY_none, s);
	result = filters_note(trouble, s, ev);
	return result == PARSE_UNKNOWN ? PARSE_IGNORED : result;
}

const struct parser parser_rspamd = {
	.name = "rspamd",
	.tags = tags,
	.form = STAMP_WORKER,
	.program = WORD_rspamd,
	.read = rspamd_read,
};
