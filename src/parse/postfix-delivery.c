/* SPDX-License-Identifier: Apache-2.0
 *
 * What brings mail on its way: smtp, lmtp, local, virtual, pipe, error, discard
 * (and cleanup and qmgr, where they give a recipient up themselves):
 *
 *   4F1D2A3B4C: to=<c@d.test>, orig_to=<x@d.test>, relay=mx.d.test[192.0.2.1]:25, conn_use=2,
 *     delay=1.2, delays=0.1/0/0.5/0.6, tls=none, dsn=2.0.0, status=sent (250 2.0.0 Ok: ...)
 *   4F1D2A3B4C: host mx.d.test[192.0.2.1] said: 450 4.2.0 greylisted (in reply to RCPT TO ...)
 *   connect to mx.d.test[192.0.2.1]:25: Connection refused
 *
 * Behind "status=WORD (" everything is the other server's to write.
 */
#include "parse/postfix-read.h"

/*
 * Functions for what is seldom have their slice, and return what is left, as values: one whose
 * address is known would stay in memory. A `p` of NULL is failure. They are not PARSE_RARE, or
 * gcc would take what follows for as rare.
 */
static const struct str nothing = {NULL, 0};

READ_INLINE bool
take_orig_to(struct str *s, struct event *ev)
{
	struct str address;

	if (!read_bracketed(s, &address))
		return false;
	EVENT_TEXT(ev, orig_recipient, address);
	return true;
}

/* All of S as seconds: "13", "0.04". -1 where it is none, or not so short. */
READ_INLINE int64_t
short_seconds(struct str s)
{
	static const int32_t unit[] = {1000000, 100000, 10000, 1000, 100, 10, 1};
	uint64_t bytes = digits_load(s.p), digits, before;
	unsigned n = digits_count(bytes), len = (unsigned)s.len, behind;

	if (s.len > 7 || n == 0)
		return -1;
	if (n >= len)
		return (int64_t)digits_value(bytes, len) * 1000000;
	/* Without the point it is one number. */
	before = ~(~UINT64_C(0) << n * 8);
	digits = (bytes & before) | (bytes >> 8 & ~before);
	behind = len - 1 - n;
	if (s.p[n] != '.' || behind == 0 || digits_count(digits) < len - 1)
		return -1;
	return (int64_t)digits_value(digits, len - 1) * unit[behind];
}

static __attribute__((noinline)) struct str
take_odd_delay(struct str s, struct event *ev)
{
	int64_t usec;

	if (!postfix_seconds(&s, &usec))
		return nothing;
	EVENT_SET(ev, delay, usec);
	return s;
}

READ_INLINE bool
take_delay(struct str *s, struct event *ev)
{
	uint64_t bytes = digits_load(s->p);
	unsigned digits = digits_count(bytes);
	size_t end = digits;
	int64_t usec;

	if (digits - 1 < 7 && end < s->len && s->p[end] == ',') {
		usec = (int64_t)digits_value(bytes, digits) * 1000000;
	} else {
		end = scan_near(*s, ',');
		usec = short_seconds((struct str){s->p, end});
	}
	if (usec < 0) {
		*s = take_odd_delay(*s, ev);
		return s->p != NULL;
	}
	*s = str_from(*s, end);
	EVENT_SET(ev, delay, usec);
	return true;
}

/*
 * Where the slashes are found first, the four numbers are read side by side, none
 * waiting for where the one before it ends.
 */
READ_INLINE bool
take_short_delays(struct str *s, struct event *ev)
{
	const char *p = s->p;
	unsigned a = scan_either(*s, '/', ','), b = a & (a - 1), c = b & (b - 1);
	unsigned d = c & (c - 1);
	int64_t before, queue, connect, transmit;

	if (d == 0)
		return false;
	a = (unsigned)__builtin_ctz(a);
	b = (unsigned)__builtin_ctz(b);
	c = (unsigned)__builtin_ctz(c);
	d = (unsigned)__builtin_ctz(d);
	before = short_seconds(str_range(p, p + a));
	queue = short_seconds(str_range(p + a + 1, p + b));
	connect = short_seconds(str_range(p + b + 1, p + c));
	transmit = short_seconds(str_range(p + c + 1, p + d));
	if (p[a] != '/' || p[b] != '/' || p[c] != '/' || p[d] != ',' ||
	    (before | queue | connect | transmit) < 0)
		return false;
	EVENT_SET(ev, delay_before, before);
	EVENT_SET(ev, delay_queue, queue);
	EVENT_SET(ev, delay_connect, connect);
	EVENT_SET(ev, delay_transmit, transmit);
	*s = str_from(*s, d);
	return true;
}

static __attribute__((noinline)) struct str
take_long_delays(struct str s, struct event *ev)
{
	int64_t usec[4];

	for (unsigned i = 0; i < 4; i++)
		if ((i && !str_skip_char(&s, '/')) || !postfix_seconds(&s, &usec[i]))
			return nothing;
	EVENT_SET(ev, delay_before, usec[0]);
	EVENT_SET(ev, delay_queue, usec[1]);
	EVENT_SET(ev, delay_connect, usec[2]);
	EVENT_SET(ev, delay_transmit, usec[3]);
	return s;
}

READ_INLINE bool
take_delays(struct str *s, struct event *ev)
{
	if (take_short_delays(s, ev))
		return true;
	*s = take_long_delays(*s, ev);
	return s->p != NULL;
}

/* Past the four: they are checked, but not what anybody wants. */
READ_INLINE bool
skip_delays(struct str *s, struct event *ev)
{
	size_t n = header_is_wide() ? scan_delays_wide(*s) : scan_delays_narrow(*s);

	if (n == 0)
		return take_delays(s, ev);
	*s = str_from(*s, n);
	return true;
}

READ_INLINE bool
take_dsn(struct str *s, struct event *ev)
{
	bool usual = s->len > 5 && s->p[1] == '.' && char_is_digit(s->p[2]) &&
	    s->p[3] == '.' && char_is_digit(s->p[4]) && s->p[5] == ',';
	struct str dsn = str_head(*s, usual ? 5 : str_index(*s, ','));

	if (dsn.len < 5 || !char_is_digit(*dsn.p))
		return false;
	EVENT_TEXT(ev, dsn, dsn);
	*s = str_from(*s, dsn.len);
	return true;
}

/* One "key=value" up to the comma; of what we do not know the value is skipped. */
static __attribute__((noinline)) struct str
take_pair(struct str s, struct event *ev)
{
	bool good;

	if (str_skip(&s, STR("relay=")))
		good = read_relay(&s, ev);
	else if (str_skip(&s, STR("delay=")))
		good = take_delay(&s, ev);
	else if (str_skip(&s, STR("delays=")))
		good = take_delays(&s, ev);
	else if (str_skip(&s, STR("dsn=")))
		good = take_dsn(&s, ev);
	else if (str_skip(&s, STR("orig_to=")))
		good = take_orig_to(&s, ev);
	else
		return str_from(s, str_index(s, ','));
	return good ? s : nothing;
}

/* "... queued as 4F1D2A3B4C)", the queue id that the next hop took the message under. */
static __attribute__((noinline)) enum parse_result
take_queued_as(struct str reason, struct event *ev)
{
	read_next_qid(reason, ev);
	return PARSE_EVENT;
}

/* The same of "forwarded as 4F1D2A3B4C)". */
static __attribute__((noinline)) enum parse_result
take_forwarded_as(struct str reason, struct event *ev)
{
	struct str qid;

	if (str_skip(&reason, STR("forwarded as ")) && postfix_qid(&reason, &qid) &&
	    (reason.len == 0 || !char_is_alnum(*reason.p)))
		EVENT_TEXT(ev, next_qid, qid);
	return PARSE_EVENT;
}

/* "REASON)", the end of the line. */
READ_INLINE struct str
take_reason(struct str rest, struct event *ev)
{
	if (rest.len && rest.p[rest.len - 1] == ')')
		rest.len--;
	else
		EVENT_SET(ev, truncated, true);
	EVENT_TEXT(ev, text, rest);
	return rest;
}

/* REASON is of a message that was taken: under what id? */
READ_INLINE enum parse_result
take_next(struct str reason, struct event *ev)
{
	if (str_starts(reason, STR("250 ")))
		return take_queued_as(reason, ev);
	if (str_starts(reason, STR("forwarded as ")))
		return take_forwarded_as(reason, ev);
	return PARSE_EVENT;
}

/* "STATUS[ (REASON)]", the end of the line. */
static enum parse_result
take_status(struct str rest, struct event *ev)
{
	struct str status = str_cut(&rest, ' ');

	EVENT_TEXT(ev, status, status);
	if (str_skip_char(&rest, '('))
		rest = take_reason(rest, ev);
	if (str_eq(status, STR("sent")))
		return take_next(rest, ev);
	if (!str_eq(status, STR("deliverable")))
		postfix_reason_of_dsn(ev);
	return PARSE_EVENT;
}

/* REASON stands behind ", dsn=2.0.0, status=sent (". */
READ_INLINE enum parse_result
take_sent(struct str reason, struct event *ev)
{
	const char *dsn = reason.p - (sizeof("2.0.0, status=sent (") - 1);
	const char *status = reason.p - (sizeof("sent (") - 1);

	EVENT_TEXT(ev, dsn, ((struct str){dsn, sizeof("2.0.0") - 1}));
	EVENT_TEXT(ev, status, ((struct str){status, sizeof("sent") - 1}));
	return take_next(take_reason(reason, ev), ev);
}

/* "/var/lib/imap/socket/lmtp[/var/lib/imap/socket/lmtp]", which has no name of a host. */
static __attribute__((noinline)) struct str
take_socket(struct str s, struct event *ev)
{
	struct str socket = str_head(s, str_index(s, ','));

	if (socket.len == 0 || *socket.p != '/')
		return nothing;
	EVENT_TEXT(ev, relay, str_head(socket, str_index(socket, '[')));
	return str_from(s, socket.len);
}

READ_INLINE bool
take_relay(struct str *s, struct event *ev)
{
	if (read_relay(s, ev))
		return true;
	*s = take_socket(*s, ev);
	return s->p != NULL;
}

/* The same where no comma ends it. */
static bool
take_noted_socket(struct str *s, struct event *ev)
{
	struct str rest = *s, socket = str_cut(&rest, '[');

	if (socket.len == 0 || *socket.p != '/' || !str_skip(&rest, socket) ||
	    !str_skip_char(&rest, ']'))
		return false;
	EVENT_TEXT(ev, relay, socket);
	*s = rest;
	return true;
}

/* What most lines have behind the recipient, in this order, as far as it is there. */
READ_INLINE bool
take_usual_pairs(struct str *s, struct event *ev, bool brief)
{
	return (!str_skip(s, STR(", relay=")) || take_relay(s, ev)) &&
	    (!str_skip(s, STR(", delay=")) || take_delay(s, ev)) &&
	    (!str_skip(s, STR(", delays=")) ||
		(brief ? skip_delays(s, ev) : take_delays(s, ev)));
}

/* ", key=value, key=value, status=STATUS[ (REASON)]", the end of the line. */
static __attribute__((noinline)) enum parse_result
take_pairs(struct str rest, struct event *ev)
{
	while (str_skip(&rest, STR(", ")) && rest.len) {
		if (str_skip(&rest, STR("status=")))
			return take_status(rest, ev);
		rest = take_pair(rest, ev);
		if (!rest.p)
			return PARSE_MALFORMED;
	}
	return PARSE_MALFORMED;
}

READ_INLINE enum parse_result
delivered(struct str rest, struct event *ev, bool brief)
{
	struct str recipient;

	if (!read_bracketed(&rest, &recipient) || !take_usual_pairs(&rest, ev, brief))
		return PARSE_MALFORMED;
	EVENT_SET(ev, kind, KIND_delivery);
	EVENT_TEXT(ev, recipient, recipient);
	if (MEMO_USUAL(str_skip(&rest, STR(", dsn=2.0.0, status=sent ("))))
		return take_sent(rest, ev);
	return take_pairs(rest, ev);
}

enum parse_result
postfix_delivered(const struct postfix_row *row, struct str rest, struct event *ev)
{
	(void)row;
	return delivered(rest, ev, false);
}

static enum parse_result
delivered_brief(const struct postfix_row *row, struct str rest, struct event *ev)
{
	(void)row;
	return delivered(rest, ev, true);
}

static enum parse_result
note(struct str action, struct str text, struct event *ev)
{
	EVENT_SET(ev, kind, KIND_remote_note);
	EVENT_TEXT(ev, action, action);
	if (text.len)
		EVENT_TEXT(ev, text, text);
	return PARSE_EVENT;
}

/* The prefix without the space or colon at its end. */
static struct str
prefix_words(const struct postfix_row *row, struct str rest)
{
	struct str words = str_trim(str_range(rest.p - row->prefix.len, rest.p));

	if (words.len && words.p[words.len - 1] == ':')
		words.len--;
	return words;
}

/* "RELAY said: TEXT", "RELAY refused to talk to me: TEXT", "RELAY replied to ..." */
static enum parse_result
host_note(const struct postfix_row *row, struct str rest, struct event *ev)
{
	struct str whole, action;

	(void)row;
	if (!postfix_relay(&rest, ev) || !str_skip_char(&rest, ' '))
		return PARSE_UNKNOWN;
	whole = rest;
	if (str_skip(&rest, STR("refused to talk to me: ")))
		action = str_head(whole, sizeof("refused to talk to me") - 1);
	else
		action = str_cut(&rest, ' ');
	if (action.len && action.p[action.len - 1] == ':')
		action.len--;
	return note(action, rest, ev);
}

/* "RELAY while ...", "RELAY: ERROR" */
static enum parse_result
relay_note(const struct postfix_row *row, struct str rest, struct event *ev)
{
	struct str action = prefix_words(row, rest);

	if ((!postfix_relay(&rest, ev) && !take_noted_socket(&rest, ev)) || rest.len == 0 ||
	    (*rest.p != ':' && *rest.p != ' '))
		return PARSE_UNKNOWN;
	str_skip_char(&rest, ':');
	str_skip_char(&rest, ' ');
	return note(action, rest, ev);
}

static enum parse_result
bare_note(const struct postfix_row *row, struct str rest, struct event *ev)
{
	return note(prefix_words(row, rest), rest, ev);
}

/* "RELAY offered null AUTH mechanism list" */
static enum parse_result
null_auth(const struct postfix_row *row, struct str rest, struct event *ev)
{
	static const struct str words = STR(" offered null AUTH mechanism list");

	(void)row;
	if (!postfix_relay(&rest, ev) || !str_starts(rest, words))
		return PARSE_UNKNOWN;
	return note(str_trim(str_head(rest, words.len)), (struct str){NULL, 0}, ev);
}

/* "RELAY: WHY": the server's certificate. */
enum parse_result
postfix_untrusted(const struct postfix_row *row, struct str rest, struct event *ev)
{
	if (!postfix_relay(&rest, ev))
		return PARSE_UNKNOWN;
	str_skip_char(&rest, ':');
	return postfix_tls_text(row, str_trim(rest), ev);
}

static const struct postfix_row info[] = {
	{PREFIX("connect to "), relay_note, 0, 0},
	{PREFIX("Anonymous TLS connection "), postfix_tls, POSTFIX_SURE, 0},
	{PREFIX("Untrusted TLS connection "), postfix_tls, POSTFIX_SURE, 0},
	{PREFIX("Trusted TLS connection "), postfix_tls, POSTFIX_SURE, 0},
	{PREFIX("Verified TLS connection "), postfix_tls, POSTFIX_SURE, 0},
	{PREFIX("TLS connection "), postfix_tls, POSTFIX_SURE, 0},
	{PREFIX("SSL_connect error to "), postfix_tls_error, 0, 0},
	{PREFIX("setting up TLS connection to "), postfix_ignore, 0, 0},
	{PREFIX("certificate verification failed for "), postfix_untrusted, 0, 0},
	{PREFIX("server certificate verification failed for "), postfix_untrusted, 0, 0},
	{PREFIX("CA certificate verification failed for "), postfix_untrusted, 0, 0},
	{PREFIX("certificate peer name verification failed for "), postfix_untrusted, 0, 0},
	{PREFIX("Server certificate not "), postfix_tls_text, 0, 0},
	{PREFIX("Host offered STARTTLS: "), bare_note, 0, 0},
	{PREFIX("discarding EHLO keywords: "), postfix_say, KIND_operational, 0},
	{PREFIX("SASL authentication failed; server "), host_note, 0, 0},
	{PREFIX("host "), host_note, 0, 0},
	{PREFIX("lost connection with "), relay_note, 0, 0},
	{PREFIX("conversation with "), relay_note, 0, 0},
	{PREFIX(""), postfix_tls_detail, 0, 0},
	{.read = NULL},
};

static const struct postfix_row warning[] = {
	{PREFIX("host "), host_note, 0, 0},
	{PREFIX("SASL authentication failed; server "), host_note, 0, 0},
	{PREFIX("TLS library problem: "), postfix_tls_text, 0, 0},
	{PREFIX(""), null_auth, 0, 0},
	{.read = NULL},
};

static const struct postfix_row queued[] = {
	{PREFIX("to="), postfix_delivered, POSTFIX_SURE, 0},
	{PREFIX("host "), host_note, 0, 0},
	{PREFIX("passing <"), postfix_ignore, 0, 0}, /* to whom local hands it */
	{PREFIX("Used TLS for "), postfix_ignore, 0, 0},
	{PREFIX("lost connection with "), relay_note, 0, 0},
	{PREFIX("conversation with "), relay_note, 0, 0},
	{PREFIX("enabling PIX workarounds: "), bare_note, 0, 0},
	{PREFIX("enabling PIX <CRLF>.<CRLF> workaround for "), bare_note, 0, 0}, /* 2.3 */
	{PREFIX("breaking line "), bare_note, 0, 0},
	{PREFIX("SASL authentication failed; server "), host_note, 0, 0},
	{PREFIX("SASL authentication failed; cannot authenticate to server "), relay_note,
	    0, 0},
	{PREFIX("connect to "), relay_note, 0, 0},
	{PREFIX("Cannot start TLS: "), postfix_tls_text, 0, 0},
	{PREFIX("TLS is required, but "), postfix_tls_said, 0, 0},
	{PREFIX("Server certificate not "), postfix_tls_said, 0, 0},
	{PREFIX("status="), postfix_ignore, 0, 0}, /* "status=deferred (bounce failed)" */
	{PREFIX("REQUIRETLS Debug: "), postfix_ignore, 0, 0}, /* 3.11 */
	{PREFIX(""), postfix_content_sent, 0, 0},
	{.read = NULL},
};

/* Tried before those above. */
static const struct postfix_row queued_brief[] = {
	{PREFIX("to="), delivered_brief, POSTFIX_SURE, 0},
	{.read = NULL},
};

const struct postfix_grammar postfix_delivery = {info, warning, queued};
static const struct postfix_grammar brief = {info, warning, queued_brief};

static const struct postfix_grammar *const grammars[] = {&postfix_delivery, NULL};

static enum parse_result
read_line(struct str message, struct event *ev)
{
	return postfix_read(grammars, message, ev);
}

static const struct postfix_grammar *const brief_grammars[] = {
    &brief, &postfix_delivery, NULL};

static enum parse_result
read_brief(struct str message, struct event *ev)
{
	return postfix_read(brief_grammars, message, ev);
}

static const char *const daemons[] = {"smtp", "lmtp", "local", "virtual", "pipe", "error",
    "discard", NULL};

const struct parser parser_postfix_delivery = {
	.name = "postfix-delivery",
	.daemons = daemons,
	.read = read_line,
	.grammars = grammars,
	.read_brief = read_brief,
	.brief_grammars = brief_grammars,
	.spared = PARSE_FIELD(delay_before) | PARSE_FIELD(delay_queue) |
	    PARSE_FIELD(delay_connect) | PARSE_FIELD(delay_transmit),
};
